"""The progress page."""

from __future__ import annotations

from zoneinfo import ZoneInfo

from flask import Blueprint, render_template
from flask.typing import ResponseReturnValue

from learn import access, extensions
from learn.access import Learner
from learn.progress import queries as own
from learn.record import queries
from questions.progress import Standing

blueprint = Blueprint("progress", __name__)


@blueprint.get("/progress")
@access.learner
def index(who: Learner) -> ResponseReturnValue:
    """For each topic and lesson: not started, getting there, solid. And what to do next."""
    content = extensions.content()
    given, history, read = [], [], frozenset[str]()
    if who.account and who.known:
        given = queries.answers(extensions.reading(), who.account)
        history = own.history(extensions.reading(), who.account)
        read = queries.lessons_read(extensions.reading(), who.account)
    bank = content.bank
    found = queries.standings(given, bank, ZoneInfo(extensions.settings().time_zone))
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
        begun=next((past for past in history if past.finished_at is None), None),
        unread=next((name for name in content.lessons if name not in read), None),
        shaky=next((n for n, t in lessons.items() if t.standing is Standing.GETTING_THERE), None),
    )
