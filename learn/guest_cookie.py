"""The second cookie: the guest of a device while somebody else is signed in there."""

from __future__ import annotations

import uuid
from collections.abc import Callable

from flask import Response, after_this_request, current_app, request
from itsdangerous import BadData, URLSafeSerializer

from learn import extensions

_NAME = "learn_all_aside"  # apart from the session cookie, which may end sooner


def is_set() -> bool:
    """Return whether the request came with the cookie."""
    return _NAME in request.cookies


def store(account: uuid.UUID, *, is_persisted: bool) -> None:
    """Set the cookie in the response to this request."""
    value = str(_serializer().dumps([account.hex, is_persisted]))
    _change_response(
        lambda response: response.set_cookie(
            _NAME,
            value,
            max_age=current_app.permanent_session_lifetime,
            path=current_app.session_interface.get_cookie_path(current_app),
            secure=request.is_secure,
            httponly=True,
            samesite="Lax",
        )
    )


def pop() -> tuple[str, bool]:
    """Delete the cookie; return the guest's account id in hex, and whether the account has a row.

    The id is empty where the cookie is malformed.
    """
    try:
        account, is_persisted = _serializer().loads(request.cookies[_NAME])
    except (BadData, TypeError, ValueError):
        account, is_persisted = "", False
    path = current_app.session_interface.get_cookie_path(current_app)
    _change_response(lambda response: response.delete_cookie(_NAME, path=path))
    return (account if isinstance(account, str) else ""), bool(is_persisted)


def _serializer() -> URLSafeSerializer:
    newest_last = [*reversed(extensions.settings().secret_keys)]
    return URLSafeSerializer(newest_last, salt="a guest put aside")


def _change_response(change: Callable[[Response], None]) -> None:
    def changed(response: Response) -> Response:
        change(response)
        return response

    after_this_request(changed)
