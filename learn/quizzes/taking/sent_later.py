"""Answers that were given without a network, and are sent by a script once it is back."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from functools import wraps
from typing import Concatenate, ParamSpec

from flask import jsonify, make_response, request
from flask.globals import request_ctx
from flask.typing import ResponseReturnValue
from werkzeug.exceptions import HTTPException, NotFound

from learn import access, extensions
from learn.access import Learner
from learn.owner_tokens import AnswerOwner, owner_of
from learn.quizzes import queries
from learn.quizzes.taking.forms import AnswerForm

P = ParamSpec("P")
_View = Callable[Concatenate[Learner, P], ResponseReturnValue]

_OUTCOMES = {303: "saved", 400: "again", 410: "gone", 422: "changed"}


def takes_later(view: _View[P]) -> _View[P]:
    """Decorate a view that records an answer: one with its owner's mark is answered as JSON.

    It is recorded for its owner only, who may have signed in meanwhile, and 409 for anybody else.
    The `outcome` says what happened: "saved"; "earlier", if another answer came first; "changed",
    if the question did; "gone", if it isn't asked anymore; or "again", if the token is not valid.
    """

    @wraps(view)
    def answered(who: Learner, /, *args: P.args, **kwargs: P.kwargs) -> ResponseReturnValue:
        mark = request.form.get("owner")
        if not mark:
            return view(who, *args, **kwargs)
        owner = owner_of(mark[:200], who)
        if owner is not AnswerOwner.YOU:
            return jsonify(owner=owner), 409
        try:
            response = make_response(view(who, *args, **kwargs))
        except NotFound:
            if not access.has_current_session(who):
                raise
            return jsonify(outcome="gone")
        outcome = _OUTCOMES.get(response.status_code)
        if outcome is None:
            return response
        if outcome == "saved" and not _is_as_sent(who, response.location or ""):
            outcome = "earlier"
        return jsonify(outcome=outcome, page=response.location)

    return answered


def _is_as_sent(who: Learner, page: str) -> bool:
    """Return whether the answer that the page shows is the one that was sent."""
    place = _place(page)
    attempt = (
        queries.attempt(extensions.read_session(), who.account, place[0], signed_in=who.session)
        if place and who.account
        else None
    )
    item = attempt.item(place[1]) if attempt and place else None
    return item is not None and item.response == AnswerForm().response.data


def _place(page: str) -> tuple[uuid.UUID, int] | None:
    """Return the attempt and position in the address of a question's page."""
    adapter = request_ctx.url_adapter
    try:
        found = adapter.match(page.removeprefix(request.script_root), "GET") if adapter else None
    except HTTPException:
        return None
    values = found[1] if found else {}
    return (values["attempt_id"], values["position"]) if "position" in values else None
