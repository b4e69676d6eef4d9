"""Which account a guest was merged into."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import exists, select
from sqlalchemy.orm import Session

from learn.models import Account, CareNumbers, Group, Membership, MergedGuest, SignIn

_RECENT = timedelta(hours=1)


@dataclass(frozen=True, slots=True)
class GuestWork:
    """What a guest would bring into an account besides answers: names of groups, and numbers."""

    groups: tuple[str, ...]
    has_numbers: bool


def guest_work(session: Session, guest: uuid.UUID) -> GuestWork | None:
    """Return what the guest has, or None if they have nothing that could be merged.

    This asks the database: a copy of the guest's cookie may be from before their first answer.
    """
    rows = session.execute(
        select(Group.name, exists().where(CareNumbers.account_id == guest))
        .select_from(Account)
        .outerjoin(Membership, (Membership.account_id == Account.id) & Membership.until.is_(None))
        .outerjoin(Group, Group.id == Membership.group_id)
        .where(Account.id == guest, ~exists().where(SignIn.account_id == guest))
        .order_by(Group.name, Group.id)
    ).all()
    if not rows:
        return None
    return GuestWork(tuple(row[0] for row in rows if row[0] is not None), bool(rows[0][1]))


def merged_into(
    session: Session, guest: uuid.UUID, now: datetime, opened: datetime | None = None
) -> uuid.UUID | None:
    """Return the account that the guest was merged into in the last hour, or None.

    With `opened`, when the guest opened the page, None also if the merge was before that.

    An answer that was sent before the merge belongs to that account. An older cookie of a guest
    that turns up later is treated as a new visitor.
    """
    query = select(MergedGuest.account_id).where(
        MergedGuest.guest_id == guest, MergedGuest.joined_at > now - _RECENT
    )
    if opened is not None:
        query = query.where(MergedGuest.joined_at >= opened)
    return session.scalar(query)
