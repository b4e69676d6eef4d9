"""Permanent names of quizzes, as in addresses and in the column `attempt.quiz`."""

from __future__ import annotations

import re
import uuid
from dataclasses import dataclass
from enum import StrEnum


class QuizKind(StrEnum):
    """What a quiz is about, or what it is for."""

    LESSON = "lesson"
    TOPIC = "topic"
    PATH = "path"
    MIXED = "mixed"
    REVIEW = "review"
    PRACTICE = "practice"
    BEFORE = "before"
    AFTER = "after"
    CHECK = "check"
    ASSIGNMENT = "assignment"


PARTS = BEFORE_PART, AFTER_PART = ("before", "after")
"""Names of the two quizzes of a before-and-after assignment."""

_NAMES = {
    QuizKind.LESSON: re.compile("[^/]+"),
    QuizKind.TOPIC: re.compile("[^/]+"),
    QuizKind.PATH: re.compile("[^/]+"),
    QuizKind.ASSIGNMENT: re.compile("[0-9a-f]{32}"),
}
_NO_NAME = re.compile("")


@dataclass(frozen=True, slots=True)
class QuizRef:
    """Reference to a quiz; `str()` formats it, `parse` reads it.

    `name` is the id of a lesson, topic, or path, or that of an assignment as 32 hex digits. `part`
    is `before` or `after` if the assignment has two quizzes.
    """

    kind: QuizKind
    name: str = ""
    part: str = ""

    def __str__(self) -> str:
        return "/".join(filter(None, (self.kind, self.name, self.part)))

    @classmethod
    def parse(cls, text: str) -> QuizRef | None:
        """Return the reference that `text` is, or None."""
        kind, _, rest = text.partition("/")
        name, _, part = rest.partition("/")
        try:
            ref = cls(QuizKind(kind), name, part)
        except ValueError:
            return None
        if not _NAMES.get(ref.kind, _NO_NAME).fullmatch(name):
            return None
        if part and (ref.kind is not QuizKind.ASSIGNMENT or part not in PARTS):
            return None
        return ref if str(ref) == text else None

    @classmethod
    def of_assignment(cls, assignment: uuid.UUID, part: str = "") -> QuizRef:
        """Return the reference to an assignment's quiz."""
        return cls(QuizKind.ASSIGNMENT, assignment.hex, part)

    @property
    def assignment(self) -> uuid.UUID | None:
        """Id of the assignment that the quiz belongs to, or None."""
        return uuid.UUID(hex=self.name) if self.kind is QuizKind.ASSIGNMENT else None


MIXED = QuizRef(QuizKind.MIXED)
REVIEW = QuizRef(QuizKind.REVIEW)
PRACTICE = QuizRef(QuizKind.PRACTICE)
BEFORE = QuizRef(QuizKind.BEFORE)
AFTER = QuizRef(QuizKind.AFTER)
CHECK = QuizRef(QuizKind.CHECK)


def prefix(kind: QuizKind) -> str:
    """Return the prefix of the stored references of a kind with names, for queries."""
    return f"{kind}/"
