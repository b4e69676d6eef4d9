"""Macros that a template imports or calls exist."""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path

from jinja2 import Environment, nodes

FOLDER = Path(__file__).parents[2] / "templates"
TEMPLATES = sorted(path.relative_to(FOLDER).as_posix() for path in FOLDER.glob("**/*.html"))
GIVEN = {
    *("_", "ngettext", "url_for", "asset", "csrf_token", "cached_partial", "range", "caller"),
    *("first_letter", "passkeys_work_here", "new_nonce", "request_id", "namespace"),
    *("pop_signed_out_note", "signed_out_page", "prepared", "leads_groups"),
}
"""Functions of Jinja, Flask, the application, and views."""


@cache
def parsed(name: str) -> nodes.Template:
    return Environment(autoescape=True).parse((FOLDER / name).read_text())


def test_imported_macros_exist():
    for name, imported in ((n, i) for n in TEMPLATES for i in parsed(n).find_all(nodes.FromImport)):
        assert isinstance(imported.template, nodes.Const), name
        source = (FOLDER / imported.template.value).read_text()
        macros = {*re.findall(r"\{%-? macro (\w+)\(", source)}
        names = {one if isinstance(one, str) else one[0] for one in imported.names}
        assert names <= macros, name


def test_called_macros_are_defined_or_imported():
    assert {name: unknown for name in TEMPLATES if (unknown := calls_of_nothing(name))} == {}


def calls_of_nothing(name: str) -> set[str]:
    """Return what a template calls that is neither defined nor imported in it."""
    tree = parsed(name)
    called = {
        call.node.name for call in tree.find_all(nodes.Call) if isinstance(call.node, nodes.Name)
    }
    macros = [*tree.find_all(nodes.Macro)]
    arguments = {argument.name for macro in macros for argument in macro.args}
    imported = {
        imported_name if isinstance(imported_name, str) else imported_name[1]
        for statement in tree.find_all(nodes.FromImport)
        for imported_name in statement.names
    }
    return called - GIVEN - arguments - imported - {macro.name for macro in macros}
