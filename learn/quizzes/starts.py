"""The first question of a round, and its first answer, which begins the round."""

from __future__ import annotations

from flask import redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from learn import access, extensions
from learn.access import Learner
from learn.accounts import AccountGoneError
from learn.quizzes import actions, keeping, queries, rounds
from learn.quizzes.catalog import Quiz
from learn.quizzes.forms import AnswerForm
from learn.quizzes.nothing_due import nothing_due_page
from learn.quizzes.pages import (
    CHANGED,
    EXPIRED,
    Opening,
    first_page,
    given,
    question_page,
    status,
    trouble_with,
)
from learn.record.assigned import Assigned
from learn.record.so_far import AFTER, BEFORE, REVIEW, attempts, is_a_while, sitting

_FROM_THE_PAST = (REVIEW, AFTER)  # there is nothing to ask somebody without any answers


def ask_first(
    who: Learner, quiz: Quiz, before: int, assigned: Assigned | None = None
) -> ResponseReturnValue:
    """Show the first question of the round after `before` others. Nothing is kept yet."""
    if not quiz.length or (quiz.ref in _FROM_THE_PAST and not who.is_persisted):
        return _nothing_to_ask(who, quiz)
    who = access.ensure_guest(who)
    start = rounds.new_round(who, quiz, before)
    if not start.questions:
        return _nothing_to_ask(who, quiz)
    page = first_page(quiz, start, _opening(who, quiz), assigned)
    return question_page(page, plan=rounds.sign(start))


def keep_first(who: Learner, quiz: Quiz) -> ResponseReturnValue:
    """Begin a round with its first answer; the same answer again finds the same round."""
    form = AnswerForm()
    who = access.ensure_guest(who)
    start = rounds.signed_start(who, quiz, form.plan.data or "") or rounds.new_round(
        who, quiz, rounds.rounds_of(who, quiz).count
    )
    if not start.questions:
        return _nothing_to_ask(who, quiz)
    page = first_page(quiz, start)
    if form.question.data != start.questions[0].id:
        return question_page(page, trouble=CHANGED, plan=rounds.sign(start)), 422
    if trouble := trouble_with(form, page.question):
        return question_page(page, form, trouble, plan=rounds.sign(start)), status(trouble)
    try:
        begun = keeping.begin(who, start, given(page, form))
    except AccountGoneError:
        return _as_somebody_new(quiz, start, form)
    if begun.account == who.account:
        access.mark_persisted()
    if begun.item is None:
        return redirect(url_for("quizzes.attempt", attempt_id=begun.attempt), 303)
    position = begun.item.position
    return redirect(url_for("quizzes.item", attempt_id=begun.attempt, position=position), 303)


def _as_somebody_new(quiz: Quiz, start: actions.Start, form: AnswerForm) -> ResponseReturnValue:
    """The account was deleted, in another tab: the same question, to a new guest."""
    who = access.new_guest()
    start = rounds.begun_by(who.account or start.account, start)
    page = first_page(quiz, start)
    return question_page(page, form, EXPIRED, plan=rounds.sign(start)), 400


def _opening(who: Learner, quiz: Quiz) -> Opening:
    if quiz.ref in {BEFORE, AFTER}:
        return Opening(quiz.ref)
    if quiz.is_assigned:
        return Opening.ASSIGNED
    if quiz.ref == REVIEW and who.account:
        last = queries.last_answered_at(extensions.read_session(), who.account)
        return Opening.WELCOME if is_a_while(last, access.now()) else Opening.REVIEW
    return Opening.FEWER if quiz.wanted > quiz.length else Opening.NONE


def _nothing_to_ask(who: Learner, quiz: Quiz) -> ResponseReturnValue:
    """Nothing is due; or it is not time for the quiz; or its questions are withheld for now."""
    if quiz.ref == REVIEW and quiz.length:
        return nothing_due_page(who, quiz)
    begun = (
        attempts(extensions.read_session(), who.account) if who.account and who.is_persisted else ()
    )
    before = sitting(begun, BEFORE)
    if quiz.ref == AFTER and (before is None or before.finished_at is None):
        return redirect(url_for("quizzes.before_and_after"), 302)
    return render_template("quizzes/under_review.html", quiz=quiz)
