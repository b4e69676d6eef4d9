"""Pages at the end of a quiz, and the comparison of before and after the lessons."""

from __future__ import annotations

import uuid
from collections.abc import Iterable
from dataclasses import replace

from flask import redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from learn import extensions
from learn.access import Learner
from learn.editorial.availability import available_content
from learn.learner import assignments, own_reading
from learn.learner.activity import (
    AttemptOverview,
    LearnerActivity,
    attempts,
    finished_attempts,
    load_activity,
    only_attempt,
)
from learn.learner.assignments import LearnerAssignment
from learn.learner.own_path import followed_path
from learn.learner.queries import answers, lessons_begun
from learn.learner.quiz_refs import AFTER, BEFORE, CHECK
from learn.learner.saved_questions import saved_questions
from learn.library.content import Content
from learn.library.lessons import Lesson
from learn.quizzes import queries
from learn.quizzes.outcomes.comparison import compare
from learn.quizzes.outcomes.summary import Summary, by_lesson, missed_signs, summarize
from learn.quizzes.outcomes.take_home import take_home
from learn.quizzes.planning import catalog
from learn.quizzes.planning.catalog import Quiz
from learn.quizzes.queries import AttemptView
from questions.grading import Outcome

_MISSED = (Outcome.MISSED, Outcome.UNSURE)


def summary_page(who: Learner, attempt: AttemptView) -> ResponseReturnValue:
    """Return the summary of an attempt that has no open question left."""
    if attempt.ref in catalog.TAKEN_ONCE and _is_compared(attempt):
        return redirect(url_for("quizzes.before_and_after"), 302)
    content = extensions.content()
    quiz = titled_quiz(attempt.quiz)
    summary = summarize(content, attempt)
    more = {
        "quiz": quiz,
        "attempt": attempt,
        "nickname": who.nickname,
        "summary": summary,
        "can_practice": _can_practice(attempt, summary),
        "on_hold": attempt.on_hold(content.bank, available_content().bank),
        "content": content,
        "saved": saved_questions(
            extensions.read_session(), attempt.account, content.bank.objectives
        ),
    }
    if attempt.ref == CHECK:
        lessons = by_lesson(content, summary)
        return render_template("quizzes/check_summary.html", lessons=lessons, **more)
    return render_template(
        "quizzes/summary.html",
        **_next_lesson(content, quiz, attempt.account, missed_some=bool(summary.looks)),
        both=_assignment_of_part(quiz, attempt),
        home=take_home(content, attempt),
        signs=missed_signs(content, attempt) if _is_on_when_to_call(content, quiz) else (),
        **more,
    )


def _is_on_when_to_call(content: Content, quiz: Quiz | None) -> bool:
    """Whether a quiz is on the lesson that has a place for the care team's numbers, or begins it.

    A path's own quiz does, if the lesson is on the path.
    """
    if quiz is None:
        return False
    lessons = [lesson for lesson in content.lessons.values() if lesson.has_numbers]
    topics = {objective.topic for o in lessons for objective in content.bank.of_lesson(o.id)}
    on_path = {*content.paths[quiz.path].lessons} if quiz.path else set[str]()
    ids = {o.id for o in lessons}
    return quiz.lesson in ids or quiz.topic in topics or not on_path.isdisjoint(ids)


def _can_practice(attempt: AttemptView, summary: Summary) -> bool:
    """Whether something missed in the attempt is still missed, and has questions now."""
    missed = {look.objective.id for look in summary.look_again if look.outcome in _MISSED}
    asked = available_content().bank.objectives
    missed = {o for o in missed if o in asked and asked[o].questions}
    if not missed:
        return False
    last = {a.objective: a for a in answers(extensions.read_session(), attempt.account)}
    return any(o in last and last[o].needs_another_look for o in missed)


def titled_quiz(name: str) -> Quiz | None:
    """Return the quiz of that name, with the title of its assignment if it has one."""
    quiz = catalog.find_by_name(extensions.content(), name)
    if quiz is None or not quiz.is_assigned:
        return quiz
    titles = assignments.assignment_titles(extensions.read_session(), [name])
    return replace(quiz, title=titles.get(name, ""))


def _assignment_of_part(quiz: Quiz | None, attempt: AttemptView) -> uuid.UUID | None:
    """Return the before-and-after assignment that the quiz belongs to, for current members."""
    if quiz is None or not quiz.part or not (assignment := quiz.ref.assignment):
        return None
    session = extensions.read_session()
    return assignment if assignments.find_assignment(session, attempt.account, assignment) else None


def comparison_page(
    before: AttemptView, after: AttemptView, assigned: LearnerAssignment | None = None
) -> ResponseReturnValue:
    """Both attempts side by side."""
    content = extensions.content()
    return render_template(
        "quizzes/comparison.html",
        content=content,
        compared=compare(content, before, after),
        attempts=(before, after),
        assigned=assigned,
        saved=saved_questions(extensions.read_session(), after.account, content.bank.objectives),
    )


def before_and_after_page(who: Learner) -> ResponseReturnValue:
    """Both results, if both quizzes are finished; else what comes next."""
    activity = LearnerActivity()
    if who.account and who.is_persisted:
        activity = load_activity(extensions.read_session(), who.account)
    first, second = _compared(who.account, activity.attempts)
    if first and second:
        return comparison_page(first, second)
    content = extensions.content()
    return render_template(
        "quizzes/before_and_after.html",
        content=content,
        before=only_attempt(activity.attempts, BEFORE),
        after=only_attempt(activity.attempts, AFTER),
        first=first,
        summary=summarize(content, first) if first else None,
        unread=_unread(content, first, activity) if first else [],
    )


def _is_compared(attempt: AttemptView) -> bool:
    """Whether the attempt is on the comparison page; after a merge, another one may be."""
    both = _compared(attempt.account, attempts(extensions.read_session(), attempt.account))
    return attempt.id in {compared.id for compared in both if compared}


def _compared(
    account: uuid.UUID | None, taken: Iterable[AttemptOverview]
) -> tuple[AttemptView | None, AttemptView | None]:
    """Return the finished attempts before and after the lessons.

    Of several before, it is the one with the most objectives in common with the one after.
    """
    before, after = (
        [
            view
            for attempt in finished_attempts(taken, quiz)
            if account and (view := queries.attempt(extensions.read_session(), account, attempt.id))
        ]
        for quiz in (BEFORE, AFTER)
    )
    asked = {i.objective for i in after[0].items} if after else set()
    first = max(before, key=lambda b: sum(i.objective in asked for i in b.items), default=None)
    return first, after[0] if after else None


def _unread(content: Content, before: AttemptView, activity: LearnerActivity) -> list[Lesson]:
    """Return the unread lessons about the objectives that were asked before."""
    objectives = content.bank.objectives
    asked = {objectives[i.objective].lesson for i in before.items if i.objective in objectives}
    return [lesson for name, lesson in content.lessons.items() if name in asked - activity.read]


def _next_lesson(
    content: Content, quiz: Quiz | None, account: uuid.UUID, *, missed_some: bool
) -> dict[str, object]:
    """Return the lesson to go `following` to, on the `path` that the learner is on, if any.

    Where some answers were missed, the quiz's own lesson is `to_read` first if it wasn't read, and
    always if readers' safety depends on it.
    """
    path = content.paths.get(quiz.path if quiz else "") or followed_path()
    lesson = content.lessons[quiz.lesson] if quiz and quiz.lesson else None
    if lesson and path and lesson.id not in path.lessons:
        path = None
    following = content.following(lesson) if lesson else None
    is_read = lesson is not None and own_reading.noted_here(lesson.id)
    if path:
        read = lessons_begun(extensions.read_session(), account).read
        is_read = lesson is not None and lesson.id in read
        unread = path.next_unread(read, after=lesson.id if lesson else None)
        following = content.lessons[unread] if unread else None
    to_read = lesson if lesson and missed_some and (lesson.is_safety or not is_read) else None
    return {"following": following, "path": path, "to_read": to_read, "is_read": is_read}
