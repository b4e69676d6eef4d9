"""List of questions for the care team."""

from __future__ import annotations

import uuid
from collections.abc import Sequence

import uuid_utils.compat
from flask import Blueprint, Response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from learn import access, extensions, rate_limits
from learn.access import Learner
from learn.accounts import AccountGoneError
from learn.care_team import actions, printing, queries
from learn.care_team.actions import MAX_LINES, NewLine
from learn.care_team.forms import (
    MAX_LENGTH,
    MAX_NUMBER_LENGTH,
    MoveForm,
    NumbersForm,
    ObjectivesForm,
    PlaceForm,
    RemoveForm,
    SaveForm,
    TickForm,
    WordsForm,
)
from learn.care_team.queries import ListLine
from learn.forms import checks_token
from learn.learner import own_numbers, own_questions
from learn.learner.saved_questions import saved_questions
from learn.search.lookup import signs_in
from learn.throttling import throttled

blueprint = Blueprint("care_team", __name__, url_prefix="/care-team")

_FULL = "full"
_GONE = "gone"
_EXPIRED = "expired"
_SIGN = "sign"  # what was written names a sign of an emergency
_STATUS = {_EXPIRED: 400, _GONE: 404}


@blueprint.get("")
@access.learner
def index(who: Learner) -> ResponseReturnValue:
    """Show the list."""
    return _page(access.ensure_guest(who))


@blueprint.get("/questions.txt")
@access.learner
def text(who: Learner) -> ResponseReturnValue:
    """Return the list as a text file."""
    headers = {"Content-Disposition": 'attachment; filename="questions.txt"'}
    return Response(printing.as_text(_lines(who)), mimetype="text/plain", headers=headers)


@blueprint.post("/add")
@access.learner
@throttled(rate_limits.NEW_GUEST, rate_limits.CARE_LINE, rate_limits.CARE_LINE_HERE)
def add(who: Learner) -> ResponseReturnValue:
    """Add our questions about objectives."""
    bank = extensions.content().bank
    wanted = [
        NewLine(uuid_utils.compat.uuid7(), objective=o)
        for o in dict.fromkeys(map(bank.current_id, ObjectivesForm().objective.data or ()))
        if o in bank.objectives
    ]
    if who.account and wanted:
        try:
            added = _add(who.account, wanted, is_persisted=who.is_persisted)
        except AccountGoneError:  # in another tab
            return _back()
        if len(added) < len(wanted):
            return _page(who, error=_FULL)
    return _back()


@blueprint.post("/save")
@checks_token
@access.learner
@throttled(rate_limits.NEW_GUEST, rate_limits.CARE_LINE, rate_limits.CARE_LINE_HERE)
def save(who: Learner) -> ResponseReturnValue:
    """Save questions from any page, and come back to where they stand there."""
    form, who = SaveForm(), access.ensure_guest(who)
    lines = _lines_to_save(form)
    if who.account is None or not lines:
        return _back()
    if not form.is_from_here:
        return _save_page(form, lines)
    try:
        added = _add(who.account, lines, is_persisted=who.is_persisted)
    except AccountGoneError:  # in another tab: the same questions, to a new guest
        access.new_guest()
        return _save_page(form, lines)
    if len(added) < len(lines):
        return _page(who, error=_FULL)
    objectives = extensions.content().bank.objectives
    own_questions.note_more(_words(line) for line in lines)
    if form.part.data:
        saved = saved_questions(extensions.read_session(), who.account, objectives)
        return render_template("care_team/saved.html", at=form.anchor, saved=saved)
    return _back_to(form, "saved")


@blueprint.get("/numbers")
@access.learner
def numbers(who: Learner) -> ResponseReturnValue:
    """Show the form for the care team's own numbers."""
    form = NumbersForm(request.args)
    return _numbers_page(access.ensure_guest(who), form, None)


@blueprint.post("/numbers")
@checks_token
@access.learner
@throttled(rate_limits.NEW_GUEST, rate_limits.CARE_NUMBERS, rate_limits.CARE_NUMBERS_HERE)
def save_numbers(who: Learner) -> ResponseReturnValue:
    """Keep the care team's own numbers, and come back to where the form stood."""
    who, form = access.ensure_guest(who), NumbersForm()
    if who.account is None or form.error:
        return _numbers_page(who, form, form.typed, form.error)
    try:
        with extensions.transaction() as session:
            actions.save_numbers(
                session, who.account, form.typed, access.now(), is_persisted=who.is_persisted
            )
    except AccountGoneError:  # in another tab: the same numbers, to a new guest
        return _numbers_page(access.new_guest(), form, form.typed, _EXPIRED)
    access.refresh_cookie()
    own_numbers.note(has_some=True)
    return _back_to(form, "numbers")


@blueprint.post("/numbers/remove")
@access.learner
def remove_numbers(who: Learner) -> ResponseReturnValue:
    """Remove the care team's own numbers, here and by a script on this device."""
    if who.account:
        with extensions.transaction() as session:
            actions.remove_numbers(session, who.account)
        own_numbers.note(has_some=False)
    return redirect(url_for("about.get_help", _anchor="care-numbers"), 303)


@blueprint.post("/write")
@checks_token
@access.learner
@throttled(rate_limits.NEW_GUEST, rate_limits.CARE_LINE, rate_limits.CARE_LINE_HERE)
def write(who: Learner) -> ResponseReturnValue:
    """Add the learner's own question."""
    who, form = access.ensure_guest(who), WordsForm()
    if who.account is None or form.error:
        return _page(who, typed=form.typed, error=form.error)
    try:
        added = _add(
            who.account,
            [NewLine(uuid_utils.compat.uuid7(), text=form.words)],
            is_persisted=who.is_persisted,
        )
    except AccountGoneError:  # in another tab: the same words, to a new guest
        return _page(access.new_guest(), typed=form.typed, error=_EXPIRED)
    if not added:
        return _page(who, typed=form.typed, error=_FULL)
    return _back_to_words(added[0], form.words)


@blueprint.get("/lines/<uuid:line>")
@access.learner
def edit(who: Learner, line: uuid.UUID) -> ResponseReturnValue:
    """Show the form to reword the learner's own question."""
    words = queries.own_text(extensions.read_session(), who.account, line) if who.account else None
    if words is None:
        access.not_found()
    return _edit_page(line, words)


@blueprint.post("/lines/<uuid:line>")
@checks_token
@access.learner
def reword(who: Learner, line: uuid.UUID) -> ResponseReturnValue:
    """Change the words of the learner's own question."""
    form, done = WordsForm(), False
    if form.error:
        return _edit_page(line, form.typed, form.error)
    if who.account:
        with extensions.transaction() as session:
            done = actions.reword(session, who.account, line, form.words)
    if not done:
        return _page(access.ensure_guest(who), typed=form.typed, error=_GONE)
    return _back_to_words(line, form.words)


@blueprint.post("/lines/<uuid:line>/tick")
@access.learner
def tick(who: Learner, line: uuid.UUID) -> ResponseReturnValue:
    """Set whether a question has been asked."""
    if who.account:
        with extensions.transaction() as session:
            actions.tick(session, who.account, line, ticked=TickForm().asked.data == "yes")
    return _back(line, "tick")


@blueprint.post("/lines/<uuid:line>/move")
@access.learner
def move(who: Learner, line: uuid.UUID) -> ResponseReturnValue:
    """Move a question above or below another, or to the top."""
    form = MoveForm()
    above, below = form.above.data, form.below.data
    if who.account and (above or below or form.top.data):
        with extensions.transaction() as session:
            actions.move(session, who.account, line, above=above, below=below)
    return _back(line, "up" if above else "down" if below else "top")


@blueprint.post("/lines/<uuid:line>/remove")
@access.learner
def remove(who: Learner, line: uuid.UUID) -> ResponseReturnValue:
    """Remove a question."""
    if who.account:
        with extensions.transaction() as session:
            actions.remove(session, who.account, line)
    form = RemoveForm()
    return _back(form.focus.data or form.then.data, "remove")


def _add(account: uuid.UUID, lines: Sequence[NewLine], *, is_persisted: bool) -> list[uuid.UUID]:
    with extensions.transaction() as session:
        added = actions.add(session, account, lines, access.now(), is_persisted=is_persisted)
    access.refresh_cookie()
    return added


def _back(line: uuid.UUID | None = None, did: str | None = None) -> ResponseReturnValue:
    """Redirect to the list, focused on the button that was pressed."""
    return redirect(url_for("care_team.index", line=line, did=did if line else None), 303)


def _back_to_words(line: uuid.UUID, words: str) -> ResponseReturnValue:
    """Redirect to the learner's own question, or to what to do about a sign that it names."""
    if signs_in(words):
        return redirect(url_for("care_team.index", line=line, did=_SIGN, _anchor="signs"), 303)
    return redirect(url_for("care_team.index", _anchor=f"line-{line}"), 303)


def _back_to(form: PlaceForm, did: str) -> ResponseReturnValue:
    """Redirect to where the form stood, or to the list."""
    if not form.page:
        return _back()
    anchor = f"#{form.anchor}" if form.anchor else ""
    mark = "&" if "?" in form.page else "?"
    return redirect(f"{form.page}{mark}{did}=yes{anchor}", 303)


def _lines_to_save(form: SaveForm) -> list[NewLine]:
    """Return the form's questions; one that is also an objective's is that."""
    objectives = extensions.content().bank.objectives
    asked = {o.ask_care_team: o.id for o in reversed([*objectives.values()])}
    ids = [o for o in form.objective.data or () if o in objectives]
    found: list[tuple[str | None, str | None]] = [(o, None) for o in ids]
    for text in form.words:
        if text in asked:
            found.append((asked[text], None))
        elif not ids:
            found.append((None, text))
    return [
        NewLine(uuid_utils.compat.uuid7(), objective=o, text=text)
        for o, text in dict.fromkeys(found)
    ]


def _words(line: NewLine) -> str:
    """Return the words of a line to save."""
    objectives = extensions.content().bank.objectives
    return objectives[line.objective].ask_care_team if line.objective else line.text or ""


def _save_page(form: SaveForm, lines: Sequence[NewLine]) -> ResponseReturnValue:
    """Ask to press the button again, on a page with a token."""
    questions = [
        (_words(line), "objective" if line.objective else "text", line.objective or line.text)
        for line in lines
    ]
    page = render_template("care_team/save.html", questions=questions, to=form.page, at=form.anchor)
    return page, 400


def _numbers_page(
    who: Learner, form: NumbersForm, typed: tuple[str, str] | None, error: str = ""
) -> ResponseReturnValue:
    """Render the form with what was typed, or with what is kept."""
    numbers = own_numbers.own_numbers(who)
    if typed is None:
        both = (numbers.daytime, numbers.nights) if numbers else (None, None)
        typed = (both[0].text if both[0] else "", both[1].text if both[1] else "")
    page = render_template(
        "care_team/numbers.html",
        typed=typed,
        kept=numbers,
        is_shared_device=own_numbers.is_shared_device(),
        to=form.page,
        error=error,
        longest=MAX_NUMBER_LENGTH,
    )
    return page, _STATUS.get(error, 422) if error else 200


def _lines(who: Learner) -> tuple[ListLine, ...]:
    if who.account is None:
        return ()
    objectives = extensions.content().bank.objectives
    return queries.list_lines(extensions.read_session(), who.account, objectives)


def _first_shown(lines: Sequence[ListLine]) -> int:
    """Return how many lines come before the page: of the line that was changed, or asked for.

    A list is longer than one page only where those of several devices came together.
    """
    line = request.args.get("line", "")
    at = next((place for place, one in enumerate(lines) if str(one.id) == line), None)
    if at is None:
        at = min(request.args.get("after", 0, type=int), len(lines) - 1)
    return max(at, 0) // MAX_LINES * MAX_LINES


def _page(who: Learner, *, typed: str = "", error: str = "") -> ResponseReturnValue:
    """Render the list, or MAX_LINES of its lines, with what was typed."""
    content, every = extensions.content(), _lines(who)
    own_questions.note(line.words for line in every)
    before = _first_shown(every)
    at, did = request.args.get("line", ""), request.args.get("did", "")
    own = next((line.words for line in every if line.own and str(line.id) == at), "")
    lines = every[before : before + MAX_LINES]
    missed = queries.not_sure_of(extensions.read_session(), who.account) if who.account else []
    page = render_template(
        "care_team/index.html",
        lines=lines,
        before=before,
        parts=[
            (first, first + 1, min(first + MAX_LINES, len(every)))
            for first in range(0, len(every), MAX_LINES)
        ],
        size=printing.size(line for line in lines if not line.ticked),
        plain=printing.as_text(lines),
        missed=[content.bank.objectives[o] for o in missed if o in content.bank.objectives],
        asks=[lesson.care_questions[0] for lesson in content.lessons.values()][:3],
        typed=typed,
        error=error,
        at=at,
        did=did,
        signs=signs_in(own) if did == _SIGN else None,
        numbers=own_numbers.own_numbers(who) if did == _SIGN else None,
        content=content,
        longest=MAX_LENGTH,
        most=MAX_LINES,
    )
    return page, _STATUS.get(error, 422) if error else 200


def _edit_page(line: uuid.UUID, typed: str, error: str = "") -> ResponseReturnValue:
    page = render_template(
        "care_team/edit.html", line=line, typed=typed, error=error, longest=MAX_LENGTH
    )
    return page, _STATUS.get(error, 422) if error else 200
