"""Sign out elsewhere: one device, all others, or everywhere."""

from __future__ import annotations

import uuid

from flask import redirect, request, url_for
from flask.typing import ResponseReturnValue

from learn import access, extensions
from learn.access import Learner
from learn.account import actions, blueprint
from learn.account_merge.sign_in import renew_session


@blueprint.post("/account/devices/<uuid:session_id>/sign-out")
@access.learner
def sign_out_device(who: Learner, session_id: uuid.UUID) -> ResponseReturnValue:
    """Sign one device out, if it is still signed in; it may be this one."""
    if who.account is None or who.session is None:
        return redirect(url_for("account.register"), 303)
    with extensions.transaction() as session:
        actions.end_session(session, who.account, session_id)
    if session_id == who.session:
        return signed_out_response()
    return redirect(url_for("account.index", done="device"), 303)


@blueprint.post("/account/devices/sign-out-others")
@access.learner
def sign_out_others(who: Learner) -> ResponseReturnValue:
    """Sign out on all other devices."""
    if who.account is None or who.session is None:
        return redirect(url_for("account.register"), 303)
    with extensions.transaction() as session:
        actions.end_sessions(session, who.account, who.session)
        own = renew_session(session, who)
    access.set_session(own)
    return redirect(url_for("account.index", done="others"), 303)


@blueprint.post("/account/devices/sign-out-everywhere")
@access.learner
def sign_out_everywhere(who: Learner) -> ResponseReturnValue:
    """Sign out on all devices, this one too."""
    if who.account is None or who.session is None:
        return redirect(url_for("account.register"), 303)
    with extensions.transaction() as session:
        actions.end_sessions(session, who.account, None)
    return signed_out_response()


def signed_out_response() -> ResponseReturnValue:
    """Clear the cookie and the browser's copies of our pages; call it after ending the session."""
    access.sign_out()
    response = redirect(url_for("account.signed_out"), 303)
    is_host_ours = not request.script_root  # below a path, the storage is also another site's
    response.headers["Clear-Site-Data"] = '"cache", "storage"' if is_host_ours else '"cache"'
    return response
