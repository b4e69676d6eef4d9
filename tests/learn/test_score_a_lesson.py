"""Two readers score how clear a lesson is, and `learn check` reports their sheets."""

from __future__ import annotations

import json
import re
import tomllib
from pathlib import Path

import pytest

from learn.authoring.bars import ALL, Bar
from learn.authoring.report import CheckReport, check
from learn.authoring.score_items import CCI, CHECKLISTS, PEMAT
from learn.library import read_content as library
from learn.library.signatures import lesson_digest
from tests.learn.signing_desk import Desk
from tests.library.small import CHECKS, FIRST, SECOND, SETTINGS
from tests.our_content import our_content

FILE = "learn/library/scores/first.toml"


class ReadersDesk(Desk):
    """A folder of content in which score sheets are checked."""

    def __init__(self, home: Path) -> None:
        super().__init__(home)
        self.small.write(CHECKS, 'bars = ["score-sheets"]\n')

    def begin(self, lesson: str, reader: str) -> None:
        ran = self.run("sheet", lesson, "--reader", reader)
        assert ran.returncode == 0, ran.stderr

    def fill(self, lesson: str, reader: str, **answers: str) -> None:
        """Begin a sheet and fill it in: “yes”, but for `cci4="no"` and the like."""
        self.begin(lesson, reader)
        path = self.small.folder / "scores" / f"{lesson}.toml"
        key, lines = "", []
        for line in path.read_text(encoding="utf-8").splitlines():
            if header := re.fullmatch(r"\[reader\.(\w+)\]", line):
                key = header[1]
            if item := re.fullmatch(r'(\d+) = \{ answer = "", because = "" \}', line):
                answer = answers.get(f"{key}{item[1]}", "yes")
                lines.append(f'{item[1]} = {{ answer = "{answer}", because = "seen" }}')
            else:
                lines.append(line)
        path.write_text("\n".join(lines) + "\n", encoding="utf-8")

    def report(self) -> CheckReport:
        return check(SETTINGS, self.small.folder)

    @property
    def errors(self) -> list[str]:
        return [str(e) for e in self.report().errors if "score" in str(e)]

    def refusal_of_sheet(self, *arguments: str) -> str:
        ran = self.run("sheet", *arguments)
        assert (ran.returncode, ran.stdout) == (1, "")
        return ran.stderr


@pytest.fixture
def desk(tmp_path) -> ReadersDesk:
    return ReadersDesk(tmp_path)


@pytest.fixture
def scored(desk) -> ReadersDesk:
    """Return a desk whose lessons two readers found clear."""
    for lesson in ("first", "second"):
        for reader in ("Ana", "Ben"):
            desk.fill(lesson, reader)
    return desk


def test_the_checklists_have_all_their_items():
    assert [*CCI.items] == [*range(1, 21)]
    assert [*PEMAT.items] == [*range(1, 13), *range(15, 27)]
    assert [len(checklist.items) for checklist in CHECKLISTS] == [20, 24]
    assert {n: least for c in CHECKLISTS for n, (_, least) in c.scores.items()} == {
        "CDC index": 90,
        "understandable": 95,
        "actionable": 80,
    }


def test_a_lesson_without_sheets_is_an_error(desk):
    assert desk.errors == [
        (
            f"{FIRST}:1: no score sheet: begin one with “learn review sheet first --reader NAME” "
            "(scores/first.toml)"
        ),
        (
            f"{SECOND}:1: no score sheet: begin one with “learn review sheet "
            "second --reader NAME” (scores/second.toml)"
        ),
    ]


def test_an_empty_sheet_has_every_item_and_the_digest_of_the_lesson(desk):
    desk.begin("first", 'Ana "Annie"\tNg')
    text = desk.small.text(FILE)
    content = desk.small.content()

    assert 'name = "Ana \\"Annie\\" Ng"' in text
    assert f'digest = "{lesson_digest(content.lessons["first"], content.figures)}"' in text
    for checklist in CHECKLISTS:
        for question in checklist.items.values():
            assert f"# {question}\n" in text
    unanswered = [e for e in desk.errors if "is not answered: yes, no, or na" in e]
    assert len(unanswered) == 44
    assert f"{FILE}:1: 1 of 2 readers have scored it" in desk.errors


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("third", "--reader", "Ana"), "There is no lesson “third”."),
        (("second",), "Who reads it? Say so with --reader NAME."),
        (("second", "--reader", " \t "), "Who reads it? Say so with --reader NAME."),
        (("first", "--reader", "Ana"), "Ana has a sheet for “first” already."),
    ],
)
def test_a_sheet_that_cannot_be_begun_says_why(desk, arguments, message):
    desk.begin("first", "Ana")
    before = desk.small.text(FILE)

    assert message in desk.refusal_of_sheet(*arguments)
    assert desk.small.text(FILE) == before


def test_a_broken_file_is_not_written_to(desk):
    desk.small.write(FILE, "[[reader]\n")

    assert "scores/first.toml:1: not valid TOML" in desk.refusal_of_sheet("first", "--reader", "Al")
    assert desk.small.text(FILE) == "[[reader]\n"
    assert any(e.startswith(f"{FILE}:1: not valid TOML") for e in desk.errors)


def test_two_readers_who_find_all_clear_pass_with_full_scores(scored):
    report = scored.report()

    assert scored.errors == []
    assert "score-sheets" not in report.warnings
    assert report.figures["Score sheets"] == {
        "Where blood is made": "CDC index 100, understandable 100, actionable 100; "
        "readers agree on 44 of 44 items",
        "What cells do": "CDC index 100, understandable 100, actionable 100; "
        "readers agree on 44 of 44 items",
        "all lessons": "readers agree on 100% of items",
    }


def test_the_lower_reader_counts_and_a_low_score_is_a_warning_that_names_the_item(desk):
    desk.fill("second", "Ana")
    desk.fill("second", "Ben")
    desk.fill("first", "Ana", cci15="na", cci16="na", cci17="na", cci20="na")
    desk.fill("first", "Ben", cci8="no", cci9="no", cci10="no", pemat16="no", pemat26="no")
    report = desk.report()

    assert report.figures["Score sheets"]["Where blood is made"] == (
        "CDC index 85, understandable 94, actionable 86; readers agree on 35 of 44 items"
    )
    assert [str(warning) for warning in report.warnings["score-sheets"]] == [
        (
            f"{FILE}:1: CDC index 85, below 90, as Ben found: 8. {CCI.items[8]}; "
            f"9. {CCI.items[9]}; 10. {CCI.items[10]}"
        ),
        f"{FILE}:1: understandable 94, below 95, as Ben found: 16. {PEMAT.items[16]}",
    ]
    assert f"16. {PEMAT.items[16]}" in report.to_text()
    assert not desk.errors
    assert json.loads(report.to_json())["warnings"]["score-sheets"]["found"]


def test_items_that_do_not_apply_do_not_count(desk):
    nothing_to_do = {f"pemat{item}": "na" for item in range(20, 27)}
    for lesson in ("first", "second"):
        for reader in ("Ana", "Ben"):
            desk.fill(lesson, reader, cci19="na", pemat19="na", **nothing_to_do)

    scores = desk.report().figures["Score sheets"]["Where blood is made"]
    assert scores.startswith("CDC index 100, understandable 100, actionable does not apply; ")


def test_without_one_main_message_what_rests_on_it_scores_nothing(desk):
    for lesson in ("first", "second"):
        desk.fill(lesson, "Ana", cci1="no")
        desk.fill(lesson, "Ben", cci5="no")

    ana, ben = desk.report().warnings["score-sheets"][:1], desk.report().figures["Score sheets"]
    assert "CDC index 75, below 90, as Ana found: 1. " in str(ana[0])
    assert re.findall(r"(\d+)\. ", str(ana[0]).partition("found: ")[2]) == ["1", "2", "3", "4", "6"]
    assert ben["Where blood is made"].startswith("CDC index 75,")


def test_a_sheet_is_stale_when_the_lesson_changes(scored):
    scored.small.change(FIRST, "Marrow is soft.", "Marrow is very soft.")

    stale = [e for e in scored.errors if "stale: the lesson has changed since" in e]
    assert [e.split(" since ")[1].split(" (now")[0] for e in stale] == [
        "Ana read it",
        "Ben read it",
    ]
    assert all(e.startswith(FILE) for e in stale)
    assert [*scored.report().figures["Score sheets"]] == ["What cells do", "all lessons"]


CASES = [
    ('lesson = "first"', 'lesson = "second"', "“second” is not the lesson that the file is named"),
    ('name = "Ben"', 'name = "Ana"', "“Ana” has scored it twice"),
    ('name = "Ben"\n', "", "missing key “name”"),
    ('name = "Ben"', 'name = "Ben"\nage = 7', "unknown key “age”"),
]
ITEM = '20 = { answer = "yes", because = "seen" }'
ITEM_CASES = [
    ('21 = { answer = "yes", because = "seen" }', "there is no item 21 in the CDC Clear"),
    ("", "no answer to 20 of the CDC Clear Communication Index"),
    ('20 = { answer = "maybe", because = "seen" }', "item 20: the answer is yes, no, or na"),
    ('20 = { answer = true, because = "seen" }', "item 20: the answer is yes, no, or na"),
    ('20 = { because = "seen" }', "item 20: the answer is yes, no, or na"),
    ('20 = { answer = "", because = "seen" }', "item 20 is not answered: yes, no, or na"),
    ('20 = { answer = "no", because = " " }', "item 20: “because” needs a word of evidence"),
    ('20 = { answer = "no" }', "item 20: “because” needs a word of evidence"),
    ('20 = { answer = "no", because = "x", why = "y" }', "item 20: unknown key “why”"),
    ('20 = "yes"', "“20” must be a table"),
]


@pytest.mark.parametrize(("old", "new", "message"), CASES)
def test_an_error_in_a_sheet_is_named(scored, old, new, message):
    scored.small.change(FILE, old, new)

    assert any(message in error and error.startswith(f"{FILE}:") for error in scored.errors)


@pytest.mark.parametrize(("new", "message"), ITEM_CASES)
def test_an_error_in_an_item_is_named_with_its_line(scored, new, message):
    text = scored.small.text(FILE)
    before, after = text.split(ITEM, 1)
    scored.small.write(FILE, before + new + after)

    (error,) = [e for e in scored.errors if message in e]
    line = int(error.split(":")[1])
    assert line == (
        before.count("\n") + 1 if new else before[: before.index("[reader.cci")].count("\n") + 1
    )


def test_an_item_that_always_applies_cannot_be_left_out(scored):
    text = scored.small.text(FILE)
    scored.small.write(FILE, text.replace('3 = { answer = "yes"', '3 = { answer = "na"', 1))

    assert any("item 3 always applies: yes or no" in error for error in scored.errors)


def test_a_sheet_for_an_unknown_lesson_is_an_error(scored):
    scored.small.write("learn/library/scores/third.toml", "")

    assert scored.errors == ["learn/library/scores/third.toml:1: there is no lesson “third”"]


def test_sheets_are_checked_only_where_the_folder_sets_the_bar(desk):
    desk.small.write(CHECKS, f"bars = {json.dumps([b.value for b in ALL - {Bar.SCORE_SHEETS}])}\n")

    assert desk.errors == []
    assert "Score sheets" not in desk.report().figures
    assert "score-sheets" in desk.report().hint


def test_our_sheets_say_that_their_readers_are_no_people():
    sheets = [*(library.FOLDER / "scores").glob("*.toml")]
    names = [
        reader["name"] for sheet in sheets for reader in tomllib.loads(sheet.read_text())["reader"]
    ]

    assert len(names) >= 2 * len(our_content().lessons)
    assert [name for name in names if not name.endswith(" (a language model)")] == []
