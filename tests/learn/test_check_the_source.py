"""`learn source check`: what changed in the document, and what rests on it."""

from __future__ import annotations

import json
import os
import re
from pathlib import Path

import pytest

from learn.config import texts
from learn.library.content import load_content
from tests.learn.content_desk import GONE, LATE, LATE_NOW, NEW, Desk, new_desk, refused
from tests.second_document import TEXT, questions_on


@pytest.fixture
def desk(tmp_path: Path, finished_folder: Path) -> Desk:
    return new_desk(tmp_path, finished_folder)


def test_the_second_document_is_taught_without_errors(desk):
    ran = desk.run("--content", desk.garden, "check")

    assert ran.returncode == 0, ran.stdout
    assert ran.stdout.endswith("No errors.\n")
    content = load_content(texts({}), desk.garden)
    assert len(content.lessons) == len(content.bank.objectives) == 5
    assert all(len(o.questions) == 3 for o in content.bank.objectives.values())


def test_an_unchanged_document_is_reported_as_unchanged(desk):
    ran = desk.check()

    assert ran.returncode == 0
    assert ran.stdout == "24 of 24 facts anchored.\nNothing is new, changed or gone.\n"
    assert ran.stderr == ""
    assert not desk.data.exists()  # looking leaves nothing behind


def test_changes_are_reported_by_section_with_what_depends_on_them(desk):
    desk.edit(LATE, GONE, NEW)
    ran = desk.check()

    assert ran.returncode == 1
    assert ran.stdout.splitlines() == [
        "22 of 24 facts anchored.",
        "",
        "S2 · Watering the Beds",
        f"  changed (F4) now reads: {LATE_NOW}",
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


def test_a_new_sentence_is_reported_and_puts_nothing_on_hold(desk):
    desk.edit(NEW)
    ran = desk.check("--hold")

    assert ran.returncode == 1
    assert "24 of 24 facts anchored." in ran.stdout
    assert "0 questions" in ran.stdout
    assert "not asked" not in ran.stdout
    assert desk.held == []


def test_the_check_prints_json(desk):
    desk.edit(LATE, NEW)
    ran = desk.check("--json", "--withhold")
    found = json.loads(ran.stdout)

    assert ran.returncode == 1
    assert [*found] == [
        "sections", "facts", "new_sentences", "lessons", "points", "objectives", "questions"
    ]  # fmt: skip
    assert found["facts"] == {"anchored": 23, "changed": ["F4"], "missing": []}
    assert [s["id"] for s in found["sections"]] == ["S2", "S3"]
    assert found["new_sentences"] == 1
    assert found["questions"] == questions_on("F4")
    assert desk.held == questions_on("F4")

    desk.edit()
    same = desk.check("--json")
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
def test_line_endings_and_encodings_make_no_difference(desk, raw):
    desk.document.write_bytes(raw)
    ran = desk.check()

    assert (ran.returncode, ran.stderr) == (0, "")


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
def test_an_unreadable_document_exits_with_2(desk, raw, says):
    desk.document.write_bytes(raw)

    refused(desk.check("--json"), says, code=2)


def test_a_missing_document_is_an_error(desk):
    desk.document.unlink()
    refused(desk.check(), "garden.md can't be read: No such file", code=2)
    refused(desk.run("source", "check", desk.home), "Is a directory", code=2)


def test_a_document_with_a_non_ascii_file_name_is_read(desk):
    desk.edit(LATE)
    desk.document = desk.document.rename(desk.home / os.fsdecode("gärten-\U0001f33b".encode()))

    assert desk.check().returncode == 1
    assert desk.accept("F4").returncode == 0


def test_control_characters_of_a_document_never_reach_the_terminal(desk):
    desk.edit((LATE[0], "\x1b[31mlate\x9b1m in the morning"))
    told = desk.check().stdout + desk.check("--json").stdout

    assert "late" in told
    assert not re.search(r"[\x00-\x09\x0b-\x1f\x7f-\x9f]", told)


def test_missing_or_broken_anchors_are_reported(desk):
    path = desk.garden / "sentences.toml"
    whole = path.read_text()
    path.write_text(whole.replace('numbers = "', 'numbers = "zebra ', 1))
    ran = desk.check()
    assert ran.returncode == 1
    assert "garden/sentences.toml:7: “numbers” must be hexadecimal" in ran.stderr
    path.unlink()
    assert "garden/sentences.toml:1: no such file" in desk.check().stderr


def test_the_check_works_with_errors_in_the_content(desk):
    lesson = next(desk.garden.glob("lessons/*.md"))
    lesson.write_text(lesson.read_text().replace("{F1}", "{F999}"))
    desk.edit(LATE)
    ran = desk.check()

    assert ran.returncode == 1
    assert "1 question: watering-the-beds-1" in ran.stdout
