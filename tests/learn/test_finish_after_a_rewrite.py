"""A quiz is begun on the content of one release and finished on that of the next.

In between, questions were retired and reworded, and objectives merged, two into one: some with
answers, and some without. Everything runs on a database of its own, and each release starts anew.
"""

from __future__ import annotations

import html
import re
import uuid
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from learn.app import create_app
from learn.config import Settings
from learn.library.content import Content
from learn.models import Attempt, Item, MemoryRow
from learn.quizzes.outcomes.summary import ReviewSuggestion
from questions.model import Objective, Question, version_of
from tests.learn.edits import edited, with_merged, without
from tests.learn.people import Person, made_for_tests

TOPIC = "topic/blood-cells"
BEGUN = datetime(2026, 11, 22, tzinfo=UTC)
GIVEN = ("right", "missed", "unsure", "right")
"""The answers before the rewrite; those after it are right, missed, and right."""


@dataclass
class Release:
    """The site with some content, at a time that the test moves."""

    app: Flask
    content: Content
    now: datetime

    def visitor(self, account: uuid.UUID) -> Person:
        return Person(self.app, self.content, account)


class Rewrite:
    """Ana, her quiz, and the two releases; `asked` are its questions as they were, in order."""

    def __init__(self, before: Release) -> None:
        self.before = before
        self.account = uuid.UUID(int=0xA7A)
        self.ana = before.visitor(self.account)
        self.ana.open(f"/quizzes/{TOPIC}")
        for how in GIVEN:
            self.ana.answer({"answer": "?"}) if how == "unsure" else answer(self.ana, how)
            self.ana.go_on()
        self.attempt = self.ana.address.rsplit("/", 1)[0]
        self.questions = [before.content.bank.questions[row.question_id] for row in self.rows()]
        self.after = before

    def rows(self) -> list[Any]:
        with self.before.app.extensions["learn.database"].read_session() as session:
            statement = select(Item.__table__).where(
                Item.account_id == self.account,
                Item.attempt_id == uuid.UUID(self.attempt.rsplit("/", 1)[1]),
            )
            return [*session.execute(statement.order_by(Item.position))]

    def rewritten(self) -> Content:
        """Return the content of the next release."""
        retired, reworded_, old, into, skipped, open_, later_old, later_into = self.questions
        content = without(self.before.content, retired.id, skipped.id)
        content = edited(edited(content, reworded(reworded_)), reworded(open_))
        content = with_merged(content, old.objective, into.objective, old.id)
        return with_merged(content, later_old.objective, later_into.objective, later_old.id)

    def go_on_with(self, release: Release) -> None:
        """Ana comes back, with her cookie, to the next release."""
        with self.ana.browser.session_transaction() as session:
            kept = dict(session)
        self.after = release
        self.ana = release.visitor(self.account)
        with self.ana.browser.session_transaction() as session:
            session.update(kept)

    def finish(self) -> None:
        self.ana.open(f"/quizzes/{TOPIC}")
        for how in ("right", "missed", "right"):
            answer(self.ana, how)
            self.ana.go_on()
        assert self.ana.address == self.attempt


def answer(person: Person, how: str) -> None:
    person.answer_right() if how == "right" else person.answer_wrong()


def reworded(question: Question) -> Question:
    """Return the question with other words in each answer."""
    parts = tuple(replace(p, text=f"{p.text}, in new words") for p in question.parts)
    changed = replace(question, stem=f"Reworded: {question.stem}", parts=parts)
    return replace(changed, version=version_of(changed))


@pytest.fixture
def rewrite(pooled_app, content) -> Rewrite:
    return Rewrite(Release(pooled_app, content, BEGUN))


@pytest.fixture
def finished(rewrite, pooled_app):
    """Yield the quiz, finished a day later on the next release."""
    settings: Settings = pooled_app.extensions["learn.settings"]
    content = rewrite.rewritten()
    release = Release(pooled_app, content, BEGUN + timedelta(days=1))
    release.app = made_for_tests(create_app(settings, content=content, clock=lambda: release.now))
    rewrite.go_on_with(release)
    rewrite.finish()
    yield rewrite
    release.app.extensions["learn.database"].dispose()


def page_text(person: Person) -> str:
    return html.unescape(person.text)


def test_it_goes_on_at_the_next_question_that_is_left(finished):
    rows = finished.rows()
    asked = finished.questions

    assert [row.question_id for row in rows] == [q.id for q in asked]
    assert [row.answered_at is not None for row in rows] == [True] * 4 + [False] + [True] * 3
    assert [row.version for row in rows[:4]] == [q.version for q in asked[:4]]
    assert rows[5].version == finished.after.content.bank.questions[asked[5].id].version
    assert rows[5].version != asked[5].version
    with finished.before.app.extensions["learn.database"].read_session() as session:
        (ended,) = session.scalars(
            select(Attempt.finished_at).where(Attempt.account_id == finished.account)
        )
    assert ended == BEGUN + timedelta(days=1)


def test_the_summary_counts_all_answers_and_what_was_removed(finished):
    finished.ana.open(finished.attempt)

    assert "You got 4 of 7 right on your first try." in page_text(finished.ana)
    assert "2 were not quite right. You weren’t sure of one." in page_text(finished.ana)
    assert "One question was removed while you were taking this quiz." in page_text(finished.ana)
    again = page_text(finished.ana).split("See your answers again")[1]
    places = [again.index(stem) for stem in expected_stems(finished)]
    assert places == sorted(places)


def expected_stems(finished: Rewrite) -> list[str]:
    """Return what the answers are listed as: the questions as they are now."""
    now = finished.after.content.bank.questions
    answered = [*finished.questions[:4], *finished.questions[5:]]
    return [now[q.id].stem if q.id in now else "A question we no longer ask" for q in answered]


def idea_of(objective: Objective) -> str:
    return ReviewSuggestion(objective, ()).idea


def test_merged_objectives_count_as_one(finished):
    finished.ana.open(finished.attempt)
    objectives = finished.after.content.bank.objectives
    _, reworded_, old, into, _, open_, later_old, later_into = finished.questions
    known, look = page_text(finished.ana).split("ideas to look at again")
    look = look.split("questions to take with you")[0]

    assert objectives[open_.objective].you_can in known
    assert f"{idea_of(objectives[reworded_.objective])} Not quite right" in look
    assert f"{idea_of(objectives[into.objective])} Not sure" in look
    assert f"{idea_of(objectives[later_into.objective])} Not quite right" in look
    before = finished.before.content.bank.objectives
    for gone in (old, later_old):
        assert before[gone.objective].you_can not in page_text(finished.ana)


def test_the_feedback_of_each_answer_is_still_there(finished):
    retired, reworded_, *_ = finished.questions
    told = {
        1: ("We no longer ask this question.", retired.stem),
        2: ("This is how it was then.", reworded_.stem),
        3: ("Not sure? Here’s the answer", finished.questions[2].stem),
        4: ("That’s right", finished.questions[3].stem),
        6: ("That’s right", f"Reworded: {finished.questions[5].stem}"),
        7: ("Not quite right", finished.questions[6].stem),
        8: ("That’s right", finished.questions[7].stem),
    }
    for place, words in told.items():
        page = finished.ana.open(f"{finished.attempt}/{place}")
        assert page.status_code == 200, place
        for word in words:
            assert word in page_text(finished.ana), place
    assert finished.ana.open(f"{finished.attempt}/5").status_code == 410


def test_history_and_progress_count_it(finished):
    finished.ana.open("/progress")
    entry = finished.ana.html.split(f'href="{finished.attempt}"')[1].split("</li>")[0]
    words = " ".join(text_of_markup(entry).split())
    assert words.endswith("4 of 7 right on your first try Not quite right: 2 Not sure: 1")

    objectives = finished.after.content.bank.objectives
    _, reworded_, old, into, _, _, _, later_into = finished.questions
    page = page_text(finished.ana)
    assert f"Needs another look {objectives[reworded_.objective].you_can}" in page
    for merged in (into, later_into):  # the last answer about the two was right
        assert f"Getting there {objectives[merged.objective].you_can}" in page
    assert finished.before.content.bank.objectives[old.objective].you_can not in page


def text_of_markup(markup: str) -> str:
    return html.unescape(re.sub(r"<[^>]+>", " ", markup.split(">", 1)[1]))


def test_a_review_asks_once_about_two_that_were_merged(finished):
    _, _, old, into, _, _, later_old, later_into = finished.questions
    bank = finished.after.content.bank
    asked = set()
    for _ in range(3):  # at most five a day
        finished.after.now += timedelta(days=60)
        finished.ana.open("/quizzes/review")
        in_this_review = []
        while 'name="question"' in finished.ana.html:
            in_this_review.append(bank.questions[finished.ana.question.id].objective)
            finished.ana.answer_right()
            finished.ana.go_on()
        assert len(in_this_review) == len({*in_this_review})
        asked |= {*in_this_review}
    assert {into.objective, later_into.objective} <= asked
    assert not {old.objective, later_old.objective} & asked

    with finished.before.app.extensions["learn.database"].read_session() as session:
        reviewed = {
            row.objective_id: row.reviewed_at
            for row in session.scalars(
                select(MemoryRow).where(MemoryRow.account_id == finished.account)
            )
        }
    for merged in (into, later_into):
        assert reviewed[merged.objective] > BEGUN + timedelta(days=2)


def test_the_copy_has_every_question_as_it_was_asked(finished):
    copy = finished.ana.open("/my-data/copy.json").get_json()
    rows = copy["tables"]["question"]["rows"]

    kept = {row["position"]: (row["question"], row["result"]) for row in rows}
    words = {"right": "Right", "missed": "Not quite right", "unsure": "Not sure"}
    for place, (question, how) in enumerate(zip(finished.questions, GIVEN, strict=False), 1):
        assert kept[place] == (question.stem, words[how])
