"""`learn source`, `learn new`, and `learn reports`."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import tomllib
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy.orm import Session

from learn.config import texts
from learn.database import Database
from learn.editorial import actions, queries
from learn.library.content import load_content
from tests import second_document
from tests.forked import learn
from tests.second_document import TEXT, TOPIC, questions_on

ROOT = Path(__file__).parents[2]
LATE = ("early in the morning", "late in the morning")  # changes F4
LATE_NOW = "Water the beds late in the morning, while the soil is still cool."
RULE = ("before you sit down", "before you sit or stand")  # changes F21
GONE = ("Ask before you sit down beside somebody. ", "")  # F21 is missing
NEW = ("# What to Bring\n", "# What to Bring\n\nParking costs nothing.\n")
WASH = "Wash your hands before and after you touch the soil."  # F8, and F24 again


class Desk:
    """An editor's desk: a folder of content, a copy of its document, and the `learn` command."""

    def __init__(self, home: Path) -> None:
        self.home = home
        self.garden = home / "garden"
        self.document = home / "garden.md"
        self.data = home / "data"
        kept = {k: v for k, v in os.environ.items() if k in {"PATH", "HOME", "LANG"}}
        self.env = kept | {"LEARN_DATA": str(self.data), "PYTHONPATH": str(ROOT)}

    def run(self, *arguments: str | Path) -> subprocess.CompletedProcess[str]:
        ran = learn(*arguments, env=self.env, cwd=self.home)
        assert "Traceback" not in ran.stderr, ran.stderr
        return ran

    def check(self, *options: str | Path) -> subprocess.CompletedProcess[str]:
        return self.run("--content", self.garden, "source", "check", self.document, *options)

    def accept(self, *options: str | Path) -> subprocess.CompletedProcess[str]:
        return self.run("--content", self.garden, "source", "accept", *options)

    def edit(self, *changes: tuple[str, str]) -> None:
        """Return the document after each of these passages was replaced."""
        text = TEXT
        for old, new in changes:
            assert text.count(old) == 1, f"{text.count(old)} times: {old}"
            text = text.replace(old, new)
        self.document.write_text(text, encoding="utf-8")

    @property
    def sentences(self) -> list[dict[str, Any]]:
        found: list[dict[str, Any]] = tomllib.loads(
            (self.garden / "sentences.toml").read_text(encoding="utf-8")
        )["sentence"]
        return found

    @contextmanager
    def session(self) -> Iterator[Session]:
        database = Database(f"sqlite:///{self.data / 'learn.sqlite3'}")
        try:
            with database.transaction() as session:
                yield session
        finally:
            database.dispose()

    @property
    def held(self) -> list[str]:
        """Questions that are not asked for now."""
        with self.session() as session:
            return sorted(queries.held_questions(session))


def refused(ran: subprocess.CompletedProcess[str], says: str, code: int = 1) -> None:
    """It said in one calm line why it can't be done."""
    assert ran.returncode == code, ran.stdout
    assert ran.stdout == ""
    assert len(ran.stderr.splitlines()) == 1, ran.stderr
    assert says in ran.stderr


@pytest.fixture(scope="session")
def finished(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A whole content folder about the second document, as `learn new` and editors make it."""
    desk = Desk(tmp_path_factory.mktemp("finished"))
    desk.document.write_text(TEXT, encoding="utf-8")
    assert desk.run("new", desk.garden, desk.document).returncode == 0
    second_document.complete(desk.garden)
    return desk.garden


@pytest.fixture
def desk(tmp_path: Path, finished: Path) -> Desk:
    found = Desk(tmp_path)
    shutil.copytree(finished, found.garden)
    found.edit()
    return found


@pytest.fixture
def empty_desk(tmp_path: Path) -> Desk:
    """Nothing is there yet but a document."""
    found = Desk(tmp_path)
    found.edit()
    return found


# checking


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


# putting on hold and accepting


def test_question_on_hold_is_asked_again_after_its_fact_is_accepted(desk):
    desk.edit(LATE, RULE)
    assert "not asked until" in desk.check("--hold").stdout
    assert desk.held == sorted(questions_on("F4", "F21"))

    before = datetime.now(UTC).date()
    ran = desk.accept("F4", "--by", "Ana Öz")
    days = {before.isoformat(), datetime.now(UTC).date().isoformat()}
    assert (ran.returncode, ran.stdout) == (0, "Accepted by Ana Öz: F4.\n")
    assert desk.held == questions_on("F21")
    [entry] = [s for s in desk.sentences if "accepted_on" in s]
    assert (entry["facts"], entry["accepted_by"]) == (["F4"], "Ana Öz")
    assert entry["accepted_on"] in days

    assert "23 of 24 facts anchored." in desk.check().stdout
    assert desk.accept("F21", "--by", "Ben").returncode == 0
    assert desk.held == []
    assert desk.check().returncode == 0


def test_without_the_option_no_question_is_put_on_hold(desk):
    desk.edit(LATE)
    desk.check()

    assert desk.run("reports").returncode == 0  # which makes the database
    assert desk.held == []


def test_putting_on_hold_twice_adds_no_second_hold(desk):
    desk.edit(LATE)
    desk.check("--hold")
    desk.check("--hold")

    assert desk.held == questions_on("F4")


def test_a_document_restored_to_its_old_text_releases_the_questions(desk):
    desk.edit(LATE)
    desk.check("--hold")
    desk.edit()

    assert desk.check("--hold").returncode == 0
    assert desk.held == []


def test_the_reviewer_is_the_login_name_by_default(desk):
    desk.edit(LATE)
    desk.env["LOGNAME"] = "dora"
    desk.check()

    assert desk.accept("F4").stdout == "Accepted by dora: F4.\n"


def test_a_reviewers_name_cannot_break_the_file(desk):
    desk.edit(LATE)
    desk.check()
    ran = desk.accept("F4", "--by", 'A\x7f\n"\\' + os.fsdecode(b"\xff"))

    assert ran.returncode == 0
    [entry] = [s for s in desk.sentences if "accepted_on" in s]
    assert entry["accepted_by"] == 'A\N{REPLACEMENT CHARACTER} "\\\N{REPLACEMENT CHARACTER}'
    assert desk.check().returncode == 0


def test_accepting_needs_an_earlier_check_or_the_document(desk):
    desk.edit(LATE)
    refused(desk.accept("F4"), "Run “learn source check FILE” first, or give --from FILE.")
    assert desk.accept("F4", "--from", desk.document).returncode == 0
    assert desk.check().returncode == 0


def test_accepting_works_after_the_document_was_removed(desk):
    desk.edit(LATE)
    desk.check()
    desk.document.unlink()

    refused(desk.accept("F4"), "can't be read: No such file")


def test_an_invalid_acceptance_is_reported_in_one_line_and_writes_nothing(desk):
    desk.edit(LATE, GONE)
    desk.check()
    before = desk.sentences

    refused(desk.accept("F99"), "F99 is no fact of the ledger.")
    refused(desk.accept("f4"), "f4 is no fact of the ledger.")
    refused(desk.accept("F1"), "F1 has not changed: there is nothing to accept.")
    refused(desk.accept("F21"), "The sentence of F21 is gone. Say where the fact stands now with")
    refused(desk.accept("F4", "F21"), "The sentence of F21 is gone.")
    refused(desk.accept("F4", "F1"), "F1 has not changed")
    refused(desk.accept(), "Which facts? Name them, such as F12, or give --rest.")
    refused(desk.accept("F21", "--sentence", "Bees hum."), "That is no sentence of the document")
    refused(desk.accept("F4", "F21", "--sentence", WASH), "--sentence goes with one fact.")
    refused(desk.accept("--rest", "--sentence", WASH), "--sentence goes with one fact.")
    assert desk.sentences == before


def test_if_anchors_cannot_be_written_no_question_is_released(desk):
    desk.edit(LATE)
    desk.check("--hold")
    before = desk.sentences
    (desk.garden / "sentences.toml.new").mkdir()  # where the new file would be begun

    refused(desk.accept("F4"), "garden can't be written: Is a directory.")
    assert desk.sentences == before
    assert desk.held == questions_on("F4")


def test_a_fact_whose_sentence_is_gone_can_get_a_new_one(desk):
    desk.edit((GONE[0], "Never join anybody unasked. "))
    assert "gone    (F21)" in desk.check("--hold").stdout
    ran = desk.accept("F21", "--sentence", "never join anybody UNASKED", "--by", "Ana")

    assert ran.returncode == 0, ran.stderr
    assert desk.check().returncode == 0
    assert desk.held == []
    assert [s["facts"] for s in desk.sentences if "accepted_on" in s] == [["F21"]]


def test_the_new_sentence_can_have_another_fact_already(desk):
    desk.edit(GONE)
    desk.check()
    ran = desk.accept("F21", "--sentence", WASH)

    assert ran.returncode == 0, ran.stderr
    assert desk.check().returncode == 0
    desk.edit(GONE, ("- A sun hat", "- A rain hat"))
    assert "23 of 24 facts anchored" in desk.check().stdout


def test_the_new_sentence_can_be_one_without_a_fact(desk):
    desk.edit(NEW)
    desk.check()
    assert desk.accept("--rest").returncode == 0
    desk.edit(NEW, GONE)
    desk.check()
    assert desk.accept("F21", "--sentence", "Parking costs nothing.").returncode == 0

    assert desk.check().returncode == 0
    desk.edit(GONE)
    assert "gone    (F21)" in desk.check().stdout


def test_a_fact_that_is_no_longer_taught_can_be_accepted(desk):
    desk.edit(GONE)
    desk.check()
    ledger = desk.garden / "source.toml"
    ledger.write_text(
        ledger.read_text().replace('id = "F21"', 'id = "F21"\nnot_taught = "It left the page."')
    )
    ran = desk.accept("F21")

    assert ran.returncode == 0, ran.stderr
    assert desk.check().stdout.startswith("23 of 23 facts anchored.\nNothing is new")


def test_rest_accepts_all_changes_without_a_fact(desk):
    desk.edit(LATE, NEW, ("Working Near Patients", "Working Near the Patients"))
    assert desk.check().returncode == 1
    ran = desk.accept("--rest", "--by", "Ana")

    assert ran.stdout == "Accepted by Ana: what carries no fact.\n"
    told = desk.check().stdout
    assert "1 fact: F4" in told
    assert "new " not in told
    assert "(no fact)" not in told
    assert desk.accept("F4", "--rest").returncode == 0
    assert desk.check().returncode == 0


def test_rest_accepts_a_repeated_sentence_and_its_removal(desk):
    desk.edit(NEW)
    desk.check()
    desk.accept("--rest")
    twice = (NEW[0], f"{NEW[1]}\nParking costs nothing.\n\nParking costs nothing.\n")
    desk.edit(twice)
    assert desk.check().returncode == 1
    desk.accept("--rest")
    assert desk.check().returncode == 0
    desk.edit(NEW)
    assert desk.check().returncode == 1
    desk.accept("--rest")
    assert desk.check().returncode == 0


def test_two_facts_of_one_sentence_are_accepted_one_by_one(desk):
    path = desk.garden / "sentences.toml"
    path.write_text(path.read_text().replace('["F4"]', '["F4", "F5"]').replace('["F5"]', "[]"))
    assert desk.check().returncode == 0
    desk.edit(LATE)
    desk.check("--hold")

    assert desk.accept("F4").returncode == 0
    assert "1 fact: F5" in desk.check().stdout
    assert desk.held == questions_on("F5")
    assert desk.accept("F5").returncode == 0
    assert desk.check().returncode == 0
    assert desk.held == []


def test_an_accepted_fact_is_reported_when_it_changes_again(desk):
    desk.edit(LATE)
    desk.check()
    desk.accept("F4")
    desk.edit((LATE[0], "at noon"))

    assert "1 fact: F4" in desk.check().stdout


# reports


def report(desk: Desk, page: str, text: str, minutes: int = 0) -> None:
    when = datetime(2026, 4, 5, 6, 7, tzinfo=UTC) + timedelta(minutes=minutes)
    with desk.session() as session:
        actions.report_mistake(session, uuid.uuid4(), page, text, when)


def test_without_reports_the_command_says_so(empty_desk):
    assert empty_desk.run("reports").stdout == "No reports.\n"
    assert json.loads(empty_desk.run("reports", "--json").stdout) == []


def test_reports_are_listed_latest_first(empty_desk):
    desk = empty_desk
    desk.run("reports")
    report(desk, "lesson/watering-the-beds", "Noon is\r\nno good time.")
    assert desk.run("reports").stdout.endswith("\n1 report.\n")
    report(desk, "question/what-to-bring-1", "Fünf Hüte?\u00a0Ja. 🌻", minutes=5)

    assert desk.run("reports").stdout == (
        "2026-04-05 06:12 · question/what-to-bring-1\n    Fünf Hüte? Ja. 🌻\n\n"
        "2026-04-05 06:07 · lesson/watering-the-beds\n    Noon is\n    no good time.\n\n"
        "2 reports.\n"
    )
    assert json.loads(desk.run("reports", "--json").stdout) == [
        {
            "page": "question/what-to-bring-1",
            "text": "Fünf Hüte?\u00a0Ja. 🌻",
            "reported_at": "2026-04-05T06:12:00+00:00",
        },
        {
            "page": "lesson/watering-the-beds",
            "text": "Noon is\r\nno good time.",
            "reported_at": "2026-04-05T06:07:00+00:00",
        },
    ]


def test_control_characters_of_a_report_never_reach_the_terminal(empty_desk):
    desk = empty_desk
    desk.run("reports")
    text = "See \x1b]0;title\x07 \x9b2J \x7f \u202eback \U000e0041 end\x85\x0bof it"
    report(desk, "lesson/watering-the-beds", text)
    shown, machine = desk.run("reports").stdout, desk.run("reports", "--json").stdout

    for told in (shown, machine):
        assert not re.search(r"[\x00-\x09\x0b-\x1f\x7f-\x9f\u202e\U000e0041]", told), told
        assert "end" in told
    assert json.loads(machine)[0]["text"] == text
    lines = shown.splitlines()[1:-2]
    assert all(line.startswith("    ") for line in lines)  # no line passes for one of ours


# beginning


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
