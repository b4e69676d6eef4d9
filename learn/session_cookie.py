"""The signed session cookie: its keys, the types of their values, and when it is set."""

from __future__ import annotations

import re
from collections.abc import Callable
from copy import deepcopy
from functools import lru_cache
from typing import Any

from flask import Flask, Request, Response, request
from flask.sessions import SecureCookieSession, SecureCookieSessionInterface, SessionMixin
from itsdangerous import BadData, TimestampSigner, URLSafeTimedSerializer

from learn import cookie_names, cross_site, signing
from learn.host_check import REFUSED

ACCOUNT_KEY = "account"
CHALLENGE_KEY = "passkey"
PERSISTED_ON_KEY = "known"
EDUCATOR_KEY = "leads"  # groups, or did when a page last looked
NICKNAME_KEY = "nickname"
CARE_NUMBERS_KEY = "numbers"
HAS_CARE_NUMBERS = 1  # else the day, as a number, on which there were none
PATH_KEY = "path"
LESSONS_READ_KEY = "read"
SAVED_QUESTIONS_KEY = "saved"
MAY_HAVE_SAVED = "?"  # some questions: the next lesson looks which
SESSION_ID_KEY = "session"
SIGNED_OUT_KEY = "signed_out"
CSRF_TOKEN_KEY = "csrf_token"  # noqa: S105 - the name that Flask-WTF gives it
EARLIER_CSRF_TOKEN_KEY = "earlier_token"  # noqa: S105 - the name of its place in the cookie
VISIT_KEY = "visit"


_KEPT = 1024
"""Cookies of which a process keeps the values: about 1 MB."""

_HALF = re.compile("[\ud800-\udfff]")


def _is_text(value: Any) -> bool:
    """Return whether it is text that can be written: JSON can hold half a character."""
    return isinstance(value, str) and not _HALF.search(value)


def _is_number(value: Any) -> bool:
    return isinstance(value, int)


def _are_texts(value: Any) -> bool:
    return isinstance(value, list) and all(map(_is_text, value))


_SHAPES: dict[str, Callable[[Any], bool]] = {
    ACCOUNT_KEY: _is_text,
    CHALLENGE_KEY: lambda value: _are_texts(value) and len(value) == 3,
    PERSISTED_ON_KEY: _is_number,
    EDUCATOR_KEY: _is_number,
    NICKNAME_KEY: _is_text,
    CARE_NUMBERS_KEY: _is_number,
    PATH_KEY: _is_text,
    LESSONS_READ_KEY: _are_texts,
    SAVED_QUESTIONS_KEY: _is_text,
    SIGNED_OUT_KEY: _is_number,
    CSRF_TOKEN_KEY: _is_text,
    EARLIER_CSRF_TOKEN_KEY: _is_text,
    VISIT_KEY: _is_number,
}


class SessionCookie(SecureCookieSessionInterface):
    """Flask's signed cookie, `Secure` and with a prefix where the page came over TLS.

    Values of unexpected types are dropped, so that a cookie of another version causes no error.
    A browser sends the same cookie with every page, so the signature and the values of the last
    ones are kept. How old they are is checked each time.
    """

    digest_method = staticmethod(signing.digest_method)

    def __init__(self) -> None:
        self._serializers: dict[tuple[object, str], URLSafeTimedSerializer] = {}
        self._read = lru_cache(_KEPT)(_read)
        self._now = TimestampSigner("only its clock").get_timestamp

    def get_signing_serializer(self, app: Flask) -> URLSafeTimedSerializer | None:
        return self._serializer(app, cookie_names.current_salt(self.salt))

    def _serializer(self, app: Flask, salt: str) -> URLSafeTimedSerializer | None:
        """Return the serializer for a salt, which is made once for each secret key."""
        place = app.secret_key, salt
        if place not in self._serializers:
            serializer = super().get_signing_serializer(app)
            if serializer is None:
                return None
            serializer.salt = salt.encode()
            serializer.fallback_signers = signing.earlier_signers(
                key_derivation=self.key_derivation
            )
            self._serializers[place] = serializer
        return self._serializers[place]

    def get_cookie_secure(self, app: Flask) -> bool:  # noqa: ARG002 - Flask's signature
        return request.is_secure

    def get_cookie_name(self, app: Flask) -> str:
        return cookie_names.current(super().get_cookie_name(app))

    def open_session(self, app: Flask, request: Request) -> SecureCookieSession | None:  # noqa: ARG002 - Flask's signature
        base = super().get_cookie_name(app)
        value = cookie_names.find(base)
        if not value:
            return self.session_class()
        serializer = self._serializer(app, cookie_names.found_salt(base, self.salt))
        if serializer is None:
            return self.session_class()
        longest = int(app.permanent_session_lifetime.total_seconds())
        try:
            payload, signed = self._read(serializer, value)
        except (AttributeError, BadData, TypeError, ValueError):
            return self.session_class()
        if not 0 <= self._now() - signed <= longest:
            return self.session_class()
        # A view may change a list where it is.
        return self.session_class({k: v if _is_plain(v) else deepcopy(v) for k, v in payload})

    def save_session(self, app: Flask, session: SessionMixin, response: Response) -> None:
        """Set the cookie, except in a response to a cross-site request or to another host.

        Because of SameSite, such a request has none of our cookies and looks like a new visitor's.
        A cookie in the response would replace the browser's own.
        """
        if REFUSED in request.environ or cross_site.is_from_another_site(request.environ):
            response.headers.remove("Set-Cookie")
            return
        base = super().get_cookie_name(app)
        if cookie_names.has_earlier(base) and not response.cache_control.public:
            cookie_names.delete_earlier(base, response)
            session.modified = bool(session) or session.modified
        super().save_session(app, session, response)


def _read(serializer: URLSafeTimedSerializer, value: str) -> tuple[list[tuple[str, Any]], int]:
    """Return what a cookie holds, and when it was signed, in seconds. Raises BadData and others."""
    payload, signed = serializer.loads(value, return_timestamp=True)
    held = [(k, v) for k, v in payload.items() if _SHAPES.get(k, _any)(v)]
    return held, int(signed.timestamp())


def _is_plain(value: Any) -> bool:
    return isinstance(value, str | int)


def _any(_value: Any) -> bool:
    return True
