"""`learn source check`: what changed in the document, and what rests on it."""

from __future__ import annotations

import json
import os
import re
from pathlib import Path

import pytest

from learn.config import texts
from learn.library.read_content import load_content
from tests.authoring.made_files import pdf
from tests.learn.source_workspace import (
    ADDED_SENTENCE,
    CHANGED_SENTENCE,
    CHANGED_TIME,
    REMOVED_SENTENCE,
    SourceWorkspace,
    assert_fails_with,
    make_workspace,
)
from tests.second_document import TEXT, questions_on


@pytest.fixture
def workspace(tmp_path: Path, finished_folder: Path) -> SourceWorkspace:
    return make_workspace(tmp_path, finished_folder)


def test_the_second_document_is_taught_without_errors(workspace):
    result = workspace.run("--content", workspace.content_dir, "check")

    assert result.returncode == 0, result.stdout
    assert result.stdout.endswith("No errors.\n")
    content = load_content(texts({}), workspace.content_dir)
    assert len(content.lessons) == len(content.bank.objectives) == 5
    assert all(len(o.questions) == 3 for o in content.bank.objectives.values())


def test_an_unchanged_document_is_reported_as_unchanged(workspace):
    result = workspace.check()

    assert result.returncode == 0
    assert result.stdout == "24 of 24 facts anchored.\nNothing is new, changed or gone.\n"
    assert result.stderr == ""
    assert not workspace.data.exists()  # looking leaves nothing behind


def test_changes_are_reported_by_section_with_what_depends_on_them(workspace):
    workspace.edit(CHANGED_TIME, REMOVED_SENTENCE, ADDED_SENTENCE)
    result = workspace.check()

    assert result.returncode == 1
    assert result.stdout.splitlines() == [
        "22 of 24 facts anchored.",
        "",
        "S2 · Watering the Beds",
        f"  changed (F4) now reads: {CHANGED_SENTENCE}",
        "",
        "S3 · What to Bring",
        "  new     Parking costs nothing.",
        "",
        "S5 · Working Near Patients",
        "  gone    (F21) ",
        "",
        "2 facts: F4, F21",
        "2 lessons: watering-the-beds, working-near-patients",
        "1 point: watering-the-beds/morning",
        "2 objectives: watering-the-beds, working-near-patients",
        "2 questions: watering-the-beds-1, working-near-patients-2",
    ]


def test_a_new_sentence_is_reported_and_puts_nothing_on_hold(workspace):
    workspace.edit(ADDED_SENTENCE)
    result = workspace.check("--hold")

    assert result.returncode == 1
    assert "24 of 24 facts anchored." in result.stdout
    assert "0 questions" in result.stdout
    assert "not asked" not in result.stdout
    assert workspace.questions_on_hold == []


def test_the_check_prints_json(workspace):
    workspace.edit(CHANGED_TIME, ADDED_SENTENCE)
    result = workspace.check("--json", "--withhold")
    data = json.loads(result.stdout)

    assert result.returncode == 1
    assert [*data] == [
        "sections", "facts", "new_sentences", "lessons", "points", "objectives", "questions",
        "notes",
    ]  # fmt: skip
    assert data["notes"] == []
    assert data["facts"] == {"anchored": 23, "changed": ["F4"], "missing": []}
    assert [s["id"] for s in data["sections"]] == ["S2", "S3"]
    assert data["new_sentences"] == 1
    assert data["questions"] == questions_on("F4")
    assert workspace.questions_on_hold == questions_on("F4")

    workspace.edit()
    same = workspace.check("--json")
    assert same.returncode == 0
    assert json.loads(same.stdout)["facts"] == {"anchored": 24, "changed": [], "missing": []}


@pytest.mark.parametrize(
    "raw",
    [
        TEXT.replace("\n", "\r\n").encode(),
        TEXT.encode("utf-16"),
        TEXT.replace("- ", "• ").encode("cp1252"),
    ],
    ids=["windows", "utf-16", "cp1252"],
)
def test_line_endings_and_encodings_make_no_difference(workspace, raw):
    workspace.document.write_bytes(raw)
    result = workspace.check()

    assert (result.returncode, result.stderr) == (0, "")


@pytest.mark.parametrize(
    ("raw", "says"),
    [
        (b"", "is empty"),
        (b"\n \n", "is empty"),
        (b"x" * 5_242_880, "has 5.0 MB; a document has at most 2 MB"),
        (b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR", "is not a text file"),
        (TEXT.encode("utf-16-le"), "is not a text file"),
        (b"caf\x8f", "is not text in UTF-8. Save it as UTF-8 and try again."),
    ],
    ids=["empty", "white", "5-mb", "png", "bare-utf-16", "other"],
)
def test_an_unreadable_document_exits_with_2(workspace, raw, says):
    workspace.document.write_bytes(raw)

    assert_fails_with(workspace.check("--json"), says, code=2)


def test_a_missing_document_is_an_error(workspace):
    workspace.document.unlink()
    assert_fails_with(workspace.check(), "garden.md can't be read: No such file", code=2)
    assert_fails_with(workspace.run("source", "check", workspace.home), "Is a directory", code=2)


def test_a_document_with_a_non_ascii_file_name_is_read(workspace):
    workspace.edit(CHANGED_TIME)
    workspace.document = workspace.document.rename(
        workspace.home / os.fsdecode("gärten-\U0001f33b".encode())
    )

    assert workspace.check().returncode == 1
    assert workspace.accept("F4").returncode == 0


def test_control_characters_of_a_document_never_reach_the_terminal(workspace):
    workspace.edit((CHANGED_TIME[0], "\x1b[31mlate\x9b1m in the morning"))
    told = workspace.check().stdout + workspace.check("--json").stdout

    assert "late" in told
    assert not re.search(r"[\x00-\x09\x0b-\x1f\x7f-\x9f]", told)


def test_missing_or_broken_anchors_are_reported(workspace):
    path = workspace.content_dir / "sentences.toml"
    whole = path.read_text()
    path.write_text(whole.replace('numbers = "', 'numbers = "zebra ', 1))
    result = workspace.check()
    assert result.returncode == 1
    assert "garden/sentences.toml:9: “numbers” must be hexadecimal" in result.stderr
    path.unlink()
    assert "garden/sentences.toml:1: no such file" in workspace.check().stderr


def test_the_check_works_with_errors_in_the_content(workspace):
    lesson = next(workspace.content_dir.glob("lessons/*.md"))
    lesson.write_text(lesson.read_text().replace("{F1}", "{F999}"))
    workspace.edit(CHANGED_TIME)
    result = workspace.check()

    assert result.returncode == 1
    assert "1 question: watering-the-beds-1" in result.stdout


def test_what_a_copy_hides_is_said(workspace):
    said = [(20, 700, "Cuts"), (11, 660, "Wash it.")]
    copy = workspace.home / "cuts.pdf"
    copy.write_bytes(pdf(said, []))
    note = "Page 2 has no text: it is a picture, or empty, and nothing of it was read."

    begun = workspace.run("new", workspace.home / "cuts", copy)
    assert f"\nNote: {note}\n" in begun.stdout
    command = ("--content", workspace.home / "cuts", "source", "check", copy)
    result = workspace.run(*command)
    assert (result.returncode, result.stderr) == (0, "")
    assert result.stdout.endswith(f"\nNote: {note}\n")
    assert json.loads(workspace.run(*command, "--json").stdout)["notes"] == [note]
