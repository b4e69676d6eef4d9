"""The pages of a quiz: a question, its feedback, and the summary."""

from __future__ import annotations

import uuid
from dataclasses import dataclass

from flask import Blueprint, abort, make_response, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from learn import access, extensions
from learn.access import Learner
from learn.library.content import Content
from learn.quizzes import actions, catalog, keeping, queries, rounds
from learn.quizzes.catalog import Quiz
from learn.quizzes.feedback import feedback
from learn.quizzes.forms import UNSURE, AnswerForm
from learn.quizzes.queries import AttemptView, ItemView
from learn.quizzes.summary import summary_of
from learn.review.offer import offered
from questions.grading import Problem, problem
from questions.model import Question, Response
from questions.selection import unpack

blueprint = Blueprint("quizzes", __name__)

_CHANGED = "changed"
_EXPIRED = "expired"


@blueprint.get("/quizzes")
@access.anyone
def index() -> ResponseReturnValue:
    """The list of all quizzes."""
    content = extensions.content()
    quizzes = [*catalog.all_quizzes(content)]
    return render_template("quizzes/index.html", quizzes=quizzes, content=content)


@blueprint.get("/quizzes/lesson/<name>", defaults={"kind": "lesson"})
@blueprint.get("/quizzes/topic/<name>", defaults={"kind": "topic"})
@blueprint.get("/quizzes/mixed", defaults={"kind": catalog.MIXED, "name": ""})
@access.learner
def take(who: Learner, kind: str, name: str) -> ResponseReturnValue:
    """Go on with a quiz, or show the first question of a new round.

    Nothing is kept yet: the account and the attempt are made with the first answer.
    """
    quiz = _quiz(kind, name)
    if not quiz.length:
        return _nothing_to_ask(quiz)
    who = access.greet(who)
    so_far = rounds.rounds_of(who, quiz)
    if so_far.open:
        return redirect(url_for("quizzes.attempt", attempt_id=so_far.open), 302)
    start = rounds.new_round(who, quiz, so_far.count + 1)
    page = _first_page(quiz, start)
    return _question_page(page, plan=rounds.sign(start))


@blueprint.post("/quizzes/lesson/<name>", defaults={"kind": "lesson"})
@blueprint.post("/quizzes/topic/<name>", defaults={"kind": "topic"})
@blueprint.post("/quizzes/mixed", defaults={"kind": catalog.MIXED, "name": ""})
@extensions.csrf.exempt  # the form checks its token itself, so that the answer can be kept
@access.learner
def first_answer(who: Learner, kind: str, name: str) -> ResponseReturnValue:
    """Begin a round with its first answer; the same answer again finds the same round."""
    quiz = _quiz(kind, name)
    if not quiz.length:
        return _nothing_to_ask(quiz)
    form = AnswerForm()
    who = access.greet(who)
    start = rounds.signed_start(who, quiz, form.plan.data or "") or rounds.new_round(
        who, quiz, rounds.rounds_of(who, quiz).count + 1
    )
    page = _first_page(quiz, start)
    if form.question.data != start.questions[0].id:
        return _question_page(page, trouble=_CHANGED, plan=rounds.sign(start)), 422
    if trouble := _trouble(form, page.question):
        return _question_page(page, form, trouble, plan=rounds.sign(start)), _status(trouble)
    try:
        begun = keeping.begin(who, start, _given(page, form))
    except actions.AccountGoneError:
        return _as_somebody_new(quiz, start, form)
    if begun.account == who.account:
        access.remember()
    if begun.item is None:
        return redirect(url_for("quizzes.attempt", attempt_id=begun.attempt), 303)
    position = begun.item.position
    return redirect(url_for("quizzes.item", attempt_id=begun.attempt, position=position), 303)


@blueprint.get("/quizzes/<uuid:attempt_id>")
@access.learner
def attempt(who: Learner, attempt_id: uuid.UUID) -> ResponseReturnValue:
    """Where an attempt stands: its next question, or its summary."""
    content, now_offered = extensions.content(), offered()
    found = _own_attempt(who, attempt_id)
    if following := found.next_open(now_offered.bank):
        return redirect(
            url_for("quizzes.item", attempt_id=attempt_id, position=following.position), 302
        )
    if found.finished_at is None:  # what was left of it has gone from the bank
        with extensions.writing() as session:
            actions.finish_if_done(session, found, None, now_offered.bank, access.now())
    quiz = catalog.find(content, found.quiz)
    summary = summary_of(content, found)
    return render_template(
        "quizzes/summary.html",
        quiz=quiz,
        attempt=found,
        summary=summary,
        nickname=who.nickname,
        under_review=_under_review(found),
        content=content,
        following=_following_lesson(content, quiz),
    )


@blueprint.get("/quizzes/<uuid:attempt_id>/<int:position>")
@access.learner
def item(who: Learner, attempt_id: uuid.UUID, position: int) -> ResponseReturnValue:
    """A question that waits for its answer, or the feedback to the first answer it got."""
    attempt = _own_attempt(who, attempt_id)
    found = _own_item(attempt, position)
    page = _page(attempt, found)
    if page is None:
        return _gone(attempt, found)
    if page.item is not None and page.item.response is not None:
        return _feedback_page(page, page.item)
    return _question_page(page)


@blueprint.post("/quizzes/<uuid:attempt_id>/<int:position>")
@extensions.csrf.exempt  # the form checks its token itself, so that the answer can be kept
@access.learner
def answer(who: Learner, attempt_id: uuid.UUID, position: int) -> ResponseReturnValue:
    """Keep the first answer to a question. Whatever comes after it is shown that one's feedback."""
    form = AnswerForm()
    here = url_for("quizzes.item", attempt_id=attempt_id, position=position)
    with extensions.writing() as session:
        attempt = keeping.find(session, who, attempt_id)
        found = attempt.item(position) if attempt else None
        if attempt is None or found is None:
            access.not_found()
        page = _page(attempt, found)
        if page is None:
            return _gone(attempt, found)
        if found.response is None:
            if form.version.data and form.version.data != page.question.version:
                return _question_page(page, trouble=_CHANGED), 422
            if trouble := _trouble(form, page.question):
                return _question_page(page, form, trouble), _status(trouble)
            keeping.record(session, attempt, found, _given(page, form))
    if attempt.account == who.account:
        access.remember()
    return redirect(here, 303)


@blueprint.get("/quizzes/<uuid:attempt_id>/stop")
@access.learner
def stop(who: Learner, attempt_id: uuid.UUID) -> ResponseReturnValue:
    """Enough for today: nothing changes, and the page says so."""
    found = _own_attempt(who, attempt_id)
    content = extensions.content()
    return render_template(
        "quizzes/stop.html",
        quiz=catalog.find(content, found.quiz),
        attempt=found,
        nickname=who.nickname,
        answered=sum(i.response is not None for i in found.items),
        left=sum(i.response is None for i in found.present(offered().bank)),
    )


@dataclass(frozen=True, slots=True)
class _Page:
    """What a question page and a feedback page have in common.

    `attempt` and `item` are None before the first answer of a round.
    """

    quiz: Quiz | None
    question: Question
    shown: tuple[str, ...]
    number: int
    total: int
    removed: int
    under_review: int
    account: uuid.UUID
    attempt: AttemptView | None = None
    item: ItemView | None = None


def _quiz(kind: str, name: str) -> Quiz:
    quiz = catalog.find(offered(), f"{kind}/{name}" if name else kind)
    if quiz is None or not quiz.objectives:
        access.not_found()
    return quiz


def _nothing_to_ask(quiz: Quiz) -> str:
    """Every question of the quiz is withheld for now."""
    return render_template("quizzes/under_review.html", quiz=quiz)


def _first_page(quiz: Quiz, start: actions.Start) -> _Page:
    question = start.questions[0]
    shown = actions.shown_in(start, question)
    return _Page(quiz, question, shown, 1, len(start.questions), 0, 0, start.account)


def _as_somebody_new(quiz: Quiz, start: actions.Start, form: AnswerForm) -> ResponseReturnValue:
    """The account was deleted, in another tab: the same question, to a new guest."""
    access.forget()
    who = access.greet(Learner(None))
    start = rounds.begun_by(who.account or start.account, start)
    page = _first_page(quiz, start)
    return _question_page(page, form, _EXPIRED, plan=rounds.sign(start)), 400


def _own_attempt(who: Learner, attempt_id: uuid.UUID) -> AttemptView:
    """The learner's attempt, or no page: a word about it where it is their account's by now."""
    session = extensions.reading()
    found = queries.attempt(session, who.account, attempt_id) if who.account else None
    if found is None:
        if who.account and keeping.inherited(session, who.account, attempt_id):
            abort(make_response(render_template("quizzes/joined.html"), 404))
        access.not_found()
    return found


def _own_item(attempt: AttemptView, position: int) -> ItemView:
    found = attempt.item(position)
    if found is None:
        access.not_found()
    return found


def _page(attempt: AttemptView, item: ItemView) -> _Page | None:
    """The item's page; None if its question can't be asked any more, or not for now."""
    content, bank = extensions.content(), offered().bank
    question = queries.question_of(bank if item.response is None else content.bank, item)
    if question is None:
        return None
    present = attempt.present(bank)
    under_review = _under_review(attempt)
    return _Page(
        quiz=catalog.find(content, attempt.quiz),
        question=question,
        shown=unpack(question, item.shown),
        number=[i.position for i in present].index(item.position) + 1,
        total=len(present),
        removed=len(attempt.items) - len(present) - under_review,
        under_review=under_review,
        account=attempt.account,
        attempt=attempt,
        item=item,
    )


def _under_review(attempt: AttemptView) -> int:
    """How many open questions of the attempt are withheld for now."""
    bank, now_offered = extensions.content().bank, offered().bank
    return sum(
        i.response is None and i.question in bank.questions
        for i in attempt.items
        if i.question not in now_offered.questions
    )


def _gone(attempt: AttemptView, item: ItemView) -> ResponseReturnValue:
    """The question has left the bank, or is withheld: say so, and lead on."""
    page = render_template(
        "quizzes/gone.html",
        attempt=attempt,
        following=attempt.next_open(offered().bank),
        under_review=item.question in extensions.content().bank.questions,
    )
    return page, 410


def _trouble(form: AnswerForm, question: Question) -> Problem | str | None:
    """Why the answer can't be kept yet, or None."""
    if not form.is_from_our_page:
        return _EXPIRED
    if not form.validate():
        return Problem.UNKNOWN
    return problem(question, form.response.data)


def _status(trouble: Problem | str) -> int:
    return 400 if trouble == _EXPIRED else 422


def _given(page: _Page, form: AnswerForm) -> actions.Given:
    return actions.Given(page.question, page.shown, form.response.data, form.is_sure)


def _question_page(
    page: _Page,
    form: AnswerForm | None = None,
    trouble: Problem | str | None = None,
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


def _feedback_page(page: _Page, item: ItemView) -> str:
    content = extensions.content()
    lesson, anchor = content.passage(page.question)
    now_offered = offered()
    following = page.attempt.next_open(now_offered.bank) if page.attempt else None
    return render_template(
        "quizzes/feedback.html",
        page=page,
        question=page.question,
        told=feedback(page.question, item.version, item.response or Response()),
        lesson=lesson,
        anchor=anchor,
        following=following,
        under_review=page.question.id not in now_offered.bank.questions,
    )


def _following_lesson(content: Content, quiz: Quiz | None) -> object:
    if quiz is None or not quiz.lesson:
        return None
    return content.neighbors(content.lessons[quiz.lesson])[1]
