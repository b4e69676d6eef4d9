"""The content as it is offered now: all of it but the questions that are under review."""

from __future__ import annotations

from time import monotonic
from typing import cast

from flask import current_app

from learn import extensions
from learn.library.content import Content
from learn.review import queries

_KEY = "learn.offered"
_SECONDS = 30.0  # how long a process goes on with what it read


def offered() -> Content:
    """Our content without the questions that are withheld, at most half a minute old."""
    content = extensions.content()
    kept = cast("tuple[float, Content, Content] | None", current_app.extensions.get(_KEY))
    if kept is not None and kept[0] > monotonic() and kept[1] is content:
        return kept[2]
    with extensions.database().read_session() as session:
        withheld = queries.withheld(session)
    found = queries.without(content, withheld) if withheld else content
    current_app.extensions[_KEY] = (monotonic() + _SECONDS, content, found)
    return found
