"""Every write about who is an educator. The caller commits."""

from __future__ import annotations

import hashlib
import uuid
from datetime import datetime, timedelta

from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session

from learn import accounts
from learn.models import Educator, GroupEducator, Invite

LASTS = timedelta(days=7)


def invite(session: Session, name: str, token: str, now: datetime) -> datetime:
    """Create an invitation with that token; return when it expires."""
    ends_at = now + LASTS
    session.add(Invite(token=digest(token), name=name, created_at=now, ends_at=ends_at))
    return ends_at


def accept(session: Session, token: str, account: uuid.UUID, now: datetime) -> bool:
    """Make the account an educator by a valid invitation, and use the invitation up.

    Returns False, and changes nothing, if the invitation is missing, used or expired, or if the
    account is gone. Two simultaneous uses: one of them finds it used.
    """
    if accounts.lock(session, account) is None:
        return False
    name = session.scalar(
        update(Invite)
        .where(Invite.token == digest(token), Invite.used_at.is_(None), Invite.ends_at > now)
        .values(used_at=now)
        .returning(Invite.name)
    )
    if name is None:
        return False
    session.merge(Educator(account_id=account, name=name, since=now, removed_at=None))
    return True


def withdraw(session: Session, name: str, now: datetime) -> int:
    """Delete the open invitations of that name; return their number. Nobody else's change."""
    own = (Invite.name == name, Invite.used_at.is_(None), Invite.ends_at > now)
    return len(session.scalars(delete(Invite).where(*own).returning(Invite.token)).all())


def remove(session: Session, account: uuid.UUID, now: datetime) -> None:
    """End the educator's role and remove them from their groups; the groups stay.

    Invitations under their name that nobody has used are void.
    """
    name = select(Educator.name).where(Educator.account_id == account).scalar_subquery()
    session.execute(delete(Invite).where(Invite.name == name, Invite.used_at.is_(None)))
    session.execute(
        update(Educator)
        .where(Educator.account_id == account, Educator.removed_at.is_(None))
        .values(removed_at=now)
    )
    session.execute(delete(GroupEducator).where(GroupEducator.account_id == account))


def digest(token: str) -> str:
    """Return the digest of a token that is stored, so that the database can't be used to accept."""
    return hashlib.sha256(token.encode()).hexdigest()
