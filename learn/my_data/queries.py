"""What is kept about a learner: in numbers, and all of it."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Column, Table, func, select
from sqlalchemy.orm import InstrumentedAttribute, Session

from learn.models import Account, Attempt, Base, CareLine, Explanation, Item, Reading
from learn.models.base import table_of


@dataclass(frozen=True, slots=True)
class Kept:
    """How much is kept about an account, and since when."""

    since: datetime
    answers: int
    quizzes: int
    lessons: int
    questions: int
    texts: int


@dataclass(frozen=True, slots=True)
class Rows:
    """All rows of a table that belong to an account, as they are kept."""

    table: str
    columns: tuple[str, ...]
    rows: tuple[tuple[Any, ...], ...]


def kept(session: Session, account: uuid.UUID) -> Kept | None:
    """The numbers, in one statement; None if nothing is kept."""

    def count(column: InstrumentedAttribute[Any], owner: InstrumentedAttribute[uuid.UUID]) -> Any:
        return select(func.count(column)).where(owner == account).scalar_subquery()

    row = session.execute(
        select(
            Account.created_at,
            count(Item.answered_at, Item.account_id),
            count(Attempt.id, Attempt.account_id),
            count(Reading.lesson_id, Reading.account_id),
            count(CareLine.id, CareLine.account_id),
            count(Explanation.id, Explanation.account_id),
        ).where(Account.id == account)
    ).first()
    return Kept(*row) if row else None


def learners_tables() -> dict[Table, Column[Any]]:
    """Every table with the account's id, and the column that has it: all that is anybody's."""
    account = table_of(Account)
    found = {
        table: account.c.id if table is account else table.c.get("account_id")
        for table in Base.metadata.sorted_tables
    }
    return {table: column for table, column in found.items() if column is not None}


def everything(session: Session, account: uuid.UUID | None) -> list[Rows]:
    """Every row of the account, of every table that can hold one."""
    return [
        Rows(
            table.name,
            tuple(table.columns.keys()),
            tuple(
                tuple(row)
                for row in session.execute(
                    select(table).where(owner == account).order_by(*table.primary_key.columns)
                )
            ),
        )
        for table, owner in learners_tables().items()
    ]
