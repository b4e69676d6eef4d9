"""What to teach again, and the questions."""

from __future__ import annotations

from zoneinfo import ZoneInfo

import uuid_utils.compat
from flask import Blueprint, Response, render_template, request
from flask.typing import ResponseReturnValue

from learn import access, extensions
from learn.access import EducatorIdentity, OwnGroup
from learn.results import actions, files, filters, queries, reporting, totals, words
from learn.results.items import Items, items
from learn.results.report import Report
from learn.results.reporting import Asking

blueprint = Blueprint("results", __name__, url_prefix="/groups/<uuid:group_id>")

_XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@blueprint.get("")
@access.group_educator
def index(_who: EducatorIdentity, group: OwnGroup) -> ResponseReturnValue:
    """What to teach again."""
    return _page("results/index.html", group, *_report(group))


@blueprint.get("/questions")
@access.group_educator
def questions(_who: EducatorIdentity, group: OwnGroup) -> ResponseReturnValue:
    """Every question that was answered, with its figures."""
    return _page("results/questions.html", group, *_report(group, in_depth=True))


@blueprint.get("/questions/<question_id>")
@access.group_educator
def question(_who: EducatorIdentity, group: OwnGroup, question_id: str) -> ResponseReturnValue:
    """One question in all its versions, answer by answer."""
    asking, report = _report(group, in_depth=True)
    known = extensions.content().bank.questions.get(question_id)
    if known is None and not report.versions(question_id):
        access.not_found()
    return _page("results/question.html", group, asking, report, id=question_id, known=known)


@blueprint.get("/results.csv")
@access.group_educator
def csv(_who: EducatorIdentity, group: OwnGroup) -> ResponseReturnValue:
    """One table of the report: `table` says which."""
    name = request.args.get("table", files.TABLES[0])
    if name not in files.TABLES:
        access.not_found()
    table = files.tables(_report(group, in_depth=True)[1], _about(group))[name]
    return _file(files.as_csv(table), "text/csv; charset=utf-8", f"results-{name}", "csv")


@blueprint.get("/results.xlsx")
@access.group_educator
def xlsx(_who: EducatorIdentity, group: OwnGroup) -> ResponseReturnValue:
    """All tables of the report, in one workbook."""
    sheets = files.tables(_report(group, in_depth=True)[1], _about(group))
    return _file(files.as_xlsx(sheets), _XLSX, "results", "xlsx")


def _report(group: OwnGroup, *, in_depth: bool = False) -> tuple[Asking, Report]:
    """The report that the address asks for, after letting in what has waited long enough."""
    content, zone = extensions.content(), _zone()
    assigned = queries.assignments(extensions.read_session(), group.id)
    own = frozenset(a.id for a in assigned)
    chosen = filters.read(request.args, own, content.lessons)
    asking, span = Asking(content, chosen, zone, assigned), chosen.span(zone)
    found = totals.counted(queries.tallies(extensions.read_session(), group.id, *span), own)
    if found.ready:
        with extensions.transaction() as session:
            actions.release(session, group.id, uuid_utils.compat.uuid7, access.now())
        found = totals.counted(queries.tallies(extensions.read_session(), group.id, *span), own)
    known: Items | None = None
    if in_depth:
        scores = queries.scores(extensions.read_session(), group.id, *span)
        known = items((s for s in scores if asking.passes(totals.cell(s, own))), asking.fixed)
    members = queries.members(extensions.read_session(), group.id)
    return asking, reporting.report(asking, members, found, known)


def _page(
    template: str, group: OwnGroup, asking: Asking, report: Report, **more: object
) -> ResponseReturnValue:
    return render_template(
        template,
        group=group,
        report=report,
        chosen=asking.chosen,
        assigned=asking.assigned,
        content=asking.content,
        tables=files.TABLES,
        words=words,
        **more,
    )


def _about(group: OwnGroup) -> files.About:
    site = extensions.content().ledger.site
    return files.About(site, group.name, access.now().astimezone(_zone()))


def _zone() -> ZoneInfo:
    return ZoneInfo(extensions.settings().time_zone)


def _file(body: bytes, kind: str, name: str, ending: str) -> Response:
    day = access.now().astimezone(_zone()).date().isoformat()
    response = Response(body, content_type=kind)
    response.headers["Content-Disposition"] = f'attachment; filename="{name}-{day}.{ending}"'
    return response
