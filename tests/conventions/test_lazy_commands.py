"""A command imports what it needs, and nothing for others."""

from __future__ import annotations

import ast
import subprocess
import sys
from pathlib import Path

import click
import pytest

from learn.commands import main

FOLDER = Path(__file__).parents[2] / "learn" / "commands"
NAMES = main.list_commands(click.Context(main))
SHARED = {"__init__", "database", "errors", "paths", "terminal"}
HEAVY = "flask sqlalchemy alembic granian learn.app learn.authoring learn.database learn.demo"


def imported(*statements: str) -> set[str]:
    """Return the modules imported by these statements, in a new process."""
    ran = subprocess.run(
        [sys.executable, "-c", "\n".join([*statements, "import sys", "print(*sys.modules)"])],
        capture_output=True,
        text=True,
        check=True,
    )
    return {*ran.stdout.splitlines()[-1].split()}


def test_serving_imports_nothing_for_authors():
    there = imported("import learn.commands.serve, learn.app, learn.gateway")

    assert "learn.library.read_content" in there
    left_out = ("learn.authoring", "markdown_it", "selectolax", "textstat")
    left_out += ("prometheus_client", "psycopg")
    assert not {name for name in there if name.startswith(left_out)}
    assert {n for n in there if n.startswith("learn.commands.")} == {
        "learn.commands.errors",
        "learn.commands.paths",
        "learn.commands.serve",
        "learn.commands.terminal",
    }
    assert {n for n in there if n.startswith("learn.demo.")} == {
        "learn.demo.banner",
        "learn.demo.queries",
    }


@pytest.mark.parametrize("arguments", [["--help"], ["--version"], ["serve", "--help"], ["fly"]])
def test_help_and_version_import_little(arguments):
    there = imported(
        "from contextlib import suppress",
        "from learn.commands import main",
        f"with suppress(SystemExit): main({arguments!r})",
    )

    assert "learn.commands" in there
    assert not {*HEAVY.split()} & there


def test_analyzing_a_table_imports_neither_the_web_nor_the_database():
    there = imported("import learn.commands.analyse")

    assert not {"flask", "sqlalchemy", "learn.app", "learn.database"} & there


def test_each_module_is_a_command_and_each_command_a_module():
    context = click.Context(main)
    commands = {name: main.get_command(context, name) for name in NAMES}

    assert all(commands.values())
    assert {c.name for c in commands.values()} == {p.stem for p in FOLDER.glob("*.py")} - SHARED
    assert {name for name, command in commands.items() if command.name != name} == {"analyze"}


def test_no_command_is_imported_by_the_group():
    for name in ("__init__", "errors", "paths"):
        tree = ast.parse((FOLDER / f"{name}.py").read_text(encoding="utf-8"))
        for node in tree.body:
            if isinstance(node, ast.ImportFrom):
                assert not (node.module or "").startswith("learn.commands.") or (
                    (node.module or "").rsplit(".", 1)[1] in SHARED
                ), f"{name}.py:{node.lineno}"
