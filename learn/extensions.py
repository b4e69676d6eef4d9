"""The parts that the application is made of, within reach of its features. Instances only."""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterator
from datetime import datetime
from typing import cast

from argon2 import PasswordHasher
from flask import current_app, g
from flask_babel import Babel
from flask_wtf import CSRFProtect
from limits.strategies import FixedWindowRateLimiter
from sqlalchemy.orm import Session

from learn.config import Settings
from learn.database import Database
from learn.library.content import Content
from learn.prepared import Assets, Prepared

csrf = CSRFProtect()
babel = Babel()


def database() -> Database:
    """The database of the running application."""
    return cast("Database", current_app.extensions["learn.database"])


def content() -> Content:
    """The lessons and questions of the running application."""
    return cast("Content", current_app.extensions["learn.content"])


def settings() -> Settings:
    """The settings of the running application."""
    return cast("Settings", current_app.extensions["learn.settings"])


def prepared() -> Prepared:
    """The pages that are the same for everybody."""
    return cast("Prepared", current_app.extensions["learn.prepared"])


def assets() -> Assets:
    """The static files."""
    return cast("Assets", current_app.extensions["learn.assets"])


def hasher() -> PasswordHasher:
    """What turns passphrases into hashes: slow on purpose, so never inside `writing`."""
    return cast("PasswordHasher", current_app.extensions["learn.hasher"])


def limits() -> FixedWindowRateLimiter:
    """How often something was tried, for all processes at once.

    It reads and writes by itself, so what was read before is given back first.
    """
    done_reading()
    return cast("FixedWindowRateLimiter", current_app.extensions["learn.limits"])


def reading() -> Session:
    """The session that this request reads with; closed with the request."""
    if "reading" not in g:
        g.reading = database().reading()
    return cast("Session", g.reading)


def done_reading() -> None:
    """Give back what `reading` took."""
    session: Session | None = g.pop("reading", None)
    if session is not None:
        session.close()


@contextlib.contextmanager
def writing() -> Iterator[Session]:
    """The session that this request writes with: commits once at the end.

    What was read before is given back first, so that a request never holds two connections.
    """
    done_reading()
    with database().writing() as session:
        yield session


def clock() -> datetime:
    """What time it is, aware and UTC, by the running application's clock."""
    ask = cast("Callable[[], datetime]", current_app.extensions["learn.clock"])
    return ask()
