"""Write an explanation, compare it with the points of the lesson, and look back."""

from __future__ import annotations

import uuid
from dataclasses import replace

import uuid_utils.compat
from flask import Blueprint, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from learn import access, extensions, rate_limits
from learn.access import Learner
from learn.account_merge.queries import merged_into
from learn.accounts import AccountGoneError
from learn.explanations import actions, opening, queries
from learn.explanations.forms import (
    MAX_LENGTH,
    MAX_TYPED,
    DeleteExplanationForm,
    PointsForm,
    TextError,
    TextForm,
)
from learn.explanations.queries import ExplanationView, ListEntry
from learn.forms import checks_token
from learn.learner import own_reading
from learn.library.lessons import Lesson
from learn.search.lookup import is_crisis
from learn.throttling import throttled

blueprint = Blueprint("explanations", __name__, url_prefix="/own-words")


@blueprint.get("")
@access.learner
def index(who: Learner) -> ResponseReturnValue:
    """List all texts by lesson; those about removed lessons come last."""
    content = extensions.content()
    texts = queries.texts(extensions.read_session(), who.account) if who.account else []
    return render_template(
        "explanations/index.html",
        groups=[
            (lesson, entries)
            for lesson in content.lessons.values()
            if (entries := [entry for entry in texts if entry.lesson == lesson.id])
        ],
        others=[entry for entry in texts if entry.lesson not in content.lessons],
    )


@blueprint.get("/lesson/<lesson_id>")
@access.learner
def write(who: Learner, lesson_id: str) -> ResponseReturnValue:
    """Show the box to write in."""
    lesson = _lesson(lesson_id)
    own_reading.note_read_before(who)
    return _write_page(access.ensure_guest(who), lesson, TextForm(formdata=None))


@blueprint.post("/lesson/<lesson_id>")
@checks_token
@access.learner
@throttled(rate_limits.NEW_GUEST, rate_limits.EXPLANATION, rate_limits.EXPLANATION_HERE)
def save(who: Learner, lesson_id: str) -> ResponseReturnValue:
    """Save the text, as a new one or in place of an earlier one."""
    lesson = _lesson(lesson_id)
    who = access.ensure_guest(who)
    form = TextForm()
    if error := form.error:
        return _write_page(who, lesson, form, error), 400 if error is TextError.EXPIRED else 422
    submission = actions.Submission(
        lesson=lesson.id,
        text=form.words,
        page=form.page_id or uuid_utils.compat.uuid7(),
        earlier=form.earlier_id,
        seen=form.seen.data or "",
    )
    try:
        text_id = _save(who, submission, form.opened.data)
    except AccountGoneError:  # deleted in another tab: offer the same words to a new guest
        return _write_page(access.new_guest(), lesson, form, TextError.EXPIRED), 400
    return redirect(url_for("explanations.compare", text_id=text_id), 303)


@blueprint.get("/<uuid:text_id>")
@access.learner
def compare(who: Learner, text_id: uuid.UUID) -> ResponseReturnValue:
    """Show the text, with the points of its lesson to tick."""
    text = _own_explanation(who, text_id)
    return _compare_page(text, text.checked_points or frozenset())


@blueprint.post("/<uuid:text_id>")
@checks_token
@access.learner
def tick(who: Learner, text_id: uuid.UUID) -> ResponseReturnValue:
    """Save the ticks."""
    text = _own_explanation(who, text_id)
    form = PointsForm()
    if not form.has_valid_token:
        return _compare_page(text, frozenset(form.points), expired=True), 400
    lesson = extensions.content().lessons.get(text.lesson)
    if who.account is not None and lesson is not None and lesson.points:
        with extensions.transaction() as session:
            shown = [point.id for point in lesson.points]
            actions.tick(session, who.account, text_id, form.points, shown)
    return redirect(url_for("explanations.look_back", text_id=text_id), 303)


@blueprint.get("/<uuid:text_id>/look-back")
@access.learner
def look_back(who: Learner, text_id: uuid.UUID) -> ResponseReturnValue:
    """Show what the text said and what could be added, with links into the lesson."""
    text = _own_explanation(who, text_id)
    lesson = extensions.content().lessons.get(text.lesson)
    if text.checked_points is None or lesson is None or not lesson.points:
        return redirect(url_for("explanations.compare", text_id=text_id), 302)
    return render_template(
        "explanations/look_back.html",
        explanation=text,
        lesson=lesson,
        covered=[point for point in lesson.points if point.id in text.checked_points],
        missing=[point for point in lesson.points if point.id not in text.checked_points],
        others=_others(who, text.lesson, text.id),
    )


@blueprint.get("/<uuid:text_id>/change")
@access.learner
def change(who: Learner, text_id: uuid.UUID) -> ResponseReturnValue:
    """Show the text in the box again."""
    text = _own_explanation(who, text_id)
    form = TextForm(formdata=None)
    form.text.data = text.text
    form.earlier.data = str(text.id)
    form.seen.data = actions.digest(text.text)
    return _write_page(who, _lesson(text.lesson), form)


@blueprint.get("/<uuid:text_id>/delete")
@access.learner
def delete(who: Learner, text_id: uuid.UUID) -> ResponseReturnValue:
    """Ask for confirmation."""
    return _delete_page(_own_explanation(who, text_id))


@blueprint.post("/<uuid:text_id>/delete")
@checks_token
@access.learner
def delete_text(who: Learner, text_id: uuid.UUID) -> ResponseReturnValue:
    """Delete the text, if it still exists."""
    text = queries.text(extensions.read_session(), who.account, text_id) if who.account else None
    if text is not None and not DeleteExplanationForm().has_valid_token:
        return _delete_page(text, expired=True), 400
    if text is not None and who.account is not None:
        with extensions.transaction() as session:
            actions.delete_text(session, who.account, text_id)
    return redirect(url_for("explanations.index"), 303)


def _lesson(lesson_id: str) -> Lesson:
    """Return the lesson, or raise 404 if it is gone or has no points."""
    lesson = extensions.content().lessons.get(lesson_id)
    if lesson is None or not lesson.points:
        access.not_found()
    return lesson


def _own_explanation(who: Learner, text_id: uuid.UUID) -> ExplanationView:
    text = queries.text(extensions.read_session(), who.account, text_id) if who.account else None
    if text is None:
        access.not_found()
    return text


def _save(who: Learner, submission: actions.Submission, opened: str | None) -> uuid.UUID:
    """Save a text for the visitor, or for the account that this guest has just been merged into.

    The account only takes a text from a page that the guest opened before the merge, and keeps it
    beside its own: a copy of the guest's cookie replaces nothing. Raises AccountGoneError.
    """
    if who.account is None:
        raise AssertionError("ensure_guest was not called before")
    now = access.now()
    try:
        with extensions.transaction() as session:
            text_id = actions.save(
                session, who.account, submission, now, is_persisted=who.is_persisted
            )
    except AccountGoneError:
        opened_at = opening.opened_at(opened, who.account)
        if opened_at is None:
            raise
        account = merged_into(extensions.read_session(), who.account, now, opened_at)
        if account is None:
            raise
        as_new = replace(submission, seen="")
        with extensions.transaction() as session:
            return actions.save(session, account, as_new, now, is_persisted=True)
    access.refresh_cookie()
    return text_id


def _others(who: Learner, lesson: str, exclude: uuid.UUID | None = None) -> list[ListEntry]:
    """Return the other texts about the lesson, the newest first."""
    texts = queries.texts(extensions.read_session(), who.account, lesson) if who.account else []
    return [entry for entry in texts if entry.id != exclude]


def _write_page(
    who: Learner, lesson: Lesson, form: TextForm, error: TextError | None = None
) -> str:
    earlier = form.earlier_id
    return render_template(
        "explanations/write.html",
        lesson=lesson,
        text=form.words,
        page=form.page_id or uuid_utils.compat.uuid7(),
        opened=opening.signed(who.account, access.now(), form.opened.data),
        earlier=earlier or "",
        seen=form.seen.data if earlier else "",
        error=error and str(error),
        max_length=MAX_LENGTH,
        max_typed=MAX_TYPED,
        others=_others(who, lesson.id, earlier),
    )


def _compare_page(text: ExplanationView, checked: frozenset[str], *, expired: bool = False) -> str:
    return render_template(
        "explanations/compare.html",
        explanation=text,
        lesson=extensions.content().lessons.get(text.lesson),
        checked=checked,
        expired=expired,
        is_crisis=is_crisis(text.text),
    )


def _delete_page(text: ExplanationView, *, expired: bool = False) -> str:
    lesson = extensions.content().lessons.get(text.lesson)
    return render_template(
        "explanations/delete.html", explanation=text, lesson=lesson, expired=expired
    )
