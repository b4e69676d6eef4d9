"""Every write to the sheet. The view commits, once."""

from __future__ import annotations

import uuid
from collections.abc import Iterable
from datetime import datetime

import uuid_utils.compat
from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from learn.models import Account, CareLine


def add(session: Session, account: uuid.UUID, objectives: Iterable[str], now: datetime) -> None:
    """Put the questions of these objectives on the sheet, in this order, those that are new.

    Nothing, if the account is not there any more: it may be deleted at this very moment. The lock
    lets one press of the button after the other in, and no answer waits for it.
    """
    alive = select(Account.id).where(Account.id == account)
    if session.scalar(alive.with_for_update(key_share=True)) is None:
        return
    there = session.execute(
        select(CareLine.objective_id, CareLine.place).where(CareLine.account_id == account)
    ).all()
    new = [o for o in dict.fromkeys(objectives) if o not in {row[0] for row in there}]
    last = max((row[1] for row in there), default=0)
    session.add_all(
        CareLine(
            account_id=account,
            id=uuid_utils.compat.uuid7(),
            objective_id=objective,
            place=place,
            ticked=False,
            added_at=now,
        )
        for place, objective in enumerate(new, last + 1)
    )


def remove(session: Session, account: uuid.UUID, objective: str) -> None:
    """Take one question off the sheet; no harm if it is not there."""
    session.execute(
        delete(CareLine).where(CareLine.account_id == account, CareLine.objective_id == objective)
    )
