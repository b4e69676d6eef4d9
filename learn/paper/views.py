"""Routes of quizzes on paper: print one, type in what people marked, and see how it went."""

from __future__ import annotations

import re
import secrets
import uuid
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from zoneinfo import ZoneInfo

import uuid_utils.compat
from flask import Blueprint, Response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from learn import access, extensions, rate_limits
from learn.access import EducatorIdentity, OwnGroup
from learn.editorial.availability import available_content
from learn.forms import checks_token
from learn.learner.quiz_refs import AFTER_PART, BEFORE_PART
from learn.messages import gettext as _
from learn.paper import actions, alike, export, printed, queries
from learn.paper.actions import MAX_PAPERS, MAX_SITTINGS, NewSitting, SaveResult, SaveState
from learn.paper.forms import (
    FIRST_ROWS,
    MAX_ROWS,
    GridForm,
    SittingForm,
    TypedRow,
    empty_rows,
    form_id,
)
from learn.paper.letters import GridCell, written
from learn.paper.printed import PaperItem, PaperSource
from learn.paper.queries import Paper, Sitting
from learn.paper.results import PaperReport, report_of
from learn.results.question_list import FEW
from learn.spreadsheets import as_csv, attachment
from learn.throttling import paced, throttled
from learn.versions import queries as versions

blueprint = Blueprint("paper", __name__, url_prefix="/groups/<uuid:group_id>/paper")

_EXPIRED = "expired"
_NOTHING = "nothing"
_UNREADABLE = "unreadable"
_TOO_MANY_ROWS = "rows"
_READABLE = "readable"
_SAVED = re.compile(r"([1-9][0-9]{0,4})-([1-9][0-9]{0,4})")


@dataclass(frozen=True, slots=True)
class PrintedSitting:
    """A sitting with its questions as they were printed."""

    sitting: Sitting
    items: tuple[PaperItem, ...]


@dataclass(frozen=True, slots=True)
class SameRows:
    """Rows with the same letters, by their lines, and lines with the number of such a paper."""

    rows: tuple[tuple[int, ...], ...] = ()
    saved: tuple[tuple[int, int], ...] = ()


# Printing


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
        return _index_page(group, form, _EXPIRED), 400
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
    return redirect(_address(group, new_id), 303)


@blueprint.get("/<uuid:sitting_id>/quiz")
@access.group_educator
@paced(rate_limits.REPORT)
def quiz(_who: EducatorIdentity, group: OwnGroup, sitting_id: uuid.UUID) -> ResponseReturnValue:
    """Show the paper, to print."""
    return _page("paper/quiz.html", group, _printed(group, sitting_id))


@blueprint.get("/<uuid:sitting_id>/key")
@access.group_educator
@paced(rate_limits.REPORT)
def key(_who: EducatorIdentity, group: OwnGroup, sitting_id: uuid.UUID) -> ResponseReturnValue:
    """Show the key, to print."""
    return _page("paper/key.html", group, _printed(group, sitting_id))


# Typing in


@blueprint.get("/<uuid:sitting_id>/papers")
@access.group_educator
@paced(rate_limits.REPORT)
def type_in(_who: EducatorIdentity, group: OwnGroup, sitting_id: uuid.UUID) -> ResponseReturnValue:
    """Show rows to type papers into.

    The form's id stands in the address, so that Back leads to the same form with what was typed.
    `rows` asks for more rows, for a draft that a script kept.
    """
    found, batch = _printed(group, sitting_id), form_id(request.args.get("form"))
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
    form, found = GridForm(), _find(group, sitting_id)
    if found is None:
        return _gone_page(group, form), 404
    rows, batch = form.typed(found.items), form.id_or(uuid_utils.compat.uuid7())
    if not form.has_valid_token:
        return _grid_page(group, found, rows, batch, _EXPIRED), 400
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
        return redirect(_address(group, sitting_id, saved=f"{result.first}-{result.last}"), 303)
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
    found = _printed(group, sitting_id)
    sheet = _sheet(sitting_id, paper_number)
    return _sheet_page(group, found, sheet, _row_of(found.items, sheet))


@blueprint.post("/<uuid:sitting_id>/papers/<int(max=99999):paper_number>")
@checks_token
@access.group_educator
def change(
    _who: EducatorIdentity, group: OwnGroup, sitting_id: uuid.UUID, paper_number: int
) -> ResponseReturnValue:
    """Change a paper, unless somebody else did since it was shown."""
    form, found = GridForm(), _find(group, sitting_id)
    sheet = queries.sheet(extensions.read_session(), sitting_id, paper_number) if found else None
    if found is None or sheet is None:
        return _gone_page(group, form, found), 404
    row = next(iter(form.typed(found.items)), None) or _row_of(found.items, sheet)
    if not form.has_valid_token:
        return _sheet_page(group, found, sheet, row, _EXPIRED, form.revision_number), 400
    if row.problems:
        return _sheet_page(group, found, sheet, row, _UNREADABLE, form.revision_number), 422
    answers = row.as_line().answers
    state = extensions.run_write(
        lambda session: actions.change(
            session, sitting_id, paper_number, answers, form.revision_number
        )
    )
    if state in {SaveState.SAVED, SaveState.ALREADY}:
        return redirect(_address(group, sitting_id, changed=paper_number), 303)
    if state is SaveState.GONE:
        return _gone_page(group, form, found), 404
    now = _sheet(sitting_id, paper_number)
    return _sheet_page(group, found, now, row, SaveState.STALE), 409


# Results


@blueprint.get("/<uuid:sitting_id>")
@access.group_educator
@paced(rate_limits.REPORT)
def sitting(_who: EducatorIdentity, group: OwnGroup, sitting_id: uuid.UUID) -> ResponseReturnValue:
    """Show how a sitting went."""
    found, report, sheets = _report(group, sitting_id)
    saved = _SAVED.fullmatch(request.args.get("saved", ""))
    changed = request.args.get("changed", "")
    first, last = (int(saved[1]), int(saved[2])) if saved else (0, 0)
    return _page(
        "paper/sitting.html",
        group,
        found,
        report=report,
        saved=(first, last) if saved else None,
        same=[
            numbers
            for numbers in alike.same((sheet.number, sheet.answers) for sheet in sheets)
            if any(first <= number <= last for number in numbers)
        ],
        few=FEW,
        changed=int(changed) if re.fullmatch(r"[1-9][0-9]{0,4}", changed) else 0,
        removed=request.args.get("done") == "removed",
        new_form=uuid_utils.compat.uuid7().hex,
    )


@blueprint.get("/<uuid:sitting_id>/questions.csv")
@access.group_educator
@throttled(rate_limits.RESULTS_FILE, at_once=True)
def questions_file(
    _who: EducatorIdentity, group: OwnGroup, sitting_id: uuid.UUID
) -> ResponseReturnValue:
    """Download how each question went."""
    return _download(group, sitting_id, "questions", export.question_rows)


@blueprint.get("/<uuid:sitting_id>/scores.csv")
@access.group_educator
@throttled(rate_limits.RESULTS_FILE, at_once=True)
def scores_file(
    _who: EducatorIdentity, group: OwnGroup, sitting_id: uuid.UUID
) -> ResponseReturnValue:
    """Download the scores, as `learn analyse` reads them."""
    return _download(group, sitting_id, "scores", export.score_rows)


@blueprint.get("/<uuid:sitting_id>/letters.csv")
@access.group_educator
@throttled(rate_limits.RESULTS_FILE, at_once=True)
def letters_file(
    _who: EducatorIdentity, group: OwnGroup, sitting_id: uuid.UUID
) -> ResponseReturnValue:
    """Download the letters of each paper, as they were typed in."""
    return _download(group, sitting_id, "letters", export.letter_rows)


# Deleting


@blueprint.get("/<uuid:sitting_id>/delete")
@access.group_educator
def delete(_who: EducatorIdentity, group: OwnGroup, sitting_id: uuid.UUID) -> ResponseReturnValue:
    """Show what it means to delete a sitting, before doing it."""
    found = _printed(group, sitting_id)
    papers = queries.count(extensions.read_session(), sitting_id)
    return _page("paper/delete.html", group, found, papers=papers)


@blueprint.post("/<uuid:sitting_id>/delete")
@access.group_educator
def delete_now(
    _who: EducatorIdentity, group: OwnGroup, sitting_id: uuid.UUID
) -> ResponseReturnValue:
    """Delete a sitting with its papers. Sending it twice does nothing more."""
    with extensions.transaction() as session:
        actions.remove(session, group.id, sitting_id)
    return redirect(url_for("paper.index", group_id=group.id, done="deleted"), 303)


@blueprint.get("/<uuid:sitting_id>/papers/<int(max=99999):paper_number>/delete")
@access.group_educator
def remove(
    _who: EducatorIdentity, group: OwnGroup, sitting_id: uuid.UUID, paper_number: int
) -> ResponseReturnValue:
    """Ask whether to delete a paper."""
    found, sheet = _printed(group, sitting_id), _sheet(sitting_id, paper_number)
    row = _row_of(found.items, sheet)
    return _page("paper/remove.html", group, found, sheet=sheet, row=row)


@blueprint.post("/<uuid:sitting_id>/papers/<int(max=99999):paper_number>/delete")
@access.group_educator
def remove_now(
    _who: EducatorIdentity, group: OwnGroup, sitting_id: uuid.UUID, paper_number: int
) -> ResponseReturnValue:
    """Delete a paper. Sending it twice does nothing more."""
    _printed(group, sitting_id)
    with extensions.transaction() as session:
        actions.remove_sheet(session, sitting_id, paper_number)
    return redirect(_address(group, sitting_id, done="removed"), 303)


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


def _find(group: OwnGroup, sitting_id: uuid.UUID) -> PrintedSitting | None:
    session, content = extensions.read_session(), extensions.content()
    found = queries.sitting(session, group.id, sitting_id)
    if found is None:
        return None
    earlier = versions.find(session, printed.versions_to_find(content, found.versions))
    return PrintedSitting(found, printed.items(content, found.versions, earlier))


def _printed(group: OwnGroup, sitting_id: uuid.UUID) -> PrintedSitting:
    return _find(group, sitting_id) or access.not_found()


def _sheet(sitting_id: uuid.UUID, number: int) -> Paper:
    return queries.sheet(extensions.read_session(), sitting_id, number) or access.not_found()


def _report(
    group: OwnGroup, sitting_id: uuid.UUID
) -> tuple[PrintedSitting, PaperReport, tuple[Paper, ...]]:
    found = _printed(group, sitting_id)
    sheets = queries.sheets(extensions.read_session(), sitting_id)
    return found, report_of(extensions.content(), found.items, sheets), sheets


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
    return _page(
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
    return _page(
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


def _page(template: str, group: OwnGroup, found: PrintedSitting, **more: object) -> str:
    return render_template(
        template,
        group=group,
        sitting=found.sitting,
        items=found.items,
        content=extensions.content(),
        **more,
    )


def _download(
    group: OwnGroup,
    sitting_id: uuid.UUID,
    name: str,
    rows: Callable[[PaperReport], Iterable[tuple[object, ...]]],
) -> ResponseReturnValue:
    found, report, _sheets = _report(group, sitting_id)
    day = access.now().astimezone(ZoneInfo(extensions.settings().time_zone)).date()
    names = [group.name, f"paper {found.sitting.number}", found.sitting.title, name]
    return Response(
        as_csv(rows(report)),
        content_type="text/csv; charset=utf-8",
        headers={"Content-Disposition": attachment(names, day, "csv")},
    )


def _address(group: OwnGroup, sitting_id: uuid.UUID, **query: object) -> str:
    return url_for("paper.sitting", group_id=group.id, sitting_id=sitting_id, **query)  # type: ignore[arg-type]
