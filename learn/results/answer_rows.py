"""The answers to an assignment, a line for each person and question: pure functions.

Both quizzes of a before-and-after assignment stand in it together. It has what its page shows, but
no nickname: people are told apart by keys, and stand in the order of these.
"""

from __future__ import annotations

import hmac
import uuid
from collections.abc import Iterable, Iterator, Mapping, Sequence
from zoneinfo import ZoneInfo

from learn.config import Settings
from learn.library.content import Content
from learn.messages import gettext as _
from learn.outcome_words import outcome_word
from learn.results.assignment_queries import HIDDEN, SingleAnswer
from learn.results.assignment_results import NOT_REACHED, PartResult, PersonRow, QuestionColumn
from questions.grading import Outcome
from questions.model import Question, Response
from questions.versions import QuestionSnapshot, VersionKey, shown_with

_KEY_LENGTH = 10  # hexadecimal digits

Answers = Mapping[tuple[uuid.UUID, uuid.UUID, str], SingleAnswer]
"""Answers by account, attempt, and question."""


def person_key(membership: uuid.UUID, secret: str) -> str:
    """Return a key of somebody's membership in a group, which no other file or page has.

    It stays the same whatever their nickname is, as long as the site signs with the same secret,
    and leads nowhere: neither to the account nor to what they did before they joined, or in another
    group. Without the secret, nobody can tell it from the addresses of their pages.
    """
    digest = hmac.new(secret.encode(), b"person in a file/" + membership.bytes, "sha256")
    return digest.hexdigest()[:_KEY_LENGTH]


def answer_rows(
    content: Content,
    quizzes: Iterable[tuple[str, PartResult]],
    answers: Answers,
    kept: Mapping[VersionKey, QuestionSnapshot],
    settings: Settings,
) -> Iterator[Sequence[str | int | float | None]]:
    """Yield a header, then a line for each person and question of each quiz with its part.

    The time zone is that of the `settings`, and their secret makes the keys of the people.
    """
    yield [
        _("Person ID"),
        _("Part"),
        _("Number"),
        _("Question ID"),
        _("Version"),
        _("Question"),
        _("Idea ID"),
        _("Day"),
        _("Outcome"),
        _("Score"),
        _("Their answer"),
    ]
    zone, secret = ZoneInfo(settings.time_zone), settings.secret_keys[0]
    for quiz, part in quizzes:
        keyed = [(person_key(row.member.membership, secret), row) for row in part.rows]
        for key, row in sorted(keyed, key=lambda one: one[0]):
            for place, column in enumerate(part.questions):
                given = answers.get((row.member.account, row.member.finished[quiz], column.id))
                yield [
                    key,
                    _part(part.part),
                    column.number,
                    column.id,
                    *_answer(content, row, (place, column), given, kept, zone),
                ]


def _answer(  # noqa: PLR0913, PLR0917 - a line is all of that
    content: Content,
    row: PersonRow,
    placed: tuple[int, QuestionColumn],
    given: SingleAnswer | None,
    kept: Mapping[VersionKey, QuestionSnapshot],
    zone: ZoneInfo,
) -> Iterator[str | float | None]:
    place, column = placed
    cell = row.cells[place]
    shown = given if cell not in {HIDDEN, NOT_REACHED} else None
    question = _as_answered(content, shown, kept) if shown else column.question
    yield shown.version if shown else None
    yield question.stem if question else None
    now = column.question
    yield now.objective if now else None
    yield shown.answered_at.astimezone(zone).date().isoformat() if shown else None
    yield _outcome(cell)
    yield row.scores[place]
    yield _in_words(question, shown) if shown else None


def _as_answered(
    content: Content, given: SingleAnswer, kept: Mapping[VersionKey, QuestionSnapshot]
) -> Question | None:
    """Return the version of the question that its answer is shown with; None if none fits."""
    snapshot = kept.get(given.key)
    now = content.bank.questions.get(given.question)
    response = Response.from_json(given.response)
    return shown_with(response, given.version, snapshot.question if snapshot else None, now)[0]


def _in_words(question: Question | None, given: SingleAnswer) -> str | None:
    response = Response.from_json(given.response)
    if question is None or response.unsure:
        return None
    lines = question.describe(response)
    return "; ".join(
        _("%(row)s: %(answer)s", row=line.text, answer=line.answer) if line.answer else line.text
        for line in lines
    )


def _outcome(cell: str) -> str:
    if cell == NOT_REACHED:
        return _("Not reached")
    return _("Not shown") if cell == HIDDEN else outcome_word(Outcome(cell))


def _part(part: str) -> str | None:
    return {"before": _("Before"), "after": _("After")}.get(part)
