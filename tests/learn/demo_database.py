"""Fill a database with demo data, and read its rows."""

from __future__ import annotations

from typing import Any

from flask import Flask
from sqlalchemy import Connection, select

from learn.demo import actions
from learn.library.content import Content
from learn.models.base import table_of
from tests.learn.conftest import DAWN, QUICK

PASSPHRASE = "a passphrase of the demo"


def rows_of(model: Any, connection: Connection) -> Any:
    return connection.execute(select(table_of(model))).all()


def fill_demo(app: Flask, content: Content) -> int:
    """Fill the database; return how many answers were given."""
    with app.extensions["learn.database"].transaction() as session:
        return actions.fill(session, content, QUICK.hash(PASSPHRASE), "0" * 64, DAWN)
