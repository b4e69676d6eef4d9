"""Fill a database with demo data, and read its rows."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from flask import Flask
from sqlalchemy import Connection, select

from learn.demo import actions
from learn.demo import group as demo_group
from learn.demo import rows as demo_rows
from learn.library.content import Content
from learn.models.base import table_of
from tests.learn.conftest import DAWN, QUICK

PASSPHRASE = "a passphrase of the demo"
HASH = QUICK.hash(PASSPHRASE)


def rows_of(model: Any, connection: Connection) -> Any:
    return connection.execute(select(table_of(model))).all()


_MADE: dict[int, tuple[Content, demo_rows.Rows]] = {}


def make_rows(content: Content, now: datetime = DAWN) -> demo_rows.Rows:
    """Make the rows as for a database without groups, and without questions on hold."""
    plan = demo_group.make_plan(content, frozenset(), now)
    return demo_rows.rows(plan, content, HASH, "0" * 64)


def same_rows(content: Content) -> demo_rows.Rows:
    """Return these rows, made once for all tests: they are the same each time."""
    if id(content) not in _MADE:
        _MADE[id(content)] = content, make_rows(content)
    return _MADE[id(content)][1]


def fill_demo(app: Flask, content: Content) -> int:
    """Fill a database without groups and holds as `actions.fill`; return how many answers."""
    with app.extensions["learn.database"].transaction() as session:
        return actions.insert_rows(session, same_rows(content))


def fill_as_the_command(app: Flask, content: Content) -> int:
    """Fill the database with rows that are made for it; return how many answers were given."""
    with app.extensions["learn.database"].transaction() as session:
        return actions.fill(session, content, HASH, "0" * 64, DAWN)
