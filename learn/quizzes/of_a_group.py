"""Quizzes that a group is asked to take. They are sat once, and only by who is in the group."""

from __future__ import annotations

import uuid

from flask import redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from learn import access, extensions
from learn.access import Learner
from learn.models import AssignmentKind
from learn.quizzes import catalog, queries, results, starts
from learn.quizzes.catalog import Quiz
from learn.record import assigned
from learn.record.assigned import Assigned, Part
from learn.record.so_far import attempts
from learn.review.offer import offered


def take(who: Learner, assignment: uuid.UUID, part: str) -> ResponseReturnValue:
    """Its first question, or the attempt at it; for one with two parts, where both stand."""
    found = _found(who, assignment)
    if found.kind == AssignmentKind.BEFORE_AFTER and not part:
        return _both(who, found)
    quiz = _quiz(found, part)
    own = queries.rounds(extensions.read_session(), _account(who), quiz.ref)
    if attempt := own.finished or own.open:
        return redirect(url_for("quizzes.attempt", attempt_id=attempt), 302)
    return _not_now(who, found, part) or starts.ask_first(who, quiz, 0, found)


def begin(who: Learner, assignment: uuid.UUID, part: str) -> ResponseReturnValue:
    """Begin it with its first answer; the same answer again finds the same attempt."""
    found = _found(who, assignment)
    quiz = _quiz(found, part)
    own = queries.rounds(extensions.read_session(), _account(who), quiz.ref)
    if not own.count and (other := _not_now(who, found, part)):
        return other
    return starts.keep_first(who, quiz)


def _not_now(who: Learner, found: Assigned, part: str) -> ResponseReturnValue | None:
    """Why it can't be begun, if it can't: it is closed, or another part comes first."""
    if found.closed_at:
        return render_template("quizzes/closed.html", assigned=found), 410
    begun = attempts(extensions.read_session(), _account(who))
    if any(p.waits for p in assigned.parts_of(found, begun) if p.name == part):
        return redirect(url_for("quizzes.assigned", assignment_id=found.id, part=""), 303)
    return None


def _both(who: Learner, found: Assigned) -> ResponseReturnValue:
    """Both results, once there are two; until then, what comes next."""
    session, account = extensions.read_session(), _account(who)
    parts = assigned.parts_of(found, attempts(session, account))
    views = [_view(p, account) for p in parts]
    if views[0] and views[1]:
        return results.of_both(found, views[0], views[1])
    return render_template(
        "quizzes/assigned.html",
        assigned=found,
        parts=parts,
        counts={p.name: len(_quiz(found, p.name).asks) for p in parts},
    )


def _view(part: Part, account: uuid.UUID) -> queries.AttemptView | None:
    if part.attempt is None or not part.done:
        return None
    return queries.attempt(extensions.read_session(), account, part.attempt.id)


def _found(who: Learner, assignment: uuid.UUID) -> Assigned:
    found = (
        assigned.one(extensions.read_session(), who.account, assignment) if who.account else None
    )
    return found or access.not_found()


def _quiz(found: Assigned, part: str) -> Quiz:
    if part not in found.parts:
        access.not_found()
    return catalog.assigned_to(offered(), found, part)


def _account(who: Learner) -> uuid.UUID:
    if who.account is None:
        access.not_found()
    return who.account
