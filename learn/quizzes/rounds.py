"""Rounds of a quiz: the one that a learner is in, and a new one before anything of it is kept."""

from __future__ import annotations

import uuid
from dataclasses import replace
from random import Random

from itsdangerous import BadSignature, URLSafeSerializer

from learn import extensions
from learn.access import Learner
from learn.quizzes import actions, queries
from learn.quizzes.catalog import Quiz
from learn.review.offer import offered
from questions.model import Question
from questions.selection import plan


def rounds_of(who: Learner, quiz: Quiz) -> queries.Rounds:
    """The learner's rounds of a quiz so far."""
    if who.account is None or not who.known:
        return queries.Rounds(None, 0)
    return queries.rounds(extensions.reading(), who.account, quiz.ref)


def new_round(who: Learner, quiz: Quiz, round_: int) -> actions.Start:
    """The round of that number: which questions it asks rests on learner, quiz and number alone."""
    if who.account is None:
        raise AssertionError("a learner was greeted before")
    asked = queries.asked(extensions.reading(), who.account) if who.known else {}
    rng = Random(actions.seed(who.account, quiz.ref, round_))  # noqa: S311 - not a secret
    questions = plan(quiz.objectives, asked, quiz.length, rng)
    return _start(who.account, quiz, round_, questions, who.account)


def begun_by(account: uuid.UUID, start: actions.Start) -> actions.Start:
    """The same questions as the first round of somebody new."""
    return replace(
        start,
        account=account,
        attempt=actions.attempt_id(account, start.quiz, 1),
        round=1,
        planned_for=account,
    )


def _start(
    account: uuid.UUID,
    quiz: Quiz,
    round_: int,
    questions: tuple[Question, ...],
    planned_for: uuid.UUID,
) -> actions.Start:
    attempt = actions.attempt_id(planned_for, quiz.ref, round_)
    return actions.Start(account, attempt, quiz.ref, round_, questions, planned_for)


def _serializer() -> URLSafeSerializer:
    newest_last = [*reversed(extensions.settings().secret_keys)]
    return URLSafeSerializer(newest_last, salt="a quiz that begins")


def sign(start: actions.Start) -> str:
    """What the first page of a round carries, so that the round is the same when it begins."""
    raw = [start.quiz, start.round, start.planned_for.hex, [q.id for q in start.questions]]
    return str(_serializer().dumps(raw))


def signed_start(who: Learner, quiz: Quiz, signed: str) -> actions.Start | None:
    """The round that the page was made for; questions that have left the bank since are gone.

    Where it was made for a guest who has signed in since, it is a round of the account's.
    """
    try:
        ref, round_, planned_for, ids = _serializer().loads(signed)
    except (BadSignature, ValueError):
        return None
    bank = offered().bank
    questions = tuple(bank.questions[i] for i in ids if i in bank.questions)
    if ref != quiz.ref or not questions or who.account is None:
        return None
    return _start(who.account, quiz, round_, questions, uuid.UUID(hex=planned_for))
