"""The report that the query string of a page or a file asks for, from the answers that count.

It adds up answers of members who share by name, and a filter may leave those of one. So the first
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
from flask import request

from learn import access, deadlines, extensions
from learn.access import EducatorIdentity, OwnGroup
from learn.audit_log.actions import GROUP, AuditEvent
from learn.audit_log.page_views import log_view, today
from learn.library.content import Content
from learn.results import actions, disclosure_blocks, filters, queries
from learn.results.build_report import ReportRequest, build_report
from learn.results.doubted_questions import asking, doubted_questions
from learn.results.item_statistics import GroupStatistics, group_statistics
from learn.results.report import Report
from learn.results.teach_next import (
    LatestCount,
    Need,
    latest_count,
    teach_next,
    versions_to_find,
)
from learn.versions import queries as versions
from questions.advice import is_too_few
from questions.versions import QuestionSnapshot, VersionKey

REQUEST_LIMIT = 15.0
"""Seconds that all waits of a report for the database may take; it reads, counts, and reads again.

Each statement keeps the limit of all pages.
"""


def parse_request(group: OwnGroup) -> ReportRequest:
    """Return what the query string asks for."""
    deadlines.start(REQUEST_LIMIT)
    content, zone = extensions.content(), site_zone()
    assigned = queries.assignments(extensions.read_session(), group.id)
    ids = frozenset(a.id for a in assigned)
    day = access.now().astimezone(zone).date()
    parsed = filters.parse(request.args, ids, content.lessons, day)
    return ReportRequest(content, parsed, zone, assigned)


def make_report(  # noqa: PLR0913 - who asks for what, and how much of it
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
    request_ = request_ or parse_request(group)
    content, span = request_.content, request_.filters.span(request_.zone)
    ids = frozenset(a.id for a in request_.assigned)
    counted = disclose_and_count(group, ids, None if only_totals else span)
    request_ = replace(
        request_, earlier=earlier_versions(content, counted, with_questions=with_questions)
    )
    statistics: GroupStatistics | None = None
    scores: tuple[queries.NamedScore, ...] = ()
    if with_questions:
        scores = queries.named_scores(extensions.read_session(), group.id, *span)
        included = (s for s in scores if request_.includes(disclosure_blocks.cell_of(s, ids)))
        statistics = group_statistics(included, request_.fixed_questions)
    seen = AuditEvent(group.id, today(), who.name, view)
    members = queries.member_counts(extensions.read_session(), seen, who.account)
    if members.unlogged:
        named = queries.named_accounts(extensions.read_session(), group.id)
        log_view(who, group.id, view, named)
    report = build_report(request_, members, counted, statistics)
    if with_questions and not is_too_few(members.named):
        doubted = doubted_questions(request_, scores, content.bank.questions.keys())
        report = replace(report, doubted=doubted)
    return request_, report


def disclose_and_count(
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


def find_needs(group: OwnGroup, request_: ReportRequest) -> tuple[Need, ...]:
    """Return what members who agreed to it miss in their latest answers that pass the filters."""
    chosen, session = request_.filters, extensions.read_session()
    answers = queries.latest_answers(
        session, group.id, *chosen.span(request_.zone), chosen.assignment
    )
    wanted = versions_to_find(request_.content, answers)
    earlier = versions.find(session, wanted) if wanted else {}
    return teach_next(request_.content, answers, earlier, chosen.lesson)


def find_doubted(
    group: OwnGroup, request_: ReportRequest, named: int, questions: Iterable[str]
) -> Mapping[str, str]:
    """Return which of the questions discriminate negatively in an assignment, with its title.

    The answers are read only if an assignment asked one of them, and enough people share by name.
    """
    wanted = {q for q in questions if q in request_.content.bank.questions}
    if is_too_few(named) or not asking(request_, wanted):
        return {}
    span = request_.filters.span(request_.zone)
    scores = queries.named_scores(extensions.read_session(), group.id, *span)
    return doubted_questions(request_, scores, wanted)


def find_latest(
    group: OwnGroup, request_: ReportRequest, report: Report, question: str
) -> LatestCount:
    """Return how many of the latest answers were to this question, and how many missed it."""
    if not report.members.latest:
        return LatestCount()
    chosen = request_.filters
    answers = queries.latest_answers(
        extensions.read_session(), group.id, *chosen.span(request_.zone), chosen.assignment
    )
    return latest_count(answers, question)


def with_people(group: OwnGroup, request_: ReportRequest, report: Report) -> Report:
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


def earlier_versions(
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


def site_zone() -> ZoneInfo:
    return ZoneInfo(extensions.settings().time_zone)
