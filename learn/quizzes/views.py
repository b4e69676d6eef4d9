"""Routes of quizzes."""

from __future__ import annotations

import uuid
from collections.abc import Mapping, Sequence

from flask import (
    Blueprint,
    Response,
    abort,
    make_response,
    redirect,
    render_template,
    request,
    url_for,
)
from flask.typing import ResponseReturnValue

from learn import access, extensions, rate_limits
from learn.access import Learner
from learn.editorial.availability import available_content
from learn.forms import checks_token
from learn.learner import own_path, own_reading
from learn.learner.activity import AttemptOverview, LearnerActivity, attempts
from learn.learner.assignments import assignment_titles
from learn.learner.quiz_refs import AFTER_PART, BEFORE_PART, QuizKind, QuizRef
from learn.outage import fallback_on_outage
from learn.quizzes import queries
from learn.quizzes.outcomes import pages as outcomes
from learn.quizzes.planning import catalog
from learn.quizzes.planning.catalog import Quiz
from learn.quizzes.queries import AttemptView, ItemPlace, ItemToAnswer, ItemView
from learn.quizzes.taking import actions, first_question, recording, rendering
from learn.quizzes.taking import assigned as assigned_quizzes
from learn.quizzes.taking.forms import AnswerError, AnswerForm, CheckForm
from learn.quizzes.taking.scored_answer import score_answer
from learn.quizzes.taking.sent_later import takes_later
from learn.throttling import paced, throttled
from questions.model import ResponseError
from questions.selection import unpack

blueprint = Blueprint("quizzes", __name__)

_MAX_POSITION = 32767  # what its column can hold


def _list_page(
    unfinished: Sequence[AttemptOverview] = (), titles: Mapping[str, str] | None = None
) -> str:
    content = extensions.content()
    quizzes = [*catalog.all_quizzes(content)]
    return render_template(
        "quizzes/index.html",
        content=content,
        unfinished=unfinished,
        titles=titles or {},
        over_all=[q for q in quizzes if not q.topic],
        by_topic={q.topic: q for q in quizzes if not q.lesson},
        by_lesson={q.lesson: q for q in quizzes},
    )


@blueprint.get("/quizzes")
@fallback_on_outage(_list_page)
@access.learner
def index(who: Learner) -> ResponseReturnValue:
    """Show what the learner has not finished, and the list of all quizzes."""
    if who.account is None or not who.is_persisted:
        return _list_page()
    reader = extensions.read_session()
    unfinished = LearnerActivity(attempts(reader, who.account)).open_attempts
    titles = assignment_titles(reader, (a.quiz for a in unfinished))
    return _list_page(unfinished, titles)


@blueprint.get("/quizzes/lesson/<name>", defaults={"kind": QuizKind.LESSON})
@blueprint.get("/quizzes/topic/<name>", defaults={"kind": QuizKind.TOPIC})
@blueprint.get("/quizzes/path/<name>", defaults={"kind": QuizKind.PATH})
@blueprint.get("/quizzes/mixed", defaults={"kind": QuizKind.MIXED, "name": ""})
@blueprint.get("/quizzes/review", defaults={"kind": QuizKind.REVIEW, "name": ""})
@blueprint.get("/quizzes/practice", defaults={"kind": QuizKind.PRACTICE, "name": ""})
@blueprint.get("/quizzes/before", defaults={"kind": QuizKind.BEFORE, "name": ""})
@blueprint.get("/quizzes/after", defaults={"kind": QuizKind.AFTER, "name": ""})
@access.learner
def take(who: Learner, kind: QuizKind, name: str) -> ResponseReturnValue:
    """Continue the open attempt at a quiz, or show the first question of a new one.

    The account and the attempt are stored with the first answer.
    """
    quiz = _quiz(kind, name)
    own_reading.note_read_before(who)
    own_path.note_path(quiz.path)
    earlier = first_question.quiz_attempts(who, quiz)
    if earlier.open:
        return redirect(url_for("quizzes.attempt", attempt_id=earlier.open), 302)
    if earlier.count and quiz.ref in catalog.TAKEN_ONCE:
        return redirect(url_for("quizzes.before_and_after"), 302)
    return first_question.ask_first(who, quiz, earlier.count)


@blueprint.post("/quizzes/lesson/<name>", defaults={"kind": QuizKind.LESSON})
@blueprint.post("/quizzes/topic/<name>", defaults={"kind": QuizKind.TOPIC})
@blueprint.post("/quizzes/path/<name>", defaults={"kind": QuizKind.PATH})
@blueprint.post("/quizzes/mixed", defaults={"kind": QuizKind.MIXED, "name": ""})
@blueprint.post("/quizzes/review", defaults={"kind": QuizKind.REVIEW, "name": ""})
@blueprint.post("/quizzes/practice", defaults={"kind": QuizKind.PRACTICE, "name": ""})
@blueprint.post("/quizzes/before", defaults={"kind": QuizKind.BEFORE, "name": ""})
@blueprint.post("/quizzes/after", defaults={"kind": QuizKind.AFTER, "name": ""})
@checks_token
@access.learner
@paced(rate_limits.ATTEMPT)
@throttled(rate_limits.NEW_GUEST)
@takes_later
def first_answer(who: Learner, kind: QuizKind, name: str) -> ResponseReturnValue:
    """Start an attempt with its first answer."""
    return first_question.record_first(who, _quiz(kind, name))


@blueprint.get("/quizzes/check")
@access.learner
def check(who: Learner) -> ResponseReturnValue:
    """Choose what to check, everything or some lessons, and how many questions."""
    return _check_page(who, CheckForm())


@blueprint.get("/quizzes/check/questions")
@access.learner
def check_questions(who: Learner) -> ResponseReturnValue:
    """Show the first question of a new check."""
    form = CheckForm(request.args)
    if form.error(extensions.content().counted_lessons):
        return _check_page(who, form), 422
    quiz = catalog.check_quiz(available_content(), form.lessons, form.length.data)
    return first_question.ask_first(who, quiz, first_question.quiz_attempts(who, quiz).count)


@blueprint.post("/quizzes/check/questions")
@checks_token
@access.learner
@paced(rate_limits.ATTEMPT)
@throttled(rate_limits.NEW_GUEST)
@takes_later
def check_answer(who: Learner) -> ResponseReturnValue:
    """Start a check with its first answer."""
    form = CheckForm(request.args)
    if form.error(extensions.content().counted_lessons):
        return _check_page(who, form), 422
    quiz = catalog.check_quiz(available_content(), form.lessons, form.length.data)
    return first_question.record_first(who, quiz)


@blueprint.get("/quizzes/assigned/<uuid:assignment_id>", defaults={"part": ""})
@blueprint.get("/quizzes/assigned/<uuid:assignment_id>/before", defaults={"part": BEFORE_PART})
@blueprint.get("/quizzes/assigned/<uuid:assignment_id>/after", defaults={"part": AFTER_PART})
@access.learner
def assigned(who: Learner, assignment_id: uuid.UUID, part: str) -> ResponseReturnValue:
    """A quiz that is assigned to the learner's group: its first question, or the attempt."""
    return assigned_quizzes.take(who, assignment_id, part)


@blueprint.post("/quizzes/assigned/<uuid:assignment_id>", defaults={"part": ""})
@blueprint.post("/quizzes/assigned/<uuid:assignment_id>/before", defaults={"part": BEFORE_PART})
@blueprint.post("/quizzes/assigned/<uuid:assignment_id>/after", defaults={"part": AFTER_PART})
@checks_token
@access.learner
@paced(rate_limits.ATTEMPT)
@throttled(rate_limits.NEW_GUEST)
@takes_later
def assigned_answer(who: Learner, assignment_id: uuid.UUID, part: str) -> ResponseReturnValue:
    """Start an assigned quiz with its first answer."""
    return assigned_quizzes.answer(who, assignment_id, part)


@blueprint.get("/before-and-after")
@access.learner
def before_and_after(who: Learner) -> ResponseReturnValue:
    """What the learner knew before the lessons and after them; or how to find out."""
    return outcomes.before_and_after_page(who)


@blueprint.get("/quizzes/<uuid:attempt_id>")
@access.learner(checks_session_in_query=True)
def attempt(who: Learner, attempt_id: uuid.UUID) -> ResponseReturnValue:
    """Show the next question of an attempt, or its summary."""
    available = available_content()
    current = _own_attempt(who, attempt_id)
    if following := current.next_open(available.bank):
        return redirect(
            url_for("quizzes.item", attempt_id=attempt_id, position=following.position), 302
        )
    if current.finished_at is None:  # the questions that were open have left the bank
        with extensions.transaction() as session:
            actions.finish_attempt(session, current.account, current.id, access.now())
    return outcomes.summary_page(who, current)


@blueprint.get("/quizzes/<uuid:attempt_id>/<int:position>")
@access.learner(checks_session_in_query=True)
def item(who: Learner, attempt_id: uuid.UUID, position: int) -> ResponseReturnValue:
    """A question that is open, or the feedback to its answer."""
    attempt = _own_attempt(who, attempt_id)
    stored = _own_item(attempt, position)
    page = rendering.page_of(attempt, stored)
    if page is None:
        return rendering.gone_page(attempt, stored)
    if stored.response is not None:
        return rendering.feedback_page(page, stored)
    return rendering.question_page(page)


@blueprint.post("/quizzes/<uuid:attempt_id>/<int:position>")
@checks_token
@access.learner(checks_session_in_query=True)
@takes_later
def answer(who: Learner, attempt_id: uuid.UUID, position: int) -> ResponseReturnValue:
    """Record the first answer to a question; later ones lead to the feedback to the first.

    The answer is read, checked, and graded before the transaction, which only writes.
    """
    form, content, now = AnswerForm(), available_content(), access.now()
    if who.account is None or position > _MAX_POSITION:
        access.not_found()
    place = ItemPlace(who.account, attempt_id, position, who.session)
    target = recording.find(extensions.read_session(), place, content.bank, now)
    if target is None:
        access.not_found()
    if not target.is_answered:
        question = content.bank.questions.get(target.question)
        if question is None:
            return _ask_again(who, target, form)
        if form.version.data and form.version.data != question.version:
            return _ask_again(who, target, None, AnswerError.CHANGED)
        if error := form.error(question):
            return _ask_again(who, target, form, error)
        shown = unpack(question, target.shown)
        graded = score_answer(question, shown, form.response.data, form.is_sure)
        with extensions.transaction() as session:
            recording.record(session, target, graded, now)
    if target.account == who.account:
        access.refresh_cookie()
    return redirect(url_for("quizzes.item", attempt_id=attempt_id, position=position), 303)


@blueprint.get("/quizzes/<uuid:attempt_id>/stop")
@access.learner(checks_session_in_query=True)
def stop(who: Learner, attempt_id: uuid.UUID) -> ResponseReturnValue:
    """Say that the answers are stored and that the learner can go on later."""
    current = _own_attempt(who, attempt_id)
    quiz, content = outcomes.titled_quiz(current.quiz), extensions.content()
    path = content.paths.get(quiz.path if quiz else "") or own_path.followed_path()
    lesson = content.lessons.get(quiz.lesson) if quiz else None
    return render_template(
        "quizzes/stop.html",
        quiz=quiz,
        lesson=lesson,
        path=path if path and (lesson is None or lesson.id in path.lessons) else None,
        attempt=current,
        nickname=who.nickname,
        answered=sum(i.response is not None for i in current.items),
        left=sum(i.response is None for i in current.present(available_content().bank)),
    )


def _quiz(kind: QuizKind, name: str) -> Quiz:
    quiz = catalog.find(available_content(), QuizRef(kind, name))
    if quiz is None or not quiz.objectives:
        access.not_found()
    return quiz


def _check_page(who: Learner, form: CheckForm) -> str:
    """Return the choices made so far, and a link to an open check."""
    content = extensions.content()
    quiz = catalog.check_quiz(content, (), catalog.CHECK_LENGTHS[-1])
    return render_template(
        "quizzes/check.html",
        content=content,
        form=form,
        lengths=catalog.CHECK_LENGTHS,
        open=first_question.quiz_attempts(who, quiz).open,
        error=form.error(content.counted_lessons),
    )


def _ask_again(
    who: Learner,
    item: ItemToAnswer,
    form: AnswerForm | None,
    error: ResponseError | AnswerError = AnswerError.CHANGED,
) -> ResponseReturnValue:
    """Return the item's question with the error, or a page that says that it is gone."""
    if item.account != who.account:
        return _joined_page()
    attempt = queries.attempt(extensions.read_session(), item.account, item.attempt)
    stored = attempt.item(item.position) if attempt else None
    if attempt is None or stored is None:
        access.not_found()
    page = rendering.page_of(attempt, stored)
    if page is None:
        return rendering.gone_page(attempt, stored)
    return rendering.question_page(page, form, error), rendering.http_status(error)


def _own_attempt(who: Learner, attempt_id: uuid.UUID) -> AttemptView:
    """Return the learner's attempt. 404 if there is none; says so if it was merged just now."""
    session, stored = extensions.read_session(), None
    if who.account:
        stored = queries.attempt(session, who.account, attempt_id, signed_in=who.session)
    if stored is None:
        if (
            who.account
            and who.session is None
            and recording.merged_attempt(session, who.account, attempt_id, access.now())
        ):
            abort(_joined_page())
        access.not_found()
    return stored


def _joined_page() -> Response:
    """Return the page for the cookie of a guest who was merged: it shows nothing of the account."""
    return make_response(render_template("quizzes/joined.html"), 404)


def _own_item(attempt: AttemptView, position: int) -> ItemView:
    stored = attempt.item(position)
    if stored is None:
        access.not_found()
    return stored
