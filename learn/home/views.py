"""The first page: what this is, and one button."""

from __future__ import annotations

from zoneinfo import ZoneInfo

from flask import Blueprint, render_template
from flask.typing import ResponseReturnValue

from learn import access, extensions
from learn.access import Learner
from learn.record.assigned import asked
from learn.record.next_step import Learned, may_sit_after, next_step
from learn.record.so_far import BEFORE, SoFar, sitting, so_far
from learn.regrading import queries as regrading
from learn.review.offer import offered

blueprint = Blueprint("home", __name__)


@blueprint.get("/")
@access.learner
def index(who: Learner) -> ResponseReturnValue:
    """What this is in three lines; for somebody who comes back, the one next step."""
    content, now = offered(), access.now()
    found = SoFar()
    if who.account and who.is_persisted:
        found = so_far(extensions.read_session(), who.account)
    zone = ZoneInfo(extensions.settings().time_zone)
    today = now.astimezone(zone).date()
    wished = asked(extensions.read_session(), who.account, found, content, today)
    may_sit_before = not found.quizzed and sitting(found.attempts, BEFORE) is None
    if not found.attempts:
        first = next(iter(content.lessons.values()))
        return render_template(
            "home/index.html",
            content=content,
            first=first,
            nickname=who.nickname,
            tasks=wished.tasks,
        )
    learned = Learned(extensions.read_session(), who.account, found)
    return render_template(
        "home/returning.html",
        step=next_step(learned, content, now, zone),
        notes=regrading.unread_notices(extensions.read_session(), who.account)
        if who.account
        else [],
        questions=extensions.content().bank.questions,
        after_a_while=found.is_back_after_a_while(now),
        nickname=who.nickname,
        tasks=wished.tasks,
        may_sit_before=may_sit_before,
        may_sit_after=may_sit_after(learned, content),
    )
