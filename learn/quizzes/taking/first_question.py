"""First question of an attempt, and its answer, which starts the attempt."""

from __future__ import annotations

from dataclasses import replace
from random import Random
from zoneinfo import ZoneInfo

from flask import redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from learn import access, extensions
from learn.access import Learner
from learn.account_merge.queries import merged_into
from learn.accounts import AccountGoneError
from learn.editorial.availability import available_content
from learn.learner import own_path, own_reading
from learn.learner.activity import attempts, is_long_ago, only_attempt
from learn.learner.assignments import LearnerAssignment
from learn.learner.quiz_refs import AFTER, BEFORE, PRACTICE, REVIEW
from learn.quizzes import queries
from learn.quizzes.outcomes.nothing_due import nothing_due_page
from learn.quizzes.planning.attempt_plan import (
    AttemptPlan,
    plan_attempt,
    read_plan,
    replan_for,
    seed,
    sign_plan,
)
from learn.quizzes.planning.catalog import Quiz
from learn.quizzes.planning.question_selection import SelectionContext, select_questions
from learn.quizzes.queries import QuizAttempts
from learn.quizzes.taking import recording
from learn.quizzes.taking.forms import AnswerError, AnswerForm
from learn.quizzes.taking.recording import StartedAttempt
from learn.quizzes.taking.rendering import IntroText, Page, first_page, http_status, question_page
from learn.quizzes.taking.scored_answer import ScoredAnswer, score_answer
from questions.model import ResponseError

_REQUIRE_HISTORY = (REVIEW, PRACTICE, AFTER)


def quiz_attempts(who: Learner, quiz: Quiz) -> QuizAttempts:
    """Return the learner's attempts at a quiz."""
    if who.account is None or not who.is_persisted:
        return QuizAttempts(None, None, 0)
    return queries.quiz_attempts(extensions.read_session(), who.account, quiz.ref)


def ask_first(
    who: Learner, quiz: Quiz, attempt_count: int, assigned: LearnerAssignment | None = None
) -> ResponseReturnValue:
    """Show the first question of a new attempt, after `attempt_count` others. Store nothing."""
    if not quiz.length or (quiz.ref in _REQUIRE_HISTORY and not who.is_persisted):
        return _nothing_to_ask(who, quiz)
    who = access.ensure_guest(who)
    plan = _new_plan(who, quiz, attempt_count)
    if not plan.questions:
        return _nothing_to_ask(who, quiz)
    page = first_page(quiz, plan, _intro_for(who, quiz), assigned)
    return question_page(page, plan=_signed(plan))


def record_first(who: Learner, quiz: Quiz) -> ResponseReturnValue:
    """Start an attempt with its first answer. The same answer sent again finds the same attempt."""
    form = AnswerForm()
    who = access.ensure_guest(who)
    plan = _submitted_plan(who, quiz, form) or _new_plan(who, quiz, quiz_attempts(who, quiz).count)
    if not plan.questions:
        return _nothing_to_ask(who, quiz)
    page = first_page(quiz, plan)
    if form.question.data != page.question.id:
        return _ask_again(page, plan, AnswerError.CHANGED)
    if error := form.error(page.question):
        return _ask_again(page, plan, error, form)
    answer = score_answer(page.question, page.shown, form.response.data, form.is_sure)
    try:
        started = _start(who, plan, answer)
    except AccountGoneError:  # deleted in another tab: the same question, as a new guest
        who = access.new_guest()
        plan = replan_for(who.account or plan.account, plan)
        return _ask_again(first_page(quiz, plan), plan, AnswerError.EXPIRED, form)
    if started.account == who.account:
        access.refresh_cookie()
        own_path.note_path(quiz.path)
        own_reading.note_read_before(replace(who, is_persisted=True))  # they read it as nobody yet
    if started.position is None:
        return redirect(url_for("quizzes.attempt", attempt_id=started.attempt), 303)
    here = url_for("quizzes.item", attempt_id=started.attempt, position=started.position)
    return redirect(here, 303)


def _start(who: Learner, plan: AttemptPlan, answer: ScoredAnswer) -> StartedAttempt:
    """Start the attempt, in the account that a guest was merged into if they signed in meanwhile.

    Raises AccountGoneError.
    """
    bank, now = available_content().bank, access.now()
    try:
        with extensions.transaction() as session:
            attempt = recording.start(session, plan, now, is_persisted=who.is_persisted)
            return recording.record_first(session, attempt, answer, bank, now)
    except AccountGoneError:
        account = merged_into(extensions.read_session(), plan.account, now)
        if account is None:
            raise
    plan = replace(plan, account=account)
    with extensions.transaction() as session:
        attempt = recording.start(session, plan, now, is_persisted=True)
        return recording.record_first(session, attempt, answer, bank, now)


def _new_plan(who: Learner, quiz: Quiz, attempt_count: int) -> AttemptPlan:
    """Return the plan of the attempt after `attempt_count` others, empty if nothing is due."""
    if who.account is None:
        raise AssertionError("ensure_guest comes first")
    number = 1 if quiz.is_taken_once else attempt_count + 1
    context = SelectionContext(
        extensions.read_session(),
        who.account if who.is_persisted else None,
        access.now(),
        ZoneInfo(extensions.settings().time_zone),
        extensions.content().bank,
        Random(seed(who.account, quiz.ref, number)),  # noqa: S311 - not a secret
    )
    return plan_attempt(who.account, quiz, number, select_questions(context, quiz))


def _submitted_plan(who: Learner, quiz: Quiz, form: AnswerForm) -> AttemptPlan | None:
    """Return the plan that the form brought, if it is valid."""
    if who.account is None:
        return None
    keys, bank = extensions.settings().secret_keys, available_content().bank
    return read_plan(form.plan.data or "", keys, who.account, quiz, bank)


def _signed(plan: AttemptPlan) -> str:
    return sign_plan(plan, extensions.settings().secret_keys)


def _ask_again(
    page: Page,
    plan: AttemptPlan,
    error: ResponseError | AnswerError,
    form: AnswerForm | None = None,
) -> ResponseReturnValue:
    return question_page(page, form, error, plan=_signed(plan)), http_status(error)


def _intro_for(who: Learner, quiz: Quiz) -> IntroText:
    if quiz.ref in {BEFORE, AFTER}:
        return IntroText(quiz.ref.kind)
    if quiz.is_assigned:
        return IntroText.ASSIGNED
    if quiz.path:
        return IntroText.PATH
    if quiz.ref == PRACTICE:
        return IntroText.PRACTICE
    if quiz.ref == REVIEW and who.account:
        last = queries.last_answered_at(extensions.read_session(), who.account)
        return IntroText.WELCOME if is_long_ago(last, access.now()) else IntroText.REVIEW
    return IntroText.FEWER if quiz.requested > quiz.length else IntroText.NONE


def _nothing_to_ask(who: Learner, quiz: Quiz) -> ResponseReturnValue:
    """Say that nothing is due, that another quiz comes first, or that all questions are on hold."""
    if quiz.ref in (REVIEW, PRACTICE) and quiz.length:
        return nothing_due_page(who, quiz)
    taken = (
        attempts(extensions.read_session(), who.account) if who.account and who.is_persisted else ()
    )
    before = only_attempt(taken, BEFORE)
    if quiz.ref == AFTER and (before is None or before.finished_at is None):
        return redirect(url_for("quizzes.before_and_after"), 302)
    return render_template("quizzes/on_hold.html", quiz=quiz)
