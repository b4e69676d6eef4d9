"""Keeping an answer, for whoever it belongs to by now: a guest may sign in while it is sent."""

from __future__ import annotations

import uuid
from dataclasses import dataclass, replace

from sqlalchemy.orm import Session

from learn import access, extensions
from learn.access import Learner
from learn.account_merge.queries import merged_into
from learn.accounts import AccountGoneError
from learn.quizzes import actions, queries
from learn.quizzes.actions import Given, Start
from learn.quizzes.queries import AttemptView, ItemView
from learn.review.offer import offered


@dataclass(frozen=True, slots=True)
class Begun:
    """The round that a first answer went to. `item` is None where it does not have the question."""

    account: uuid.UUID
    attempt: uuid.UUID
    item: ItemView | None


def begin(who: Learner, start: Start, given: Given) -> Begun:
    """Begin the round and keep its first answer.

    Raises AccountGoneError.
    """
    try:
        return _begin(start, given, is_persisted=who.is_persisted)
    except AccountGoneError:
        account = merged_into(extensions.read_session(), start.account, access.now())
        if account is None:
            raise
    return _begin(replace(start, account=account), given, is_persisted=True)


def _begin(start: Start, given: Given, *, is_persisted: bool) -> Begun:
    with extensions.transaction() as session:
        actions.begin(session, start, access.now(), is_persisted=is_persisted)
        attempt = queries.attempt(session, start.account, start.attempt)
        if attempt is None:
            raise AccountGoneError
        item = next((i for i in attempt.items if i.question == given.question.id), None)
        if item is not None:
            _record(session, attempt, item, given)
    return Begun(start.account, start.attempt, item)


def find(session: Session, who: Learner, attempt_id: uuid.UUID) -> AttemptView | None:
    """The learner's attempt, or that of the account which they became part of just now.

    The latter is for their answer alone: a page of it is never shown to them.
    """
    if who.account is None:
        return None
    own = queries.attempt(session, who.account, attempt_id)
    return own or inherited(session, who.account, attempt_id)


def inherited(session: Session, guest: uuid.UUID, attempt_id: uuid.UUID) -> AttemptView | None:
    """The attempt, where it went with the guest to an account just now."""
    account = merged_into(session, guest, access.now())
    return queries.attempt(session, account, attempt_id) if account else None


def record(session: Session, attempt: AttemptView, item: ItemView, given: Given) -> None:
    """Keep the first answer to an item, even if the attempt is somebody else's at this moment."""
    if _record(session, attempt, item, given):
        return
    moved = inherited(session, attempt.account, attempt.id)
    if moved and (item_there := moved.item(item.position)):
        _record(session, moved, item_there, given)


def _record(session: Session, attempt: AttemptView, item: ItemView, given: Given) -> bool:
    now = access.now()
    kept = actions.record_answer(session, attempt, item, given, now) is not None
    if kept:
        actions.finish_if_done(session, attempt, item.position, offered().bank, now)
    return kept
