"""Dismiss a notice."""

from __future__ import annotations

import uuid

from flask import Blueprint, redirect, request, url_for
from flask.typing import ResponseReturnValue

from learn import access, extensions
from learn.access import Learner
from learn.regrading import actions

blueprint = Blueprint("notices", __name__, url_prefix="/notices")

_BACK = {"home": "home.index", "progress": "progress.index"}


@blueprint.post("/<uuid:notice_id>/read")
@access.learner
def read(who: Learner, notice_id: uuid.UUID) -> ResponseReturnValue:
    """Dismiss the notice, and go back to the page that showed it."""
    if who.account is None:
        access.not_found()
    with extensions.transaction() as session:
        there = actions.mark_read(session, who.account, notice_id, access.now())
    if not there:
        access.not_found()
    return redirect(url_for(_BACK.get(request.form.get("back", ""), _BACK["home"])), 303)
