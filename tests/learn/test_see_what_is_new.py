"""An educator's page of a group says what is new since their last visit, in one line."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest

from learn.models import SharingTerms
from tests.learn.groups import MISSED, RIGHT

ASKED, OTHER = "how-all-begins-start", "no-stage-lump"


@pytest.fixture
def visited(kim, group, content, clock):
    """Look at a group of twelve, who all missed an idea the day before; come back in a week."""
    people = [group.join(nickname=f"Mia {number}") for number in range(12)]
    for one in people:
        group.answer(one, {ASKED: MISSED})
    clock.now = group.now + timedelta(days=1)
    kim.open(f"/groups/{group.id}")
    assert "your last visit" not in kim.text
    clock.forward(days=7)
    group.now = clock.now
    return people


def news(kim, group, choice=""):
    kim.open(f"/groups/{group.id}{choice}")
    parts = r'(?s)<(?:p|details) class="screen-only">(<summary>New.*?</ul>|Nothing.*?</p>)'
    found = re.search(parts, kim.html)
    said = re.sub(r"</(?:summary|li)>", " ", found[1]) if found else ""
    return " ".join(re.sub("<[^>]+>", "", said).split())


def test_nothing_new_is_said(kim, group, visited):
    assert news(kim, group) == "Nothing new since your last visit on November 2, 2026."
    assert not news(kim, group, "?time=7"), "a choice of days is about something else"


def test_who_joined_is_named_if_they_share_a_nickname(kim, group, visited):
    group.join(nickname="Ola")
    group.join(nickname="Uma")
    group.join("totals")
    said = news(kim, group)
    assert "last visit on November 2, 2026: 3 people joined" in said
    assert said.endswith("joined Ola and Uma joined. 1 person joined without a nickname.")
    group.join(nickname="Ida")
    assert "Ola, Uma, and Ida joined." in news(kim, group)


def test_of_many_who_joined_twenty_are_named(kim, group, visited):
    for number in range(10, 33):
        group.join(nickname=f"Zoe {number}")
    assert "Zoe 28, Zoe 29, and 3 others joined." in news(kim, group)


def test_who_changed_how_they_share_has_not_joined(kim, group, visited):
    group.join("totals", account=visited[0])
    assert news(kim, group).startswith("Nothing new")


def test_new_answers_to_an_assignment_are_counted_by_people(kim, group, visited, content):
    quiz = group.assign([ASKED, OTHER], title="Halfway quiz")
    group.answer(visited[0], {ASKED: MISSED}, f"assignment/{quiz.hex}")
    group.answer(visited[1], {ASKED: MISSED}, f"assignment/{quiz.hex}")
    group.answer(visited[2], {ASKED: MISSED}, f"assignment/{quiz.hex}", finished=False)
    group.answer(group.join("totals"), {ASKED: MISSED}, f"assignment/{quiz.hex}")
    assert "“Halfway quiz” has new answers from 2 people." in news(kim, group)
    before_and_after = group.assign(kind="before-after", title="Both", contents={})
    for part in ("before", "after"):
        group.answer(visited[0], {OTHER: RIGHT}, f"assignment/{before_and_after.hex}/{part}")
    assert "“Both” has new answers from 1 person." in news(kim, group)


def test_a_quiz_that_is_taken_again_has_no_new_answers(kim, group, visited):
    group.assign(kind="lessons", title="A lesson", contents={"lessons": ["what-is-all"]})
    quiz = "lesson/what-is-all"
    group.answer(visited[0], {ASKED: MISSED}, quiz, at=group.now - timedelta(days=8))
    group.answer(visited[0], {ASKED: RIGHT}, quiz)
    assert "new answers" not in news(kim, group)
    group.answer(visited[1], {ASKED: RIGHT}, quiz)
    assert "“A lesson” has new answers from 1 person." in news(kim, group)


def test_a_gap_closes_and_one_opens(kim, group, visited, content):
    for one in visited[:9]:
        group.answer(one, {ASKED: RIGHT, OTHER: MISSED})
    assert "Gap closed" not in news(kim, group), "3 of 12 still miss it"
    assert "New gap" not in news(kim, group), "nine people are few"
    group.answer(visited[9], {ASKED: RIGHT, OTHER: MISSED})
    idea, other = (content.bank.objective_of(q).to_teach for q in (ASKED, OTHER))
    said = news(kim, group)
    assert "last visit on November 2, 2026: 1 gap closed, 1 new gap Gap closed" in said
    assert (
        f"Gap closed: “{idea}” Now 2 of 12 people don’t know this yet, down from 12 of 12." in said
    )
    assert f"New gap: “{other}” 10 of 10 people don’t know this yet." in said
    kim.open(f"/groups/{group.id}?to=2026-11-07")
    assert "12 of 12 people don’t know this yet" in kim.text, "the page of that day says so, too"


def test_only_those_who_agreed_count_for_gaps_and_none_in_totals(kim, group, visited):
    for number in range(24):
        terms = SharingTerms.FIRST if number < 12 else SharingTerms.LATEST
        member = group.join("named" if number < 12 else "totals", terms=terms)
        group.answer(member, {OTHER: MISSED})
    assert "gap" not in news(kim, group).lower()


def test_a_returning_visit_takes_three_statements_more_if_anybody_answered(
    kim, group, visited, statements
):
    def taken():
        kim.open(f"/groups/{group.id}")
        statements.clear()
        kim.open(f"/groups/{group.id}")
        return len(statements)

    assert taken() == 7
    group.answer(visited[0], {ASKED: RIGHT})
    assert taken() == 8


def test_an_archived_group_has_no_news(kim, group, visited):
    kim.open(f"/groups/{group.id}/sure/archive")
    kim.post(f"/groups/{group.id}/settings/archive", kim.form())
    kim.open(f"/groups/{group.id}")
    assert "your last visit" not in kim.text
