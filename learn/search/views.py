"""Search."""

from __future__ import annotations

from flask import Blueprint, render_template, request
from flask.blueprints import BlueprintSetupState
from flask.typing import ResponseReturnValue

from learn import access, extensions
from learn.access import Learner
from learn.learner.own_numbers import own_numbers
from learn.learner.question_left import question_left
from learn.outage import fallback_on_outage
from learn.search.index import MAX_QUERY
from learn.search.lookup import index_of_site, keep_index

blueprint = Blueprint("search", __name__)


@blueprint.record_once
def _make_index(state: BlueprintSetupState) -> None:
    keep_index(state.app.extensions, state.app.extensions["learn.content"])


def _page(who: Learner | None = None) -> ResponseReturnValue:
    """Return what was found, with the visitor's own numbers where it says to call."""
    found = index_of_site().search(request.args.get("q", ""))
    return render_template(
        "search/index.html",
        found=found,
        numbers=own_numbers(who) if who and found.is_urgent else None,
        longest=MAX_QUERY,
        content=extensions.content(),
        question_left=question_left(),
    )


@blueprint.get("/search")
@fallback_on_outage(_page, after=0.3)
@access.learner(checks_session_in_query=True)
def index(who: Learner) -> ResponseReturnValue:
    """Show what was found for the query. Nothing about it is kept or logged."""
    return _page(who)
