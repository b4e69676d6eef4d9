"""What is said at the end of a quiz, and of the questions before and after the lessons."""

from __future__ import annotations

import uuid
from collections.abc import Iterable
from dataclasses import replace

from flask import redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from learn import extensions
from learn.access import Learner
from learn.library.content import Content
from learn.library.lessons import Lesson
from learn.quizzes import catalog, queries
from learn.quizzes.catalog import Quiz
from learn.quizzes.comparison import compare, outcome
from learn.quizzes.pages import under_review
from learn.quizzes.queries import AttemptView
from learn.quizzes.summary import by_lesson, summary_of
from learn.record import assigned
from learn.record.assigned import Assigned
from learn.record.so_far import AFTER, BEFORE, Attempted, SoFar, attempts, finished, sitting, so_far


def of_attempt(who: Learner, found: AttemptView) -> ResponseReturnValue:
    """The summary of an attempt that has no open question left."""
    if found.quiz in catalog.ONCE and _is_shown_with_the_other(found):
        return redirect(url_for("quizzes.before_and_after"), 302)
    content = extensions.content()
    quiz = titled(found.quiz)
    summary = summary_of(content, found)
    more = {
        "quiz": quiz,
        "attempt": found,
        "nickname": who.nickname,
        "summary": summary,
        "under_review": under_review(found),
        "content": content,
    }
    if found.quiz == catalog.CHECK:
        lessons = by_lesson(content, summary)
        return render_template("quizzes/check_summary.html", lessons=lessons, **more)
    return render_template(
        "quizzes/summary.html",
        following=_following_lesson(content, quiz),
        both=_other_part(quiz, found),
        **more,
    )


def titled(ref: str) -> Quiz | None:
    """The quiz of that name, with the title that a group's quiz has in the database."""
    quiz = catalog.find(extensions.content(), ref)
    if quiz is None or not quiz.is_assigned:
        return quiz
    return replace(quiz, title=assigned.titles(extensions.read_session(), [ref]).get(ref, ""))


def _other_part(quiz: Quiz | None, found: AttemptView) -> uuid.UUID | None:
    """What a group's quiz before or after belongs to, for somebody who is still in the group."""
    if quiz is None or not quiz.part or not (ref := assigned.read_ref(quiz.ref)):
        return None
    return ref[0] if assigned.one(extensions.read_session(), found.account, ref[0]) else None


def of_both(found: Assigned, first: AttemptView, second: AttemptView) -> ResponseReturnValue:
    """What a group asked before and after, side by side."""
    content = extensions.content()
    return render_template(
        "quizzes/comparison.html",
        content=content,
        compared=compare(content, first, second),
        attempts=(first, second),
        assigned=found,
    )


def before_and_after(who: Learner) -> ResponseReturnValue:
    """Both results, once there are two; until then, what comes next."""
    learned = SoFar()
    if who.account and who.is_persisted:
        learned = so_far(extensions.read_session(), who.account)
    first, second = _both(who.account, learned.attempts)
    content = extensions.content()
    if first and second:
        return render_template(
            "quizzes/comparison.html",
            content=content,
            compared=compare(content, first, second),
            attempts=(first, second),
            assigned=None,
        )
    return render_template(
        "quizzes/before_and_after.html",
        content=content,
        before=sitting(learned.attempts, BEFORE),
        after=sitting(learned.attempts, AFTER),
        first=first,
        outcomes=[outcome(i).value for i in first.items if i.response] if first else [],
        unread=_unread(content, first, learned) if first else [],
    )


def _is_shown_with_the_other(found: AttemptView) -> bool:
    """Whether it is on the page of both; there can be another, where two devices became one."""
    both = _both(found.account, attempts(extensions.read_session(), found.account))
    return found.id in {sat.id for sat in both if sat}


def _both(
    account: uuid.UUID | None, begun: Iterable[Attempted]
) -> tuple[AttemptView | None, AttemptView | None]:
    """The finished sittings before and after the lessons.

    Of several before, it is the one that has most ideas in common with the one after.
    """
    before, after = (
        [
            view
            for sat in finished(begun, quiz)
            if account and (view := queries.attempt(extensions.read_session(), account, sat.id))
        ]
        for quiz in (BEFORE, AFTER)
    )
    asked = {i.objective for i in after[0].items} if after else set()
    first = max(before, key=lambda b: sum(i.objective in asked for i in b.items), default=None)
    return first, after[0] if after else None


def _unread(content: Content, before: AttemptView, learned: SoFar) -> list[Lesson]:
    """The lessons of the ideas that were asked before, as far as they were not read since."""
    objectives = content.bank.objectives
    asked = {objectives[i.objective].lesson for i in before.items if i.objective in objectives}
    return [own for name, own in content.lessons.items() if name in asked - learned.read]


def _following_lesson(content: Content, quiz: Quiz | None) -> Lesson | None:
    if quiz is None or not quiz.lesson:
        return None
    return content.neighbors(content.lessons[quiz.lesson])[1]
