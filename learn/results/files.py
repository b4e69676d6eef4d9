"""Files of a group's results: a table in CSV, all of them in a workbook, and first scores."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace

from flask import Response, request
from flask.typing import ResponseReturnValue

from learn import access, extensions, rate_limits
from learn.access import EducatorIdentity, OwnGroup
from learn.audit_log.actions import FILE
from learn.audit_log.page_views import log_view
from learn.results import blueprint, disclosure_blocks, export, queries
from learn.results.learner_scores import score_table
from learn.results.requested_report import (
    find_needs,
    make_report,
    parse_request,
    site_zone,
    with_people,
)
from learn.spreadsheets import as_csv, attachment
from learn.throttling import throttled
from learn.versions import queries as versions

CSV = "text/csv; charset=utf-8"
_XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@blueprint.get("/results.csv")
@access.group_educator
@throttled(rate_limits.RESULTS_FILE, at_once=True)
def csv(who: EducatorIdentity, group: OwnGroup) -> ResponseReturnValue:
    """Download one table of the report, named by the query parameter `table`."""
    name = request.args.get("table", export.DEFAULT_TABLE)
    if name not in export.TABLES:
        access.not_found()
    table = _tables(who, group)[name]
    names = [group.name, _chosen_title(group), f"results {name}"]
    return download(as_csv(table.with_header), CSV, names, "csv")


@blueprint.get("/results.xlsx")
@access.group_educator
@throttled(rate_limits.RESULTS_FILE, at_once=True)
def xlsx(who: EducatorIdentity, group: OwnGroup) -> ResponseReturnValue:
    """Download all tables of the report as a workbook."""
    names = [group.name, _chosen_title(group), "results"]
    return download(export.as_xlsx(_tables(who, group)), _XLSX, names, "xlsx")


@blueprint.get("/scores.csv")
@access.group_educator
@throttled(rate_limits.RESULTS_FILE, at_once=True)
def learner_scores(who: EducatorIdentity, group: OwnGroup) -> ResponseReturnValue:
    """Download first answers by person and question, of those who agreed to show them."""
    request_, session = parse_request(group), extensions.read_session()
    ids = frozenset(a.id for a in request_.assigned)
    scores = queries.learner_scores(session, group.id, *request_.filters.span(request_.zone))
    answered = {(score.question, score.version) for score in scores}
    gone = {key for key in answered if key[0] not in request_.content.bank.questions}
    request_ = replace(request_, earlier=versions.find(session, gone))
    included = [s for s in scores if request_.includes(disclosure_blocks.cell_of(s, ids))]
    log_view(who, group.id, FILE, (score.account for score in included))
    rows = score_table(request_.content.bank, included)
    names = [group.name, _chosen_title(group), "first scores"]
    return download(as_csv(rows), CSV, names, "csv")


def download(body: bytes, kind: str, names: Iterable[str], ending: str) -> Response:
    day = access.now().astimezone(site_zone()).date()
    disposition = attachment(names, day, ending)
    return Response(body, content_type=kind, headers={"Content-Disposition": disposition})


def _tables(who: EducatorIdentity, group: OwnGroup) -> Mapping[str, export.ExportTable]:
    """Return all tables of the files, and log the view."""
    request_, report = make_report(who, group, with_questions=True, view=FILE)
    report = with_people(group, request_, report)
    needs = find_needs(group, request_) if report.members.latest else ()
    return export.tables(report, needs, _header(group))


def _header(group: OwnGroup) -> export.ExportHeader:
    site = extensions.content().ledger.site
    return export.ExportHeader(site, group.name, access.now().astimezone(site_zone()))


def _chosen_title(group: OwnGroup) -> str:
    """Return the title of the assignment that the query string chooses; empty without one."""
    chosen = request.args.get("assignment", "").strip()
    assigned = queries.assignments(extensions.read_session(), group.id) if chosen else ()
    return next((one.title for one in assigned if one.id.hex == chosen.replace("-", "")), "")
