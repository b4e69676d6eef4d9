"""Pages about named members: the table of standings, one member, and before and after.

Each view is logged before anything is shown; members read the log on their own page.
"""

from __future__ import annotations

import uuid
from zoneinfo import ZoneInfo

from flask import Blueprint, Response, render_template, request
from flask.typing import ResponseReturnValue

from learn import access, extensions, pagination, rate_limits
from learn.access import EducatorIdentity, OwnGroup
from learn.audit_log.actions import FILE, GROUP, PERSON
from learn.audit_log.page_views import log_view
from learn.people import before_after, change_plots, labels, queries
from learn.people.learner_report import (
    earlier_versions,
    learner_report,
    shown_answers,
    with_versions,
)
from learn.people.standing_table import BY_NICKNAME, csv_rows, standing_table
from learn.spreadsheets import as_csv, attachment
from learn.throttling import paced, throttled
from learn.versions import queries as versions

blueprint = Blueprint("people", __name__, url_prefix="/groups/<uuid:group_id>")


@blueprint.get("/people")
@access.group_educator
@paced(rate_limits.REPORT)
def index(who: EducatorIdentity, group: OwnGroup) -> ResponseReturnValue:
    """Show the table of standings, lesson by lesson, or the ideas of one lesson."""
    session, content = extensions.read_session(), extensions.content()
    members = queries.group_members(session, group.id)
    standings = queries.named_standings(session, group.id, _zone()) if members.named else {}
    lesson = request.args.get("lesson", "")
    if lesson not in content.counted_lessons:
        lesson = ""
    log_view(who, group.id, GROUP, (member.account for member in members.named))
    sort = BY_NICKNAME if request.args.get("sort") == BY_NICKNAME else ""
    return render_template(
        "people/index.html",
        group=group,
        content=content,
        totals=members.totals,
        not_begun=members.not_begun,
        removed=members.removed,
        alike=members.alike,
        done=request.args.get("done", ""),
        table=standing_table(content, members.named, standings, lesson, sort),
        sort=sort,
        lesson=content.lessons.get(lesson),
        page=pagination.page_of(len(members.named), request.args.get("part", "")),
        labels=labels,
    )


@blueprint.get("/people.csv")
@access.group_educator
@throttled(rate_limits.RESULTS_FILE, at_once=True)
def file(who: EducatorIdentity, group: OwnGroup) -> ResponseReturnValue:
    """Download the standings of each member and idea as CSV."""
    session = extensions.read_session()
    members = queries.group_members(session, group.id)
    standings = queries.named_standings(session, group.id, _zone()) if members.named else {}
    log_view(who, group.id, FILE, (member.account for member in members.named))
    day = access.now().astimezone(_zone()).date()
    return Response(
        as_csv(csv_rows(extensions.content(), members.named, standings)),
        content_type="text/csv; charset=utf-8",
        headers={"Content-Disposition": attachment([group.name, "people"], day, "csv")},
    )


@blueprint.get("/people/<uuid:membership_id>")
@access.group_educator
@paced(rate_limits.REPORT)
def person(who: EducatorIdentity, group: OwnGroup, membership_id: uuid.UUID) -> ResponseReturnValue:
    """Show one member, to be read together with them."""
    session, content = extensions.read_session(), extensions.content()
    member = queries.named_member(session, group.id, membership_id) or access.not_found()
    assigned = queries.assignments(session, group.id)
    compared = before_after.quiz_pairs(assigned)
    answers = queries.quiz_answers(
        session, group.id, before_after.quiz_names(compared), member.account
    )
    recorded = queries.answers_of(session, group.id, member.account)
    shown = shown_answers(recorded, latest=member.shows_latest)
    stored_versions = versions.find(session, earlier_versions(content, shown))
    report = learner_report(
        content,
        member,
        with_versions(content.bank, recorded, stored_versions),
        queries.attempts_of(session, group.id, member.account),
        assigned,
        _zone(),
    )
    log_view(who, group.id, PERSON, [member.account])
    return render_template(
        "people/person.html",
        group=group,
        content=content,
        member=member,
        done=request.args.get("done", ""),
        report=report,
        results=before_after.compare(compared, answers, content.bank.counted),
    )


@blueprint.get("/before-and-after")
@access.group_educator
@paced(rate_limits.REPORT)
def before_and_after(who: EducatorIdentity, group: OwnGroup) -> ResponseReturnValue:
    """Compare answers before and after, for named members who took both quizzes."""
    session = extensions.read_session()
    compared = before_after.quiz_pairs(queries.assignments(session, group.id))
    answers = queries.quiz_answers(session, group.id, before_after.quiz_names(compared))
    results = before_after.compare(compared, answers, extensions.content().bank.counted)
    log_view(
        who,
        group.id,
        GROUP,
        {learner.account for result in results for learner in result.learners},
    )
    return render_template(
        "people/before_and_after.html",
        group=group,
        content=extensions.content(),
        results=results,
        enough=before_after.ENOUGH,
        few=change_plots.FEW,
        plots=change_plots,
        today=access.now().astimezone(_zone()).date(),
        labels=labels,
    )


def _zone() -> ZoneInfo:
    return ZoneInfo(extensions.settings().time_zone)
