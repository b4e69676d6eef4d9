"""`learn new`: a content folder from a document."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

import pytest

from tests.learn.content_desk import Desk, new_desk, refused
from tests.second_document import TEXT, TOPIC


@pytest.fixture
def empty_desk(tmp_path: Path) -> Desk:
    """Nothing is there yet but a document."""
    return new_desk(tmp_path)


def test_new_writes_a_folder_that_says_what_is_left_to_do(empty_desk):
    desk = empty_desk
    ran = desk.run("new", desk.garden, desk.document)

    assert ran.returncode == 0, ran.stderr
    assert ran.stdout == (
        f"5 sections and 24 sentences, in {desk.garden}\nNext: read {desk.garden / 'README.md'}\n"
    )
    assert {p.name for p in desk.garden.iterdir()} >= {
        "README.md", "source.toml", "sentences.toml", "source-runs.txt", "topics.toml",
        "glossary.toml", "lessons", "figures", "pages", "bank",
    }  # fmt: skip
    assert len([*desk.garden.glob("lessons/*.md")]) == 5
    assert len([*desk.garden.glob(f"bank/{TOPIC}/*.toml")]) == 5
    assert str(desk.garden) in (desk.garden / "README.md").read_text()
    assert desk.check().returncode == 0
    whole = "\n".join(p.read_text() for p in desk.garden.rglob("*.*") if p.is_file())
    assert "soil is still cool" not in whole


def errors_after(desk: Desk, text: str) -> list[str]:
    """What `learn check` finds in the folder that `learn new` makes of `text`."""
    desk.document.write_text(text, encoding="utf-8")
    made = desk.run("new", desk.garden, desk.document)
    assert (made.returncode, made.stderr) == (0, "")
    again = desk.check()
    assert (again.returncode, again.stderr) == (0, ""), again.stdout
    ran = desk.run("--content", desk.garden, "check")
    assert (ran.returncode, ran.stderr) == (1, "")
    *errors, counts, last = ran.stdout.splitlines()
    assert re.fullmatch(r"\d+ lessons?, .*\.", counts)
    assert last == f"{len(errors)} errors."
    for error in errors:
        assert re.match(r"(?:\S+/)?(?:garden|bank)/[\w./-]+:\d+: \S", error), error
    assert not [f for f in errors if "not valid TOML" in f or "twice" in f or "bad id" in f]
    return errors


def test_check_names_file_and_line_in_a_new_folder(empty_desk):
    errors = errors_after(empty_desk, TEXT)

    assert sum("“says” is empty" in f for f in errors) == 24
    for said in (
        "garden/source.toml:6: “publisher” is empty",
        "garden/lessons/02-watering-the-beds.md:6: “about” is empty",
        "garden/lessons/02-watering-the-beds.md:8: “reviewed_by” is empty",
        f"bank/{TOPIC}/watering-the-beds.toml:4: “you_can” is empty",
        f"bank/{TOPIC}/watering-the-beds.toml:1: an objective needs questions",
        "garden/topics.toml:3: “about” is empty",
        "garden/pages/help.md:5: a page begins with a sentence that says what it is",
    ):
        assert any(f.endswith(said) for f in errors), said


@pytest.mark.parametrize(
    ("text", "lessons"),
    [
        ("# Bees\n\nThey hum.\n\n# Ants\n\nThey walk.\n\n# Bees\n\nThey sting.",
         ["01-bees", "02-ants", "03-bees-3"]),
        ("# Bees & Ants\n\nThey hum.\n\n# Bees, Ants!\n\nThey walk.",
         ["01-bees-ants", "02-bees-ants-2"]),
        ("# Bees 3\n\nThey hum.\n\n# Bees\n\nThey walk.\n\n# Bees!\n\nThey sting.",
         ["01-bees-3", "02-bees", "03-bees-3-3"]),
        ("# Bees\n\nThey hum.\n\n##   \n\nThey sting.\n\n#\n\nThey eat.", ["01-bees"]),
        ("# Bees\n\n# Ants\n\nThey walk.", ["02-ants"]),
        ("Before it all.\n\n# Bees\n\nThey hum.", ["01-bees"]),
        ("# ミツバチ\n\nハチ が 飛ぶ.\n\n# Пчёлы\n\nОни летают.", ["01-s1", "02-s2"]),
        ("# “Bees” \"and\" \\ 'ants' \x7f [x] {F1} {{y}}\n\nThey hum.",
         ["01-bees-and-ants-x-f1-y"]),
        (f"# {'Bees ' * 60}\n\nThey hum.", [f"01-{'bees-' * 11}bees"]),
        ("# 2026\n\nThey hum.", ["01-2026"]),
    ],
    ids=["twice", "one-slug", "taken-slug", "no-text", "heading-only", "before", "letters",
         "marks", "long", "number"],
)  # fmt: skip
def test_headings_of_every_style_become_lessons(empty_desk, text, lessons):
    errors_after(empty_desk, text)

    assert [p.stem for p in sorted(empty_desk.garden.glob("lessons/*.md"))] == lessons


def test_a_heading_without_text_becomes_a_section_that_is_not_taught(empty_desk):
    errors_after(empty_desk, "# Bees\n\n# Ants\n\nThey walk.")
    ledger = tomllib.loads((empty_desk.garden / "source.toml").read_text())

    assert [(s["heading"], s.get("not_taught", "")) for s in ledger["section"]] == [
        ("Bees", "a heading only"),
        ("Ants", ""),
    ]


def test_new_refuses_a_folder_that_is_not_empty(empty_desk):
    desk = empty_desk
    desk.garden.mkdir()
    (desk.garden / "mine.txt").write_text("mine")

    refused(desk.run("new", desk.garden, desk.document), "is there already, and not empty.")
    assert [p.name for p in desk.garden.iterdir()] == ["mine.txt"]
    refused(desk.run("new", desk.document, desk.document), "is there already, and not empty.")
    refused(desk.run("new", desk.document / "x", desk.document), "can't be written: Not a dir")


def test_new_accepts_an_empty_folder(empty_desk):
    empty_desk.garden.mkdir()

    assert empty_desk.run("new", empty_desk.garden, empty_desk.document).returncode == 0


@pytest.mark.parametrize(
    ("raw", "says"),
    [
        (b"They hum. They sting.\n\nThat is all of it.", "has no headings: put a short line"),
        (b"##   \n\nThey hum.", "has no headings"),
        (b"", "is empty"),
        (b" \n", "is empty"),
        (b"\0\1", "is not a text file"),
        (b"# B\n" * 1_400_000, "has 5.3 MB"),
    ],
    ids=["no-headings", "no-text", "empty", "white", "binary", "5-mb"],
)
def test_new_writes_nothing_for_an_invalid_document(empty_desk, raw, says):
    desk = empty_desk
    desk.document.write_bytes(raw)

    refused(desk.run("new", desk.garden, desk.document), says)
    assert not desk.garden.exists()
