"""Page of an invitation."""

from __future__ import annotations

from flask import Blueprint, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from learn import access, extensions, rate_limits, throttling
from learn.access import Learner
from learn.educators import actions, queries
from learn.educators.forms import AcceptForm
from learn.forms import checks_token
from learn.throttling import throttled

blueprint = Blueprint("educators", __name__, url_prefix="/educators")


@blueprint.get("/invite/<token>")
@access.learner
def invitation(who: Learner, token: str) -> ResponseReturnValue:
    """Show the invitation; a guest is asked to sign in first."""
    if wait := throttling.delay(rate_limits.WRONG_INVITATION):
        return throttling.wait_page(wait)
    return _page(who, token)


@blueprint.post("/invite/<token>")
@checks_token
@access.learner
@throttled(rate_limits.ACCEPTED_INVITATION)
def accept(who: Learner, token: str) -> ResponseReturnValue:
    """Make the signed-in visitor an educator."""
    if wait := throttling.delay(rate_limits.WRONG_INVITATION):
        return throttling.wait_page(wait)
    if not AcceptForm().has_valid_token or who.account is None or not who.nickname:
        return _page(who, token)
    with extensions.transaction() as session:
        accepted = actions.accept(session, token, who.account, access.now())
    if not accepted and not queries.is_educator(extensions.read_session(), who.account):
        return _page(who, token)
    return redirect(url_for("groups.index"), 303)


def _page(who: Learner, token: str) -> ResponseReturnValue:
    opened = queries.open_invitation(extensions.read_session(), token, access.now())
    if opened is None:
        throttling.record(rate_limits.WRONG_INVITATION)
        is_educator = (
            who.account is not None
            and who.nickname != ""
            and queries.is_educator(extensions.read_session(), who.account)
        )
        return render_template("educators/invite_over.html", is_educator=is_educator), 410
    return render_template("educators/invitation.html", who=who, invited=opened, token=token)
