"""Reports on a group: what to teach next, first answers, and questions. Also as CSV and XLSX.

They add up answers of members who share by name, and a filter may leave those of one. So the first
page and the first file of an educator's day are in those members' log.
"""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import datetime
from itertools import chain
from zoneinfo import ZoneInfo

import uuid_utils.compat
from flask import Blueprint, Response, render_template, request
from flask.typing import ResponseReturnValue

from learn import access, deadlines, extensions, pagination, rate_limits
from learn.access import EducatorIdentity, OwnGroup
from learn.audit_log.actions import FILE, GROUP, PERSON, AuditEvent
from learn.audit_log.page_views import log_view, today
from learn.learner.group_assignments import GroupAssignment, get_assignment
from learn.learner.quiz_refs import QuizRef
from learn.library.content import Content
from learn.results import (
    actions,
    assignment_queries,
    assignment_results,
    disclosure_blocks,
    export,
    filters,
    labels,
    queries,
)
from learn.results.answers_by_person import by_outcome
from learn.results.assignment_results import Block, PartResult
from learn.results.build_report import ReportRequest, build_report
from learn.results.item_statistics import GroupStatistics, group_statistics
from learn.results.learner_scores import score_table
from learn.results.question_list import FEW, question_list
from learn.results.report import Report
from learn.results.single_answer import single_answer
from learn.results.teach_next import Need, first_cards, teach_next, versions_to_find
from learn.spreadsheets import as_csv, attachment
from learn.throttling import paced, throttled
from learn.versions import queries as versions
from questions.advice import is_too_few
from questions.disclosure import CROWD
from questions.versions import QuestionSnapshot, VersionKey

blueprint = Blueprint("results", __name__, url_prefix="/groups/<uuid:group_id>")

REQUEST_LIMIT = 15.0
"""Seconds that all waits of a report for the database may take; it reads, counts, and reads again.

Each statement keeps the limit of all pages.
"""

_CSV = "text/csv; charset=utf-8"
_XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@blueprint.get("")
@access.group_educator
@paced(rate_limits.REPORT)
def index(who: EducatorIdentity, group: OwnGroup) -> ResponseReturnValue:
    """Show what to teach next, by what members miss now."""
    request_ = _requested(group)
    needs = _needs(group, request_)
    # Where nothing is needed, the page says whether there are first answers.
    request_, report = _report(who, group, request_, only_totals=bool(needs))
    report = _with_people(group, request_, report)
    missed = [need for need in needs if need.missed]
    doubted = _doubted(group, request_, report, (need.question.id for need in missed))
    return _page(
        "results/index.html",
        group,
        request_,
        report,
        missed=missed,
        known=[need for need in needs if not need.missed],
        cards=first_cards(missed, doubted),
        doubted=doubted,
        crowd=CROWD,
        recent=filters.RECENT,
        first_answers={r.objective.id: r for r in report.objectives},
        today=access.now().astimezone(_zone()).date(),
    )


@blueprint.get("/first-answers")
@access.group_educator
@paced(rate_limits.REPORT)
def first_answers(who: EducatorIdentity, group: OwnGroup) -> ResponseReturnValue:
    """Show which ideas people missed when they were asked first."""
    return _page("results/first_answers.html", group, *_report(who, group))


@blueprint.get("/questions")
@access.group_educator
@paced(rate_limits.REPORT)
def questions(who: EducatorIdentity, group: OwnGroup) -> ResponseReturnValue:
    """List every question that was answered under its idea, with its statistics."""
    request_, report = _report(who, group, with_questions=True)
    return _page(
        "results/questions.html",
        group,
        request_,
        report,
        list=question_list(request_.content, report),
        few=FEW,
        open_all=request.args.get("open") == "all",
        today=access.now().astimezone(_zone()).date(),
    )


@blueprint.get("/questions/<question_id>")
@access.group_educator
@paced(rate_limits.REPORT)
def question(who: EducatorIdentity, group: OwnGroup, question_id: str) -> ResponseReturnValue:
    """Show all versions of one question, answer by answer."""
    request_, report = _report(who, group, with_questions=True)
    known = extensions.content().bank.questions.get(question_id)
    if known is None and not report.versions(question_id):
        access.not_found()
    return _page(
        "results/question.html",
        group,
        request_,
        report,
        id=question_id,
        known=known,
        few=FEW,
        doubted=_doubted(group, request_, report, [question_id]),
    )


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
    return _download(as_csv(table.with_header), _CSV, names, "csv")


@blueprint.get("/results.xlsx")
@access.group_educator
@throttled(rate_limits.RESULTS_FILE, at_once=True)
def xlsx(who: EducatorIdentity, group: OwnGroup) -> ResponseReturnValue:
    """Download all tables of the report as a workbook."""
    names = [group.name, _chosen_title(group), "results"]
    return _download(export.as_xlsx(_tables(who, group)), _XLSX, names, "xlsx")


@blueprint.get("/scores.csv")
@access.group_educator
@throttled(rate_limits.RESULTS_FILE, at_once=True)
def learner_scores(who: EducatorIdentity, group: OwnGroup) -> ResponseReturnValue:
    """Download first answers by person and question, of those who agreed to show them."""
    request_, session = _requested(group), extensions.read_session()
    ids = frozenset(a.id for a in request_.assigned)
    scores = queries.learner_scores(session, group.id, *request_.filters.span(request_.zone))
    answered = {(score.question, score.version) for score in scores}
    gone = {key for key in answered if key[0] not in request_.content.bank.questions}
    request_ = replace(request_, earlier=versions.find(session, gone))
    included = [s for s in scores if request_.includes(disclosure_blocks.cell_of(s, ids))]
    log_view(who, group.id, FILE, (score.account for score in included))
    rows = score_table(request_.content.bank, included)
    names = [group.name, _chosen_title(group), "first scores"]
    return _download(as_csv(rows), _CSV, names, "csv")


@blueprint.get("/assignments/<uuid:assignment_id>")
@access.group_educator
@paced(rate_limits.REPORT)
def assignment(
    who: EducatorIdentity, group: OwnGroup, assignment_id: uuid.UUID
) -> ResponseReturnValue:
    """Show who has done an assignment, how it went, and who answered what."""
    found = _assignment(group, assignment_id)
    work = assignment_queries.work_on(extensions.read_session(), group.id, found.quizzes)
    log_view(who, group.id, GROUP, (member.account for member in work.named))
    parts = _part_results(group, found, work)
    sort = "right" if request.args.get("sort") == "right" else ""
    if sort:
        parts = tuple(
            replace(part, rows=tuple(sorted(part.rows, key=lambda row: row.right)))
            for part in parts
        )
    return render_template(
        "results/assignment.html",
        group=group,
        assignment=found,
        progress=assignment_results.who_has_done_it(found, work),
        parts=parts,
        sort=sort,
        page=pagination.page_of(len(work.named), request.args.get("rows", "")),
        content=extensions.content(),
        labels=labels,
        done=request.args.get("done", ""),
    )


@blueprint.get("/assignments/<uuid:assignment_id>/scores.csv")
@access.group_educator
@throttled(rate_limits.RESULTS_FILE, at_once=True)
def scores(who: EducatorIdentity, group: OwnGroup, assignment_id: uuid.UUID) -> ResponseReturnValue:
    """Download the scores of those who share by name, as `learn analyse` reads them."""
    found = _assignment(group, assignment_id)
    part = _requested_part(group, found)
    log_view(who, group.id, FILE, (row.member.account for row in part.rows))
    rows = assignment_results.score_rows(part)
    return _download(as_csv(rows), _CSV, [group.name, found.title, "scores", part.part], "csv")


@blueprint.get("/assignments/<uuid:assignment_id>/questions.csv")
@access.group_educator
@throttled(rate_limits.RESULTS_FILE, at_once=True)
def score_columns(
    _who: EducatorIdentity, group: OwnGroup, assignment_id: uuid.UUID
) -> ResponseReturnValue:
    """Download what the columns of the scores are: number, id, words, and right answer."""
    found = _assignment(group, assignment_id)
    part = _requested_part(group, found)
    rows = assignment_results.column_rows(part)
    return _download(as_csv(rows), _CSV, [group.name, found.title, "questions", part.part], "csv")


@blueprint.get("/assignments/<uuid:assignment_id>/questions/<question_id>")
@access.group_educator
@paced(rate_limits.REPORT)
def who_answered(
    who: EducatorIdentity, group: OwnGroup, assignment_id: uuid.UUID, question_id: str
) -> ResponseReturnValue:
    """Show who answered a question of an assignment how, the same answers together."""
    found, session, content = (
        _assignment(group, assignment_id),
        extensions.read_session(),
        extensions.content(),
    )
    part = request.args.get("part", "")
    if part not in found.parts or not assignment_results.is_shown(content, question_id):
        access.not_found()
    quiz = str(QuizRef.of_assignment(found.id, part))
    work = assignment_queries.work_on(session, group.id, [quiz])
    answers = assignment_queries.answers_to(session, group.id, quiz, question_id)
    if question_id not in found.questions(part) and not answers:
        access.not_found()
    given = [
        (member, answers[member.account, member.finished[quiz]])
        for member in work.named
        if quiz in member.finished and (member.account, member.finished[quiz]) in answers
    ]
    kept = versions.find(session, {answer.key for _, answer in given})
    log_view(who, group.id, PERSON, (member.account for member, _ in given))
    return render_template(
        "results/who_answered.html",
        group=group,
        assignment=found,
        id=question_id,
        question=content.bank.questions.get(question_id),
        answers=by_outcome(content, given, kept),
    )


@blueprint.get("/assignments/<uuid:assignment_id>/answers/<uuid:membership_id>/<question_id>")
@access.group_educator
@paced(rate_limits.REPORT)
def answer(
    who: EducatorIdentity,
    group: OwnGroup,
    assignment_id: uuid.UUID,
    membership_id: uuid.UUID,
    question_id: str,
) -> ResponseReturnValue:
    """Show one person's answer to one question of an assignment, with its reasons."""
    found, session = _assignment(group, assignment_id), extensions.read_session()
    work = assignment_queries.work_on(session, group.id, found.quizzes)
    member = next((m for m in work.named if m.membership == membership_id), None)
    if (
        member is None
        or not member.shows_latest
        or not assignment_results.is_shown(extensions.content(), question_id)
    ):
        access.not_found()
    given = next(
        (
            one
            for attempt in member.finished.values()
            if (
                one := assignment_queries.single_answer(
                    session, group.id, member, attempt, question_id
                )
            )
        ),
        None,
    )
    if given is None:
        access.not_found()
    shown = single_answer(extensions.content(), given, versions.find(session, {given.key}))
    log_view(who, group.id, PERSON, [member.account])
    return render_template(
        "results/answer.html",
        group=group,
        assignment=found,
        member=member,
        shown=shown,
        day=given.answered_at.astimezone(_zone()).date(),
    )


def _assignment(group: OwnGroup, assignment_id: uuid.UUID) -> GroupAssignment:
    found = get_assignment(extensions.read_session(), group.id, assignment_id)
    return found or access.not_found()


def _requested_part(group: OwnGroup, assignment: GroupAssignment) -> PartResult:
    """Return the part that the address names, of those who share by name; else, a 404 page."""
    work = assignment_queries.work_on(extensions.read_session(), group.id, assignment.quizzes)
    results = _part_results(group, assignment, work, in_totals=False)
    name = request.args.get("part", "")
    return next((part for part in results if part.part == name), None) or access.not_found()


def _part_results(
    group: OwnGroup,
    found: GroupAssignment,
    work: assignment_queries.AssignmentWork,
    *,
    in_totals: bool = True,
) -> tuple[PartResult, ...]:
    """Return the results of each part; those of people in totals as other pages count them."""
    if not found.parts:
        return ()
    content, session = extensions.content(), extensions.read_session()
    answers = assignment_queries.outcomes(session, group.id, found.quizzes)
    blocks: list[Block] = []
    if work.totals and in_totals:
        chosen = filters.Filter(assignment=found.id)
        request_ = ReportRequest(content, chosen, _zone())
        ids = frozenset(a.id for a in queries.assignments(session, group.id))
        counted = _countable(group, ids, None)
        request_ = replace(request_, earlier=_earlier(content, counted, with_questions=False))
        blocks = [b for b in counted.blocks.values() if request_.includes_block(b)]
    return assignment_results.part_results(content, found, work, answers, blocks)


def _tables(who: EducatorIdentity, group: OwnGroup) -> Mapping[str, export.ExportTable]:
    """Return all tables of the files, and log the view."""
    request_, report = _report(who, group, with_questions=True, view=FILE)
    report = _with_people(group, request_, report)
    needs = _needs(group, request_) if report.members.latest else ()
    return export.tables(report, needs, _header(group))


def _requested(group: OwnGroup) -> ReportRequest:
    """Return what the query string asks for."""
    deadlines.start(REQUEST_LIMIT)
    content, zone = extensions.content(), _zone()
    assigned = queries.assignments(extensions.read_session(), group.id)
    ids = frozenset(a.id for a in assigned)
    day = access.now().astimezone(zone).date()
    parsed = filters.parse(request.args, ids, content.lessons, day)
    return ReportRequest(content, parsed, zone, assigned)


def _report(  # noqa: PLR0913 - who asks for what, and how much of it
    who: EducatorIdentity,
    group: OwnGroup,
    request_: ReportRequest | None = None,
    *,
    with_questions: bool = False,
    only_totals: bool = False,
    view: str = GROUP,
) -> tuple[ReportRequest, Report]:
    """Return the report for the query string, after disclosing blocks that are large enough.

    It is logged as a `view` of the members who share by name. With `only_totals`, it counts no
    first answers of theirs, which would take most of the time.
    """
    request_ = request_ or _requested(group)
    content, span = request_.content, request_.filters.span(request_.zone)
    ids = frozenset(a.id for a in request_.assigned)
    counted = _countable(group, ids, None if only_totals else span)
    request_ = replace(request_, earlier=_earlier(content, counted, with_questions=with_questions))
    statistics: GroupStatistics | None = None
    if with_questions:
        scores = queries.named_scores(extensions.read_session(), group.id, *span)
        included = (s for s in scores if request_.includes(disclosure_blocks.cell_of(s, ids)))
        statistics = group_statistics(included, request_.fixed_questions)
    seen = AuditEvent(group.id, today(), who.name, view)
    members = queries.member_counts(extensions.read_session(), seen, who.account)
    if members.unlogged:
        named = queries.named_accounts(extensions.read_session(), group.id)
        log_view(who, group.id, view, named)
    return request_, build_report(request_, members, counted, statistics)


def _countable(
    group: OwnGroup, assignments: frozenset[uuid.UUID], span: tuple[datetime, datetime] | None
) -> disclosure_blocks.CountableAnswers:
    """Return the answers that count, after disclosing blocks that are large enough.

    Those of named members are of a time `span`; without one, they are left out.
    """

    def countable() -> disclosure_blocks.CountableAnswers:
        session = extensions.read_session()
        answers = (
            queries.first_answers(session, group.id, *span)
            if span
            else queries.first_answers_in_totals(session, group.id)
        )
        return disclosure_blocks.countable_answers(answers, assignments)

    counted = countable()
    if counted.can_disclose:
        with extensions.transaction() as session:
            actions.disclose(session, group.id, uuid_utils.compat.uuid7, access.now())
        counted = countable()
    return counted


def _needs(group: OwnGroup, request_: ReportRequest) -> tuple[Need, ...]:
    """Return what members who agreed to it miss in their latest answers that pass the filters."""
    chosen, session = request_.filters, extensions.read_session()
    answers = queries.latest_answers(
        session, group.id, *chosen.span(request_.zone), chosen.assignment
    )
    wanted = versions_to_find(request_.content, answers)
    earlier = versions.find(session, wanted) if wanted else {}
    return teach_next(request_.content, answers, earlier, chosen.lesson)


def _doubted(
    group: OwnGroup, request_: ReportRequest, report: Report, questions: Iterable[str]
) -> Mapping[str, str]:
    """Return which of the questions discriminate negatively in an assignment, with its title.

    It is what the page of the questions says of that assignment. The answers are read only if an
    assignment asked one of them, and enough people share by name.
    """
    chosen, bank = request_.filters, request_.content.bank
    wanted = {q for q in questions if q in bank.questions}
    asking = [
        one
        for one in request_.assigned
        if chosen.assignment in {None, one.id} and not wanted.isdisjoint(one.fixed_questions)
    ]
    if not asking or is_too_few(report.members.named):
        return {}
    ids = frozenset(one.id for one in request_.assigned)
    span = chosen.span(request_.zone)
    scores = queries.named_scores(extensions.read_session(), group.id, *span)
    found: dict[str, str] = {}
    for one in asking:
        of_one = replace(request_, filters=replace(chosen, assignment=one.id))
        included = (s for s in scores if of_one.includes(disclosure_blocks.cell_of(s, ids)))
        statistics = group_statistics(included, of_one.fixed_questions)
        for (id_, version), item in statistics.by_version.items():
            is_asked = id_ in wanted and bank.questions[id_].version == version
            if is_asked and item.discrimination is not None and item.discrimination < 0:
                found.setdefault(id_, one.title)
    return found


def _with_people(group: OwnGroup, request_: ReportRequest, report: Report) -> Report:
    """Return the report with the number of people whose latest answers pass the filters."""
    chosen = request_.filters
    if not chosen.is_set or not report.members.latest:
        return report
    counted = request_.content.bank.counted.values()
    objectives = [o.id for o in counted if chosen.lesson in {"", o.lesson}]
    span = chosen.span(request_.zone)
    people = queries.latest_people(
        extensions.read_session(), group.id, *span, chosen.assignment, objectives=objectives
    )
    return replace(report, latest=people)


def _earlier(
    content: Content, answers: disclosure_blocks.CountableAnswers, *, with_questions: bool
) -> Mapping[VersionKey, QuestionSnapshot]:
    """Return the versions that were answered and are not asked now.

    Without their texts, a report needs only those of questions that are no longer in the bank, to
    see which were for practice only.
    """
    questions = content.bank.questions
    cells = {cell for cell, _ in chain(answers.named, *answers.blocks.values())}
    current = {(q.id, q.version) for q in questions.values()}
    wanted = {(cell.question, cell.version) for cell in cells} - current
    if not with_questions:
        wanted = {key for key in wanted if key[0] not in questions}
    return versions.find(extensions.read_session(), wanted)


def _page(
    template: str, group: OwnGroup, request_: ReportRequest, report: Report, **more: object
) -> ResponseReturnValue:
    return render_template(
        template,
        group=group,
        report=report,
        filters=request_.filters,
        assigned=request_.assigned,
        content=request_.content,
        labels=labels,
        tables=export.TABLES,
        **more,
    )


def _header(group: OwnGroup) -> export.ExportHeader:
    site = extensions.content().ledger.site
    return export.ExportHeader(site, group.name, access.now().astimezone(_zone()))


def _zone() -> ZoneInfo:
    return ZoneInfo(extensions.settings().time_zone)


def _chosen_title(group: OwnGroup) -> str:
    """Return the title of the assignment that the query string chooses; empty without one."""
    chosen = request.args.get("assignment", "").strip()
    assigned = queries.assignments(extensions.read_session(), group.id) if chosen else ()
    return next((one.title for one in assigned if one.id.hex == chosen.replace("-", "")), "")


def _download(body: bytes, kind: str, names: Iterable[str], ending: str) -> Response:
    day = access.now().astimezone(_zone()).date()
    disposition = attachment(names, day, ending)
    return Response(body, content_type=kind, headers={"Content-Disposition": disposition})
