"""What there is to read about coming in."""

from __future__ import annotations

import uuid
from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from learn.models import Account, Joined

_ON_THE_WAY = timedelta(hours=1)


def is_there(session: Session, account: uuid.UUID) -> bool:
    """Whether the account has not been deleted."""
    return session.scalar(select(Account.id).where(Account.id == account)) is not None


def heir(session: Session, guest: uuid.UUID, now: datetime) -> uuid.UUID | None:
    """The account that the guest became part of just now, where an answer on its way belongs.

    Just now is within the last hour: an old cookie that turns up later is somebody new.
    """
    return session.scalar(
        select(Joined.account_id).where(
            Joined.guest_id == guest, Joined.joined_at > now - _ON_THE_WAY
        )
    )
