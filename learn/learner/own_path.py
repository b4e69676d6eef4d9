"""Note in the cookie which path the visitor follows, so that its next step is what we offer."""

from __future__ import annotations

from flask import request, session

from learn import extensions
from learn import session_cookie as cookie
from learn.library.paths import LessonPath


def note_path(path: str = "") -> None:
    """Note the path, or that which the address names. Nothing is kept of those who only read."""
    path = path or request.args.get("path", "")
    if cookie.PERSISTED_ON_KEY in session and path in extensions.content().paths:
        keep_path(path)


def keep_path(path: str) -> None:
    """Note this path, unless it is noted."""
    if session.get(cookie.PATH_KEY) != path:
        session[cookie.PATH_KEY] = path


def followed_path() -> LessonPath | None:
    """Return the path that the visitor followed last, or None."""
    return extensions.content().paths.get(session.get(cookie.PATH_KEY, ""))
