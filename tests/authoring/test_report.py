"""What `learn check` says."""

from __future__ import annotations

import json
import sys
from types import MappingProxyType

import pytest

from learn.authoring.bars import EditorialBars
from learn.authoring.overlap import runs_of
from learn.authoring.report import CheckReport, check, examine
from learn.library.read_content import bank_folder
from questions.lint import Lint
from questions.reading import ContentError
from questions.versions import write_archive
from tests.library.small import BANK, FIRST, SETTINGS, SOURCE, Small

A, B = ContentError("a.md", 3, "one"), ContentError("b.toml", 1, "two")
COUNTS = {"lessons": 6, "questions": 2}


def test_errors_come_after_figures_and_counts_before_the_summary():
    report = CheckReport(
        (A, B), COUNTS, {"Coverage": {"facts": "3 of 4"}}, {"rule": (A,)}, {"rule": 1}
    )

    assert report.to_text().splitlines() == [
        "Coverage",
        "  facts: 3 of 4",
        "",
        "Warnings",
        "  rule: 1, budget 1",
        "",
        "a.md:3: one",
        "b.toml:1: two",
        "6 lessons, 2 questions.",
        "2 errors.",
    ]


@pytest.mark.parametrize(
    ("errors", "last"), [((), "No errors."), ((A,), "1 error."), ((A, B), "2 errors.")]
)
def test_the_last_line_counts_the_errors(errors, last):
    assert CheckReport(errors, COUNTS).to_text().splitlines()[-2:] == [
        "6 lessons, 2 questions.",
        last,
    ]


def test_warnings_over_budget_are_listed():
    report = CheckReport((), COUNTS, {}, {"rule": (A, B), "other": (A,)}, {"rule": 1})

    assert report.to_text().splitlines()[:5] == [
        "Warnings",
        "  rule: 2, budget 1",
        "    a.md:3: one",
        "    b.toml:1: two",
        "  other: 1",
    ]


def test_the_json_report_is_complete():
    report = CheckReport(
        (A,), COUNTS, {"Coverage": {"facts": "3 of 4"}}, {"rule": (B,)}, {"rule": 1}
    )

    assert json.loads(report.to_json()) == {
        "errors": [{"file": "a.md", "line": 3, "message": "one"}],
        "warnings": {
            "rule": {"budget": 1, "found": [{"file": "b.toml", "line": 1, "message": "two"}]}
        },
        "figures": {"Coverage": {"facts": "3 of 4"}},
        "counts": COUNTS,
        "hint": "",
    }


def examined(small: Small, linted: Lint, budget: dict[str, int]) -> CheckReport:
    return examine(small.content(), None, None, linted, EditorialBars(budget=budget))


def test_item_writing_errors_are_in_the_report(small):
    linted = Lint((A,), MappingProxyType({"key-longest": (B,)}))
    report = examined(small, linted, {"key-longest": 0})

    assert A in report.errors
    assert B not in report.errors
    assert report.warnings == {"key-longest": (B,)}
    assert any("key-longest: 1 found" in f.message for f in report.errors)


def test_figures_that_were_not_measured_are_marked(small):
    report = examined(small, Lint((), MappingProxyType({})), {})

    assert report.figures["Reading level"] == {
        "reading level": "not measured here (install textstat)"
    }
    assert report.figures["Words of the source"] == {
        "runs of eight words or more": "not checked here: no source-runs.txt"
    }
    assert report.counts["lessons"] == 2


def test_without_textstat_only_the_reading_grades_are_missing(small, monkeypatch):
    monkeypatch.setitem(sys.modules, "textstat", None)
    text = check(SETTINGS, small.folder).to_text()

    assert "reading level: not measured here (install textstat)" in text
    assert "a lesson has 180 to 400" in text


def test_each_lesson_has_its_grade_with_and_without_plain_words(small):
    pytest.importorskip("textstat")
    figures = check(SETTINGS, small.folder).figures["Reading level"]

    assert [*figures] == ["Where blood is made", "What cells do", "all lessons, SMOG"]
    assert "with its own terms" in figures["Where blood is made"]


def test_runs_of_the_source_are_counted(small):
    small.write("learn/library/source-runs.txt", runs_of("a b c d e f g h")[0])
    small.change(BANK, "It pumps.", "A b c d e f g h.")
    report = check(SETTINGS, small.folder)

    assert report.figures["Words of the source"] == {"runs of eight words or more": "1"}
    assert any("the source’s own words" in f.message for f in report.errors)


def test_warning_signs_are_checked_only_for_content_about_an_illness(small):
    sign = "marrow.toml"
    small.change(BANK, 'id = "where"', 'id = "where"\ncase = "Ana is tired."')
    content, errors = small.read()
    assert (errors, content.bank.questions["where"].safety) == ([], None)
    plain = [str(f) for f in check(SETTINGS, small.folder).errors if sign in f.file]
    assert not any("without-safety" in f for f in plain)

    small.change(SOURCE, "[site]", '[site]\nillness = "ALL"')
    assert small.read()[1] == []  # it is served all the same
    errors = [str(f) for f in check(SETTINGS, small.folder).errors if sign in f.file]
    assert [f for f in errors if f not in plain] == [
        small.at(BANK, 'id = "where"', "where: without-safety: “tired”: give “safety”, or exempt")
        + " this with the reason"
    ]


def test_without_a_version_archive_the_report_says_how_to_start_one(small):
    report = check(SETTINGS, small.folder)

    assert report.figures["Versions"] == {
        "versions kept": "none; “learn versions keep” begins to keep them"
    }


def test_the_version_archive_must_have_every_question(small):
    bank = small.content().bank
    folder = bank_folder(small.folder)
    before = {*check(SETTINGS, small.folder).errors}
    write_archive(folder, bank)
    report = check(SETTINGS, small.folder)
    assert report.figures["Versions"] == {
        "versions kept": str(len(bank.questions)),
        "objectives merged into others": "0",
        "objectives retired": "none",
    }
    assert {*report.errors} == before

    small.change(BANK, "It pumps.", "It only pumps.")
    assert {str(f) for f in {*check(SETTINGS, small.folder).errors} - before} == {
        small.at(BANK, 'id = "where"', "where: run “learn versions keep”")
    }
    write_archive(folder, small.content().bank)
    (folder / "versions" / "marrow.jsonl").write_text("oops\n")
    assert "bank/versions/marrow.jsonl:1: not a version of a question" in [
        str(error) for error in check(SETTINGS, small.folder).errors
    ]


def test_with_broken_references_only_these_are_reported(small):
    small.change(FIRST, "soft. {F2}", "soft. {F9}")
    report = check(SETTINGS, small.folder)

    assert [str(f) for f in report.errors] == [small.at(FIRST, "{F9}", "unknown fact “F9”")]
    assert report.figures == {}


def test_every_error_has_a_file_and_a_line(small):
    for error in check(SETTINGS, small.folder).errors:
        assert error.file
        assert error.line >= 1


def test_an_objective_that_is_gone_is_listed_until_it_is_merged(small):
    folder = bank_folder(small.folder)
    write_archive(folder, small.content().bank)
    (folder / "versions" / "marrow.jsonl").rename(folder / "versions" / "old-marrow.jsonl")
    before = {*check(SETTINGS, small.folder).errors}
    assert check(SETTINGS, small.folder).figures["Versions"]["objectives retired"] == "old-marrow"

    entry = '[old-marrow]\ninto = "marrow"\non = 2026-11-29\nwhy = "The same."\n'
    (folder / "merged.toml").write_text(entry, encoding="utf-8")
    report = check(SETTINGS, small.folder)
    assert report.figures["Versions"]["objectives merged into others"] == "1"
    assert report.figures["Versions"]["objectives retired"] == "none"
    assert {*report.errors} == before

    (folder / "merged.toml").write_text(entry.replace("old-m", "old-b"), encoding="utf-8")
    (error,) = {*check(SETTINGS, small.folder).errors} - before
    assert (error.file, error.line) == ("bank/merged.toml", 1)
    assert error.message.startswith("no objective “old-barrow” ever existed")
