"""Who is an educator, and which invitations are open."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from learn.educators.actions import digest
from learn.models import Educator, GroupEducator, Invite, SignIn


@dataclass(frozen=True, slots=True)
class EducatorView:
    """An educator: the name from the invitation, the nickname they sign in with, their groups."""

    account: uuid.UUID
    name: str
    nickname: str
    since: datetime
    removed_at: datetime | None
    groups: int


@dataclass(frozen=True, slots=True)
class OpenInvitation:
    """An invitation that is neither used nor expired."""

    name: str
    ends_at: datetime


def open_invitation(session: Session, token: str, now: datetime) -> OpenInvitation | None:
    """Return the open invitation with that token, or None."""
    row = session.execute(
        select(Invite.name, Invite.ends_at).where(
            Invite.token == digest(token), Invite.used_at.is_(None), Invite.ends_at > now
        )
    ).first()
    return OpenInvitation(*row) if row else None


def is_educator(session: Session, account: uuid.UUID) -> bool:
    """Return whether the account is an educator now."""
    statement = select(Educator.account_id).where(
        Educator.account_id == account, Educator.removed_at.is_(None)
    )
    return session.scalar(statement) is not None


def educators(session: Session) -> list[EducatorView]:
    """Return everybody who is or was an educator, by name."""
    groups = (
        select(func.count())
        .where(GroupEducator.account_id == Educator.account_id)
        .scalar_subquery()
    )
    rows = session.execute(
        select(
            Educator.account_id,
            Educator.name,
            func.coalesce(SignIn.nickname, ""),
            Educator.since,
            Educator.removed_at,
            groups,
        )
        .outerjoin(SignIn, SignIn.account_id == Educator.account_id)
        .order_by(Educator.name, Educator.account_id)
    )
    return [EducatorView(*row) for row in rows]


def open_invitations(session: Session, now: datetime) -> list[OpenInvitation]:
    """Return the open invitations, the oldest first."""
    rows = session.execute(
        select(Invite.name, Invite.ends_at)
        .where(Invite.used_at.is_(None), Invite.ends_at > now)
        .order_by(Invite.created_at, Invite.token)
    )
    return [OpenInvitation(*row) for row in rows]
