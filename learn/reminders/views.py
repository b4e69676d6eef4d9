"""Make a calendar file for the next review or the next visit."""

from __future__ import annotations

import uuid
from datetime import timedelta

from flask import Blueprint, Response, render_template, request, url_for
from flask.typing import ResponseReturnValue

from learn import access, extensions
from learn.messages import gettext
from learn.reminders.calendar_file import CalendarEvent, calendar_file
from learn.reminders.forms import MAX_YEARS, ReminderForm, ReminderKind, new_form, read_form

blueprint = Blueprint("reminders", __name__, url_prefix="/remind-me")


@blueprint.get("")
@access.anyone
def show_form() -> ResponseReturnValue:
    """Ask for what and when; a link may suggest it."""
    return _page(new_form(request.args, access.now()))


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


def _event(form: ReminderForm) -> CalendarEvent | None:
    """Return the event; the texts name the site only if the reader asked for it."""
    if form.begins is None:
        return None
    if form.kind is ReminderKind.VISIT:
        summary = gettext("Visit with my care team")
        page, lasts, alarm = "care_team.index", timedelta(hours=1), timedelta(hours=2)
    else:
        summary = gettext("A short review")
        page, lasts, alarm = "progress.index", timedelta(minutes=15), timedelta()
    site = extensions.content().ledger.site
    description = f"{site}: {url_for(page, _external=True)}" if form.names_site else ""
    return CalendarEvent(
        uuid.uuid4(), form.begins, lasts, alarm, summary, description, access.now()
    )
