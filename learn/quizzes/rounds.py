"""Rounds of a quiz: the one that a learner is in, and a new one before anything of it is kept."""

from __future__ import annotations

import uuid
from collections.abc import Iterable
from dataclasses import replace
from random import Random
from zoneinfo import ZoneInfo

from itsdangerous import BadSignature, URLSafeSerializer

from learn import access, extensions
from learn.access import Learner
from learn.quizzes import actions, queries
from learn.quizzes.catalog import CHECK, Quiz
from learn.quizzes.choosers import Chooser, choose
from learn.review.offer import offered


def rounds_of(who: Learner, quiz: Quiz) -> queries.Rounds:
    """The learner's rounds of a quiz so far."""
    if who.account is None or not who.is_persisted:
        return queries.Rounds(None, None, 0)
    return queries.rounds(extensions.read_session(), who.account, quiz.ref)


def new_round(who: Learner, quiz: Quiz, before: int) -> actions.Start:
    """The round after `before` others; it may ask nothing, as a review when nothing is due.

    What chance there is in it rests on learner, quiz and number alone.
    """
    if who.account is None:
        raise AssertionError("a learner was greeted before")
    round_ = 1 if quiz.is_once else before + 1
    chooser = Chooser(
        extensions.read_session(),
        who.account if who.is_persisted else None,
        access.now(),
        ZoneInfo(extensions.settings().time_zone),
        extensions.content().bank,
        Random(actions.seed(who.account, quiz.ref, round_)),  # noqa: S311 - not a secret
    )
    questions = choose(chooser, quiz)
    return actions.Start(
        who.account,
        _attempt_id(who.account, quiz.ref, round_, (q.id for q in questions)),
        quiz.ref,
        round_,
        questions,
        who.account,
        quiz.fixed,
    )


def begun_by(account: uuid.UUID, start: actions.Start) -> actions.Start:
    """The same questions as the first round of somebody new."""
    return replace(
        start,
        account=account,
        attempt=_attempt_id(account, start.quiz, 1, (q.id for q in start.questions)),
        round=1,
        planned_for=account,
    )


def _attempt_id(
    planned_for: uuid.UUID, quiz: str, round_: int, questions: Iterable[str]
) -> uuid.UUID:
    """The attempt that a page begins. Of checks, each tab may have chosen another."""
    chosen = "/".join((quiz, *questions)) if quiz == CHECK else quiz
    return actions.attempt_id(planned_for, chosen, round_)


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
    whose = uuid.UUID(hex=planned_for)
    attempt = _attempt_id(whose, ref, round_, ids)
    return actions.Start(who.account, attempt, ref, round_, questions, whose, quiz.fixed)
