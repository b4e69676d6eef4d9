"""Search."""

from __future__ import annotations

from flask import Blueprint, render_template, request
from flask.blueprints import BlueprintSetupState
from flask.typing import ResponseReturnValue

from learn import access, extensions
from learn.learner.question_left import question_left
from learn.search.index import MAX_QUERY
from learn.search.lookup import index_of_site, keep_index

blueprint = Blueprint("search", __name__)


@blueprint.record_once
def _make_index(state: BlueprintSetupState) -> None:
    keep_index(state.app.extensions, state.app.extensions["learn.content"])


@blueprint.get("/search")
@access.anyone
def index() -> ResponseReturnValue:
    """Show what was found for the query. Nothing about it is kept or logged."""
    found = index_of_site().search(request.args.get("q", ""))
    return render_template(
        "search/index.html",
        found=found,
        longest=MAX_QUERY,
        content=extensions.content(),
        question_left=question_left(),
    )
