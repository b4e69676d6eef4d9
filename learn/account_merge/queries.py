"""Which account a guest was merged into."""

from __future__ import annotations

import uuid
from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from learn.models import MergedGuest

_RECENT = timedelta(hours=1)


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
