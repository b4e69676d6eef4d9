"""Whether pages show the banner for demo data."""

from __future__ import annotations

from time import monotonic
from typing import cast

from flask import current_app, g
from sqlalchemy.exc import SQLAlchemyError

from learn import extensions
from learn.demo import queries

_KEY = "learn.demo"  # in the application, and in what a request keeps
_SECONDS = 30.0  # how long a process goes on with what it read


def is_shown() -> bool:
    """Return whether the database holds demo data, as of at most half a minute ago.

    The answer stays the same during a request, so that a cached page is stored under the right key.
    Without a database it is the last answer, so that error pages still render.
    """
    if _KEY not in g:
        setattr(g, _KEY, _newest())
    return cast("bool", g.get(_KEY))


def skip_refresh() -> None:
    """Use the last answer for this request, since the database may be down."""
    if _KEY not in g:
        kept = _kept()
        setattr(g, _KEY, kept is not None and kept[1])


def _kept() -> tuple[float, bool] | None:
    return cast("tuple[float, bool] | None", current_app.extensions.get(_KEY))


def _newest() -> bool:
    kept = _kept()
    if kept is not None and kept[0] > monotonic():
        return kept[1]
    try:
        with extensions.database().read_session() as session:
            found = queries.is_there(session)
    except SQLAlchemyError:
        found = kept is not None and kept[1]
    current_app.extensions[_KEY] = (monotonic() + _SECONDS, found)
    return found
