"""Joining a group."""

from __future__ import annotations

from flask import Blueprint
from flask.typing import ResponseReturnValue

from learn import access
from learn.access import Learner

blueprint = Blueprint("membership", __name__)


@blueprint.get("/join")
@access.learner
def index(_who: Learner) -> ResponseReturnValue:
    """A box for the code."""
    access.not_found()


@blueprint.get("/join/<code>")
@access.learner
def join(_who: Learner, code: str) -> ResponseReturnValue:  # noqa: ARG001
    """What will be seen."""
    access.not_found()
