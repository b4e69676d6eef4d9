"""Accessors for the objects that `create_app` attaches to the Flask application."""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterator
from datetime import datetime
from typing import TypeVar, cast

from argon2 import PasswordHasher
from flask import current_app, g
from flask_babel import Babel
from flask_wtf import CSRFProtect
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from learn.config import Settings
from learn.database import Database, has_lost_race
from learn.library.content import Content
from learn.page_cache import Assets, PageCache
from learn.rate_limiter import Count, RateLimiter

Result = TypeVar("Result")

csrf = CSRFProtect()
babel = Babel()


def database() -> Database:
    """Return the application's database."""
    return cast("Database", current_app.extensions["learn.database"])


def content() -> Content:
    """Return the application's lessons and questions."""
    return cast("Content", current_app.extensions["learn.content"])


def settings() -> Settings:
    """Return the application's settings."""
    return cast("Settings", current_app.extensions["learn.settings"])


def page_cache() -> PageCache:
    """Return the cache of pages that are the same for everybody."""
    return cast("PageCache", current_app.extensions["learn.page_cache"])


def assets() -> Assets:
    """Return the static files."""
    return cast("Assets", current_app.extensions["learn.assets"])


def hasher() -> PasswordHasher:
    """Return the passphrase hasher. It is slow on purpose: never call it inside `transaction`."""
    return cast("PasswordHasher", current_app.extensions["learn.hasher"])


def pacer() -> Callable[[Count], int]:
    """Return what counts in this process alone, and needs no database."""
    found: RateLimiter = current_app.extensions["learn.limiter"]
    return found.hit_here


def limiter() -> RateLimiter:
    """Return the rate limiter, shared by all processes.

    It opens its own sessions, so the request's read session is closed first.
    """
    close_read_session()
    return cast("RateLimiter", current_app.extensions["learn.limiter"])


def read_session() -> Session:
    """Return the request's session for reading; it is closed with the request."""
    if "read_session" not in g:
        g.read_session = database().read_session()
    return cast("Session", g.read_session)


def close_read_session() -> None:
    """Close the session that `read_session` opened, if any.

    A database that went away since the last statement takes nothing from what was read.
    """
    session: Session | None = g.pop("read_session", None)
    if session is not None:
        with contextlib.suppress(DBAPIError):
            session.close()


@contextlib.contextmanager
def transaction(*, is_fleeting: bool = False) -> Iterator[Session]:
    """Yield a session in a write transaction, which commits at the end of the block.

    What `is_fleeting` may be lost in a power cut (`learn.database`).

    The request's read session ends with it, so that a request never holds two connections. What
    `throttling.throttled` counts for this request is counted in it, once.
    """
    reader = g.pop("read_session", None)
    with database().transaction(reader, is_fleeting=is_fleeting) as session:
        if count_write := g.get("count_write"):
            count_write(session)
        yield session
    g.pop("count_write", None)


def count_first() -> None:
    """Count this request in a transaction of its own, before one that may take long.

    Else the count of an address would be locked until its end, and others there would wait for it.
    """
    if "count_write" in g:
        with transaction():
            pass


def run_write(write: Callable[[Session], Result]) -> Result:
    """Run `write` in a transaction, and once more if it was ended in favor of another one."""
    try:
        with transaction() as session:
            return write(session)
    except DBAPIError as error:
        if not has_lost_race(error):
            raise
    with transaction() as session:
        return write(session)


def clock() -> datetime:
    """Return the current time (aware, UTC) from the application's clock."""
    read_clock = cast("Callable[[], datetime]", current_app.extensions["learn.clock"])
    return read_clock()
