"""Every write of explanations. The view commits."""

from __future__ import annotations

import hashlib
import uuid
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from learn import accounts
from learn.accounts import AccountGoneError
from learn.models import Explanation, MergedGuest


@dataclass(frozen=True, slots=True)
class Submission:
    """A text as it was submitted, from the page with the id `page`.

    It replaces the text `earlier` if that still has the digest `seen`.
    """

    lesson: str
    text: str
    page: uuid.UUID
    earlier: uuid.UUID | None = None
    seen: str = ""


def digest(text: str) -> str:
    """Return the SHA-256 digest of a text."""
    return hashlib.sha256(text.encode()).hexdigest()


def save(
    session: Session,
    account: uuid.UUID,
    submission: Submission,
    now: datetime,
    *,
    is_persisted: bool,
) -> uuid.UUID:
    """Save a text, and create the account if it has no row. Return the text's id.

    No text is ever lost to another one. The same text from the same page is saved once; another
    from that page is saved beside it. A text that was changed or deleted in another tab is not
    overwritten: the new one is saved beside it.

    Raises AccountGoneError for an `is_persisted` account that was deleted, and for a merged guest.
    """
    if not is_persisted:
        accounts.create_if_absent(session, account, now)
    is_gone = accounts.lock(session, account) is None
    if is_gone or (not is_persisted and _is_merged(session, account)):
        raise AccountGoneError
    earlier = _text(session, account, submission.earlier) if submission.earlier else None
    if earlier is not None and earlier.lesson_id == submission.lesson:
        if earlier.text == submission.text:
            return earlier.id
        if digest(earlier.text) == submission.seen:
            earlier.text, earlier.written_at = submission.text, now
            return earlier.id
    text_id = uuid.uuid5(submission.page, f"{submission.lesson}/{submission.text}")
    if _text(session, account, text_id) is None:
        session.add(
            Explanation(
                account_id=account,
                id=text_id,
                lesson_id=submission.lesson,
                text=submission.text,
                checked_points=None,
                written_at=now,
            )
        )
    return text_id


def tick(
    session: Session,
    account: uuid.UUID,
    text_id: uuid.UUID,
    chosen: Iterable[str],
    shown: Iterable[str],
) -> None:
    """Set which of the points that were `shown` the writer found in the text, if it still exists.

    Ticks of points that have left the lesson stay.
    """
    accounts.lock(session, account)
    text = _text(session, account, text_id)
    if text is None:
        return
    shown, chosen = [*shown], {*chosen}
    before = [p for p in (text.checked_points or {}).get("points", []) if p not in shown]
    text.checked_points = {"points": [*(p for p in shown if p in chosen), *before]}


def delete_text(session: Session, account: uuid.UUID, text_id: uuid.UUID) -> None:
    """Delete one text, if it still exists."""
    session.execute(
        delete(Explanation).where(Explanation.account_id == account, Explanation.id == text_id)
    )


def _is_merged(session: Session, guest: uuid.UUID) -> bool:
    return (
        session.scalar(select(MergedGuest.guest_id).where(MergedGuest.guest_id == guest))
        is not None
    )


def _text(session: Session, account: uuid.UUID, text_id: uuid.UUID) -> Explanation | None:
    return session.scalar(
        select(Explanation).where(Explanation.account_id == account, Explanation.id == text_id)
    )
