"""Remind me: a calendar file for the next review or visit. Nothing is stored."""

from __future__ import annotations

import re
import uuid
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from learn.reminders.calendar_file import CalendarEvent, calendar_file
from learn.reminders.forms import new_form
from tests.learn.people import Person

FILE = "/remind-me/reminder.ics"
GOOD = f"{FILE}?what=review&day=2026-12-01&time=09%3A30"


def fields(file: bytes) -> dict[str, str]:
    """Return the fields of the event, unfolded; those of its alarm with a mark."""
    lines = file.decode().replace("\r\n ", "").split("\r\n")
    found: dict[str, str] = {}
    for line in lines[lines.index("BEGIN:VEVENT") : lines.index("END:VEVENT")]:
        name, _, value = line.partition(":")
        found.setdefault(name, value)
    return found


@pytest.mark.fast("reminders")
def test_a_reminder_is_at_the_time_of_the_readers_own_clock(ana: Person):
    ana.open(GOOD)
    event = fields(ana.page.data)

    assert ana.page.headers["Content-Type"] == "text/calendar; charset=utf-8"
    assert ana.page.headers["Content-Disposition"] == 'inline; filename="reminder.ics"'
    assert event["DTSTART"] == "20261201T093000"
    assert event["DTSTAMP"] == "20261122T020000Z"
    assert event["SUMMARY"] == "A short review"
    assert event["TRIGGER"] == "-PT0M"
    assert uuid.UUID(event["UID"])
    assert b"TZID" not in ana.page.data
    assert b"VTIMEZONE" not in ana.page.data


@pytest.mark.parametrize("what", ["review", "visit"])
def test_nothing_names_the_disease_unless_the_reader_ticks_it(ana, what):
    address = f"{FILE}?what={what}&day=2026-12-01&time=09%3A30"
    ana.open(address)
    plain = ana.page.data.decode()
    ana.open(f"{address}&site=yes")
    named = ana.page.data.decode()

    for word in ("ALL", "leuk", "learn", "http", "localhost", "cancer", "blood"):
        assert not re.search(rf"\b{word}", plain), word
    assert "DESCRIPTION:Learn ALL: http://localhost/" in named


def test_once_it_is_made_the_page_says_so_and_leads_to_the_file(ana):
    ana.open("/remind-me/made?what=visit&day=2026-12-01&time=14:00&site=yes")
    file = "/remind-me/reminder.ics?what=visit&day=2026-12-01&time=14:00&site=yes"

    assert "Your reminder is ready" in ana.text
    assert "Visit with my care team: Tuesday, December 1, 2026, 2:00" in ana.text
    assert f'href="{file.replace("&", "&amp;")}"' in ana.html
    assert "Not made yet" not in ana.text
    ana.open(file)
    assert fields(ana.page.data)["DTSTART"] == "20261201T140000"


def test_what_is_missing_is_said_in_place_of_what_was_made(ana):
    ana.page = ana.browser.get("/remind-me/made?what=visit&day=&time=")

    assert ana.page.status_code == 422
    assert "Choose a day." in ana.text
    assert "Choose a time." in ana.text


@pytest.mark.parametrize(("ahead", "day"), [("1", "22"), ("3", "24"), ("7", "28")])
def test_a_day_with_one_tap_is_counted_where_the_site_is_and_keeps_the_rest(ana, ahead, day):
    """It is two in the morning in UTC, and the evening before in New York."""
    now, zone = datetime(2026, 11, 22, 2, tzinfo=UTC), ZoneInfo("America/New_York")
    assert new_form({"ahead": ahead}, now, zone).day == f"2026-11-{day}"

    ana.open(f"/remind-me?what=visit&time=09%3A30&site=yes&day=&ahead={ahead}")
    assert re.search(r'name="day" type="date" value="2026-11-\d\d"', ana.html)
    assert 'name="time" type="time" value="09:30"' in ana.html
    assert 'value="visit" checked' in ana.html
    assert re.search(r'name="site" value="yes"[^>]* checked', ana.html)
    ana.open("/remind-me?ahead=99999999999")
    assert 'name="day" type="date" value=""' in ana.html


def test_a_time_comes_with_a_day_unless_it_has_passed_or_another_is_typed():
    now, zone = datetime(2026, 11, 22, 16, tzinfo=UTC), ZoneInfo("America/New_York")

    def time_of(**fields):
        return new_form(fields, now, zone).at

    assert time_of() == ""
    assert time_of(ahead="1") == time_of(ahead="1", time="") == "10:00"
    assert time_of(ahead="1", time="14:30") == "14:30"
    assert time_of(day="2026-11-30") == "10:00"
    assert time_of(day="2026-11-22") == "", "it is 11 in the morning"
    assert new_form({"day": "2026-11-22"}, now - timedelta(hours=2), zone).at == "10:00"


def test_a_visit_is_called_a_visit(ana):
    ana.open(f"{FILE}?what=visit&day=2026-12-01&time=14:00")

    assert fields(ana.page.data)["SUMMARY"] == "Visit with my care team"


def test_two_reminders_are_two_events(ana):
    ids = set()
    for _ in range(2):
        ana.open(GOOD)
        ids.add(fields(ana.page.data)["UID"])

    assert len(ids) == 2


def test_nothing_is_read_or_stored(ana, statements):
    ana.open("/remind-me?what=visit")
    ana.open(GOOD)

    assert statements == []
    assert "Set-Cookie" not in ana.page.headers
    assert ana.page.headers["Cache-Control"] == "no-store"


@pytest.mark.parametrize(
    ("day", "at", "says"),
    [
        ("", "09:00", "Choose a day."),
        ("2026-12-01", "", "Choose a time."),
        ("2026-11-20", "09:00", "That day has passed."),
        ("1900-01-01", "09:00", "That day has passed."),
        ("2026-02-30", "09:00", "We couldn’t read the day."),
        ("0000-01-01", "09:00", "We couldn’t read the day."),
        ("20261201", "09:00", "We couldn’t read the day."),
        ("２０２６-12-01", "09:00", "We couldn’t read the day."),
        ("tomorrow", "09:00", "We couldn’t read the day."),
        ("9999-12-31", "09:00", "That day is far away."),
        ("2026-12-01", "25:00", "We couldn’t read the time."),
        ("2026-12-01", "noon", "We couldn’t read the time."),
        ("2026-12-01", "9:3", "We couldn’t read the time."),
        ("x" * 10_000, "\x00", "We couldn’t read the day."),
    ],
)
def test_what_cannot_be_is_said_calmly_and_the_rest_is_kept(ana, day, at, says):
    ana.page = ana.browser.get(FILE, query_string={"what": "visit", "day": day, "time": at})

    assert ana.page.status_code == 422
    assert says in ana.text
    assert "Not made yet" in ana.text
    assert re.search(r'value="visit" checked', ana.html)
    if len(day) < 20:
        assert f'name="day" type="date" value="{day}"' in ana.html


@pytest.mark.parametrize("day", ["2026-11-21", "2026-11-22"])
def test_a_day_that_is_not_over_everywhere_is_not_past(ana, day):
    """It is two in the morning in UTC, and the evening before in the Americas."""
    ana.open(f"{FILE}?what=review&day={day}&time=23:00")

    assert ana.page.status_code == 200


@pytest.mark.parametrize("at", ["9:05", "09:05", "09:05:00"])
def test_a_time_may_be_written_as_browsers_and_people_do(ana, at):
    ana.open(f"{FILE}?day=2026-12-01&time={at}")

    assert fields(ana.page.data)["DTSTART"] == "20261201T090500"


def test_a_link_may_suggest_what_and_when(ana):
    ana.open("/remind-me?what=visit&day=2026-12-24")
    assert 'value="visit" checked' in ana.html
    assert 'value="2026-12-24"' in ana.html

    ana.open("/remind-me?what=%3Cb%3E&day=%3Cb%3E")
    assert 'value="review" checked' in ana.html
    assert 'name="day" type="date" value=""' in ana.html


def test_it_is_offered_on_the_list_for_the_care_team(ana):
    ana.open("/care-team")

    assert 'href="/remind-me?what=visit"' in ana.html


def test_it_is_offered_after_a_quiz_and_on_the_progress_page_from_then_on(ana):
    link = 'href="/remind-me?what=review"'
    ana.open("/progress")
    assert link not in ana.html

    ana.take("lesson/what-is-all")
    assert link in ana.html
    ana.open("/progress")
    assert link in ana.html


def test_lines_are_folded_and_texts_escaped():
    text = "a,b;c\\d\ne" + "é" * 200
    event = CalendarEvent(
        uuid.UUID(int=1),
        datetime(2026, 12, 1, 9),  # noqa: DTZ001 - the reader's own clock
        timedelta(hours=1),
        timedelta(hours=2),
        text,
        "",
        datetime(2026, 11, 22, tzinfo=UTC),
    )
    file = calendar_file(event)

    assert file.endswith(b"END:VCALENDAR\r\n")
    lines = file.split(b"\r\n")
    assert all(len(line) <= 75 for line in lines)
    assert all(line.decode() for line in lines[:-1])  # no character is broken
    assert b"\n" not in file.replace(b"\r\n", b"")
    assert fields(file)["SUMMARY"] == "a\\,b\\;c\\\\d\\ne" + "é" * 200
    assert "DESCRIPTION" not in file.decode().split("BEGIN:VALARM")[0]
