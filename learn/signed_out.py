"""Messages to a visitor whose session has ended: on the next page, and in reply to a form."""

from __future__ import annotations

from flask import g, render_template, request, session
from flask.globals import request_ctx
from flask.typing import ResponseReturnValue
from werkzeug.exceptions import HTTPException

from learn import addresses, session_cookie
from learn.sent_form import sent_form


def note() -> None:
    """Have the next page say that the visitor was signed out."""
    session[session_cookie.SIGNED_OUT_KEY] = True


def pop_note() -> bool:
    """Return whether to say on this page that the visitor was signed out; it is said once.

    Pages that are the same for everybody never say it.
    """
    if not g.get("personal") or g.get("is_shared_page"):
        return False
    return bool(session.pop(session_cookie.SIGNED_OUT_KEY, False))


def form_page() -> ResponseReturnValue:
    """Refuse a form, and offer to send it again with all that was typed, except passphrases."""
    page = render_template(
        "errors/signed_out.html",
        sent=sent_form(),
        requested_page=requested_page(),
    )
    return page, 403


def requested_page() -> str:
    """Return the address of this page, to come back to it after signing in; empty if it is none."""
    path = request.path
    if request.method not in {"GET", "HEAD"} and not _is_page(path):
        return ""
    return addresses.local_page(request.script_root + path, request.query_string.decode("latin-1"))


def _is_page(path: str) -> bool:
    adapter = request_ctx.url_adapter
    try:
        return adapter is not None and bool(adapter.match(path, "GET"))
    except HTTPException:
        return False
