"""Pages of a question and of its feedback, and those shown when a question is gone."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from enum import StrEnum

from flask import render_template
from flask.typing import ResponseReturnValue

from learn import extensions
from learn.editorial.availability import available_content
from learn.learner.assignments import LearnerAssignment
from learn.learner.own_numbers import is_shared_device
from learn.owner_tokens import owner_token
from learn.quizzes.planning.attempt_plan import AttemptPlan
from learn.quizzes.planning.catalog import Quiz
from learn.quizzes.queries import AttemptView, ItemView
from learn.quizzes.taking.answered import AnsweredQuestion, answered_question, passage_of
from learn.quizzes.taking.feedback import feedback
from learn.quizzes.taking.forms import UNSURE, AnswerError, AnswerForm
from questions.model import Question, Response, ResponseError
from questions.selection import unpack


class IntroText(StrEnum):
    """Text above the first question of an attempt."""

    NONE = ""
    BEFORE = "before"
    AFTER = "after"
    REVIEW = "review"
    PRACTICE = "practice"
    WELCOME = "welcome"  # a review after a long break
    ASSIGNED = "assigned"
    PATH = "path"
    FEWER = "fewer"  # there are fewer questions than were requested


@dataclass(frozen=True, slots=True)
class Page:
    """What a question page and a feedback page have in common.

    `attempt` and `item` are None before the first answer of an attempt; `quiz` is None after it.
    `ahead` are the positions of the questions that are still open.
    """

    question: Question
    shown: tuple[str, ...]
    number: int
    total: int
    removed: int = 0
    on_hold: int = 0
    opening: IntroText = IntroText.NONE
    quiz: Quiz | None = None
    attempt: AttemptView | None = None
    item: ItemView | None = None
    answered: AnsweredQuestion | None = None
    assigned: LearnerAssignment | None = None
    owner: uuid.UUID | None = None
    ahead: tuple[int, ...] = ()

    @property
    def mark(self) -> str | None:
        """Where it is, for pages that lead back to it: see `learn/learner/question_left.py`."""
        if self.attempt and self.item:
            return f"{self.attempt.id}-{self.item.position}"
        return str(self.quiz.ref) if self.quiz else None


def first_page(
    quiz: Quiz,
    plan: AttemptPlan,
    opening: IntroText = IntroText.NONE,
    assigned: LearnerAssignment | None = None,
) -> Page:
    """Return the first question of a planned attempt, which has no rows yet."""
    question = plan.questions[0]
    shown = plan.part_order(question)
    return Page(
        question,
        shown,
        1,
        len(plan.questions),
        opening=opening,
        quiz=quiz,
        assigned=assigned,
        owner=plan.account,
    )


def page_of(attempt: AttemptView, item: ItemView) -> Page | None:
    """Return the item's page; None if its question is gone, or if it is open and on hold.

    An answer is shown with the version of the question that it was given to.
    """
    whole, available = extensions.content(), available_content()
    question, answered = available.bank.questions.get(item.question), None
    if item.response is not None:
        now = whole.bank.questions.get(item.question)
        session = extensions.read_session()
        answered = answered_question(session, attempt.account, attempt.id, item, now)
        question = answered.question if answered else None
    if question is None:
        return None
    present = attempt.present(available.bank)
    on_hold = attempt.on_hold(whole.bank, available.bank)
    return Page(
        question=question,
        shown=unpack(question, item.shown),
        number=[i.position for i in present].index(item.position) + 1,
        total=len(present),
        removed=len(attempt.items) - len(present) - on_hold,
        on_hold=on_hold,
        attempt=attempt,
        item=item,
        answered=answered,
        owner=attempt.account,
        ahead=tuple(i.position for i in present if i.response is None),
    )


def gone_page(attempt: AttemptView, item: ItemView) -> ResponseReturnValue:
    """Say that the question has left the bank or is on hold, and link to the next one."""
    page = render_template(
        "quizzes/gone.html",
        attempt=attempt,
        following=attempt.next_open(available_content().bank),
        answered=item.response is not None,
        is_on_hold=item.question in extensions.content().bank.questions,
    )
    return page, 410


def question_page(
    page: Page,
    form: AnswerForm | None = None,
    error: ResponseError | AnswerError | None = None,
    plan: str = "",
) -> str:
    """Return the question, with what the learner has chosen in `form`."""
    parts = {part.id: part for part in page.question.parts}
    return render_template(
        "quizzes/question.html",
        page=page,
        owner=_owner_mark(page),
        is_shared_device=is_shared_device(),
        question=page.question,
        parts=[parts[part] for part in page.shown],
        response=form.response.data if form else Response(),
        sure=form.sure.data if form and form.is_sure is not None else "",
        error=error and str(error),
        plan=plan,
        UNSURE=UNSURE,
    )


def _owner_mark(page: Page) -> str:
    return owner_token(page.owner) if page.owner else ""


def http_status(error: ResponseError | AnswerError) -> int:
    """Return the HTTP status of a question page that asks for the answer again."""
    return 400 if error == AnswerError.EXPIRED else 422


def _is_for_practice(question: Question) -> bool:
    bank = extensions.content().bank
    objective = bank.objectives.get(bank.current_id(question.objective))
    return objective is not None and objective.practice_only


def feedback_page(page: Page, item: ItemView) -> str:
    """What is right, why, and where the lesson says so."""
    content, available = extensions.content(), available_content()
    question, answered = page.question, page.answered
    lesson, anchor = passage_of(content, question) or (None, "")
    is_current = question.id in content.bank.questions
    return render_template(
        "quizzes/feedback.html",
        page=page,
        owner=_owner_mark(page),
        is_shared_device=is_shared_device(),
        answered=answered,
        regrade=answered.regrade if answered else None,
        question=question,
        feedback=feedback(question, item.version, item.response or Response(), page.shown),
        lesson=lesson,
        anchor=anchor,
        safety_of=(answered and answered.current) or question,
        following=page.attempt.next_open(available.bank) if page.attempt else None,
        is_current=is_current,
        is_practice=_is_for_practice(question),
        is_on_hold=is_current and question.id not in available.bank.questions,
    )
