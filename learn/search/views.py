"""Search."""

from __future__ import annotations

from flask import Blueprint, current_app, render_template, request
from flask.blueprints import BlueprintSetupState
from flask.typing import ResponseReturnValue

from learn import access, extensions
from learn.learner.question_left import question_left
from learn.library.content import Content
from learn.search.index import MAX_QUERY, SearchIndex

_KEY = "learn.search"

blueprint = Blueprint("search", __name__)


def make_index(content: Content) -> tuple[Content, SearchIndex]:
    """Return the index of the content, with the content that it is of."""
    return content, SearchIndex(content)


def _index() -> SearchIndex:
    """Return the index that was made at the start, or another if the content was replaced."""
    content = extensions.content()
    made: tuple[Content, SearchIndex] | None = current_app.extensions.get(_KEY)
    if made is None or made[0] is not content:
        made = current_app.extensions[_KEY] = make_index(content)
    return made[1]


@blueprint.record_once
def _make_index(state: BlueprintSetupState) -> None:
    state.app.extensions[_KEY] = make_index(state.app.extensions["learn.content"])


@blueprint.get("/search")
@access.anyone
def index() -> ResponseReturnValue:
    """Show what was found for the query. Nothing about it is kept or logged."""
    found = _index().search(request.args.get("q", ""))
    return render_template(
        "search/index.html",
        found=found,
        longest=MAX_QUERY,
        content=extensions.content(),
        question_left=question_left(),
    )
