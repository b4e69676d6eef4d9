"""A session's new id when a form renews it, and the same form sent twice.

The id is derived from the one before, from a nonce in the form (field `once`), and from the site's
key. So the same form sent again, as by a double tap, gets the id that the first one made. A copy of
the cookie doesn't have the nonce, and finds nothing.
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

_NONCE = re.compile(r"[A-Za-z0-9_-]{22}")
_SPAN = timedelta(minutes=5)
"""For at least so long, and at most twice, a form that was sent is known again."""


class RenewalForm(TokenForm):
    """The nonce of a form that renews the session."""

    once = HiddenField()


def new_nonce() -> str:
    """Return a nonce for a form that renews the session."""
    return secrets.token_urlsafe(16)


def new_id(account: uuid.UUID, current: uuid.UUID) -> uuid.UUID:
    """Return the id that this request's form gives the session; random if the form has no nonce."""
    nonce = _nonce()
    return _derive(account, current, nonce, _span()) if nonce else sign_in_sessions.new_id()


def find(who: Learner) -> uuid.UUID | None:
    """Return the id that this very form gave the visitor's session; None if it renewed nothing."""
    nonce = _nonce()
    if not nonce or who.account is None or who.session is None:
        return None
    extensions.close_read_session()
    for span in (_span(), _span() - 1):
        renewed = _derive(who.account, who.session, nonce, span)
        if sign_in_sessions.is_current(extensions.read_session(), who.account, renewed):
            return renewed
    return None


def _nonce() -> str:
    """Return the nonce of a form with a valid token; empty if there is none."""
    if request.method != "POST":
        return ""
    form = RenewalForm()
    nonce = form.once.data or ""
    return nonce if form.has_valid_token and _NONCE.fullmatch(nonce) else ""


def _derive(account: uuid.UUID, current: uuid.UUID, nonce: str, span: int) -> uuid.UUID:
    key = f"renewed session {extensions.settings().secret_keys[0]}".encode()
    text = f"{account.hex} {current.hex} {nonce} {span}".encode()
    return uuid.UUID(bytes=hmac.digest(key, text, hashlib.sha256)[:16])


def _span() -> int:
    return int(now().timestamp() // _SPAN.total_seconds())
