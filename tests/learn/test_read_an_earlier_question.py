"""A learner reads an old answer: with the question as it was asked, whatever became of it."""

from __future__ import annotations

import json
import re
from dataclasses import replace

import pytest
from sqlalchemy import delete, select

from learn.models import QuestionVersion
from learn.models.base import table_of
from learn.regrading import actions
from learn.versions.actions import store
from questions.kinds import KINDS
from questions.model import version_of
from questions.versions import KeptVersion
from tests.learn.edits import edited, with_another_key, with_other_answers, without
from tests.learn.people import right_answer, text_of, wrong_answer

THEN = "We changed this question after you answered it. This is how it was then."
GONE = "We no longer ask this question. This is how it was when you answered it."
MENDED = "We corrected this question after you answered it. This is how it is now."
LOST = "we don’t have its earlier wording. This is how it is now."


def reworded(question):
    parts = tuple(replace(p, text=f"{p.text}, in new words") for p in question.parts)
    new = replace(question, stem="What is asked here in new words?", parts=parts)
    return replace(new, version=version_of(new))


@pytest.fixture
def edit(app):
    """Puts an edited question on the running site."""

    def do(question):
        app.extensions["learn.content"] = edited(app.extensions["learn.content"], question)

    return do


@pytest.fixture(params=[*KINDS])
def answered(request, ana):
    """A question of each kind, answered not right; Ana is at its feedback."""
    question = ana.come_to(request.param)
    ana.answer(wrong_answer(question))
    return question


def test_an_answer_shows_the_question_as_asked_and_as_it_is_now(ana, answered, edit):
    before = ana.text
    edit(reworded(answered))
    ana.open(ana.address)

    assert THEN in ana.text
    said, below = ana.text.split("The question as we ask it now")
    assert "What is asked here in new words?" in below
    assert "in new words" not in said
    assert answered.stem in said
    for part in answered.parts:
        assert part.rationale in said
    assert said.replace(f"{THEN} ", "").startswith(before[: before.index("See it in the lesson")])


def test_a_removed_question_is_still_shown_with_its_answer(ana, answered, app, content):
    app.extensions["learn.content"] = without(content, answered.id)
    page = ana.open(ana.address)

    assert page.status_code == 200
    assert GONE in ana.text
    assert answered.stem in ana.text
    assert "Report a mistake" not in ana.text
    assert "under review" not in ana.text
    assert "See it in the lesson" in ana.text


def test_sending_the_answer_again_redirects_to_the_feedback(ana, app, content):
    question = ana.come_to("choice")
    form = ana.form() | right_answer(question)
    ana.answer(right_answer(question))
    app.extensions["learn.content"] = without(content, question.id)

    page = ana.post(ana.address, form)
    assert (page.status_code, page.location) == (303, ana.address)


def test_after_a_corrected_key_the_old_key_is_not_shown(ana, answered, edit):
    mended = with_another_key(answered)
    edit(mended)
    ana.open(ana.address)

    assert MENDED in ana.text
    assert THEN not in ana.text
    assert "The question as you answered it" in ana.text
    if answered.kind == "choice":
        shown = " ".join(re.findall(r"<details open>(.*?)</details>", ana.html, re.DOTALL))
        assert all(o.rationale in shown for o in mended.parts if o.right)


def test_a_chosen_option_that_was_removed_is_still_shown(ana, answered, edit):
    edit(with_other_answers(answered))
    ana.open(ana.address)

    assert THEN in ana.text
    assert "This question has changed" not in ana.text
    assert "Not quite" in ana.text


def test_corrected_key_survives_a_later_edit(ana, app, edit, clock, connection):
    question = ana.come_to("choice")
    ana.answer(right_answer(question))
    mended = with_another_key(question)
    with app.extensions["learn.database"].transaction() as session:
        store(session, [kept(connection, question, mended)], clock.now)
        actions.regrade(session, mended, "Dr. Lee", clock.now)
    edit(with_other_answers(mended))
    ana.open(ana.address)

    assert "Your answer no longer counts as right." in ana.text
    assert "Not quite" in ana.text
    key = next(o for o in mended.parts if o.right)
    assert f"{key.text} Right answer" in ana.text


def kept(connection, question, mended):
    """Return the corrected question as it is stored."""
    table = table_of(QuestionVersion)
    whole = json.loads(
        connection.scalar(
            select(table.c.text).where(
                table.c.question_id == question.id, table.c.version == question.version
            )
        )
    )
    key = next(o.id for o in mended.parts if o.right)
    idea = next(o["misconception"] for o in whole["question"]["option"] if o["id"] == key)
    for option in whole["question"]["option"]:
        option.pop("misconception", None)
        option["right"] = option["id"] == key
        if not option["right"]:
            option["misconception"] = idea
    whole["version"] = mended.version
    return KeptVersion(question.id, mended.version, json.dumps(whole))


@pytest.fixture
def forget(connection):
    """Forgets the text of a question, as of one that was asked before texts were kept."""

    def do(question):
        table = table_of(QuestionVersion)
        connection.execute(delete(table).where(table.c.question_id == question.id))

    return do


def test_a_version_that_was_not_kept_is_explained(ana, answered, edit, forget):
    forget(answered)
    edit(reworded(answered))
    ana.open(ana.address)

    assert LOST in ana.text
    assert "What is asked here in new words?" in ana.text
    edit(with_other_answers(answered))
    ana.open(ana.address)
    assert "This question has changed" in ana.text
    assert "This is the question as it is now, with its answer." in ana.text


def test_a_removed_question_without_its_text_says_that_the_answer_is_kept(
    ana, answered, app, content, forget
):
    forget(answered)
    app.extensions["learn.content"] = without(content, answered.id)
    page = ana.open(ana.address)

    assert page.status_code == 410
    assert "we don’t have its wording anymore. Your answer is saved" in ana.text


def test_feedback_on_a_removed_objective_has_no_lesson_link(ana, app, content, connection):
    question = ana.come_to("choice")
    ana.answer(right_answer(question))
    objectives = {k: v for k, v in content.bank.objectives.items() if k != question.objective}
    smaller = without(content, question.id)
    app.extensions["learn.content"] = replace(
        smaller, bank=replace(smaller.bank, objectives=objectives)
    )

    assert "See it in the lesson" not in text_of(ana.open(ana.address))
    assert question.stem in ana.text


def test_only_an_answer_to_an_earlier_version_costs_statements(ana, edit, statements):
    question = ana.come_to("choice")
    ana.answer(wrong_answer(question))
    feedback, found = ana.address, []
    for change in (question, reworded(question)):
        edit(change)
        ana.open("/")  # what is under review was read then
        statements.clear()
        ana.browser.get(feedback)
        found.append([s for s in statements if "question_version" in s or "regrade" in s])
        assert len(statements) == 1 + len(found[-1])

    assert [len(each) for each in found] == [0, 2]
