"""The signed cookie: who holds it, its shape, and the answers that may change it."""

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
    """Flask's signed cookie, `Secure` wherever the page came over TLS.

    What is in it counts only in the shape that this version writes: a cookie of another version,
    or one that somebody with the key made, is never a reason for an error.
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
        """Write the cookie, except in an answer to a request that another site made.

        SameSite keeps our cookies from such a request, so its answer is one to somebody new: a
        cookie in it would take the place of the one that the browser has.
        """
        if cross_site.is_from_another_site(request.environ):
            response.headers.remove("Set-Cookie")
        else:
            super().save_session(app, session, response)


def _any(_value: Any) -> bool:
    return True
