"""Text from outside is cleaned in one place each: `form_parser`, `reading`, and `printable`."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import click
import pytest

from learn import typed_text
from learn.commands import main
from questions import reading

ROOT = Path(__file__).parents[2]
CLEANED = {"form", "args"}
"""What `form_parser.Request` cleans; path parts are cleaned by its converter."""

HARMLESS = {"method", "endpoint", "script_root", "is_secure", "scheme", "host", "url_root"}
"""Words of the protocol and the site's own address. The host is checked before any view."""

RAW = {
    ("learn/sign_in/sessions.py", "headers"): "only known names are looked for",
    ("learn/signed_out.py", "path"): "checked by addresses.local_page",
    ("learn/signed_out.py", "query_string"): "checked by addresses.local_page",
    ("learn/access.py", "path"): "checked by addresses.local_page",
    ("learn/access.py", "query_string"): "checked by addresses.local_page",
    ("learn/expired_form.py", "path"): "signed, and matched with the routes",
    ("learn/cookie_names.py", "cookies"): "signed; the shape of what is inside is checked",
    ("learn/page_cache.py", "headers"): "compared with the page's own tag",
}
"""What else is read from a request, and why that is safe: none of it is stored or shown."""
ENVIRON = {
    "learn/app.py",
    "learn/forms.py",
    "learn/lessons/views.py",
    "learn/logs.py",
    "learn/outage.py",
    "learn/session_cookie.py",
    "learn/throttling.py",
}
"""Who reads the environ: to log the method and endpoint, and where a request comes from."""


def reads() -> Iterator[tuple[str, str]]:
    """Each attribute of a request that our code reads, with its file."""
    for path in ROOT.glob("learn/**/*.py"):
        source = path.read_text()
        if not re.search(r"^from flask import [^)]*?\brequest\b", source, re.MULTILINE):
            continue
        for node in ast.walk(ast.parse(source)):
            read = node.value if isinstance(node, ast.Attribute) else None
            if isinstance(read, ast.Name) and read.id == "request":
                yield path.relative_to(ROOT).as_posix(), node.attr


def test_requests_are_read_only_through_cleaning():
    for file, attribute in reads():
        if attribute in CLEANED | HARMLESS or attribute == "remote_addr":
            continue  # an address is parsed or logged, never stored
        if attribute == "environ":
            assert file in ENVIRON, file
        else:
            assert (file, attribute) in RAW, f"{file}: request.{attribute}"


def test_every_listed_exception_still_exists():
    assert {*RAW} <= {*reads()}


STORED = {
    ("educator", "invite", "name"),
    ("regrade", "by"),
    ("review", "sheet", "reader"),
    ("review", "sign", "by"),
    ("source", "accept", "by"),
    ("source", "accept", "sentence"),
}
"""The arguments of commands that are stored; each is cleaned by `terminal.printable`."""
LOOKED_UP = {
    *((name, option) for name in ("analyse", "analyze") for option in ("missing", "sheet")),
    ("check", "language"),
    ("content",),
    ("educator", "invite", "site"),
    ("educator", "remove", "name"),
    ("educator", "withdraw", "name"),
    ("demo", "site"),
    ("move", "to"),
    ("regrade", "name"),
    ("review", "language"),
    ("review", "sheet", "lesson"),
    ("review", "sign", "lesson"),
    ("review", "sign", "on"),
    ("review", "sign", "sheet"),
    ("serve", "host"),
    ("serve", "port"),
    ("serve", "workers"),
    ("source", "accept", "facts"),
}
"""The texts that are compared or printed, and never stored."""


def texts(command: click.Command, names: tuple[str, ...] = ()) -> Iterator[tuple[str, ...]]:
    context = click.Context(command)
    for name in command.list_commands(context) if isinstance(command, click.Group) else ():
        below = command.get_command(context, name)
        assert below is not None
        yield from texts(below, (*names, name))
    for parameter in command.params:
        if isinstance(parameter.type, click.types.StringParamType):
            yield *names, parameter.name or ""


def test_each_text_argument_of_a_command_is_classified():
    found = {*texts(main)}
    assert found == STORED | LOOKED_UP, found ^ (STORED | LOOKED_UP)


@pytest.mark.parametrize("character", "\x00\x1b\x9b\u202e\u2066\uffff")
def test_content_files_contain_no_character_that_cannot_be_stored(character):
    assert typed_text.clean(f"a{character}b") != f"a{character}b"
    escaped = f"\\u{ord(character):04x}"
    file = reading.TomlFile("x.toml", f'id = "x"\n\n[[part]]\ntext = "a{escaped}b"\n')

    assert [str(error) for error in file.errors] == [
        f"x.toml:4: the character U+{ord(character):04X} can't be kept"
    ]


def test_line_ends_tabs_and_right_to_left_marks_are_kept():
    assert reading.TomlFile("x.toml", 'text = "a\\n\\tb\\u200f\\u00ad👩\u200d👧"').errors == []


def test_scripts_create_no_html_and_evaluate_no_text():
    acts = re.compile(
        r"innerHTML|outerHTML|insertAdjacentHTML|document\.write|\beval\b|new Function|"
        r"postMessage|localStorage|sessionStorage|createContextualFragment|DOMParser|srcdoc"
    )
    scripts = [*(ROOT / "learn").glob("**/*.js")]
    assert scripts
    for script in scripts:
        text = script.read_text()
        # A link is made only from the digits of what care-team.js keeps, and the value that tells
        # one visit from the next is only compared.
        if script.name in {"care-team.js", "waiting-answers.js"}:
            text = text.replace("localStorage", "")
        # Whether there was a voice is only compared; letters of papers go into their boxes.
        if script.name in {"read-aloud.js", "paper.js"}:
            text = text.replace("sessionStorage", "")
        assert not acts.search(text), script
