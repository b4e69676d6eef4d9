"""Quizzes on paper: list a group's sittings, make one, print it, and delete it."""

from __future__ import annotations

import secrets
import uuid
from collections.abc import Iterator
from dataclasses import replace

import uuid_utils.compat
from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from learn import access, extensions, rate_limits
from learn.access import EducatorIdentity, OwnGroup
from learn.editorial.availability import available_content
from learn.forms import checks_token
from learn.learner.quiz_refs import AFTER_PART, BEFORE_PART
from learn.messages import gettext as _
from learn.paper import actions, blueprint, printed, queries, report_pages, typing_in
from learn.paper.actions import MAX_SITTINGS, NewSitting
from learn.paper.forms import SittingForm
from learn.paper.pages import EXPIRED, address_of, sitting_or_404, sitting_page
from learn.paper.printed import PaperSource
from learn.throttling import paced, throttled

__all__ = ["blueprint", "report_pages", "typing_in"]

_NOTHING = "nothing"


@blueprint.get("")
@access.group_educator
def index(_who: EducatorIdentity, group: OwnGroup) -> ResponseReturnValue:
    """List the group's sittings, and the quizzes that can be printed."""
    return _index_page(group, SittingForm(formdata=None))


@blueprint.post("")
@checks_token
@access.group_educator
@throttled(rate_limits.PAPER)
def create(_who: EducatorIdentity, group: OwnGroup) -> ResponseReturnValue:
    """Make a sitting of a quiz. Sending the form twice makes one."""
    form = SittingForm()
    new_id = form.id_or(uuid_utils.compat.uuid7())
    if not form.has_valid_token:
        return _index_page(group, form, EXPIRED), 400
    if group.archived_at:
        return _index_page(group, form), 422
    found = next((s for s in _sources(group, new_id) if s.value == form.source.data), None)
    if found is None:
        return _index_page(group, form, _NOTHING), 422
    new = NewSitting(new_id, group.id, found.title, found.versions, found.left_out)
    is_made = extensions.run_write(
        lambda session: actions.create(session, new, _random_numbers(), access.now())
    )
    if not is_made:
        return _index_page(group, form, "full"), 422
    return redirect(address_of(group, new_id), 303)


@blueprint.get("/<uuid:sitting_id>/quiz")
@access.group_educator
@paced(rate_limits.REPORT)
def quiz(_who: EducatorIdentity, group: OwnGroup, sitting_id: uuid.UUID) -> ResponseReturnValue:
    """Show the paper, to print."""
    return sitting_page("paper/quiz.html", group, sitting_or_404(group, sitting_id))


@blueprint.get("/<uuid:sitting_id>/key")
@access.group_educator
@paced(rate_limits.REPORT)
def key(_who: EducatorIdentity, group: OwnGroup, sitting_id: uuid.UUID) -> ResponseReturnValue:
    """Show the key, to print."""
    return sitting_page("paper/key.html", group, sitting_or_404(group, sitting_id))


@blueprint.get("/<uuid:sitting_id>/delete")
@access.group_educator
def delete(_who: EducatorIdentity, group: OwnGroup, sitting_id: uuid.UUID) -> ResponseReturnValue:
    """Show what it means to delete a sitting, before doing it."""
    found = sitting_or_404(group, sitting_id)
    papers = queries.count(extensions.read_session(), sitting_id)
    return sitting_page("paper/delete.html", group, found, papers=papers)


@blueprint.post("/<uuid:sitting_id>/delete")
@access.group_educator
def delete_now(
    _who: EducatorIdentity, group: OwnGroup, sitting_id: uuid.UUID
) -> ResponseReturnValue:
    """Delete a sitting with its papers. Sending it twice does nothing more."""
    with extensions.transaction() as session:
        actions.remove(session, group.id, sitting_id)
    return redirect(url_for("paper.index", group_id=group.id, done="deleted"), 303)


def _sources(group: OwnGroup, sitting_id: uuid.UUID) -> tuple[PaperSource, ...]:
    content = available_content()
    assignments = queries.assignments(extensions.read_session(), group.id)
    assigned = printed.of_assignments(content, assignments)
    return (
        *(replace(source, title=_titled(source)) for source in assigned),
        *printed.of_lessons(content, sitting_id),
    )


def _titled(source: PaperSource) -> str:
    """Return the title of an assignment's quiz, with its part if it has two."""
    return {
        BEFORE_PART: _("%(title)s (before)", title=source.title),
        AFTER_PART: _("%(title)s (after)", title=source.title),
    }.get(source.part, source.title)


def _random_numbers() -> Iterator[int]:
    """Four digits, so that papers of another sitting are hardly ever taken for this one's."""
    while True:
        yield 1000 + secrets.randbelow(9000)


def _index_page(group: OwnGroup, form: SittingForm, error: str = "") -> str:
    new_id = form.id_or(uuid_utils.compat.uuid7())
    sources = _sources(group, new_id)
    return render_template(
        "paper/index.html",
        group=group,
        content=extensions.content(),
        sittings=queries.sittings(extensions.read_session(), group.id),
        assigned=[s for s in sources if s.value.startswith("assignment-")],
        lessons=[s for s in sources if s.value.startswith("lesson-")],
        chosen=form.source.data or request.args.get("source", ""),
        new_id=new_id.hex,
        error=error,
        done=request.args.get("done", ""),
        maximum=MAX_SITTINGS,
    )
