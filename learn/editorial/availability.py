"""Content without the questions that are on hold."""

from __future__ import annotations

from time import monotonic
from typing import cast

from flask import current_app

from learn import extensions
from learn.editorial import queries
from learn.library.content import Content

_KEY = "learn.available_content"
_SECONDS = 30.0


def available_content() -> Content:
    """Return the content without the questions on hold, as of at most 30 seconds ago.

    Each process caches it. It is read again with the request's read session, so call this before
    opening a transaction.
    """
    content = extensions.content()
    cached = cast("tuple[float, Content, Content] | None", current_app.extensions.get(_KEY))
    if cached is not None and cached[0] > monotonic() and cached[1] is content:
        return cached[2]
    held = queries.held_questions(extensions.read_session())
    available = queries.without_questions(content, held) if held else content
    current_app.extensions[_KEY] = (monotonic() + _SECONDS, content, available)
    return available
