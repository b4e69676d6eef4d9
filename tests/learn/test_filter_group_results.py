"""Results of a group can be filtered; an invalid filter is ignored."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest

from tests.learn.groups import BEGUN, MISSED, RIGHT, ClassOf, sign_in_as_educator
from tests.learn.test_view_group_results import ASKED, table


@pytest.fixture
def group(connection, content):
    return ClassOf(connection, content.bank)


@pytest.fixture
def kim(ben, group):
    """Ben teaches, too."""
    return sign_in_as_educator(ben, group)


def test_figures_can_be_filtered_by_days_assignment_and_lesson(kim, group):
    other = "no-stage-malik"
    for day, question in ((1, ASKED), (2, ASKED), (2, other), (3, ASKED)):
        group.answer(group.join(), {question: RIGHT}, at=BEGUN + timedelta(days=day))
    test = group.assign([ASKED])
    group.answer(group.join(), {ASKED: MISSED}, quiz=f"assignment/{test.hex}/before")

    def n(choice):
        return sum(int(r["First answers"]) for r in table(kim, group, "questions", choice))

    assert n("") == 5
    assert n("&from=2026-11-03&to=2026-11-03") == 2
    assert n("&to=2026-11-02") == 2, "one on this day, and one on the first"
    assert n("&lesson=what-is-all") == 4
    assert n(f"&assignment={test.hex}") == 1
    assert n("&from=2026-12-01") == 0
    kim.open(f"/groups/{group.id}?from=2026-11-03&lesson=what-is-all")
    assert "Showing only some answers: since November 3, 2026. Lesson: What is ALL?" in kim.text
    kept = re.findall(r'href="([^"]*results\.[^"]*)"', kim.html)
    assert len(kept) == 6
    assert all("from=2026-11-03" in link and "lesson=what-is-all" in link for link in kept)
    kim.open(f"/groups/{group.id}?from=2026-12-01")
    assert "No answers match what you chose." in kim.text


@pytest.mark.parametrize(
    ("asked", "said"),
    [
        ("from=yesterday", "We couldn’t read the first day"),
        ("to=9999-99-99", "We couldn’t read the last day"),
        ("from=0001-01-01", "We couldn’t read the first day"),
        ("from=2026-11-05&to=2026-11-04", "The first day is after the last day"),
        ("assignment=%00x", "This group doesn’t have that assignment"),
        ("lesson=not-there", "There’s no such lesson"),
    ],
)
def test_an_invalid_filter_is_ignored_with_a_note(kim, group, asked, said):
    group.answer(group.join(), {ASKED: MISSED})
    for page in ("", "/questions", f"/questions/{ASKED}"):
        assert kim.open(f"/groups/{group.id}{page}?{asked}").status_code == 200
        assert said in kim.text
        assert "1 of 1" in kim.text or "0 of 1" in kim.text
