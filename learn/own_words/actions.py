"""Every write of texts in one's own words. The view commits, once."""

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
class Written:
    """A text as it came in, from the page of that number.

    It is meant to stand in place of the text `earlier`, if that still says what `seen` is the print
    of.
    """

    lesson: str
    text: str
    page: uuid.UUID
    earlier: uuid.UUID | None = None
    seen: str = ""


def print_of(text: str) -> str:
    """What tells one text from another."""
    return hashlib.sha256(text.encode()).hexdigest()


def keep(
    session: Session, account: uuid.UUID, written: Written, now: datetime, *, is_persisted: bool
) -> uuid.UUID:
    """Keep a text, and the account, where it is not there yet. Returns the id of the text.

    No text is ever lost to another one. The same text from the same page is kept once; other words
    from that page stand beside it. A text that was changed or deleted meanwhile, as in another
    tab, is not written over: what came in now stands beside it.

    An account that `is_persisted` is not made again; nor is a guest who became part of an
    account: raises AccountGoneError for both.
    """
    if not is_persisted:
        accounts.create_if_absent(session, account, now)
    is_gone = accounts.lock(session, account) is None
    if is_gone or (not is_persisted and _is_merged(session, account)):
        raise AccountGoneError
    own = _text(session, account, written.earlier) if written.earlier else None
    if own is not None and own.lesson_id == written.lesson:
        if own.text == written.text:
            return own.id
        if print_of(own.text) == written.seen:
            own.text, own.written_at = written.text, now
            return own.id
    text_id = uuid.uuid5(written.page, f"{written.lesson}/{written.text}")
    if _text(session, account, text_id) is None:
        session.add(
            Explanation(
                account_id=account,
                id=text_id,
                lesson_id=written.lesson,
                text=written.text,
                ticked=None,
                written_at=now,
            )
        )
    return text_id


def tick(
    session: Session,
    account: uuid.UUID,
    text_id: uuid.UUID,
    chosen: Iterable[str],
    asked: Iterable[str],
) -> None:
    """Note which of the points that were `asked` somebody found in their text; no harm if gone.

    A tick for a point that is not in the lesson any more stays.
    """
    accounts.lock(session, account)
    own = _text(session, account, text_id)
    if own is None:
        return
    asked, chosen = [*asked], {*chosen}
    before = [p for p in (own.ticked or {}).get("points", []) if p not in asked]
    own.ticked = {"points": [*(p for p in asked if p in chosen), *before]}


def delete_text(session: Session, account: uuid.UUID, text_id: uuid.UUID) -> None:
    """Delete one text; no harm if it is not there."""
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
