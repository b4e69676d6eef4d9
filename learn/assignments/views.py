"""A group's assignments: list, look at first, create, change, copy, delete, close, and print."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from random import Random

import uuid_utils.compat
from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from learn import access, extensions, rate_limits
from learn.access import EducatorIdentity, OwnGroup
from learn.assignments import actions, contents, printing, queries
from learn.assignments.forms import (
    LENGTHS,
    MAX_TITLE,
    SOME,
    AssignmentForm,
    CopyForm,
    EditForm,
    FormError,
)
from learn.audit_log.actions import GROUP, AuditEvent
from learn.audit_log.page_views import log_view, today
from learn.editorial.availability import available_content
from learn.forms import checks_token
from learn.learner.group_assignments import GroupAssignment, get_assignment
from learn.models import AssignmentKind
from learn.throttling import paced, throttled

blueprint = Blueprint("assignments", __name__, url_prefix="/groups/<uuid:group_id>/assignments")


@blueprint.get("")
@access.group_educator
def index(who: EducatorIdentity, group: OwnGroup) -> ResponseReturnValue:
    """List the group's assignments and how many members have done them.

    Few may share by name, so what is shown of them is logged, once a day.
    """
    seen = AuditEvent(group.id, today(), who.name, GROUP)
    listing = queries.list_assignments(extensions.read_session(), group.id, seen)
    if listing.assignments:
        log_view(who, group.id, GROUP, listing.unlogged)
    return render_template(
        "assignments/index.html",
        group=group,
        listing=listing,
        content=extensions.content(),
        available=available_content(),
        done=request.args.get("done", ""),
    )


@blueprint.get("/new")
@access.group_educator
def new(_who: EducatorIdentity, group: OwnGroup) -> ResponseReturnValue:
    """Show the form for a new assignment, or for a quiz on the ideas in the query string."""
    form, counted = AssignmentForm(formdata=None), available_content().bank.counted
    if ideas := [o for o in request.args.getlist("objective") if o in counted]:
        form.kind.data, form.about.data = AssignmentKind.QUIZ, SOME
        form.objective.data, form.length.data = ideas, LENGTHS[0]
    return _new_page(group, form)


@blueprint.post("")
@checks_token
@access.group_educator
@throttled(rate_limits.ASSIGNMENT)
def create(_who: EducatorIdentity, group: OwnGroup) -> ResponseReturnValue:
    """Create an assignment. Sending the form twice creates one."""
    form, content = AssignmentForm(), available_content()
    new_id = form.id_or(uuid_utils.compat.uuid7())
    others = queries.other_titles(extensions.read_session(), group.id, new_id)
    if errors := form.check(content, others, today()):
        return _new_page(group, form, errors), 400 if FormError.EXPIRED in errors else 422
    if group.archived_at:
        return _new_page(group, form), 422
    if form.change.data:
        return _new_page(group, form)
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
    chosen = contents.with_others(chosen, form.swaps, content)
    title = form.cleaned_title or contents.distinct_title(
        contents.default_title(choice, content, MAX_TITLE), others, MAX_TITLE
    )
    if form.preview.data or form.swap_now.data:
        looked_at = GroupAssignment(
            new_id, choice.kind, title, chosen, form.due_day, access.now(), None
        )
        return _preview(group, looked_at, form)
    assignment = actions.NewAssignment(new_id, group.id, choice.kind, title, chosen, form.due_day)
    with extensions.transaction() as session:
        actions.create(session, assignment, access.now())
    return redirect(url_for("assignments.index", group_id=group.id, _anchor=f"a-{new_id.hex}"), 303)


@blueprint.get("/<uuid:assignment_id>/preview")
@access.group_educator
@paced(rate_limits.REPORT)
def preview(
    _who: EducatorIdentity, group: OwnGroup, assignment_id: uuid.UUID
) -> ResponseReturnValue:
    """Show what members are asked, with the answers folded away."""
    return _preview(group, _assignment(group, assignment_id))


@blueprint.get("/<uuid:assignment_id>/edit")
@access.group_educator
def edit(_who: EducatorIdentity, group: OwnGroup, assignment_id: uuid.UUID) -> ResponseReturnValue:
    """Show the form to change title and date."""
    assignment, form = _assignment(group, assignment_id), EditForm(formdata=None)
    form.title.data = assignment.title
    form.due_on.data = assignment.due_on.isoformat() if assignment.due_on else ""
    return _details_page("assignments/edit.html", group, assignment, form)


@blueprint.post("/<uuid:assignment_id>/edit")
@checks_token
@access.group_educator
def save(_who: EducatorIdentity, group: OwnGroup, assignment_id: uuid.UUID) -> ResponseReturnValue:
    """Change title and date."""
    assignment, form = _assignment(group, assignment_id), EditForm()
    others = queries.other_titles(extensions.read_session(), group.id, assignment.id)
    if errors := form.check(others, today(), assignment.due_on):
        page = _details_page("assignments/edit.html", group, assignment, form, errors)
        return page, 400 if FormError.EXPIRED in errors else 422
    with extensions.transaction() as session:
        actions.edit(session, group.id, assignment.id, form.cleaned_title, form.due_day)
    return _to_assignment(group.id, assignment.id, "saved")


@blueprint.get("/<uuid:assignment_id>/copy")
@access.group_educator
def copy(who: EducatorIdentity, group: OwnGroup, assignment_id: uuid.UUID) -> ResponseReturnValue:
    """Show the form for a copy, in this group or another one."""
    assignment, form = _assignment(group, assignment_id), CopyForm(formdata=None)
    others = queries.other_titles(extensions.read_session(), group.id)
    form.title.data = contents.distinct_title(assignment.title, others, MAX_TITLE)
    form.group.data = group.id.hex
    return _copy_page(who, group, assignment, form)


@blueprint.post("/<uuid:assignment_id>/copy")
@checks_token
@access.group_educator
@throttled(rate_limits.ASSIGNMENT)
def save_copy(
    who: EducatorIdentity, group: OwnGroup, assignment_id: uuid.UUID
) -> ResponseReturnValue:
    """Copy the assignment, with the same questions. Sending the form twice makes one copy."""
    assignment, form = _assignment(group, assignment_id), CopyForm()
    new_id, session = form.id_or(uuid_utils.compat.uuid7()), extensions.read_session()
    groups = {one.hex: one for one, _name in queries.groups_to_copy_to(session, who.account)}
    if form.group.data not in groups:
        return _copy_page(who, group, assignment, form, [FormError.UNKNOWN]), 422
    target = groups[form.group.data]
    if errors := form.check(queries.other_titles(session, target, new_id), today()):
        page = _copy_page(who, group, assignment, form, errors)
        return page, 400 if FormError.EXPIRED in errors else 422
    new = actions.NewAssignment(
        new_id, target, assignment.kind, form.cleaned_title, assignment.contents, form.due_day
    )
    with extensions.transaction() as writing:
        actions.create(writing, new, access.now())
    return _to_assignment(target, new_id, "copied")


@blueprint.get("/<uuid:assignment_id>/delete")
@access.group_educator
def delete(
    _who: EducatorIdentity, group: OwnGroup, assignment_id: uuid.UUID
) -> ResponseReturnValue:
    """Show what it means to delete an assignment, before doing it."""
    assignment = _assignment(group, assignment_id)
    return render_template("assignments/delete.html", group=group, assignment=assignment)


@blueprint.post("/<uuid:assignment_id>/delete")
@access.group_educator
def delete_now(
    _who: EducatorIdentity, group: OwnGroup, assignment_id: uuid.UUID
) -> ResponseReturnValue:
    """Delete the assignment."""
    assignment = _assignment(group, assignment_id)
    with extensions.transaction() as session:
        actions.remove(session, group.id, assignment.id)
    return redirect(url_for("assignments.index", group_id=group.id, done="deleted"), 303)


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
    content = available_content()
    return render_template(
        template,
        group=group,
        assignment=assignment,
        quizzes=printing.quizzes(content, assignment),
        content=content,
    )


def _preview(
    group: OwnGroup, assignment: GroupAssignment, form: AssignmentForm | None = None
) -> str:
    """Return the page of what is asked; with a `form`, of an assignment that isn't there yet."""
    content = available_content()
    quizzes = printing.quizzes(content, assignment)
    return render_template(
        "assignments/preview.html",
        group=group,
        assignment=assignment,
        content=content,
        quizzes=quizzes,
        unasked=contents.unasked(content, form.lessons(content), quizzes) if form else (),
        lessons=[
            content.lessons[id_]
            for id_ in assignment.contents.get("lessons", ())
            if id_ in content.lessons
        ],
        form=form,
        can_swap=contents.can_swap(assignment.contents, form.swaps, content) if form else (),
    )


def _details_page(
    template: str,
    group: OwnGroup,
    assignment: GroupAssignment,
    form: EditForm | CopyForm,
    errors: Sequence[FormError] = (),
    **more: object,
) -> str:
    return render_template(
        template,
        group=group,
        assignment=assignment,
        form=form,
        max_length=MAX_TITLE,
        errors=[str(error) for error in errors],
        today=today(),
        **more,
    )


def _copy_page(
    who: EducatorIdentity,
    group: OwnGroup,
    assignment: GroupAssignment,
    form: CopyForm,
    errors: Sequence[FormError] = (),
) -> str:
    return _details_page(
        "assignments/copy.html",
        group,
        assignment,
        form,
        errors,
        groups=queries.groups_to_copy_to(extensions.read_session(), who.account),
        new_id=form.id_or(uuid_utils.compat.uuid7()).hex,
    )


def _to_assignment(group: uuid.UUID, assignment: uuid.UUID, done: str) -> ResponseReturnValue:
    """Redirect to the page of the assignment, which says what was done."""
    page = url_for("results.assignment", group_id=group, assignment_id=assignment, done=done)
    return redirect(page, 303)


def _assignment(group: OwnGroup, assignment_id: uuid.UUID) -> GroupAssignment:
    assignment = get_assignment(extensions.read_session(), group.id, assignment_id)
    return assignment or access.not_found()


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
        today=today(),
    )
