"""What stands on the sheet."""

from __future__ import annotations

import uuid

from sqlalchemy import select
from sqlalchemy.orm import Session

from learn.models import CareQuestion


def sheet(session: Session, account: uuid.UUID) -> list[str]:
    """The objectives whose questions the account wants to ask, in the order they were added."""
    return [
        *session.scalars(
            select(CareQuestion.objective_id)
            .where(CareQuestion.account_id == account)
            .order_by(CareQuestion.added_at, CareQuestion.objective_id)
        )
    ]
