"""The progress page."""

from __future__ import annotations

from zoneinfo import ZoneInfo

from flask import Blueprint, render_template
from flask.typing import ResponseReturnValue

from learn import access, extensions
from learn.access import Learner
from learn.progress import queries as own
from learn.record import queries
from learn.record.assigned import asked, titles
from learn.record.next_step import Learned, next_step
from learn.record.so_far import BEFORE, SoFar, sitting, so_far
from learn.regrading import queries as regrading
from learn.review.offer import offered

blueprint = Blueprint("progress", __name__)


@blueprint.get("/progress")
@access.learner
def index(who: Learner) -> ResponseReturnValue:
    """For each topic and lesson: not started, getting there, solid. And what to do next."""
    content = extensions.content()
    given, history, did = [], [], SoFar()
    notes = list[regrading.RegradeNotice]()
    if who.account and who.is_persisted:
        given = queries.answers(extensions.read_session(), who.account)
        history = own.history(extensions.read_session(), who.account)
        notes = regrading.unread_notices(extensions.read_session(), who.account)
        did = so_far(extensions.read_session(), who.account)
    session, now = extensions.read_session(), access.now()
    bank, zone = content.bank, ZoneInfo(extensions.settings().time_zone)
    found = queries.standings(given, bank, zone)
    learned = Learned(session, who.account, did)
    wished = asked(session, who.account, did, content, now.astimezone(zone).date())
    lessons = {name: queries.tally(bank.of_lesson(name), found) for name in content.lessons}
    topics = {name: queries.tally(bank.of_topic(name), found) for name in content.topics}
    return render_template(
        "progress/index.html",
        content=content,
        nickname=who.nickname,
        standings=found,
        lessons=lessons,
        topics=topics,
        overall=queries.tally(bank.objectives.values(), found),
        history=history,
        groups=wished.groups,
        notes=notes,
        titles=titles(session, (past.quiz for past in history)),
        tasks=wished.tasks,
        step=next_step(learned, offered(), now, zone),
        sat_before=sitting(did.attempts, BEFORE) is not None,
    )
