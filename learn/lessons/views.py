"""List of lessons, and a lesson."""

from __future__ import annotations

from zoneinfo import ZoneInfo

from flask import Blueprint, render_template, session
from flask.typing import ResponseReturnValue

from learn import access, extensions
from learn import session_cookie as cookie
from learn.access import Learner
from learn.learner import queries
from learn.lessons import actions

blueprint = Blueprint("lessons", __name__, url_prefix="/lessons")


@blueprint.get("")
@access.learner
def index(who: Learner) -> ResponseReturnValue:
    """All lessons in order, with the learner's progress in each."""
    content = extensions.content()
    answers, read = list[queries.RecordedAnswer](), frozenset[str]()
    if who.account and who.is_persisted:
        answers = queries.answers(extensions.read_session(), who.account)
        read = queries.lessons_read(extensions.read_session(), who.account)
    zone = ZoneInfo(extensions.settings().time_zone)
    standings = queries.standings(answers, content.bank, zone)
    mastery = {
        lesson: queries.mastery_of(content.bank.of_lesson(lesson), standings)
        for lesson in content.lessons
    }
    following = next((name for name in content.lessons if name not in read), None)
    return render_template(
        "lessons/index.html",
        content=content,
        read=read,
        mastery=mastery,
        following=following,
        answered=bool(answers),
    )


@blueprint.get("/<lesson_id>")
@access.learner
def lesson(who: Learner, lesson_id: str) -> ResponseReturnValue:
    """A lesson. The page is the same for everybody, so browsers may cache it."""
    content = extensions.content()
    requested = content.lessons.get(lesson_id)
    if requested is None:
        access.not_found()
    if who.account and who.is_persisted and lesson_id not in session.get(cookie.READ, ()):
        with extensions.transaction() as writing:
            actions.note_reading(writing, who.account, lesson_id, access.now())
        session[cookie.READ] = [*session.get(cookie.READ, ()), lesson_id]
    return extensions.page_cache().response(
        f"lesson/{lesson_id}",
        lambda: render_template("lessons/lesson.html", lesson=requested, content=content),
    )
