"""Insert a minimal valid row into any table of learners."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import (
    Boolean,
    Column,
    Date,
    Double,
    Integer,
    LargeBinary,
    String,
    Table,
    insert,
    select,
)
from sqlalchemy.orm import Session

from learn.models import Account
from learn.models.base import table_of
from learn.models.types import Id, Moment
from learn.my_data.queries import tables_with_account_id

NOW = datetime(2026, 11, 22, 2, tzinfo=UTC)


def add_row(session: Session, table: Table, account: uuid.UUID) -> Mapping[str, Any]:
    """Insert a row, and the rows it refers to unless they exist; return its values."""
    values = {c.key: value_for(c, account) for c in table.columns}
    for key in table.foreign_key_constraints:
        if key.referred_table is not table_of(Account):
            there = select(key.referred_table)
            if key.referred_table in tables_with_account_id():
                there = there.where(tables_with_account_id()[key.referred_table] == account)
            existing = session.execute(there.limit(1)).mappings().first()
            existing = existing or add_row(session, key.referred_table, account)
            values |= {e.parent.key: existing[e.column.key] for e in key.elements}
    session.execute(insert(table).values(values))
    return values


CHECKED_VALUES = {"how": "named", "what": "group", "kind": "regraded"}


def value_for(column: Column[Any], account: uuid.UUID) -> Any:
    if column.name == "account_id":
        return account
    if column.nullable:
        return None
    value_by_type: dict[type, Any] = {
        Id: uuid.uuid4(),
        Moment: NOW,
        Date: NOW.date(),
        LargeBinary: uuid.uuid4().bytes,
        String: CHECKED_VALUES.get(
            column.name, uuid.uuid4().hex[: getattr(column.type, "length", None)]
        ),
        Boolean: True,
        Integer: 1,
        Double: 1,
    }
    return next(value for kind, value in value_by_type.items() if isinstance(column.type, kind))
