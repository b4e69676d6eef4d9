"""What to teach again, and the questions."""

from __future__ import annotations

from flask import Blueprint
from flask.typing import ResponseReturnValue

from learn import access
from learn.access import OwnGroup, Teacher

blueprint = Blueprint("results", __name__, url_prefix="/groups/<uuid:group_id>")


@blueprint.get("")
@access.group_educator
def index(_who: Teacher, _group: OwnGroup) -> ResponseReturnValue:
    """What to teach again."""
    access.not_found()


@blueprint.get("/questions")
@access.group_educator
def questions(_who: Teacher, _group: OwnGroup) -> ResponseReturnValue:
    """Item analysis."""
    access.not_found()
