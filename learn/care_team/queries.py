"""What stands on the sheet."""

from __future__ import annotations

import uuid

from sqlalchemy import select
from sqlalchemy.orm import Session

from learn.models import CareLine


def sheet(session: Session, account: uuid.UUID) -> list[str]:
    """The objectives whose questions the account wants to ask, in order."""
    return [
        *session.scalars(
            select(CareLine.objective_id)
            .where(CareLine.account_id == account, CareLine.objective_id.is_not(None))
            .order_by(CareLine.place, CareLine.id)
        )
    ]
