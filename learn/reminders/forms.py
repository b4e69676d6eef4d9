"""What the reader wants to be reminded of, and when. The fields are in the address."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo

MAX_YEARS = 3
DAYS_AHEAD = (1, 3, 7)
"""Days to choose with one tap, counted from today."""

USUAL_TIME = time(10)
"""Filled in with a day, to be changed."""

_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_TIME = re.compile(r"[0-9]{1,2}:[0-9]{2}(?::[0-9]{2})?")
_SHOWN = 20
"""Characters of a field that come back to the page; a day or a time has fewer."""


class ReminderKind(StrEnum):
    """What the reminder is for."""

    REVIEW = "review"
    VISIT = "visit"


class ReminderError(StrEnum):
    """Why a field can’t be used. The template has a message for each."""

    NO_DAY = "no-day"
    DAY = "day"
    PAST = "past"
    FAR = "far"
    NO_TIME = "no-time"
    TIME = "time"


@dataclass(frozen=True, slots=True)
class ReminderForm:
    """The fields as typed, what they mean, and their errors by field."""

    kind: ReminderKind
    day: str
    at: str
    names_site: bool
    begins: datetime | None = None
    errors: Mapping[str, ReminderError] = field(default_factory=dict)


def read_form(fields: Mapping[str, str], now: datetime) -> ReminderForm:
    """Read the fields. `now` is in UTC; a day is past where it's over all over the earth."""
    typed_day, typed_time = fields.get("day", "").strip(), fields.get("time", "").strip()
    day, time_of_day = _day(typed_day, now), _time(typed_time)
    errors = {
        name: value
        for name, value in (("day", day), ("time", time_of_day))
        if isinstance(value, ReminderError)
    }
    begins = (
        datetime.combine(day, time_of_day)
        if isinstance(day, date) and isinstance(time_of_day, time)
        else None
    )
    return ReminderForm(
        kind=_kind(fields),
        day=typed_day[:_SHOWN],
        at=typed_time[:_SHOWN],
        names_site="site" in fields,
        begins=begins,
        errors=errors,
    )


def new_form(fields: Mapping[str, str], now: datetime, zone: ZoneInfo) -> ReminderForm:
    """Return the form to fill in, with what a link suggests, or what was filled in so far.

    A day so many days `ahead` is counted from today in `zone`. A day whose usual time is still to
    come has that time, until another one is typed.
    """
    ahead = fields.get("ahead", "")
    suggested = fields.get("day", "")
    day = suggested if isinstance(_day(suggested, now), date) else ""
    if ahead in map(str, DAYS_AHEAD):
        day = (now.astimezone(zone).date() + timedelta(days=int(ahead))).isoformat()
    typed = fields.get("time", "")
    at = typed if isinstance(_time(typed), time) else ""
    if day and not at:
        usual = datetime.combine(date.fromisoformat(day), USUAL_TIME, zone)
        at = USUAL_TIME.isoformat("minutes") if usual > now else ""
    return ReminderForm(
        _kind(fields),
        day,
        at,
        names_site="site" in fields,
    )


def _kind(fields: Mapping[str, str]) -> ReminderKind:
    is_visit = fields.get("what") == ReminderKind.VISIT
    return ReminderKind.VISIT if is_visit else ReminderKind.REVIEW


def _day(typed: str, now: datetime) -> date | ReminderError:
    if not typed:
        return ReminderError.NO_DAY
    try:
        day = date.fromisoformat(typed) if _DAY.fullmatch(typed) else None
    except ValueError:
        day = None
    if day is None:
        return ReminderError.DAY
    if day < (now - timedelta(hours=12)).date():
        return ReminderError.PAST
    return ReminderError.FAR if day > (now + timedelta(days=366 * MAX_YEARS)).date() else day


def _time(typed: str) -> time | ReminderError:
    if not typed:
        return ReminderError.NO_TIME
    try:
        return time.fromisoformat(typed.zfill(5)) if _TIME.fullmatch(typed) else ReminderError.TIME
    except ValueError:
        return ReminderError.TIME
