"""The first page: what this is, and one button."""

from __future__ import annotations

from flask import Blueprint, render_template
from flask.typing import ResponseReturnValue

from learn import access, extensions
from learn.access import Learner
from learn.record import queries

blueprint = Blueprint("home", __name__)


@blueprint.get("/")
@access.learner
def index(who: Learner) -> ResponseReturnValue:
    """What this is in three lines; for somebody who comes back, where they were."""
    content = extensions.content()
    begun = None
    if who.account and who.known:
        begun = queries.latest_open(extensions.reading(), who.account)
    return render_template(
        "home/index.html",
        content=content,
        first=next(iter(content.lessons.values())),
        begun=begun,
        nickname=who.nickname,
    )
