"""Progress page."""

from __future__ import annotations

from zoneinfo import ZoneInfo

from flask import Blueprint, render_template
from flask.typing import ResponseReturnValue

from learn import access, extensions
from learn.access import Learner
from learn.editorial.availability import available_content
from learn.learner import queries
from learn.learner.activity import LearnerActivity, load_activity, only_attempt
from learn.learner.assignments import assignment_titles, open_assignments
from learn.learner.next_step import LearnerContext, next_step
from learn.learner.own_path import followed_path
from learn.learner.quiz_refs import BEFORE
from learn.progress.queries import PastAttempt, history
from learn.regrading import queries as regrading

blueprint = Blueprint("progress", __name__)


@blueprint.get("/progress")
@access.learner
def index(who: Learner) -> ResponseReturnValue:
    """Show the standing of each lesson that was begun; past attempts; the next step."""
    content, available = extensions.content(), available_content()
    answers, past, activity = list[queries.RecordedAnswer](), list[PastAttempt](), LearnerActivity()
    notes = list[regrading.RegradeNotice]()
    if who.account and who.is_persisted:
        answers = queries.answers(extensions.read_session(), who.account)
        past = history(extensions.read_session(), who.account)
        notes = regrading.unread_notices(extensions.read_session(), who.account)
        activity = load_activity(extensions.read_session(), who.account)
    session, now = extensions.read_session(), access.now()
    bank, zone = content.bank, ZoneInfo(extensions.settings().time_zone)
    standings = queries.standings(answers, bank, zone)
    today = now.astimezone(zone).date()
    assigned = open_assignments(session, who.account, activity, content, today)
    lessons = {n: queries.mastery_of(bank.of_lesson(n), standings) for n in content.lessons}
    learner = LearnerContext(session, who.account, activity, followed_path())
    return render_template(
        "progress/index.html",
        content=content,
        nickname=who.nickname,
        standings=standings,
        lessons=lessons,
        begun=[
            lesson
            for name, lesson in content.lessons.items()
            if lessons[name].started or name in activity.read
        ],
        read_count=len(activity.read & content.lessons.keys()),
        overall=queries.mastery_of(bank.objectives.values(), standings),
        can_practice=any(o.questions for o in queries.missed(answers, available.bank)),
        history=past,
        groups=assigned.groups,
        notes=notes,
        titles=assignment_titles(session, (attempt.quiz for attempt in past)),
        tasks=assigned.tasks,
        rename_requested_in=assigned.rename_requested_in,
        step=next_step(learner, available, now, zone),
        took_before=only_attempt(activity.attempts, BEFORE) is not None,
    )
