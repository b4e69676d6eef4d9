"""A calendar file with one event and its alarm (RFC 5545).

Its time is that of the reader's own clock, without a time zone: so none has to be guessed.
"""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import datetime, timedelta

_MAX_OCTETS = 75  # of a line, without its end


@dataclass(frozen=True, slots=True)
class CalendarEvent:
    """An event; the alarm comes `alarm_before` it begins. `description` may be empty."""

    id: uuid.UUID
    begins: datetime
    lasts: timedelta
    alarm_before: timedelta
    summary: str
    description: str
    made_at: datetime


def calendar_file(event: CalendarEvent) -> bytes:
    """Return the file. It names neither the site nor what it is about, unless the texts do."""
    lines = [
        "BEGIN:VCALENDAR",
        "VERSION:2.0",
        "PRODID:-//Reminder//1.0//EN",
        "BEGIN:VEVENT",
        f"UID:{event.id}",
        f"DTSTAMP:{event.made_at:%Y%m%dT%H%M%SZ}",
        f"DTSTART:{event.begins:%Y%m%dT%H%M%S}",
        f"DURATION:{_duration(event.lasts)}",
        f"SUMMARY:{_escaped(event.summary)}",
        *([f"DESCRIPTION:{_escaped(event.description)}"] if event.description else []),
        "BEGIN:VALARM",
        "ACTION:DISPLAY",
        f"DESCRIPTION:{_escaped(event.summary)}",
        f"TRIGGER:-{_duration(event.alarm_before)}",
        "END:VALARM",
        "END:VEVENT",
        "END:VCALENDAR",
    ]
    return b"".join(_folded(line) for line in lines)


def _duration(length: timedelta) -> str:
    return f"PT{int(length.total_seconds() // 60)}M"


def _escaped(text: str) -> str:
    for character in "\\;,":
        text = text.replace(character, f"\\{character}")
    return "\\n".join(text.splitlines())


def _folded(line: str) -> bytes:
    """Return the line with its end, in pieces that break no character."""
    pieces, room = [b""], _MAX_OCTETS
    for character in line:
        octets = character.encode()
        if len(pieces[-1]) + len(octets) > room:
            pieces.append(b"")
            room = _MAX_OCTETS - 1  # a space begins the next piece
        pieces[-1] += octets
    return b"\r\n ".join(pieces) + b"\r\n"
