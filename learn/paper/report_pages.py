"""How a sitting went: its page, and the same in files."""

from __future__ import annotations

import re
import uuid
from collections.abc import Callable, Iterable
from zoneinfo import ZoneInfo

import uuid_utils.compat
from flask import Response, request
from flask.typing import ResponseReturnValue

from learn import access, extensions, rate_limits
from learn.access import EducatorIdentity, OwnGroup
from learn.paper import alike, blueprint, export, queries
from learn.paper.pages import PrintedSitting, sitting_or_404, sitting_page
from learn.paper.queries import Paper
from learn.paper.results import PaperReport, report_of
from learn.results.question_list import FEW
from learn.spreadsheets import as_csv, attachment
from learn.throttling import paced, throttled

_SAVED = re.compile(r"([1-9][0-9]{0,4})-([1-9][0-9]{0,4})")


@blueprint.get("/<uuid:sitting_id>")
@access.group_educator
@paced(rate_limits.REPORT)
def sitting(_who: EducatorIdentity, group: OwnGroup, sitting_id: uuid.UUID) -> ResponseReturnValue:
    """Show how a sitting went."""
    found, report, sheets = _report(group, sitting_id)
    saved = _SAVED.fullmatch(request.args.get("saved", ""))
    changed = request.args.get("changed", "")
    first, last = (int(saved[1]), int(saved[2])) if saved else (0, 0)
    return sitting_page(
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


def _report(
    group: OwnGroup, sitting_id: uuid.UUID
) -> tuple[PrintedSitting, PaperReport, tuple[Paper, ...]]:
    found = sitting_or_404(group, sitting_id)
    sheets = queries.sheets(extensions.read_session(), sitting_id)
    return found, report_of(extensions.content(), found.items, sheets), sheets


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
