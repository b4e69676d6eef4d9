"""The signed session cookie: its keys, the types of their values, and when it is set."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from flask import Flask, Request, Response, request
from flask.sessions import SecureCookieSession, SecureCookieSessionInterface, SessionMixin
from itsdangerous import BadData

from learn import cross_site

ACCOUNT = "account"
CHALLENGE = "passkey"
KNOWN = "known"
NICKNAME = "nickname"
READ = "read"
TOKEN = "csrf_token"  # noqa: S105 - the name that Flask-WTF gives it
EARLIER_TOKEN = "earlier_token"  # noqa: S105 - the name of its place in the cookie
VISIT = "visit"


def _is_text(value: Any) -> bool:
    return isinstance(value, str)


def _is_number(value: Any) -> bool:
    return isinstance(value, int)


def _are_texts(value: Any) -> bool:
    return isinstance(value, list) and all(map(_is_text, value))


_SHAPES: dict[str, Callable[[Any], bool]] = {
    ACCOUNT: _is_text,
    CHALLENGE: lambda value: _are_texts(value) and len(value) == 3,
    KNOWN: _is_number,
    NICKNAME: _is_text,
    READ: _are_texts,
    TOKEN: _is_text,
    EARLIER_TOKEN: _is_text,
    VISIT: _is_number,
}


class SessionCookie(SecureCookieSessionInterface):
    """Flask's signed cookie, `Secure` where the page came over TLS.

    Values of unexpected types are dropped, so that a cookie of another version causes no error.
    """

    def get_cookie_secure(self, app: Flask) -> bool:  # noqa: ARG002 - Flask's signature
        return request.is_secure

    def open_session(self, app: Flask, request: Request) -> SecureCookieSession | None:
        try:
            found = super().open_session(app, request)
        except (BadData, TypeError, ValueError):
            return self.session_class()
        if not found:
            return found
        return self.session_class({k: v for k, v in found.items() if _SHAPES.get(k, _any)(v)})

    def save_session(self, app: Flask, session: SessionMixin, response: Response) -> None:
        """Set the cookie, except in a response to a cross-site request.

        SameSite keeps our cookies out of such a request, so it looks like a new visitor's, and a
        cookie in the response would replace the one that the browser has.
        """
        if cross_site.is_from_another_site(request.environ):
            response.headers.remove("Set-Cookie")
        else:
            super().save_session(app, session, response)


def _any(_value: Any) -> bool:
    return True
