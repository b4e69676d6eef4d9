"""The pages of quizzes. What is said on them is put together in `pages`, `starts` and `results`."""

from __future__ import annotations

import uuid

from flask import (
    Blueprint,
    abort,
    make_response,
    redirect,
    render_template,
    request,
    url_for,
)
from flask.typing import ResponseReturnValue

from learn import access, extensions
from learn.access import Learner
from learn.forms import checks_token
from learn.quizzes import (
    actions,
    catalog,
    keeping,
    of_a_group,
    pages,
    queries,
    results,
    rounds,
    starts,
)
from learn.quizzes.catalog import Quiz
from learn.quizzes.forms import AnswerForm, CheckForm
from learn.quizzes.queries import AttemptView, ItemView
from learn.record.so_far import AFTER, BEFORE, REVIEW
from learn.review.offer import offered

blueprint = Blueprint("quizzes", __name__)


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
@blueprint.get("/quizzes/review", defaults={"kind": REVIEW, "name": ""})
@blueprint.get("/quizzes/before", defaults={"kind": BEFORE, "name": ""})
@blueprint.get("/quizzes/after", defaults={"kind": AFTER, "name": ""})
@access.learner
def take(who: Learner, kind: str, name: str) -> ResponseReturnValue:
    """Go on with a quiz, or show the first question of a new round.

    Nothing is kept yet: the account and the attempt are made with the first answer.
    """
    quiz = _quiz(kind, name)
    so_far = rounds.rounds_of(who, quiz)
    if so_far.open:
        return redirect(url_for("quizzes.attempt", attempt_id=so_far.open), 302)
    if so_far.count and quiz.ref in catalog.ONCE:
        return redirect(url_for("quizzes.before_and_after"), 302)
    return starts.ask_first(who, quiz, so_far.count)


@blueprint.post("/quizzes/lesson/<name>", defaults={"kind": "lesson"})
@blueprint.post("/quizzes/topic/<name>", defaults={"kind": "topic"})
@blueprint.post("/quizzes/mixed", defaults={"kind": catalog.MIXED, "name": ""})
@blueprint.post("/quizzes/review", defaults={"kind": REVIEW, "name": ""})
@blueprint.post("/quizzes/before", defaults={"kind": BEFORE, "name": ""})
@blueprint.post("/quizzes/after", defaults={"kind": AFTER, "name": ""})
@checks_token
@access.learner
def first_answer(who: Learner, kind: str, name: str) -> ResponseReturnValue:
    """Begin a round with its first answer; the same answer again finds the same round."""
    return starts.keep_first(who, _quiz(kind, name))


@blueprint.get("/quizzes/check")
@access.learner
def check(who: Learner) -> ResponseReturnValue:
    """Choose what to be asked about: everything or some lessons, and how many questions."""
    return _check_page(who, CheckForm())


@blueprint.get("/quizzes/check/questions")
@access.learner
def check_questions(who: Learner) -> ResponseReturnValue:
    """The first question of a new check, of what was chosen."""
    form = CheckForm(request.args)
    if form.trouble(extensions.content().asked_lessons):
        return _check_page(who, form), 422
    quiz = catalog.check_of(offered(), form.lessons, form.length.data)
    return starts.ask_first(who, quiz, rounds.rounds_of(who, quiz).count)


@blueprint.post("/quizzes/check/questions")
@checks_token
@access.learner
def check_answer(who: Learner) -> ResponseReturnValue:
    """Begin a check with its first answer."""
    form = CheckForm(request.args)
    if form.trouble(extensions.content().asked_lessons):
        return _check_page(who, form), 422
    return starts.keep_first(who, catalog.check_of(offered(), form.lessons, form.length.data))


@blueprint.get("/quizzes/assigned/<uuid:assignment_id>", defaults={"part": ""})
@blueprint.get("/quizzes/assigned/<uuid:assignment_id>/before", defaults={"part": BEFORE})
@blueprint.get("/quizzes/assigned/<uuid:assignment_id>/after", defaults={"part": AFTER})
@access.learner
def assigned(who: Learner, assignment_id: uuid.UUID, part: str) -> ResponseReturnValue:
    """A quiz that the learner's group is asked to take: its first question, or where it stands."""
    return of_a_group.take(who, assignment_id, part)


@blueprint.post("/quizzes/assigned/<uuid:assignment_id>", defaults={"part": ""})
@blueprint.post("/quizzes/assigned/<uuid:assignment_id>/before", defaults={"part": BEFORE})
@blueprint.post("/quizzes/assigned/<uuid:assignment_id>/after", defaults={"part": AFTER})
@checks_token
@access.learner
def assigned_answer(who: Learner, assignment_id: uuid.UUID, part: str) -> ResponseReturnValue:
    """Begin it with its first answer."""
    return of_a_group.begin(who, assignment_id, part)


@blueprint.get("/before-and-after")
@access.learner
def before_and_after(who: Learner) -> ResponseReturnValue:
    """What was known before the lessons, and after them; or how to find out."""
    return results.before_and_after(who)


@blueprint.get("/quizzes/<uuid:attempt_id>")
@access.learner
def attempt(who: Learner, attempt_id: uuid.UUID) -> ResponseReturnValue:
    """Where an attempt stands: its next question, or its summary."""
    now_offered = offered()
    found = _own_attempt(who, attempt_id)
    if following := found.next_open(now_offered.bank):
        return redirect(
            url_for("quizzes.item", attempt_id=attempt_id, position=following.position), 302
        )
    if found.finished_at is None:  # what was left of it has gone from the bank
        with extensions.transaction() as session:
            actions.finish_if_done(session, found, None, now_offered.bank, access.now())
    return results.of_attempt(who, found)


@blueprint.get("/quizzes/<uuid:attempt_id>/<int:position>")
@access.learner
def item(who: Learner, attempt_id: uuid.UUID, position: int) -> ResponseReturnValue:
    """A question that waits for its answer, or the feedback to the first answer it got."""
    attempt = _own_attempt(who, attempt_id)
    found = _own_item(attempt, position)
    page = pages.page_of(attempt, found)
    if page is None:
        return pages.gone(attempt, found)
    if page.item is not None and page.item.response is not None:
        return pages.feedback_page(page, page.item)
    return pages.question_page(page)


@blueprint.post("/quizzes/<uuid:attempt_id>/<int:position>")
@checks_token
@access.learner
def answer(who: Learner, attempt_id: uuid.UUID, position: int) -> ResponseReturnValue:
    """Keep the first answer to a question. Whatever comes after it is shown that one's feedback."""
    form = AnswerForm()
    here = url_for("quizzes.item", attempt_id=attempt_id, position=position)
    with extensions.transaction() as session:
        attempt = keeping.find(session, who, attempt_id)
        found = attempt.item(position) if attempt else None
        if attempt is None or found is None:
            access.not_found()
        if found.response is None:
            page = pages.page_of(attempt, found)
            if page is None:
                return pages.gone(attempt, found)
            if form.version.data and form.version.data != page.question.version:
                return pages.question_page(page, trouble=pages.CHANGED), 422
            if trouble := pages.trouble_with(form, page.question):
                return pages.question_page(page, form, trouble), pages.status(trouble)
            keeping.record(session, attempt, found, pages.given(page, form))
    if attempt.account == who.account:
        access.mark_persisted()
    return redirect(here, 303)


@blueprint.get("/quizzes/<uuid:attempt_id>/stop")
@access.learner
def stop(who: Learner, attempt_id: uuid.UUID) -> ResponseReturnValue:
    """Enough for today: nothing changes, and the page says so."""
    found = _own_attempt(who, attempt_id)
    return render_template(
        "quizzes/stop.html",
        quiz=results.titled(found.quiz),
        attempt=found,
        nickname=who.nickname,
        answered=sum(i.response is not None for i in found.items),
        left=sum(i.response is None for i in found.present(offered().bank)),
    )


def _quiz(kind: str, name: str) -> Quiz:
    quiz = catalog.find(offered(), f"{kind}/{name}" if name else kind)
    if quiz is None or not quiz.objectives:
        access.not_found()
    return quiz


def _check_page(who: Learner, form: CheckForm) -> str:
    """The choices, as they were made so far; and an earlier check that can be gone on with."""
    content = extensions.content()
    quiz = catalog.check_of(content, (), catalog.CHECK_LENGTHS[-1])
    return render_template(
        "quizzes/check.html",
        content=content,
        form=form,
        lengths=catalog.CHECK_LENGTHS,
        open=rounds.rounds_of(who, quiz).open,
        trouble=form.trouble(content.asked_lessons),
    )


def _own_attempt(who: Learner, attempt_id: uuid.UUID) -> AttemptView:
    """The learner's attempt, or no page: a word about it where it is their account's by now."""
    session = extensions.read_session()
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
