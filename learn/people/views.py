"""Learners and what they understand."""

from __future__ import annotations

from flask import Blueprint
from flask.typing import ResponseReturnValue

from learn import access
from learn.access import OwnGroup, Teacher

blueprint = Blueprint("people", __name__, url_prefix="/groups/<uuid:group_id>")


@blueprint.get("/people")
@access.group_educator
def index(_who: Teacher, _group: OwnGroup) -> ResponseReturnValue:
    """Learners and objectives."""
    access.not_found()


@blueprint.get("/before-and-after")
@access.group_educator
def before_and_after(_who: Teacher, _group: OwnGroup) -> ResponseReturnValue:
    """Before and after."""
    access.not_found()
