"""A group's assignments: list, create, close, reopen, and print."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from datetime import date
from random import Random
from zoneinfo import ZoneInfo

import uuid_utils.compat
from flask import Blueprint, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from learn import access, extensions, rate_limits
from learn.access import EducatorIdentity, OwnGroup
from learn.access_log.actions import GROUP, AccessEvent
from learn.access_log.page_views import log_view, today
from learn.assignments import actions, contents, printing, queries
from learn.assignments.forms import LENGTHS, MAX_TITLE, AssignmentForm, FormError
from learn.editorial.availability import available_content
from learn.forms import checks_token
from learn.learner.group_assignments import GroupAssignment, get_assignment
from learn.throttling import paced, throttled

blueprint = Blueprint("assignments", __name__, url_prefix="/groups/<uuid:group_id>/assignments")


@blueprint.get("")
@access.group_educator
def index(who: EducatorIdentity, group: OwnGroup) -> ResponseReturnValue:
    """List the group's assignments and how many members have done them.

    Few may share by name, so what is shown of them is logged, once a day.
    """
    seen = AccessEvent(group.id, today(), who.name, GROUP)
    listing = queries.list_assignments(extensions.read_session(), group.id, seen)
    if listing.assignments:
        log_view(who, group.id, GROUP, listing.unlogged)
    return render_template(
        "assignments/index.html",
        group=group,
        listing=listing,
        content=extensions.content(),
        available=available_content(),
    )


@blueprint.get("/new")
@access.group_educator
def new(_who: EducatorIdentity, group: OwnGroup) -> ResponseReturnValue:
    """Show the form for a new assignment."""
    return _new_page(group, AssignmentForm(formdata=None))


@blueprint.post("")
@checks_token
@access.group_educator
@throttled(rate_limits.ASSIGNMENT)
def create(_who: EducatorIdentity, group: OwnGroup) -> ResponseReturnValue:
    """Create an assignment. Sending the form twice creates one."""
    form, content = AssignmentForm(), available_content()
    if errors := form.check(content, _today()):
        return _new_page(group, form, errors), 400 if FormError.EXPIRED in errors else 422
    if group.archived_at:
        return _new_page(group, form), 422
    new_id = form.id_or(uuid_utils.compat.uuid7())
    choice = contents.AssignmentChoice(
        form.kind.data,
        form.lessons(content),
        form.objectives(content),
        form.length.data or LENGTHS[0],
        fixed=form.fixed.data,
    )
    chosen = contents.select_contents(choice, content, Random(new_id.hex))  # noqa: S311 - not a secret
    if not chosen:
        return _new_page(group, form, [FormError.NO_QUESTIONS]), 422
    title = form.cleaned_title or contents.default_title(choice, content, MAX_TITLE)
    assignment = actions.NewAssignment(new_id, group.id, choice.kind, title, chosen, form.due_day)
    with extensions.transaction() as session:
        actions.create(session, assignment, access.now())
    return redirect(url_for("assignments.index", group_id=group.id, _anchor=f"a-{new_id.hex}"), 303)


@blueprint.post("/<uuid:assignment_id>/close")
@access.group_educator
def close(_who: EducatorIdentity, group: OwnGroup, assignment_id: uuid.UUID) -> ResponseReturnValue:
    """Close the assignment."""
    assignment = _assignment(group, assignment_id)
    with extensions.transaction() as session:
        actions.close(session, group.id, assignment.id, access.now())
    return redirect(
        url_for("assignments.index", group_id=group.id, _anchor=f"a-{assignment.id.hex}"), 303
    )


@blueprint.post("/<uuid:assignment_id>/reopen")
@access.group_educator
def reopen(
    _who: EducatorIdentity, group: OwnGroup, assignment_id: uuid.UUID
) -> ResponseReturnValue:
    """Reopen the assignment."""
    assignment = _assignment(group, assignment_id)
    with extensions.transaction() as session:
        actions.reopen(session, group.id, assignment.id)
    return redirect(
        url_for("assignments.index", group_id=group.id, _anchor=f"a-{assignment.id.hex}"), 303
    )


@blueprint.get("/<uuid:assignment_id>/quiz")
@access.group_educator
@paced(rate_limits.REPORT)
def quiz(_who: EducatorIdentity, group: OwnGroup, assignment_id: uuid.UUID) -> ResponseReturnValue:
    """Show the questions, to print."""
    return _printable(group, assignment_id, "assignments/quiz.html")


@blueprint.get("/<uuid:assignment_id>/key")
@access.group_educator
@paced(rate_limits.REPORT)
def key(_who: EducatorIdentity, group: OwnGroup, assignment_id: uuid.UUID) -> ResponseReturnValue:
    """Show the key, to print: what is right, and what the other answers reveal."""
    return _printable(group, assignment_id, "assignments/key.html")


def _printable(group: OwnGroup, assignment_id: uuid.UUID, template: str) -> ResponseReturnValue:
    assignment = _assignment(group, assignment_id)
    if not assignment.parts:
        access.not_found()
    quizzes = printing.quizzes(available_content(), assignment)
    return render_template(template, group=group, assignment=assignment, quizzes=quizzes)


def _assignment(group: OwnGroup, assignment_id: uuid.UUID) -> GroupAssignment:
    assignment = get_assignment(extensions.read_session(), group.id, assignment_id)
    return assignment or access.not_found()


def _today() -> date:
    return access.now().astimezone(ZoneInfo(extensions.settings().time_zone)).date()


def _new_page(group: OwnGroup, form: AssignmentForm, errors: Sequence[FormError] = ()) -> str:
    """Return the form with what was chosen so far."""
    return render_template(
        "assignments/new.html",
        group=group,
        form=form,
        content=available_content(),
        lengths=LENGTHS,
        max_length=MAX_TITLE,
        errors=[str(error) for error in errors],
        new_id=form.id_or(uuid_utils.compat.uuid7()).hex,
        today=_today(),
    )
