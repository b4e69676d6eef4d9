"""What is said at the end of a quiz, and of the questions before and after the lessons."""

from __future__ import annotations

import uuid

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
from learn.record.so_far import AFTER, BEFORE, Attempted, SoFar, attempts, sitting, so_far


def of_attempt(who: Learner, found: AttemptView) -> ResponseReturnValue:
    """The summary of an attempt that has no open question left."""
    if found.quiz in catalog.ONCE and _is_the_sitting(found):
        return redirect(url_for("quizzes.before_and_after"), 302)
    content = extensions.content()
    quiz = catalog.find(content, found.quiz)
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
    following = _following_lesson(content, quiz)
    return render_template("quizzes/summary.html", following=following, **more)


def before_and_after(who: Learner) -> ResponseReturnValue:
    """Both results, once there are two; until then, what comes next."""
    learned = SoFar()
    if who.account and who.known:
        learned = so_far(extensions.reading(), who.account)
    before, after = (sitting(learned.attempts, quiz) for quiz in (BEFORE, AFTER))
    first, second = _finished(who.account, before), _finished(who.account, after)
    content = extensions.content()
    if first and second:
        return render_template(
            "quizzes/comparison.html",
            content=content,
            compared=compare(content, first, second),
            attempts=(first, second),
        )
    return render_template(
        "quizzes/before_and_after.html",
        content=content,
        before=before,
        after=after,
        first=first,
        outcomes=[outcome(i).value for i in first.items if i.response] if first else [],
        unread=_unread(content, first, learned) if first else [],
    )


def _is_the_sitting(found: AttemptView) -> bool:
    """Whether it is the one that the page of both shows; there can be another, of two devices."""
    shown = sitting(attempts(extensions.reading(), found.account), found.quiz)
    return shown is not None and shown.id == found.id


def _finished(account: uuid.UUID | None, sat: Attempted | None) -> AttemptView | None:
    if account is None or sat is None or sat.finished_at is None:
        return None
    return queries.attempt(extensions.reading(), account, sat.id)


def _unread(content: Content, before: AttemptView, learned: SoFar) -> list[Lesson]:
    """The lessons of the ideas that were asked before, as far as they were not read since."""
    objectives = content.bank.objectives
    asked = {objectives[i.objective].lesson for i in before.items if i.objective in objectives}
    return [own for name, own in content.lessons.items() if name in asked - learned.read]


def _following_lesson(content: Content, quiz: Quiz | None) -> Lesson | None:
    if quiz is None or not quiz.lesson:
        return None
    return content.neighbors(content.lessons[quiz.lesson])[1]
