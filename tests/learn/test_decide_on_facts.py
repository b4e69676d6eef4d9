"""`learn source facts`: each fact of a new folder with its sentence, to write or to strike."""

from __future__ import annotations

import os
import pty
import subprocess
import sys
import tomllib
from pathlib import Path
from typing import Any

import pytest

from learn.authoring.source_facts import FactError, decide
from tests.learn.source_workspace import SourceWorkspace, assert_fails_with, make_workspace

TEXT = "# Cuts\n\nWash it. Dry it.\n\n[For nurses](/n)\n\n## Later\n\nRest.\n"


@pytest.fixture
def workspace(tmp_path: Path) -> SourceWorkspace:
    """A folder with four facts, as `learn new` leaves it."""
    workspace = make_workspace(tmp_path)
    workspace.document.write_text(TEXT)
    assert workspace.run("new", workspace.content_dir, workspace.document).returncode == 0
    return workspace


def facts_of(workspace: SourceWorkspace) -> dict[str, dict[str, Any]]:
    ledger = tomllib.loads((workspace.content_dir / "source.toml").read_text())
    return {fact["id"]: fact for fact in ledger["fact"]}


def command(workspace: SourceWorkspace, *more: str) -> tuple[str | Path, ...]:
    return ("--content", workspace.content_dir, "source", "facts", workspace.document, *more)


def typed(workspace: SourceWorkspace, *lines: str) -> str:
    """What a terminal shows to somebody who types these lines."""
    ours, theirs = pty.openpty()
    ran = subprocess.Popen(
        [sys.executable, "-m", "learn", *command(workspace)],
        env=workspace.env,
        cwd=workspace.home,
        stdin=theirs,
        stdout=theirs,
    )
    os.close(theirs)
    os.write(ours, "".join(f"{line}\n" for line in lines).encode())
    shown = b""
    while True:
        try:
            shown += os.read(ours, 4096)
        except OSError:
            break
    os.close(ours)
    assert ran.wait(60) == 0
    return shown.decode()


def test_the_open_facts_are_listed_with_their_sentences(workspace):
    result = workspace.run(*command(workspace))

    assert (result.returncode, result.stderr) == (0, "")
    assert result.stdout == (
        "\nS1 · Cuts\n  F1  Wash it.\n  F2  Dry it.\n  F3  For nurses\n"
        "      Only a link: is it something to teach, or the way to another page?\n"
        "\nS2 · Later\n  F4  Rest.\n\n4 facts: 0 written, 0 struck, 4 left.\n"
    )


def test_a_fact_is_written_struck_or_left_for_later(workspace):
    shown = typed(workspace, 'Clean the "cut".', "", "- for others", "q")

    assert "4 facts: 1 written, 1 struck, 2 left." in shown
    facts = facts_of(workspace)
    assert facts["F1"] == {"id": "F1", "section": "S1", "says": 'Clean the "cut".'}
    assert facts["F2"]["says"] == facts["F4"]["says"] == ""
    assert facts["F3"] == {"id": "F3", "section": "S1", "not_taught": "for others"}
    left = workspace.run(*command(workspace)).stdout
    assert "F2  Dry it." in left
    assert "F1" not in left
    assert "      struck: for others\n" in workspace.run(*command(workspace, "--all")).stdout
    errors = workspace.run("--content", workspace.content_dir, "check", "--all").stdout
    assert sum("“says” is empty" in line for line in errors.splitlines()) == 2
    assert "decide, then delete" not in errors
    assert workspace.check().returncode == 0


STRUCK = "S1 struck, with 2 facts; deleted lessons/01-cuts.md, bank/cuts/cuts.toml"


def test_a_whole_section_is_struck_with_its_stubs(workspace):
    shown = typed(workspace, "Wash the cut.", "-- for nurses", "q")

    assert STRUCK in shown
    assert "F3" not in shown
    assert "4 facts: 1 written, 2 struck, 1 left." in shown
    ledger = tomllib.loads((workspace.content_dir / "source.toml").read_text())
    assert [s.get("not_taught", "") for s in ledger["section"]] == ["for nurses", ""]
    assert [f.get("not_taught", "") for f in ledger["fact"]] == ["", *["for nurses"] * 2, ""]
    assert ledger["fact"][0]["says"] == "Wash the cut."
    files = [*workspace.content_dir.glob("lessons/*"), *workspace.content_dir.glob("bank/*/*")]
    assert sorted(p.name for p in files) == ["02-later.md", "later.toml"]


def test_a_section_is_struck_by_an_option(workspace):
    result = workspace.run(*command(workspace, "--strike", "S1", "for nurses"))

    assert result.stdout.startswith(STRUCK.replace("2 facts", "3 facts"))
    assert "4 facts: 0 written, 3 struck, 1 left." in result.stdout
    result = workspace.run("--content", workspace.content_dir, "check", "--all")
    assert "S1" not in result.stdout
    assert_fails_with(
        workspace.run(*command(workspace, "--strike", "S9", "none")), "S9 is not in source.toml"
    )


def test_a_lesson_that_somebody_wrote_is_not_deleted(workspace):
    lesson = workspace.content_dir / "lessons/01-cuts.md"
    lesson.write_text(lesson.read_text() + "Wash it. {F1}\n")
    result = workspace.run(*command(workspace, "--strike", "S1", "for nurses"))

    assert result.stdout.startswith("S1 struck, with 3 facts\n")
    assert lesson.exists()


def test_the_rest_of_the_file_stays_as_it_is(workspace):
    path = workspace.content_dir / "source.toml"
    path.write_text(path.read_text() + "# mine\n")
    before = path.read_text()
    decide(workspace.content_dir, "F4", says="Rest.")

    assert path.read_text() == before.replace(
        'id = "F4"\nsection = "S2"\nsays = ""', 'id = "F4"\nsection = "S2"\nsays = "Rest."'
    )


def test_a_fact_that_isnt_there_is_named(workspace):
    with pytest.raises(FactError, match=r"F9 is not in source\.toml"):
        decide(workspace.content_dir, "F9", says="No.")
    assert_fails_with(
        workspace.run("--content", workspace.content_dir, "source", "facts", "none.md"),
        "none.md can't be read",
        code=2,
    )
