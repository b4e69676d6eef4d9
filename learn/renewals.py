"""A session's new id when a form renews it, and the same form sent twice.

The id follows from the one before, from random text in the form (`once`), and from the site's key.
So the same form sent again, as by a double tap, gets the id that the first one made. A copy of the
cookie doesn't have that text, and finds nothing.
"""

from __future__ import annotations

import hashlib
import hmac
import re
import secrets
import uuid
from datetime import timedelta

from flask import request
from wtforms import HiddenField

from learn import extensions, sign_in_sessions
from learn.forms import TokenForm
from learn.visitor import Learner, now

_ONCE = re.compile(r"[A-Za-z0-9_-]{22}")
_SPAN = timedelta(minutes=5)
"""For at least so long, and at most twice, a form that was sent is known again."""


class RenewalForm(TokenForm):
    """The random text of a form that renews the session."""

    once = HiddenField()


def new_once() -> str:
    """Return random text for a form that renews the session."""
    return secrets.token_urlsafe(16)


def new_id(account: uuid.UUID, current: uuid.UUID) -> uuid.UUID:
    """Return the id that this request's form gives the session; random if the form has no text."""
    once = _once()
    return _derive(account, current, once, _span()) if once else sign_in_sessions.new_id()


def find(who: Learner) -> uuid.UUID | None:
    """Return the id that this very form gave the visitor's session; None if it renewed nothing."""
    once = _once()
    if not once or who.account is None or who.session is None:
        return None
    extensions.close_read_session()
    for span in (_span(), _span() - 1):
        renewed = _derive(who.account, who.session, once, span)
        if sign_in_sessions.is_current(extensions.read_session(), who.account, renewed):
            return renewed
    return None


def _once() -> str:
    """Return the random text of a form with a valid token; empty if there is none."""
    if request.method != "POST":
        return ""
    form = RenewalForm()
    once = form.once.data or ""
    return once if form.has_valid_token and _ONCE.fullmatch(once) else ""


def _derive(account: uuid.UUID, current: uuid.UUID, once: str, span: int) -> uuid.UUID:
    key = f"renewed session {extensions.settings().secret_keys[0]}".encode()
    text = f"{account.hex} {current.hex} {once} {span}".encode()
    return uuid.UUID(bytes=hmac.digest(key, text, hashlib.sha256)[:16])


def _span() -> int:
    return int(now().timestamp() // _SPAN.total_seconds())
