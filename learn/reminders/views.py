"""Make a calendar file for the next review or the next visit."""

from __future__ import annotations

import uuid
from datetime import timedelta
from zoneinfo import ZoneInfo

from flask import Blueprint, Response, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import format_date, format_time

from learn import access, extensions
from learn.messages import gettext
from learn.reminders.calendar_file import CalendarEvent, calendar_file
from learn.reminders.forms import MAX_YEARS, ReminderForm, ReminderKind, new_form, read_form

blueprint = Blueprint("reminders", __name__, url_prefix="/remind-me")


@blueprint.get("")
@access.anyone
def show_form() -> ResponseReturnValue:
    """Ask for what and when; a link may suggest it."""
    zone = ZoneInfo(extensions.settings().time_zone)
    return _page(new_form(request.args, access.now(), zone))


@blueprint.get("/made")
@access.anyone
def made() -> ResponseReturnValue:
    """Show what the reminder says, with the file to add it; or the form with what is missing."""
    form = read_form(request.args, access.now())
    if form.begins is None:
        return _page(form), 422
    fields = {"what": form.kind.value, "day": form.day, "time": form.at}
    return render_template(
        "reminders/made.html",
        day=format_date(form.begins.date(), "full"),
        time=format_time(form.begins.time(), "short", rebase=False),
        what=_summary(form.kind),
        fields=fields | ({"site": "yes"} if form.names_site else {}),
    )


@blueprint.get("/reminder.ics")
@access.anyone
def download() -> ResponseReturnValue:
    """Return the calendar file, or the form with what has to be changed. Nothing is stored."""
    form = read_form(request.args, access.now())
    event = _event(form)
    if event is None:
        return _page(form), 422
    # A phone shows it at once, and offers to add it to the calendar.
    return Response(
        calendar_file(event),
        headers={
            "Content-Disposition": 'inline; filename="reminder.ics"',
            "Cache-Control": "no-store",
        },
        content_type="text/calendar; charset=utf-8",
    )


def _page(form: ReminderForm) -> str:
    site = extensions.content().ledger.site
    return render_template("reminders/form.html", form=form, most_years=MAX_YEARS, name=site)


def _summary(kind: ReminderKind) -> str:
    if kind is ReminderKind.VISIT:
        return gettext("Visit with my care team")
    return gettext("A short review")


def _event(form: ReminderForm) -> CalendarEvent | None:
    """Return the event; the texts name the site only if the reader asked for it."""
    if form.begins is None:
        return None
    if form.kind is ReminderKind.VISIT:
        page, lasts, alarm = "care_team.index", timedelta(hours=1), timedelta(hours=2)
    else:
        page, lasts, alarm = "progress.index", timedelta(minutes=15), timedelta()
    site = extensions.content().ledger.site
    description = f"{site}: {url_for(page, _external=True)}" if form.names_site else ""
    return CalendarEvent(
        uuid.uuid4(),
        form.begins,
        lasts,
        alarm,
        _summary(form.kind),
        description,
        access.now(),
    )
