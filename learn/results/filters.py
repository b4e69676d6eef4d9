"""Which answers are looked at: days, an assignment, a lesson; as an address says it."""

from __future__ import annotations

import uuid
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

_EVER = datetime(1970, 1, 1, tzinfo=UTC)
_NEVER = datetime(2999, 1, 1, tzinfo=UTC)
_FIRST, _LAST = date(2000, 1, 1), date(2900, 1, 1)


@dataclass(frozen=True, slots=True)
class Filter:
    """Days from `since` to `until`, both included; answers in an assignment; about a lesson.

    `doubts` has the names of what the address says and nobody can follow: it is left out.
    """

    since: date | None = None
    until: date | None = None
    assignment: uuid.UUID | None = None
    lesson: str = ""
    doubts: tuple[str, ...] = ()

    @property
    def is_set(self) -> bool:
        """Whether anything is left out."""
        return bool(self.since or self.until or self.assignment or self.lesson)

    @property
    def address(self) -> dict[str, str]:
        """What a link says, so that it keeps to the same answers."""
        given = {
            "from": self.since.isoformat() if self.since else "",
            "to": self.until.isoformat() if self.until else "",
            "assignment": self.assignment.hex if self.assignment else "",
            "lesson": self.lesson,
        }
        return {name: value for name, value in given.items() if value}

    def span(self, zone: ZoneInfo) -> tuple[datetime, datetime]:
        """From when, and until before when, by the days of `zone`."""
        begin = _midnight(self.since, zone) if self.since else _EVER
        end = _midnight(self.until + timedelta(days=1), zone) if self.until else _NEVER
        return begin, end


def read(
    given: Mapping[str, str], assignments: Collection[uuid.UUID], lessons: Collection[str]
) -> Filter:
    """What an address asks for. What makes no sense is left out, and named in `doubts`."""
    doubts = []
    since, until = _day(given.get("from", "")), _day(given.get("to", ""))
    assignment, lesson = _id(given.get("assignment", "")), given.get("lesson", "").strip()
    if given.get("from", "").strip() and since is None:
        doubts.append("from")
    if given.get("to", "").strip() and until is None:
        doubts.append("to")
    if since and until and since > until:
        doubts.append("order")
        since = until = None
    if given.get("assignment", "").strip() and assignment not in assignments:
        doubts.append("assignment")
        assignment = None
    if lesson and lesson not in lessons:
        doubts.append("lesson")
        lesson = ""
    return Filter(since, until, assignment, lesson, tuple(doubts))


def _day(given: str) -> date | None:
    try:
        found = date.fromisoformat(given.strip())
    except ValueError:
        return None
    return found if _FIRST <= found <= _LAST else None


def _id(given: str) -> uuid.UUID | None:
    try:
        return uuid.UUID(hex=given.strip())
    except ValueError:
        return None


def _midnight(day: date, zone: ZoneInfo) -> datetime:
    return datetime(day.year, day.month, day.day, tzinfo=zone).astimezone(UTC)
