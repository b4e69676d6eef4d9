"""Sign out elsewhere: one device, all others, or everywhere."""

from __future__ import annotations

import uuid

from flask import redirect, request, url_for
from flask.typing import ResponseReturnValue

from learn import access, extensions, own_passkeys
from learn.access import Learner
from learn.account import actions, blueprint, queries
from learn.sign_in.sessions import end_other_sessions


@blueprint.post("/account/devices/<uuid:session_id>/sign-out")
@access.learner
def sign_out_device(who: Learner, session_id: uuid.UUID) -> ResponseReturnValue:
    """Sign one device out, if it is still signed in; it may be this one."""
    if who.account is None or who.session is None:
        return redirect(url_for("account.register"), 303)
    with extensions.transaction() as session:
        access.hold_session(session, who)
        actions.end_session(session, who.account, session_id)
    if session_id == who.session:
        return signed_out_response()
    return redirect(url_for("account.index", done="device"), 303)


def _are_signed_out(who: Learner) -> ResponseReturnValue | None:
    if not access.renewed_before(who):
        return None
    return redirect(url_for("account.index", done="others"), 303)


@blueprint.post("/account/devices/sign-out-others")
@access.learner(when_sent_again=_are_signed_out)
def sign_out_others(who: Learner) -> ResponseReturnValue:
    """Sign out on all other devices."""
    if who.account is None or who.session is None:
        return redirect(url_for("account.register"), 303)
    with extensions.transaction() as session:
        own = end_other_sessions(session, who)
    access.set_session(own)
    return redirect(url_for("account.index", done="others"), 303)


def _is_signed_out_everywhere(who: Learner) -> ResponseReturnValue | None:
    """Answer as before if no session is left: the form was sent twice."""
    if who.account is None or queries.has_sessions(extensions.read_session(), who.account):
        return None
    return signed_out_response(who.account)


@blueprint.post("/account/devices/sign-out-everywhere")
@access.learner(when_sent_again=_is_signed_out_everywhere)
def sign_out_everywhere(who: Learner) -> ResponseReturnValue:
    """Sign out on all devices, this one too."""
    if who.account is None or who.session is None:
        return redirect(url_for("account.register"), 303)
    with extensions.transaction() as session:
        access.hold_session(session, who)
        actions.end_sessions(session, who.account)
    return signed_out_response(who.account)


def signed_out_response(everywhere: uuid.UUID | None = None) -> ResponseReturnValue:
    """Clear the cookie and the browser's copies of our pages; call it after ending the session.

    After signing an account out everywhere, the page says if passkeys can still sign in to it.
    """
    access.sign_out()
    is_open = everywhere and own_passkeys.has_any(extensions.read_session(), everywhere)
    response = redirect(url_for("account.signed_out", passkeys="kept" if is_open else None), 303)
    is_host_ours = not request.script_root  # below a path, the storage is also another site's
    response.headers["Clear-Site-Data"] = '"cache", "storage"' if is_host_ours else '"cache"'
    return response
