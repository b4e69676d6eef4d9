"""Pages of a group's results: what to teach next, first answers, and each question."""

from __future__ import annotations

from flask import render_template, request
from flask.typing import ResponseReturnValue

from learn import access, extensions, rate_limits
from learn.access import EducatorIdentity, OwnGroup
from learn.results import assignment_pages, blueprint, export, files, filters, labels
from learn.results.build_report import ReportRequest
from learn.results.news import find_news
from learn.results.question_list import FEW, question_list
from learn.results.report import Report
from learn.results.requested_report import (
    find_doubted,
    find_latest,
    find_needs,
    make_report,
    parse_request,
    site_zone,
    with_people,
)
from learn.results.teach_next import first_cards, leads_for_safety, left_out
from learn.throttling import paced
from questions.disclosure import CROWD

__all__ = ["assignment_pages", "blueprint", "files"]


@blueprint.get("")
@access.group_educator
@paced(rate_limits.REPORT)
def index(who: EducatorIdentity, group: OwnGroup) -> ResponseReturnValue:
    """Show what to teach next, by what members miss now."""
    request_ = parse_request(group)
    needs = find_needs(group, request_)
    # Where nothing is needed, the page says whether there are first answers.
    request_, report = make_report(who, group, request_, only_totals=bool(needs))
    report = with_people(group, request_, report)
    missed = [need for need in needs if need.missed]
    doubted = find_doubted(
        group, request_, report.members.named, (need.question.id for need in missed)
    )
    cards = first_cards(missed, doubted)
    last_visit, news = report.members.last_visit, None
    if last_visit and not request_.filters.is_set and not group.archived_at:
        visit = last_visit, site_zone()
        session = extensions.read_session()
        news = find_news(session, group.id, visit, request_.assigned, needs)
    return _page(
        "results/index.html",
        group,
        request_,
        report,
        missed=missed,
        known=[need for need in needs if not need.missed],
        cards=cards,
        news=news,
        doubted=doubted,
        left_out=left_out(missed, cards, doubted),
        safety_first=leads_for_safety(missed, cards),
        crowd=CROWD,
        recent=filters.RECENT,
        first_answers={r.objective.id: r for r in report.objectives},
        today=access.now().astimezone(site_zone()).date(),
    )


@blueprint.get("/first-answers")
@access.group_educator
@paced(rate_limits.REPORT)
def first_answers(who: EducatorIdentity, group: OwnGroup) -> ResponseReturnValue:
    """Show which ideas people missed when they were asked first."""
    request_, report = make_report(who, group)
    shown = (result.most_missed for result in report.objectives)
    doubted = find_doubted(group, request_, report.members.named, shown)
    return _page("results/first_answers.html", group, request_, report, doubted=doubted)


@blueprint.get("/questions")
@access.group_educator
@paced(rate_limits.REPORT)
def questions(who: EducatorIdentity, group: OwnGroup) -> ResponseReturnValue:
    """List every question that was answered under its idea, with its statistics."""
    request_, report = make_report(who, group, with_questions=True)
    return _page(
        "results/questions.html",
        group,
        request_,
        report,
        list=question_list(request_.content, report),
        few=FEW,
        open_all=request.args.get("open") == "all",
        today=access.now().astimezone(site_zone()).date(),
    )


@blueprint.get("/questions/<question_id>")
@access.group_educator
@paced(rate_limits.REPORT)
def question(who: EducatorIdentity, group: OwnGroup, question_id: str) -> ResponseReturnValue:
    """Show all versions of one question, answer by answer."""
    request_, report = make_report(who, group, with_questions=True)
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
        latest=find_latest(group, request_, report, question_id) if known else None,
    )


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
