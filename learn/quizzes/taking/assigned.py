"""Quizzes of assignments: taken once, and only by members of the group."""

from __future__ import annotations

import uuid

from flask import redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from learn import access, extensions
from learn.access import Learner
from learn.editorial.availability import available_content
from learn.learner import assignments
from learn.learner.activity import attempts
from learn.learner.assignments import AssignmentPart, LearnerAssignment
from learn.models import AssignmentKind
from learn.quizzes import queries
from learn.quizzes.outcomes import pages as outcomes
from learn.quizzes.planning import catalog
from learn.quizzes.planning.catalog import Quiz
from learn.quizzes.taking import first_question


def take(who: Learner, assignment: uuid.UUID, part: str) -> ResponseReturnValue:
    """Show the first question, or the attempt; of an assignment with two parts, an overview."""
    assigned = _assignment(who, assignment)
    if assigned.kind == AssignmentKind.BEFORE_AFTER and not part:
        return _overview(who, assigned)
    quiz = _quiz(assigned, part)
    earlier = queries.quiz_attempts(extensions.read_session(), _account(who), quiz.ref)
    if attempt := earlier.finished or earlier.open:
        return redirect(url_for("quizzes.attempt", attempt_id=attempt), 302)
    return _not_now(who, assigned, part) or first_question.ask_first(who, quiz, 0, assigned)


def answer(who: Learner, assignment: uuid.UUID, part: str) -> ResponseReturnValue:
    """Start the attempt with its first answer, unless the assignment is closed.

    Also for somebody who has left the group, or was removed, while the question was open: what they
    answered is theirs, and counts for no group.
    """
    assigned = _assignment(who, assignment, or_former=True)
    quiz = _quiz(assigned, part)
    earlier = queries.quiz_attempts(extensions.read_session(), _account(who), quiz.ref)
    if not earlier.count and (page := _not_now(who, assigned, part)):
        return page
    return first_question.record_first(who, quiz)


def _not_now(who: Learner, assigned: LearnerAssignment, part: str) -> ResponseReturnValue | None:
    """Return the page to show if the quiz is closed, or waits for another part; else None."""
    if assigned.closed_at:
        return render_template("quizzes/closed.html", assigned=assigned), 410
    taken = attempts(extensions.read_session(), _account(who))
    if any(p.waits for p in assignments.assignment_parts(assigned, taken) if p.name == part):
        return redirect(url_for("quizzes.assigned", assignment_id=assigned.id, part=""), 303)
    return None


def _overview(who: Learner, assigned: LearnerAssignment) -> ResponseReturnValue:
    """Both results, if both parts are finished; else what comes next."""
    session, account = extensions.read_session(), _account(who)
    parts = assignments.assignment_parts(assigned, attempts(session, account))
    before, after = (_finished(p, account) for p in parts)
    if before and after:
        return outcomes.comparison_page(before, after, assigned)
    return render_template(
        "quizzes/assigned.html",
        assigned=assigned,
        parts=parts,
        counts={p.name: len(_quiz(assigned, p.name).questions) for p in parts},
    )


def _finished(part: AssignmentPart, account: uuid.UUID) -> queries.AttemptView | None:
    if part.attempt is None or not part.done:
        return None
    return queries.attempt(extensions.read_session(), account, part.attempt.id)


def _assignment(
    who: Learner, assignment: uuid.UUID, *, or_former: bool = False
) -> LearnerAssignment:
    if who.account is None:
        access.not_found()
    session = extensions.read_session()
    assigned = assignments.find_assignment(session, who.account, assignment)
    if assigned is None and or_former:
        assigned = assignments.find_former_assignment(session, who.account, assignment)
    return assigned or access.not_found()


def _quiz(assigned: LearnerAssignment, part: str) -> Quiz:
    if part not in assigned.parts:
        access.not_found()
    return catalog.assigned_quiz(available_content(), assigned, part)


def _account(who: Learner) -> uuid.UUID:
    if who.account is None:
        access.not_found()
    return who.account
