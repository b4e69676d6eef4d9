"""Reach a limit at once."""

from __future__ import annotations

from flask import Flask
from sqlalchemy import update

from learn import rate_limits
from learn.database import Database
from learn.models import RateLimit
from learn.models.base import table_of
from learn.rate_limiter import RateLimiter
from learn.rate_limits import Limit


def fill(app: Flask, limit: Limit, whom: str, *, left: int = 0) -> None:
    """Use up a limit of a client, so that after `left` more the next request is over it."""
    limiter: RateLimiter = app.extensions["learn.limiter"]
    database: Database = app.extensions["learn.database"]
    if limit in {
        rate_limits.REPORT,
        rate_limits.ATTEMPT,
        rate_limits.ROOM_ANSWER,
    }:  # counted in the process
        for _ in range(limit.maximum - left):
            limiter.hit_here((limit, whom))
        return
    limiter.clear((limit, whom))
    limiter.hit((limit, whom))
    table = table_of(RateLimit)
    key = limiter._key(limit, whom)  # noqa: SLF001 - to make thousands of hits in one
    with database.transaction() as session:
        session.execute(update(table).where(table.c.key == key).values(hits=limit.maximum - left))
