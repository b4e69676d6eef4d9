"""A form that came after the visitor's confirmation had lapsed, to be sent again once they confirm.

The page that asks for the passphrase carries the form and, signed, where it was sent. So no link
can make that page send a form that the visitor didn't send.
"""

from __future__ import annotations

from datetime import timedelta

from flask import current_app, request
from flask.globals import request_ctx
from itsdangerous import BadData, URLSafeSerializer
from werkzeug.exceptions import HTTPException

from learn import extensions, signing
from learn.forms import TokenForm
from learn.visitor import Learner, now

_LIFETIME = timedelta(days=1)


def sign_target(who: Learner) -> str:
    """Return where this request's form was sent, signed for the visitor's session.

    It is empty for a form without the visitor's CSRF token: another site may have sent it.
    """
    if not TokenForm().has_valid_token:
        return ""
    return str(_serializer().dumps([*_owner(who), request.path, int(now().timestamp())]))


def read_target(who: Learner, signed: str) -> str:
    """Return where the visitor's form is sent again; empty if it can't be.

    Only their own session's signature counts, for a day, and for routes that ask to confirm.
    """
    try:
        account, session, path, signed_at = _serializer().loads(signed)
    except (BadData, TypeError, ValueError):
        return ""
    is_own = [account, session] == _owner(who)
    is_recent = now().timestamp() - signed_at < _LIFETIME.total_seconds()
    is_read = is_own and is_recent and _asks_to_confirm(path)
    return request.script_root + path if is_read else ""


def _owner(who: Learner) -> list[str]:
    return [who.account.hex if who.account else "", who.session.hex if who.session else ""]


def _asks_to_confirm(path: str) -> bool:
    adapter = request_ctx.url_adapter
    try:
        endpoint = adapter.match(path, "POST")[0] if adapter else ""
    except HTTPException:
        return False
    return getattr(current_app.view_functions.get(endpoint), "is_confirmed", False)


def _serializer() -> URLSafeSerializer:
    return signing.serializer(extensions.settings().secret_keys, "a form to send again")
