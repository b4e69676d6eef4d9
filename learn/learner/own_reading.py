"""Note which lessons the visitor has read: those whose end they reached.

A script says so when the end comes into view, and the links at the end say so when one is followed.
Opening a lesson isn't enough, and looking something up there isn't, either.
"""

from __future__ import annotations

from flask import request, session

from learn import extensions
from learn import session_cookie as cookie
from learn.access import Learner, now
from learn.learner.reading import note_reading

_MAX_NOTED = 20
"""Lessons that the cookie names as read: browsers drop a cookie of more than 4 KB. Another lesson
is noted again, which changes nothing."""


def note_read(who: Learner, lesson_id: str) -> None:
    """Note that the visitor read a lesson, once. Nothing is kept of those who only read."""
    if who.account is None or not who.is_persisted or lesson_id not in extensions.content().lessons:
        return
    noted = session.get(cookie.LESSONS_READ_KEY, ())
    if lesson_id in noted:
        return
    with extensions.transaction() as writing:
        note_reading(writing, who.account, lesson_id, now(), signed_in=who.session)
    session[cookie.LESSONS_READ_KEY] = [*noted, lesson_id][-_MAX_NOTED:]


def noted_here(lesson_id: str) -> bool:
    """Whether this device noted the lesson as read, without a look at the database."""
    return lesson_id in session.get(cookie.LESSONS_READ_KEY, ())


def note_read_before(who: Learner) -> None:
    """Note the lesson from whose end the visitor came here, if the address names one."""
    if lesson_id := request.args.get("read"):
        note_read(who, lesson_id)
