"""Recording an answer for the account that it belongs to now: guests may sign in meanwhile."""

from __future__ import annotations

import uuid
from dataclasses import dataclass, replace
from datetime import datetime

from sqlalchemy.orm import Session

from learn import anonymous_answers
from learn.account_merge.queries import merged_into
from learn.accounts import AccountGoneError
from learn.quizzes import queries
from learn.quizzes.planning.attempt_plan import AttemptPlan
from learn.quizzes.queries import AttemptView, ItemPlace, ItemToAnswer
from learn.quizzes.taking import actions
from learn.quizzes.taking.scored_answer import ScoredAnswer
from questions.bank import Bank


@dataclass(frozen=True, slots=True)
class StartedAttempt:
    """The attempt that has a first answer, perhaps an earlier one of the same quiz.

    `position` is that of the answered item; None if the attempt does not have the question.
    """

    account: uuid.UUID
    attempt: uuid.UUID
    position: int | None


def start(session: Session, plan: AttemptPlan, now: datetime, *, is_persisted: bool) -> AttemptView:
    """Start the planned attempt, unless it is started, and return it.

    What a guest began before signing in may have been for the totals of a group.

    Raises AccountGoneError.
    """
    actions.start_attempt(session, plan, now, is_persisted=is_persisted)
    if plan.planned_for != plan.account:
        anonymous_answers.mark_guests_attempt(session, plan.account, plan.attempt, now)
    attempt = queries.attempt(session, plan.account, plan.attempt)
    if attempt is None:
        raise AccountGoneError
    return attempt


def record_first(
    session: Session, attempt: AttemptView, answer: ScoredAnswer, bank: Bank, now: datetime
) -> StartedAttempt:
    """Record the first answer of an attempt. `bank` has the questions that can be answered now."""
    item = next((i for i in attempt.items if i.question == answer.question), None)
    if item is not None:
        place = ItemPlace(attempt.account, attempt.id, item.position)
        if target := queries.item_to_answer(session, place, bank):
            actions.record_answer(session, target, answer, now)
    return StartedAttempt(attempt.account, attempt.id, item.position if item else None)


def find(session: Session, place: ItemPlace, bank: Bank, now: datetime) -> ItemToAnswer | None:
    """Return the item at that `place`.

    If the account is a guest who was merged just now, it is the item of the account that they were
    merged into: their answer is recorded there, but no page of that account is shown to them.
    """
    item = queries.item_to_answer(session, place, bank)
    if item is not None or place.signed_in is not None:
        return item
    merged = merged_into(session, place.account, now)
    return queries.item_to_answer(session, replace(place, account=merged), bank) if merged else None


def merged_attempt(
    session: Session, guest: uuid.UUID, attempt_id: uuid.UUID, now: datetime
) -> AttemptView | None:
    """Return the attempt if it was a guest's and has just been merged into the account."""
    account = merged_into(session, guest, now)
    return queries.attempt(session, account, attempt_id) if account else None


def record(session: Session, item: ItemToAnswer, answer: ScoredAnswer, now: datetime) -> None:
    """Record the first answer to an item, even if its account was merged since it was read."""
    if actions.record_answer(session, item, answer, now):
        return
    if merged := merged_into(session, item.account, now):
        actions.record_answer(session, replace(item, account=merged), answer, now)
