"""What is stored about a learner: counts, and all rows."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Column, Table, func, select
from sqlalchemy.orm import InstrumentedAttribute, Session

from learn.models import (
    Account,
    Attempt,
    Base,
    CareLine,
    CareNumbers,
    Explanation,
    Item,
    Membership,
    Reading,
)
from learn.models.base import table_of


@dataclass(frozen=True, slots=True)
class StoredCounts:
    """How much is stored about an account, and since when."""

    since: datetime
    answers: int
    quizzes: int
    lessons: int
    questions: int
    numbers: int
    explanations: int
    groups: int


@dataclass(frozen=True, slots=True)
class TableRows:
    """All rows of a table that belong to an account."""

    table: str
    columns: tuple[str, ...]
    rows: tuple[tuple[Any, ...], ...]


def count_stored(session: Session, account: uuid.UUID) -> StoredCounts | None:
    """Count in one statement what is stored; None if the account has no row."""

    def count(column: InstrumentedAttribute[Any], owner: InstrumentedAttribute[uuid.UUID]) -> Any:
        return select(func.count(column)).where(owner == account).scalar_subquery()

    row = session.execute(
        select(
            Account.created_at,
            count(Item.answered_at, Item.account_id),
            count(Attempt.id, Attempt.account_id),
            count(Reading.lesson_id, Reading.account_id),
            count(CareLine.id, CareLine.account_id),
            count(CareNumbers.account_id, CareNumbers.account_id),
            count(Explanation.id, Explanation.account_id),
            select(func.count(Membership.group_id.distinct()))
            .where(Membership.account_id == account)
            .scalar_subquery(),
        ).where(Account.id == account)
    ).first()
    return StoredCounts(*row) if row else None


def tables_with_account_id() -> dict[Table, Column[Any]]:
    """Return every table that holds learners' rows, with its column of the account's id."""
    account = table_of(Account)
    tables = {
        table: account.c.id if table is account else table.c.get("account_id")
        for table in Base.metadata.sorted_tables
    }
    return {table: column for table, column in tables.items() if column is not None}


def export_rows(session: Session, account: uuid.UUID | None) -> list[TableRows]:
    """Return every row of the account, by table."""
    return [
        TableRows(
            table.name,
            tuple(column.name for column in table.columns),
            tuple(
                tuple(row)
                for row in session.execute(
                    select(table).where(owner == account).order_by(*table.primary_key.columns)
                )
            ),
        )
        for table, owner in tables_with_account_id().items()
    ]
