"""What is said about a table: errors, and guesses that `--strict` refuses."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

MAX_ERRORS = 10  # reported per run
MAX_NAMES = 10  # learners or items in one message


class TableError(Exception):
    """Raised when a table can't be used; the message has a line for each reason."""

    def __init__(self, path: Path, errors: Sequence[str]) -> None:
        lines = [f"{path}: {error}" for error in errors[:MAX_ERRORS]]
        if len(errors) >= MAX_ERRORS:
            lines.append("There may be more; reading stopped here.")
        super().__init__("\n".join(lines))


class GuessesRefusedError(Exception):
    """Raised when a table was read by guesses, and none are allowed; a line for each of them."""

    def __init__(self, guesses: Iterable[str]) -> None:
        super().__init__("\n".join([*guesses, "These are guesses, which --strict refuses."]))


@dataclass(slots=True)
class Remarks:
    """What people should know of how one table was read, in order.

    A guess may be wrong, and `--strict` refuses it; anything else is only worth knowing.
    """

    path: Path
    lines: list[str] = field(default_factory=list)
    guesses: list[str] = field(default_factory=list)

    def note(self, text: str) -> None:
        """Remember what is worth knowing."""
        self.lines.append(f"{self.path}: {text}")

    def guess(self, text: str) -> None:
        """Remember what could also be meant otherwise."""
        self.note(text)
        self.guesses.append(self.lines[-1])


def quoted(text: str) -> str:
    """`text` in quotes, truncated if it is long."""
    return f"“{text}”" if len(text) <= 40 else f"“{text[:39]}…”"


def listed(names: Iterable[str]) -> str:
    """Return the names in quotes, the first of them if they are many."""
    every = [quoted(name) for name in names]
    if len(every) > MAX_NAMES:
        every = [*every[:MAX_NAMES], f"and {len(every) - MAX_NAMES} more"]
    return ", ".join(every)
