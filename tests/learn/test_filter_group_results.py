"""Results of a group can be filtered; an invalid filter is ignored."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest

from tests.learn.groups import BEGUN, MISSED, RIGHT
from tests.learn.results_pages import QUESTION, table

DAY = timedelta(days=1)


def test_figures_can_be_filtered_by_days_assignment_and_lesson(kim, group):
    other = "no-stage-lump"
    for day, question in ((1, QUESTION), (2, QUESTION), (2, other), (3, QUESTION)):
        group.answer(group.join(), {question: RIGHT}, at=BEGUN + timedelta(days=day))
    test = group.assign([QUESTION])
    group.answer(group.join(), {QUESTION: MISSED}, quiz=f"assignment/{test.hex}/before")

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
        ("time=3000", "We couldn’t read the time"),
    ],
)
def test_an_invalid_filter_is_ignored_with_a_note(kim, group, asked, said):
    group.answer(group.join(), {QUESTION: MISSED})
    for page in ("", "/questions", f"/questions/{QUESTION}"):
        assert kim.open(f"/groups/{group.id}{page}?{asked}").status_code == 200
        assert said in kim.text
        assert "1 of 1" in kim.text or "0 of 1" in kim.text


def chosen_in(kim, name):
    """Return the option that is chosen in a dropdown."""
    menu = kim.html.split(f'<select id="{name}"')[1].split("</select>")[0]
    match = re.search(r'<option value="([^"]*)" selected>([^<]*)<', menu)
    return match.groups() if match else ("", "")


def test_what_to_teach_next_has_one_dropdown_for_time_and_one_for_the_assignment(kim, group, clock):
    ana = group.join(shares_from=BEGUN)
    test = group.assign([QUESTION], title="Week 2")
    group.answer(ana, {QUESTION: MISSED}, quiz=f"assignment/{test.hex}", at=clock.now - DAY * 20)
    group.answer(ana, {"no-stage-lump": MISSED}, at=clock.now - DAY * 3)
    here = f"/groups/{group.id}"

    kim.open(here)
    assert kim.html.count("<select") == 2
    assert kim.html.count('class="teach-count"') == 2
    kim.open(f"{here}?time=7")
    assert kim.html.count('class="teach-count"') == 1
    assert chosen_in(kim, "time") == ("7", "The last 7 days")
    assert "Showing only some answers: since November 15, 2026." in kim.text
    links = re.findall(r'href="([^"]*results\.[^"]*)"', kim.html)
    assert links
    assert all("time=7" in link and "from=" not in link for link in links)
    kim.open(f"{here}?time=30&assignment={test.hex}")
    assert kim.html.count('class="teach-count"') == 1
    assert chosen_in(kim, "assignment") == (test.hex, "Week 2")
    kim.open(f"{here}?time=7&assignment={test.hex}")
    assert "teach-count" not in kim.html


def test_days_chosen_elsewhere_stay_until_another_time_is_chosen(kim, group):
    ana = group.join()
    group.answer(ana, {QUESTION: MISSED}, at=BEGUN + DAY)
    here = f"/groups/{group.id}"
    kim.open(f"{here}?from=2026-11-02&lesson=what-is-all")
    assert chosen_in(kim, "time") == ("days", "Since November 2, 2026")
    assert 'name="from" value="2026-11-02"' in kim.html
    assert 'name="lesson" value="what-is-all"' in kim.html
    kim.open(f"{here}?time=days&from=2026-12-02")
    assert "teach-count" not in kim.html
    kim.open(f"{here}?time=&from=2026-12-02")
    assert "teach-count" in kim.html
    assert "Showing only some answers" not in kim.text
