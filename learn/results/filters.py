"""Filters of a report from the query string: days or a recent time, an assignment, a lesson."""

from __future__ import annotations

import uuid
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

MIN_TIME = datetime(1970, 1, 1, tzinfo=UTC)
_MAX_TIME = datetime(2999, 1, 1, tzinfo=UTC)
RECENT = (7, 30, 90)
"""Days back from today that one may choose instead of a first and a last day."""

CUSTOM = "days"
"""The choice of a first and a last day instead."""

_MIN_DAY, _MAX_DAY = date(2000, 1, 1), date(2900, 1, 1)


@dataclass(frozen=True, slots=True)
class Filter:
    """Days from `since` to `until`, both included; an assignment; a lesson (its id, or "").

    `recent` is the number of days back from today that `since` was chosen by, or 0.
    `invalid_filters` names the query parameters that were ignored because they make no sense.
    """

    since: date | None = None
    until: date | None = None
    assignment: uuid.UUID | None = None
    lesson: str = ""
    recent: int = 0
    invalid_filters: tuple[str, ...] = ()

    @property
    def is_set(self) -> bool:
        """Whether any filter is active."""
        return bool(self.has_days or self.assignment or self.lesson)

    @property
    def has_days(self) -> bool:
        """Whether only answers of some days pass."""
        return bool(self.since or self.until)

    @property
    def query_args(self) -> dict[str, str]:
        """Query parameters that select the same answers."""
        args = {
            "time": str(self.recent or ""),
            "from": self.since.isoformat() if self.since and not self.recent else "",
            "to": self.until.isoformat() if self.until else "",
            "assignment": self.assignment.hex if self.assignment else "",
            "lesson": self.lesson,
        }
        return {name: value for name, value in args.items() if value}

    def span(self, zone: ZoneInfo) -> tuple[datetime, datetime]:
        """Return the filter's time range in `zone`: start inclusive, end exclusive."""
        begin = _midnight(self.since, zone) if self.since else MIN_TIME
        end = _midnight(self.until + timedelta(days=1), zone) if self.until else _MAX_TIME
        return begin, end


def parse(
    args: Mapping[str, str],
    assignments: Collection[uuid.UUID],
    lessons: Collection[str],
    today: date,
) -> Filter:
    """Parse query parameters. Ignores what is invalid, and names it in `invalid_filters`.

    A `time` other than `CUSTOM` takes the place of `from` and `to`.
    """
    invalid = []
    time = args.get("time", CUSTOM).strip()
    if time != CUSTOM:
        args = {**args, "from": "", "to": ""}
    since, until = _day(args.get("from", "")), _day(args.get("to", ""))
    recent = next((days for days in RECENT if str(days) == time), 0)
    if recent:
        since = today - timedelta(days=recent)
    elif time not in {"", CUSTOM}:
        invalid.append("time")
    assignment, lesson = _id(args.get("assignment", "")), args.get("lesson", "").strip()
    if args.get("from", "").strip() and since is None:
        invalid.append("from")
    if args.get("to", "").strip() and until is None:
        invalid.append("to")
    if since and until and since > until:
        invalid.append("order")
        since = until = None
    if args.get("assignment", "").strip() and assignment not in assignments:
        invalid.append("assignment")
        assignment = None
    if lesson and lesson not in lessons:
        invalid.append("lesson")
        lesson = ""
    return Filter(since, until, assignment, lesson, recent, tuple(invalid))


def _day(text: str) -> date | None:
    try:
        day = date.fromisoformat(text.strip())
    except ValueError:
        return None
    return day if _MIN_DAY <= day <= _MAX_DAY else None


def _id(text: str) -> uuid.UUID | None:
    try:
        return uuid.UUID(hex=text.strip())
    except ValueError:
        return None


def _midnight(day: date, zone: ZoneInfo) -> datetime:
    return datetime(day.year, day.month, day.day, tzinfo=zone).astimezone(UTC)
