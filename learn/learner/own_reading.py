"""Note which lessons the visitor has read: those whose end they reached.

A script says so when the end comes into view, and the links at the end say so when one is followed.
Opening a lesson isn't enough, and looking something up there isn't, either.
"""

from __future__ import annotations

import uuid
from collections.abc import Sequence

from flask import request, session

from learn import extensions
from learn import session_cookie as cookie
from learn.access import Learner, now
from learn.learner.reading import note_reading

_MAX_NOTED = 20
"""Lessons that the cookie names as read: browsers drop a cookie of more than 4 KB. Another lesson
is noted again, which changes nothing."""


def note_read(who: Learner, lesson_id: str) -> None:
    """Note that the visitor read a lesson, once.

    Of those who only read, the site keeps nothing: their own cookie notes it, until they answer.
    """
    if lesson_id not in extensions.content().lessons:
        return
    if who.account is None or not who.is_persisted:
        here = session.get(cookie.READ_BEFORE_KEY, [])
        if lesson_id not in here:
            session[cookie.READ_BEFORE_KEY] = [*here, lesson_id][-_MAX_NOTED:]
            session.permanent = True
    elif lesson_id not in session.get(cookie.LESSONS_READ_KEY, ()):
        _keep(who, who.account, [lesson_id])


def _keep(who: Learner, account: uuid.UUID, lessons: Sequence[str]) -> None:
    with extensions.transaction() as writing:
        for lesson in lessons:
            note_reading(writing, account, lesson, now(), signed_in=who.session)
    noted = session.get(cookie.LESSONS_READ_KEY, [])
    session[cookie.LESSONS_READ_KEY] = [*dict.fromkeys([*noted, *lessons])][-_MAX_NOTED:]


def noted_here(lesson_id: str) -> bool:
    """Whether this device noted the lesson as read, without a look at the database."""
    return lesson_id in session.get(cookie.LESSONS_READ_KEY, ()) or lesson_id in read_before()


def read_before() -> frozenset[str]:
    """Return the lessons that only the visitor's own cookie notes as read."""
    return frozenset(session.get(cookie.READ_BEFORE_KEY, ())) & extensions.content().lessons.keys()


def note_read_before(who: Learner) -> None:
    """Note the lesson from whose end the visitor came here, if the address names one.

    Of who has answered since, those that only the cookie noted are kept, too.
    """
    if lesson_id := request.args.get("read"):
        note_read(who, lesson_id)
    if who.account and who.is_persisted and cookie.READ_BEFORE_KEY in session:
        _keep(who, who.account, sorted(read_before()))
        del session[cookie.READ_BEFORE_KEY]
