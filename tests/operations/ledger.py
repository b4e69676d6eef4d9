"""What people were told is kept, in their own words: the other side of what the database says."""

from __future__ import annotations

import threading
import uuid
from collections import Counter
from dataclasses import dataclass, field

from questions.model import Response

Place = tuple[uuid.UUID, int]
"""An attempt, and the position of an item in it."""


@dataclass(eq=False)
class Person:
    """Somebody, and all that was acknowledged to them. `name` stands in each of their texts.

    `accounts` has the ids that their rows were seen under. Several responses of one answer are
    those that two tabs sent at once: one of them is kept.
    """

    name: str
    answers: dict[Place, list[Response]] = field(default_factory=dict)
    lines: set[str] = field(default_factory=set)
    explanations: set[str] = field(default_factory=set)
    memberships: set[str] = field(default_factory=set)
    nickname: str = ""
    passphrase: str = ""
    accounts: set[uuid.UUID] = field(default_factory=set)
    is_gone: bool = False

    @property
    def attempts(self) -> set[uuid.UUID]:
        return {attempt for attempt, _ in self.answers}

    @property
    def has_anything(self) -> bool:
        """Whether anything of theirs has to be in the database."""
        texts = self.lines or self.explanations or self.memberships
        return bool(self.answers or texts or self.nickname) and not self.is_gone

    def take_over(self, guest: Person) -> None:
        """All that the guest had is theirs now."""
        self.answers |= guest.answers
        self.lines |= guest.lines
        self.explanations |= guest.explanations
        self.memberships |= guest.memberships
        guest.answers, guest.lines, guest.explanations = {}, set(), set()
        guest.memberships = set()


@dataclass(eq=False)
class Doubt:
    """Something that was sent and not acknowledged: it is done, or it is not, as a whole.

    `text` is what identifies it: a line, an explanation, a nickname, or the address of a quiz.
    """

    kind: str
    person: Person
    text: str = ""
    question: str = ""
    responses: tuple[Response, ...] = ()
    place: Place | None = None
    merged_into: Person | None = None


class Tally:
    """Counts for the summary, and the failures that were found; for all threads."""

    def __init__(self) -> None:
        self.counts: Counter[str] = Counter()
        self.cut: Counter[tuple[str, str]] = Counter()
        self.failures: list[str] = []
        self._counted: set[tuple[str, str]] = set()
        self._lock = threading.Lock()

    def add(self, what: str) -> None:
        with self._lock:
            self.counts[what] += 1

    def add_once(self, what: str, name: str) -> None:
        """Count something about somebody, once."""
        with self._lock:
            self._counted.add((what, name))
            self.counts[what] = sum(one == what for one, _ in self._counted)

    def add_cut(self, kind: str, outcome: str) -> None:
        with self._lock:
            self.cut[kind, outcome] += 1

    def add_failure(self, message: str) -> None:
        """Record a failure, once."""
        with self._lock:
            if message not in self.failures:
                self.failures.append(message)
