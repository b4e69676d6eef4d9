"""A question and its feedback as pages, and what is said when there is none to show."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from flask import render_template
from flask.typing import ResponseReturnValue

from learn import extensions
from learn.quizzes import actions, catalog, queries
from learn.quizzes.answered import AnsweredQuestion, answered_question, passage_of
from learn.quizzes.catalog import Quiz
from learn.quizzes.feedback import feedback
from learn.quizzes.forms import UNSURE, AnswerForm
from learn.quizzes.queries import AttemptView, ItemView
from learn.record.assigned import Assigned
from learn.review.offer import offered
from questions.grading import error_in
from questions.model import Question, Response, ResponseError
from questions.selection import unpack

CHANGED = "changed"
EXPIRED = "expired"


class Opening(StrEnum):
    """What is said above the first question of a round."""

    NONE = ""
    BEFORE = "before"
    AFTER = "after"
    REVIEW = "review"
    WELCOME = "welcome"  # a review after a long time away
    ASSIGNED = "assigned"
    FEWER = "fewer"  # there are fewer questions than were asked for


@dataclass(frozen=True, slots=True)
class Page:
    """What a question page and a feedback page have in common.

    `attempt` and `item` are None before the first answer of a round.
    """

    quiz: Quiz | None
    question: Question
    shown: tuple[str, ...]
    number: int
    total: int
    removed: int = 0
    under_review: int = 0
    opening: Opening = Opening.NONE
    attempt: AttemptView | None = None
    item: ItemView | None = None
    answered: AnsweredQuestion | None = None
    assigned: Assigned | None = None


def first_page(
    quiz: Quiz,
    start: actions.Start,
    opening: Opening = Opening.NONE,
    assigned: Assigned | None = None,
) -> Page:
    """The first question of a round of which nothing is kept yet."""
    question = start.questions[0]
    shown = actions.shown_in(start, question)
    total = len(start.questions)
    return Page(quiz, question, shown, 1, total, opening=opening, assigned=assigned)


def page_of(attempt: AttemptView, item: ItemView) -> Page | None:
    """The item's page; None if its question can't be asked any more, or not for now.

    An answer is shown with the version of the question that it was given to.
    """
    content, bank = extensions.content(), offered().bank
    question, answered = queries.question_of(bank, item), None
    if item.response is not None:
        now = queries.question_of(content.bank, item)
        session = extensions.read_session()
        answered = answered_question(session, attempt.account, attempt.id, item, now)
        question = answered.question if answered else None
    if question is None:
        return None
    present = attempt.present(bank)
    withheld = under_review(attempt)
    return Page(
        quiz=catalog.find(content, attempt.quiz),
        question=question,
        shown=unpack(question, item.shown),
        number=[i.position for i in present].index(item.position) + 1,
        total=len(present),
        removed=len(attempt.items) - len(present) - withheld,
        under_review=withheld,
        attempt=attempt,
        item=item,
        answered=answered,
    )


def under_review(attempt: AttemptView) -> int:
    """How many open questions of the attempt are withheld for now."""
    bank, now_offered = extensions.content().bank, offered().bank
    return sum(
        i.response is None and i.question in bank.questions
        for i in attempt.items
        if i.question not in now_offered.questions
    )


def gone(attempt: AttemptView, item: ItemView) -> ResponseReturnValue:
    """The question has left the bank, or is withheld: say so, and lead on."""
    page = render_template(
        "quizzes/gone.html",
        attempt=attempt,
        following=attempt.next_open(offered().bank),
        answered=item.response is not None,
        under_review=item.question in extensions.content().bank.questions,
    )
    return page, 410


def trouble_with(form: AnswerForm, question: Question) -> ResponseError | str | None:
    """Why the answer can't be kept yet, or None."""
    if not form.has_valid_token:
        return EXPIRED
    if not form.validate():
        return ResponseError.UNKNOWN
    return error_in(question, form.response.data)


def given(page: Page, form: AnswerForm) -> actions.Given:
    """The answer in the form, to the question as it was shown."""
    return actions.Given(page.question, page.shown, form.response.data, form.is_sure)


def status(trouble: ResponseError | str) -> int:
    """The status of a page that asks again."""
    return 400 if trouble == EXPIRED else 422


def question_page(
    page: Page,
    form: AnswerForm | None = None,
    trouble: ResponseError | str | None = None,
    plan: str = "",
) -> str:
    """The question, with what was given in `form` so far."""
    return render_template(
        "quizzes/question.html",
        page=page,
        question=page.question,
        parts=[page.question.part(i) for i in page.shown],
        response=form.response.data if form else Response(),
        sure=form.sure.data if form and form.is_sure is not None else "",
        trouble=trouble and str(trouble),
        plan=plan,
        UNSURE=UNSURE,
    )


def feedback_page(page: Page, item: ItemView) -> str:
    """What is true, why, and where the lesson says so."""
    content, now_offered = extensions.content(), offered()
    question, answered = page.question, page.answered
    lesson, anchor = passage_of(content, question) or (None, "")
    return render_template(
        "quizzes/feedback.html",
        page=page,
        answered=answered,
        again=answered.again if answered else None,
        question=question,
        told=feedback(question, item.version, item.response or Response()),
        lesson=lesson,
        anchor=anchor,
        safety=(answered.now.safety if answered and answered.now else None) or question.safety,
        following=page.attempt.next_open(now_offered.bank) if page.attempt else None,
        is_asked=question.id in content.bank.questions,
        under_review=question.id in content.bank.questions.keys() - now_offered.bank.questions,
    )
