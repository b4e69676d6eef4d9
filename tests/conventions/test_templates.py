"""Macros that a template imports or calls exist."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from jinja2 import Environment, nodes

FOLDER = Path(__file__).parents[2] / "templates"
TEMPLATES = sorted(path.relative_to(FOLDER).as_posix() for path in FOLDER.glob("**/*.html"))
GIVEN = {
    *("_", "ngettext", "url_for", "asset", "csrf_token", "cached_partial", "range", "caller"),
    *("first_letter", "passkeys_work_here", "new_once", "request_id"),
    *("pop_signed_out_note", "signed_out_page", "prepared", "leads_groups"),
}
"""Functions of Jinja, Flask, the application, and views."""


@pytest.mark.parametrize("name", TEMPLATES)
def test_imported_macros_exist(name):
    tree = Environment(autoescape=True).parse((FOLDER / name).read_text())
    for imported in tree.find_all(nodes.FromImport):
        assert isinstance(imported.template, nodes.Const)
        source = (FOLDER / imported.template.value).read_text()
        macros = {*re.findall(r"\{%-? macro (\w+)\(", source)}
        assert {
            imported_name if isinstance(imported_name, str) else imported_name[0]
            for imported_name in imported.names
        } <= macros


@pytest.mark.parametrize("name", TEMPLATES)
def test_called_macros_are_defined_or_imported(name):
    tree = Environment(autoescape=True).parse((FOLDER / name).read_text())
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

    assert called <= GIVEN | arguments | imported | {macro.name for macro in macros}
