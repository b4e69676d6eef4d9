"""Typing in what people marked on their papers, and changing or deleting one that is saved."""

from __future__ import annotations

import re
import uuid
from collections.abc import Sequence
from dataclasses import dataclass

import uuid_utils.compat
from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from learn import access, extensions, rate_limits
from learn.access import EducatorIdentity, OwnGroup
from learn.forms import checks_token
from learn.paper import actions, alike, blueprint, queries
from learn.paper.actions import MAX_PAPERS, SaveResult, SaveState
from learn.paper.forms import FIRST_ROWS, MAX_ROWS, GridForm, TypedRow, empty_rows, form_id
from learn.paper.letters import GridCell, written
from learn.paper.pages import (
    EXPIRED,
    PrintedSitting,
    address_of,
    find_sitting,
    sitting_or_404,
    sitting_page,
)
from learn.paper.printed import PaperItem
from learn.paper.queries import Paper
from learn.throttling import paced, throttled

_NOTHING = "nothing"
_UNREADABLE = "unreadable"
_TOO_MANY_ROWS = "rows"
_READABLE = "readable"


@dataclass(frozen=True, slots=True)
class SameRows:
    """Rows with the same letters, by their lines, and lines with the number of such a paper."""

    rows: tuple[tuple[int, ...], ...] = ()
    saved: tuple[tuple[int, int], ...] = ()


@blueprint.get("/<uuid:sitting_id>/papers")
@access.group_educator
@paced(rate_limits.REPORT)
def type_in(_who: EducatorIdentity, group: OwnGroup, sitting_id: uuid.UUID) -> ResponseReturnValue:
    """Show rows to type papers into.

    The form's id stands in the address, so that Back leads to the same form with what was typed.
    `rows` asks for more rows, for a draft that a script kept.
    """
    found, batch = sitting_or_404(group, sitting_id), form_id(request.args.get("form"))
    if batch is None or queries.is_saved(extensions.read_session(), sitting_id, batch):
        batch = uuid_utils.compat.uuid7()
        address = url_for("paper.type_in", group_id=group.id, sitting_id=sitting_id, form=batch.hex)
        return redirect(address, 302)
    wanted = request.args.get("rows", "")
    rows = min(int(wanted), MAX_ROWS) if re.fullmatch("[1-9][0-9]{0,3}", wanted) else 0
    return _grid_page(group, found, empty_rows(found.items, 1, max(rows, FIRST_ROWS)), batch)


@blueprint.post("/<uuid:sitting_id>/papers")
@checks_token
@access.group_educator
@throttled(rate_limits.PAPER)
def save(_who: EducatorIdentity, group: OwnGroup, sitting_id: uuid.UUID) -> ResponseReturnValue:
    """Save the papers that were typed in, once; or show what has to be looked at first."""
    form, found = GridForm(), find_sitting(group, sitting_id)
    if found is None:
        return _gone_page(group, form), 404
    rows, batch = form.typed(found.items), form.id_or(uuid_utils.compat.uuid7())
    if not form.has_valid_token:
        return _grid_page(group, found, rows, batch, EXPIRED), 400
    if form.more.data:
        last = rows[-1].line if rows else 0
        rows += empty_rows(found.items, last + 1, min(FIRST_ROWS, max(MAX_ROWS - last, 0)))
        return _grid_page(group, found, rows, batch, focus=last + 1)
    if problem := _problem(rows):
        return _grid_page(group, found, rows, batch, problem), 422
    if form.check.data:
        return _grid_page(group, found, rows, batch, _READABLE)
    return _save(group, found, form, rows, batch)


def _save(
    group: OwnGroup,
    found: PrintedSitting,
    form: GridForm,
    rows: Sequence[TypedRow],
    batch: uuid.UUID,
) -> ResponseReturnValue:
    """Save rows that can be read, and return what that leads to."""
    sitting_id, anyway = found.sitting.id, bool(form.anyway.data)
    lines = [row.as_line() for row in rows if not row.is_empty]
    result = extensions.run_write(
        lambda session: actions.save(session, sitting_id, batch, lines, access.now(), anyway=anyway)
    )
    if result.state in {SaveState.SAVED, SaveState.ALREADY}:
        return redirect(address_of(group, sitting_id, saved=f"{result.first}-{result.last}"), 303)
    if result.state is SaveState.GONE:
        return _gone_page(group, form), 404
    if result.state is SaveState.CHANGED:  # what is left gets another id, or is never saved
        rows = [row for row in rows if row.line not in result.lines]
        batch = uuid_utils.compat.uuid7()
    page = _grid_page(group, found, rows, batch, result.state, result=result)
    return page, 409


@blueprint.get("/<uuid:sitting_id>/papers/<int(max=99999):paper_number>")
@access.group_educator
@paced(rate_limits.REPORT)
def edit(
    _who: EducatorIdentity, group: OwnGroup, sitting_id: uuid.UUID, paper_number: int
) -> ResponseReturnValue:
    """Show a paper's row, to change it."""
    found = sitting_or_404(group, sitting_id)
    sheet = _sheet(sitting_id, paper_number)
    return _sheet_page(group, found, sheet, _row_of(found.items, sheet))


@blueprint.post("/<uuid:sitting_id>/papers/<int(max=99999):paper_number>")
@checks_token
@access.group_educator
def change(
    _who: EducatorIdentity, group: OwnGroup, sitting_id: uuid.UUID, paper_number: int
) -> ResponseReturnValue:
    """Change a paper, unless somebody else did since it was shown."""
    form, found = GridForm(), find_sitting(group, sitting_id)
    sheet = queries.sheet(extensions.read_session(), sitting_id, paper_number) if found else None
    if found is None or sheet is None:
        return _gone_page(group, form, found), 404
    row = next(iter(form.typed(found.items)), None) or _row_of(found.items, sheet)
    if not form.has_valid_token:
        return _sheet_page(group, found, sheet, row, EXPIRED, form.revision_number), 400
    if row.problems:
        return _sheet_page(group, found, sheet, row, _UNREADABLE, form.revision_number), 422
    answers = row.as_line().answers
    state = extensions.run_write(
        lambda session: actions.change(
            session, sitting_id, paper_number, answers, form.revision_number
        )
    )
    if state in {SaveState.SAVED, SaveState.ALREADY}:
        return redirect(address_of(group, sitting_id, changed=paper_number), 303)
    if state is SaveState.GONE:
        return _gone_page(group, form, found), 404
    now = _sheet(sitting_id, paper_number)
    return _sheet_page(group, found, now, row, SaveState.STALE), 409


@blueprint.get("/<uuid:sitting_id>/papers/<int(max=99999):paper_number>/delete")
@access.group_educator
def remove(
    _who: EducatorIdentity, group: OwnGroup, sitting_id: uuid.UUID, paper_number: int
) -> ResponseReturnValue:
    """Ask whether to delete a paper."""
    found, sheet = sitting_or_404(group, sitting_id), _sheet(sitting_id, paper_number)
    row = _row_of(found.items, sheet)
    return sitting_page("paper/remove.html", group, found, sheet=sheet, row=row)


@blueprint.post("/<uuid:sitting_id>/papers/<int(max=99999):paper_number>/delete")
@access.group_educator
def remove_now(
    _who: EducatorIdentity, group: OwnGroup, sitting_id: uuid.UUID, paper_number: int
) -> ResponseReturnValue:
    """Delete a paper. Sending it twice does nothing more."""
    sitting_or_404(group, sitting_id)
    with extensions.transaction() as session:
        actions.remove_sheet(session, sitting_id, paper_number)
    return redirect(address_of(group, sitting_id, done="removed"), 303)


def _sheet(sitting_id: uuid.UUID, number: int) -> Paper:
    return queries.sheet(extensions.read_session(), sitting_id, number) or access.not_found()


def _problem(rows: Sequence[TypedRow]) -> str:
    """Return why nothing can be saved yet; empty if it can."""
    papers = [row for row in rows if not row.is_empty]
    if not papers:
        return _NOTHING
    if any(row.problems for row in papers):
        return _UNREADABLE
    return _TOO_MANY_ROWS if len(papers) > MAX_ROWS else ""


def _row_of(items: Sequence[PaperItem], sheet: Paper) -> TypedRow:
    """Return the row of a paper, as it would be typed."""
    cells = (
        GridCell(written(sheet.response(i.number), i.question, i.shown))
        if i.question
        else GridCell()
        for i in items
    )
    return TypedRow(1, tuple(cells))


def _grid_page(  # noqa: PLR0913 - all of that differs
    group: OwnGroup,
    found: PrintedSitting,
    rows: Sequence[TypedRow],
    batch: uuid.UUID,
    said: str = "",
    *,
    focus: int = 0,
    result: SaveResult | None = None,
) -> str:
    """Return the grid with everything that was typed, and what is `said` above it."""
    papers = [row for row in rows if not row.is_empty]
    same = _same(found.sitting.id, papers) if said == _READABLE else SameRows()
    return sitting_page(
        "paper/papers.html",
        group,
        found,
        rows=rows,
        new_id=batch.hex,
        said=str(said),
        result=result,
        focus=focus,
        papers=len(papers),
        same=same,
        problems=sum(row.problems for row in papers),
        last_line=max((row.line for row in rows), default=0),
        more=FIRST_ROWS,
        max_rows=MAX_ROWS,
        max_papers=MAX_PAPERS,
    )


def _same(sitting: uuid.UUID, papers: Sequence[TypedRow]) -> SameRows:
    """Return which of the rows have the same letters as others, or as a paper that is saved."""
    lines = [(paper.line, paper.as_line().answers) for paper in papers]
    known = queries.sheets(extensions.read_session(), sitting)
    saved = (
        (line, next((sheet.number for sheet in known if sheet.answers == answers), 0))
        for line, answers in lines
        if answers
    )
    return SameRows(alike.same(lines), tuple(found for found in saved if found[1]))


def _sheet_page(  # noqa: PLR0913, PLR0917 - all of that differs
    group: OwnGroup,
    found: PrintedSitting,
    sheet: Paper,
    row: TypedRow,
    said: str = "",
    revision: int | None = None,
) -> str:
    """Return the page of one paper, with its row as it was typed."""
    return sitting_page(
        "paper/edit.html",
        group,
        found,
        sheet=sheet,
        row=row,
        said=str(said),
        stored=_row_of(found.items, sheet),
        revision=sheet.revision if revision is None else revision,
    )


def _gone_page(group: OwnGroup, form: GridForm, found: PrintedSitting | None = None) -> str:
    """Return what was typed for papers that somebody else has deleted."""
    return render_template("paper/gone.html", group=group, found=found, lines=form.as_sent)
