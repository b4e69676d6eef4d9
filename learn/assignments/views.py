"""Assignments."""

from __future__ import annotations

from flask import Blueprint
from flask.typing import ResponseReturnValue

from learn import access
from learn.access import OwnGroup, Teacher

blueprint = Blueprint("assignments", __name__, url_prefix="/groups/<uuid:group_id>")


@blueprint.get("/assignments")
@access.group_educator
def index(_who: Teacher, _group: OwnGroup) -> ResponseReturnValue:
    """What the group is asked to do."""
    access.not_found()
