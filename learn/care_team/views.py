"""My questions for the care team."""

from __future__ import annotations

from flask import Blueprint, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from learn import access, extensions
from learn.access import Learner
from learn.care_team import actions, queries
from learn.care_team.forms import ObjectivesForm

blueprint = Blueprint("care_team", __name__, url_prefix="/care-team")


@blueprint.get("")
@access.learner
def index(who: Learner) -> ResponseReturnValue:
    """The sheet, to read, print and take along."""
    objectives = extensions.content().bank.objectives
    found = queries.sheet(extensions.reading(), who.account) if who.account and who.known else []
    return render_template(
        "care_team/index.html",
        objectives=[objectives[o] for o in found if o in objectives],
        asks=[lesson.ask for lesson in extensions.content().lessons.values()][:3],
    )


@blueprint.post("/add")
@access.learner
def add(who: Learner) -> ResponseReturnValue:
    """Put questions on the sheet."""
    wanted = [
        o
        for o in ObjectivesForm().objective.data or ()
        if o in extensions.content().bank.objectives
    ]
    if who.account and who.known and wanted:
        with extensions.writing() as session:
            actions.add(session, who.account, wanted, access.now())
    return redirect(url_for("care_team.index"), 303)


@blueprint.post("/remove")
@access.learner
def remove(who: Learner) -> ResponseReturnValue:
    """Take questions off the sheet."""
    if who.account and who.known:
        with extensions.writing() as session:
            for objective in ObjectivesForm().objective.data or ():
                actions.remove(session, who.account, objective)
    return redirect(url_for("care_team.index"), 303)
