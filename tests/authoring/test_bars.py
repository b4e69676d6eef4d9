"""A content folder sets its own editorial bars; structure is checked in every one."""

from __future__ import annotations

import json
from datetime import date

import pytest

from learn.authoring.bars import ALL, FILE, Bar, hint, read_bars
from learn.authoring.report import check
from learn.authoring.scaffold import scaffold
from learn.library import read_content as library
from tests.library.small import BANK, CHECKS, FIRST, SETTINGS, SOURCE, Small
from tests.second_document import TEXT

BREAKS = {
    Bar.READING_LEVEL: (FIRST, "It makes blood. {F1}", f"It {'really ' * 30}makes blood. {{F1}}"),
    Bar.LANGUAGE: (FIRST, "Marrow is soft.", "Unfortunately marrow is soft."),
    Bar.VOICE: (FIRST, "Flat bones hold", "It does not hold"),
    Bar.ITEM_WRITING: (BANK, "Where is blood made?", "Where is blood not made?"),
    Bar.SAFETY_LINES: (BANK, "Where is blood made?", "Ana has a fever. Where is blood made?"),
    Bar.SCORE_SHEETS: (FIRST, "You can ask about", "You can always ask about"),
}
SAYS = {
    Bar.READING_LEVEL: "at most in a sentence",
    Bar.LANGUAGE: "“Unfortunately”",
    Bar.VOICE: "people would use a contraction",
    Bar.ITEM_WRITING: "negative-stem",
    Bar.SAFETY_LINES: "without-safety",
    Bar.SCORE_SHEETS: "no score sheet",
}


@pytest.fixture
def small(tmp_path) -> Small:
    found = Small(tmp_path)
    found.change(SOURCE, 'name = "Learn Blood"', 'name = "Learn Blood"\nillness = "anemia"')
    return found


def set_bars(small: Small, *bars: Bar) -> None:
    small.write(CHECKS, f"bars = {json.dumps([bar.value for bar in bars])}\n")


def said(small: Small) -> str:
    return check(SETTINGS, small.folder).to_text()


@pytest.mark.parametrize("bar", BREAKS)
def test_a_bar_is_checked_only_where_the_folder_sets_it(small, bar):
    small.change(*BREAKS[bar])

    set_bars(small, bar)
    assert SAYS[bar] in said(small)
    set_bars(small, *(ALL - {bar}))
    assert SAYS[bar] not in said(small)


def test_a_folder_from_an_earlier_version_passes_with_a_hint_on_new_bars(small):
    for bar, change in BREAKS.items():
        if bar is not Bar.SAFETY_LINES:
            small.change(*change)
    small.path(CHECKS).unlink()
    report = check(SETTINGS, small.folder)

    assert not [f for f in report.errors if any(words in str(f) for words in SAYS.values())]
    line = (
        "Not checked, as checks.toml doesn’t name it: reading-level, language, voice, "
        "item-writing, budgets, safety-lines, score-sheets."
    )
    assert line in report.to_text().splitlines()
    assert json.loads(report.to_json())["hint"] == line


def test_structure_is_checked_without_any_bar(small):
    set_bars(small)
    small.change(FIRST, "Marrow is soft. {F2}", "Marrow is soft. {F99}")

    assert "unknown fact “F99”" in said(small)


def test_waiting_with_a_fever_is_an_error_in_any_folder(small):
    set_bars(small)
    small.change(
        BANK, 'ask = "Where', 'case = "Ana has a fever."\nsafety = "next-visit"\nask = "Where'
    )

    assert "cannot-wait" in said(small)


def test_a_budget_counts_only_if_the_folder_sets_it(small):
    budget = "[warnings]\nkey-longest = 3\n"
    small.write("bank/budget.toml", budget)
    set_bars(small, *(ALL - {Bar.BUDGETS}))

    assert "the budget is" not in said(small)


@pytest.mark.parametrize(
    ("text", "error"),
    [
        ('bars = ["spelling"]\n', "1: unknown bar “spelling”: reading-level, language"),
        ('\nbar = ["language"]\n', "2: unknown key “bar”"),
        ("bars = [\n", "not valid TOML"),
    ],
)
def test_an_error_in_the_settings_has_file_and_line(small, text, error):
    small.write(CHECKS, text)

    assert error in said(small)
    assert CHECKS in said(small)


def test_our_content_sets_every_bar_and_a_new_folder_those_that_need_no_readers(tmp_path):
    document = tmp_path / "garden.txt"
    document.write_text(TEXT, encoding="utf-8")
    scaffold(tmp_path / "garden", document, date(2026, 3, 1))

    assert read_bars(library.FOLDER) == (ALL, []), FILE
    assert read_bars(tmp_path / "garden") == (ALL - {Bar.SCORE_SHEETS}, []), FILE
    assert hint(ALL) == ""
