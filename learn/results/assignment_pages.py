"""How one assignment went: who has done it, who answered what, and the scores as files."""

from __future__ import annotations

import uuid
from collections.abc import Collection, Mapping
from dataclasses import replace

from flask import render_template, request
from flask.typing import ResponseReturnValue

from learn import access, extensions, pagination, rate_limits
from learn.access import EducatorIdentity, OwnGroup
from learn.audit_log.actions import FILE, GROUP, PERSON
from learn.audit_log.page_views import log_view
from learn.learner.group_assignments import GroupAssignment, get_assignment
from learn.learner.quiz_refs import QuizRef
from learn.results import (
    assignment_queries,
    assignment_results,
    blueprint,
    filters,
    labels,
    queries,
)
from learn.results.answer_rows import answer_rows
from learn.results.answers_by_person import by_outcome
from learn.results.assignment_results import Block, PartResult
from learn.results.build_report import ReportRequest
from learn.results.files import CSV, download
from learn.results.requested_report import (
    disclose_and_count,
    earlier_versions,
    find_doubted,
    site_zone,
)
from learn.results.single_answer import single_answer
from learn.spreadsheets import as_csv
from learn.throttling import paced, throttled
from learn.versions import queries as versions


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
        doubted=_doubted(group, found, work, found.questions("")),
        labels=labels,
        done=request.args.get("done", ""),
    )


@blueprint.get("/assignments/<uuid:assignment_id>/scores.csv")
@access.group_educator
@throttled(rate_limits.RESULTS_FILE, at_once=True)
def scores(who: EducatorIdentity, group: OwnGroup, assignment_id: uuid.UUID) -> ResponseReturnValue:
    """Download the scores of those who share by name, as `learn analyse` reads them."""
    found = _assignment(group, assignment_id)
    work = assignment_queries.work_on(extensions.read_session(), group.id, found.quizzes)
    part = _requested_part(group, found, work)
    log_view(who, group.id, FILE, (row.member.account for row in part.rows))
    rows = assignment_results.score_rows(part)
    return download(as_csv(rows), CSV, [group.name, found.title, "scores", part.part], "csv")


@blueprint.get("/assignments/<uuid:assignment_id>/questions.csv")
@access.group_educator
@throttled(rate_limits.RESULTS_FILE, at_once=True)
def score_columns(
    who: EducatorIdentity, group: OwnGroup, assignment_id: uuid.UUID
) -> ResponseReturnValue:
    """Download what the columns of the scores are: number, id, words, and right answer."""
    found = _assignment(group, assignment_id)
    work = assignment_queries.work_on(extensions.read_session(), group.id, found.quizzes)
    part = _requested_part(group, found, work)
    doubted = _doubted(group, found, work, found.questions(""))
    log_view(who, group.id, FILE, (row.member.account for row in part.rows))
    rows = assignment_results.column_rows(part, dict.fromkeys(doubted, labels.doubt()))
    return download(as_csv(rows), CSV, [group.name, found.title, "questions", part.part], "csv")


@blueprint.get("/assignments/<uuid:assignment_id>/answers.csv")
@access.group_educator
@throttled(rate_limits.RESULTS_FILE, at_once=True)
def all_answers(
    who: EducatorIdentity, group: OwnGroup, assignment_id: uuid.UUID
) -> ResponseReturnValue:
    """Download all answers of those who share by name, before and after together."""
    found, session = _assignment(group, assignment_id), extensions.read_session()
    if not found.parts:
        access.not_found()
    work = assignment_queries.work_on(session, group.id, found.quizzes)
    parts = _part_results(group, found, work, in_totals=False)
    answers = assignment_queries.all_answers(session, group.id, found.quizzes)
    kept = versions.find(session, {answer.key for answer in answers.values()})
    log_view(who, group.id, FILE, {row.member.account for part in parts for row in part.rows})
    quizzes = [(str(QuizRef.of_assignment(found.id, part.part)), part) for part in parts]
    rows = answer_rows(extensions.content(), quizzes, answers, kept, extensions.settings())
    return download(as_csv(rows), CSV, [group.name, found.title, "answers"], "csv")


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
        doubted=_doubted(group, found, work, [question_id]),
        labels=labels,
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
        day=given.answered_at.astimezone(site_zone()).date(),
    )


def _assignment(group: OwnGroup, assignment_id: uuid.UUID) -> GroupAssignment:
    found = get_assignment(extensions.read_session(), group.id, assignment_id)
    return found or access.not_found()


def _doubted(
    group: OwnGroup,
    found: GroupAssignment,
    work: assignment_queries.AssignmentWork,
    questions: Collection[str],
) -> Mapping[str, str]:
    """Return which of the questions its answers put in doubt, as the page of the questions does."""
    this = queries.AssignedQuiz(found.id, found.title, tuple(found.questions("")))
    chosen = filters.Filter(assignment=found.id)
    request_ = ReportRequest(extensions.content(), chosen, site_zone(), (this,))
    return find_doubted(group, request_, len(work.named), questions)


def _requested_part(
    group: OwnGroup, assignment: GroupAssignment, work: assignment_queries.AssignmentWork
) -> PartResult:
    """Return the part that the address names, of those who share by name; else, a 404 page."""
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
        request_ = ReportRequest(content, chosen, site_zone())
        ids = frozenset(a.id for a in queries.assignments(session, group.id))
        counted = disclose_and_count(group, ids, None)
        request_ = replace(
            request_, earlier=earlier_versions(content, counted, with_questions=False)
        )
        blocks = [b for b in counted.blocks.values() if request_.includes_block(b)]
    return assignment_results.part_results(content, found, work, answers, blocks)
