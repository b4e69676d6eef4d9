"""The second cookie: the guest of a device while somebody else is signed in there."""

from __future__ import annotations

import uuid
from collections.abc import Callable

from flask import Response, after_this_request, current_app, request, session
from itsdangerous import BadData, URLSafeSerializer

from learn import cookie_names, extensions, signing

_NAME = "learn_all_aside"  # apart from the session cookie, which may end sooner
_SALT = "a guest put aside"


def is_set() -> bool:
    """Return whether the request came with the cookie."""
    return cookie_names.find(_NAME) is not None


def store(account: uuid.UUID, *, is_persisted: bool) -> None:
    """Set the cookie in the response to this request."""
    serializer = _serializer(cookie_names.current_salt(_SALT))
    value = str(serializer.dumps([account.hex, is_persisted]))

    def set_cookie(response: Response) -> None:
        cookie_names.delete_earlier(_NAME, response)
        response.set_cookie(
            cookie_names.current(_NAME),
            value,
            max_age=current_app.permanent_session_lifetime,
            path=cookie_names.path(),
            secure=request.is_secure,
            httponly=True,
            samesite="Lax",
        )

    _change_response(set_cookie)


def pop() -> tuple[str, bool]:
    """Return the guest's account id in hex, and whether the account has a row; delete the cookie.

    It is kept if the response leaves the session cookie as it is: then no other has the guest. The
    id is empty where the cookie is malformed.
    """
    try:
        serializer = _serializer(cookie_names.found_salt(_NAME, _SALT))
        account, is_persisted = serializer.loads(cookie_names.find(_NAME) or "")
    except (BadData, TypeError, ValueError):
        account, is_persisted = "", False
    if not isinstance(account, str):
        account = ""
    _change_response(_delete_if_moved if account else _delete)
    return account, bool(is_persisted)


def _delete_if_moved(response: Response) -> None:
    if session.modified:
        _delete(response)


def _delete(response: Response) -> None:
    cookie_names.delete_earlier(_NAME, response)
    name, path = cookie_names.current(_NAME), cookie_names.path()
    response.delete_cookie(name, path=path, secure=request.is_secure)


def _serializer(salt: str) -> URLSafeSerializer:
    return signing.serializer(extensions.settings().secret_keys, salt)


def _change_response(change: Callable[[Response], None]) -> None:
    def changed(response: Response) -> Response:
        change(response)
        return response

    after_this_request(changed)
