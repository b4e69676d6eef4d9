"""What an educator asks of a group, how far it has come, and the same on paper."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from datetime import date
from random import Random
from zoneinfo import ZoneInfo

import uuid_utils.compat
from flask import Blueprint, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from learn import access, extensions
from learn.access import EducatorIdentity, OwnGroup
from learn.assignments import actions, choosing, paper, queries
from learn.assignments.forms import LENGTHS, LONGEST, NewForm, Trouble
from learn.forms import checks_token
from learn.review.offer import offered

blueprint = Blueprint("assignments", __name__, url_prefix="/groups/<uuid:group_id>/assignments")


@blueprint.get("")
@access.group_educator
def index(_who: EducatorIdentity, group: OwnGroup) -> ResponseReturnValue:
    """What the group is asked to do, and how many have done it."""
    return render_template(
        "assignments/index.html",
        group=group,
        found=queries.listing(extensions.read_session(), group.id),
        content=extensions.content(),
        offered=offered(),
    )


@blueprint.get("/new")
@access.group_educator
def new(_who: EducatorIdentity, group: OwnGroup) -> ResponseReturnValue:
    """Choose what the group is to do."""
    return _new_page(group, NewForm(formdata=None))


@blueprint.post("")
@checks_token
@access.group_educator
def make(_who: EducatorIdentity, group: OwnGroup) -> ResponseReturnValue:
    """Ask it of the group; sent again, it is the same one."""
    form, content = NewForm(), offered()
    if troubles := form.troubles(content, _today()):
        return _new_page(group, form, troubles), 400 if Trouble.EXPIRED in troubles else 422
    if group.archived_at:
        return _new_page(group, form), 422
    own = form.number(uuid_utils.compat.uuid7())
    choice = choosing.Choice(
        form.kind.data,
        form.lessons(content),
        form.objectives(content),
        form.length.data or LENGTHS[0],
        fixed=form.fixed.data,
    )
    what = choosing.what(choice, content, Random(own.hex))  # noqa: S311 - not a secret
    if not what:
        return _new_page(group, form, [Trouble.NO_QUESTIONS]), 422
    title = form.name or choosing.title(choice, content, LONGEST)
    asked = actions.New(own, group.id, choice.kind, title, what, form.day)
    with extensions.transaction() as session:
        actions.make(session, asked, access.now())
    return redirect(url_for("assignments.index", group_id=group.id, _anchor=f"a-{own.hex}"), 303)


@blueprint.post("/<uuid:assignment_id>/close")
@access.group_educator
def close(_who: EducatorIdentity, group: OwnGroup, assignment_id: uuid.UUID) -> ResponseReturnValue:
    """Let nobody begin it any more."""
    own = _own(group, assignment_id)
    with extensions.transaction() as session:
        actions.close(session, group.id, own.id, access.now())
    return redirect(url_for("assignments.index", group_id=group.id, _anchor=f"a-{own.id.hex}"), 303)


@blueprint.post("/<uuid:assignment_id>/reopen")
@access.group_educator
def reopen(
    _who: EducatorIdentity, group: OwnGroup, assignment_id: uuid.UUID
) -> ResponseReturnValue:
    """Ask it of the group again."""
    own = _own(group, assignment_id)
    with extensions.transaction() as session:
        actions.reopen(session, group.id, own.id)
    return redirect(url_for("assignments.index", group_id=group.id, _anchor=f"a-{own.id.hex}"), 303)


@blueprint.get("/<uuid:assignment_id>/quiz")
@access.group_educator
def quiz(_who: EducatorIdentity, group: OwnGroup, assignment_id: uuid.UUID) -> ResponseReturnValue:
    """Its questions, to print."""
    return _printable(group, assignment_id, "assignments/quiz.html")


@blueprint.get("/<uuid:assignment_id>/key")
@access.group_educator
def key(_who: EducatorIdentity, group: OwnGroup, assignment_id: uuid.UUID) -> ResponseReturnValue:
    """The key to its questions, to print: what is right, and what the other answers tell."""
    return _printable(group, assignment_id, "assignments/key.html")


def _printable(group: OwnGroup, assignment_id: uuid.UUID, template: str) -> ResponseReturnValue:
    own = _own(group, assignment_id)
    if not own.parts:
        access.not_found()
    found = paper.sheets(offered(), own)
    return render_template(template, group=group, task=own, sheets=found)


def _own(group: OwnGroup, assignment_id: uuid.UUID) -> queries.GroupTask:
    found = queries.one(extensions.read_session(), group.id, assignment_id)
    return found or access.not_found()


def _today() -> date:
    return access.now().astimezone(ZoneInfo(extensions.settings().time_zone)).date()


def _new_page(group: OwnGroup, form: NewForm, troubles: Sequence[Trouble] = ()) -> str:
    """The choices, as they were made so far."""
    return render_template(
        "assignments/new.html",
        group=group,
        form=form,
        content=offered(),
        lengths=LENGTHS,
        longest=LONGEST,
        troubles=[str(t) for t in troubles],
        own=form.number(uuid_utils.compat.uuid7()).hex,
        today=_today(),
    )
