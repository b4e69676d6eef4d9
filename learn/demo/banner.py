"""Whether pages show the banner for demo data."""

from __future__ import annotations

from time import monotonic
from typing import cast

from flask import current_app, g
from sqlalchemy.exc import SQLAlchemyError

from learn import deadlines, extensions
from learn.demo import queries

_KEY = "learn.demo"  # in the application, and in what a request keeps
_TIME_LIMIT = 0.5  # seconds to wait for the database
_SECONDS = 30.0  # how long a process caches the answer


def is_shown() -> bool:
    """Return whether the database holds demo data, as of at most half a minute ago.

    The answer stays the same during a request, so that a cached page is stored under the right key.
    Without a database it is the last answer, so that error pages still render.
    """
    if _KEY not in g:
        setattr(g, _KEY, _refreshed())
    return cast("bool", g.get(_KEY))


def skip_refresh() -> None:
    """Use the last answer for this request, since the database may be down."""
    if _KEY not in g:
        cached = _cached()
        setattr(g, _KEY, cached is not None and cached[1])


def _cached() -> tuple[float, bool] | None:
    return cast("tuple[float, bool] | None", current_app.extensions.get(_KEY))


def _refreshed() -> bool:
    cached = _cached()
    if cached is not None and cached[0] > monotonic():
        return cached[1]
    try:
        with deadlines.at_most(_TIME_LIMIT):
            is_demo = queries.is_there(extensions.read_session())
    except SQLAlchemyError:
        extensions.close_read_session()
        is_demo = cached is not None and cached[1]
    current_app.extensions[_KEY] = (monotonic() + _SECONDS, is_demo)
    return is_demo
