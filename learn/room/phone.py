"""The phone's cookie of one room: a random token, made there, and the last turn that it answered.

The site keeps no copy of the token. While a question is open, it keeps a digest of it by its secret
key, which is in no database: so that a phone counts once, and nobody can look up whose it was.
"""

from __future__ import annotations

import hashlib
import hmac
import secrets
import uuid
from dataclasses import dataclass
from datetime import timedelta

from flask import Response, request
from itsdangerous import BadData

from learn import cookie_names, extensions, signing
from learn.room.actions import LIFETIME
from learn.room.queries import RoomView

_NAME = "learn_all_room_"
_SALT = "a phone in a room "
_LIFETIME = LIFETIME + timedelta(hours=1)
"""Longer than the room's: a phone that looks again after its end isn't taken for a guess."""


@dataclass(frozen=True, slots=True)
class Phone:
    """A phone in a room: its token, and the last turn that it has answered, or 0."""

    token: str
    answered: int = 0


def read(code: str) -> Phone | None:
    """Return the phone if it has a cookie of the room with that code."""
    base = _NAME + code
    value = cookie_names.find(base)
    if not value:
        return None
    salt = cookie_names.found_salt(base, _SALT + code)
    try:
        token, answered = signing.serializer(_keys(), salt).loads(value)
    except (BadData, TypeError, ValueError):
        return None
    if not isinstance(token, str) or not isinstance(answered, int):
        return None
    return Phone(token, answered)


def new() -> Phone:
    """Return a phone that was never here."""
    return Phone(secrets.token_urlsafe(16))


def remember(response: Response, code: str, phone: Phone) -> None:
    """Set the cookie."""
    signer = signing.serializer(_keys(), cookie_names.current_salt(_SALT + code))
    cookie_names.delete_earlier(_NAME + code, response)
    response.set_cookie(
        cookie_names.current(_NAME + code),
        str(signer.dumps([phone.token, phone.answered])),
        max_age=_LIFETIME,
        path=cookie_names.path(),
        secure=request.is_secure,
        httponly=True,
        samesite="Lax",
    )


def mark_of(room: RoomView, phone: Phone) -> uuid.UUID:
    """Return what the site keeps while the question is open: that this phone has answered it."""
    return uuid.UUID(bytes=_digest(f"mark/{room.id.hex}/{room.turn}/{phone.token}"))


def form_token(code: str, phone: Phone) -> str:
    """Return the token of the phone's form: no other site knows it."""
    return _digest(f"form/{code}/{phone.token}").hex()


def is_form_token(code: str, phone: Phone, sent: str) -> bool:
    """Return whether the form came with the token."""
    return hmac.compare_digest(form_token(code, phone).encode(), sent.encode())


def _digest(text: str) -> bytes:
    return hmac.new(_keys()[0].encode(), text.encode(), hashlib.sha256).digest()[:16]


def _keys() -> tuple[str, ...]:
    return tuple(extensions.settings().secret_keys)
