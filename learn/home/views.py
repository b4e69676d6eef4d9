"""Home page."""

from __future__ import annotations

from collections.abc import Sequence
from zoneinfo import ZoneInfo

from flask import Blueprint, render_template, session
from flask.typing import ResponseReturnValue

from learn import access, extensions
from learn import session_cookie as cookie
from learn.access import Learner
from learn.editorial.availability import available_content
from learn.learner.activity import LearnerActivity, load_activity
from learn.learner.assignments import assignment_titles, open_assignments
from learn.learner.next_step import LearnerContext, can_take_after, next_step
from learn.learner.own_numbers import own_numbers
from learn.learner.own_path import followed_path
from learn.library.paths import LessonPath
from learn.outage import fallback_on_outage
from learn.regrading import queries as regrading
from learn.response_headers import indexable

blueprint = Blueprint("home", __name__)


def _for_everybody() -> ResponseReturnValue:
    """Return the page without what is personal."""
    content = extensions.content()
    first = next(iter(content.lessons.values()))
    return render_template(
        "home/index.html",
        content=content,
        first=first,
        nickname=session.get(cookie.NICKNAME_KEY),
        numbers=None,
        tasks=(),
        rename_requested_in=(),
        is_away=cookie.ACCOUNT_KEY in session,
    )


@blueprint.get("/")
@indexable
@fallback_on_outage(_for_everybody)
@access.learner
def index(who: Learner) -> ResponseReturnValue:
    """What can't wait, then what the site is, or what the learner has begun."""
    content, now = available_content(), access.now()
    activity = LearnerActivity()
    if who.account and who.is_persisted:
        activity = load_activity(extensions.read_session(), who.account)
    zone = ZoneInfo(extensions.settings().time_zone)
    today = now.astimezone(zone).date()
    assigned = open_assignments(extensions.read_session(), who.account, activity, content, today)
    if not (activity.attempts or activity.read):
        first = next(iter(content.lessons.values()))
        return render_template(
            "home/index.html",
            content=content,
            first=first,
            nickname=who.nickname,
            numbers=own_numbers(who),
            tasks=assigned.tasks,
            rename_requested_in=assigned.rename_requested_in,
        )
    reader = extensions.read_session()
    notes = regrading.unread_notices(reader, who.account) if who.account else []
    learner = LearnerContext(reader, who.account, activity, followed_path())
    paths = [p for p in content.paths.values() if not activity.read.issuperset(p.lessons)]
    path = learner.path or _likely_path(paths, activity)
    return render_template(
        "home/returning.html",
        step=next_step(learner, content, now, zone),
        notes=notes,
        questions=extensions.content().bank.questions,
        content=content,
        own_path=path if path in paths else None,
        paths=[p for p in paths if p is not path],
        open_attempts=activity.open_attempts,
        titles=assignment_titles(reader, (a.quiz for a in activity.open_attempts)),
        read_count=len(activity.read & content.lessons.keys()),
        after_a_while=activity.is_back_after_long(now),
        nickname=who.nickname,
        numbers=own_numbers(who),
        tasks=assigned.tasks,
        rename_requested_in=assigned.rename_requested_in,
        can_take_after=can_take_after(learner, content),
    )


def _likely_path(paths: Sequence[LessonPath], activity: LearnerActivity) -> LessonPath | None:
    """Return the path of which most was begun, for those of whom the cookie doesn't note one."""
    begun, quizzed = activity.read | activity.quizzed, activity.quizzed_paths
    return max(paths, key=lambda p: len(begun & {*p.lessons}) + (p.id in quizzed), default=None)
