"""Every write to the sheet. The view commits, once."""

from __future__ import annotations

import uuid
from collections.abc import Iterable
from datetime import datetime, timedelta

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from learn.models import Account, CareQuestion


def add(session: Session, account: uuid.UUID, objectives: Iterable[str], now: datetime) -> None:
    """Put the questions of these objectives on the sheet, in this order, those that are new.

    Nothing, if the account is not there any more: it may be deleted at this very moment. The lock
    lets one press of the button after the other in, and no answer waits for it.
    """
    alive = select(Account.id).where(Account.id == account)
    if session.scalar(alive.with_for_update(key_share=True)) is None:
        return
    there = set(
        session.scalars(select(CareQuestion.objective_id).where(CareQuestion.account_id == account))
    )
    session.add_all(
        CareQuestion(
            account_id=account, objective_id=objective, added_at=now + timedelta(microseconds=place)
        )
        for place, objective in enumerate(dict.fromkeys(objectives))
        if objective not in there
    )


def remove(session: Session, account: uuid.UUID, objective: str) -> None:
    """Take one question off the sheet; no harm if it is not there."""
    session.execute(
        delete(CareQuestion).where(
            CareQuestion.account_id == account, CareQuestion.objective_id == objective
        )
    )
