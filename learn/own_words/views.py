"""Say it in your own words: write, hold it against the points of the lesson, look back."""

from __future__ import annotations

import uuid

import uuid_utils.compat
from flask import Blueprint, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from learn import access, extensions
from learn.access import Learner
from learn.account_merge.queries import merged_into
from learn.accounts import AccountGoneError
from learn.forms import checks_token
from learn.library.lessons import Lesson
from learn.own_words import actions, queries
from learn.own_words.forms import (
    LONGEST,
    MOST_TYPED,
    DeleteForm,
    PointsForm,
    TextForm,
    Trouble,
)
from learn.own_words.queries import Entry, OwnText

blueprint = Blueprint("own_words", __name__, url_prefix="/own-words")


@blueprint.get("")
@access.learner
def index(who: Learner) -> ResponseReturnValue:
    """All texts, by lesson; those about a lesson that has been taken out come last."""
    content = extensions.content()
    found = queries.texts(extensions.read_session(), who.account) if who.account else []
    return render_template(
        "own_words/index.html",
        groups=[
            (lesson, own)
            for lesson in content.lessons.values()
            if (own := [entry for entry in found if entry.lesson == lesson.id])
        ],
        others=[entry for entry in found if entry.lesson not in content.lessons],
    )


@blueprint.get("/lesson/<lesson_id>")
@access.learner
def write(who: Learner, lesson_id: str) -> ResponseReturnValue:
    """A box to write in. Nothing is kept yet."""
    lesson = _lesson(lesson_id)
    return _write_page(access.ensure_guest(who), lesson, TextForm(formdata=None))


@blueprint.post("/lesson/<lesson_id>")
@checks_token
@access.learner
def keep(who: Learner, lesson_id: str) -> ResponseReturnValue:
    """Keep the text: a new one, or in place of an earlier one."""
    lesson = _lesson(lesson_id)
    who = access.ensure_guest(who)
    form = TextForm()
    if trouble := form.trouble:
        return _write_page(who, lesson, form, trouble), 400 if trouble is Trouble.EXPIRED else 422
    written = actions.Written(
        lesson=lesson.id,
        text=form.words,
        page=form.page_id or uuid_utils.compat.uuid7(),
        earlier=form.earlier_id,
        seen=form.seen.data or "",
    )
    try:
        kept = _keep(who, written)
    except AccountGoneError:  # in another tab: the same words, to a new guest
        return _write_page(access.new_guest(), lesson, form, Trouble.EXPIRED), 400
    return redirect(url_for("own_words.compare", text_id=kept), 303)


@blueprint.get("/<uuid:text_id>")
@access.learner
def compare(who: Learner, text_id: uuid.UUID) -> ResponseReturnValue:
    """The text, and the points of its lesson to tick."""
    own = _own_text(who, text_id)
    return _compare_page(own, own.ticked or frozenset())


@blueprint.post("/<uuid:text_id>")
@checks_token
@access.learner
def tick(who: Learner, text_id: uuid.UUID) -> ResponseReturnValue:
    """Keep what was ticked."""
    own = _own_text(who, text_id)
    form = PointsForm()
    if not form.has_valid_token:
        return _compare_page(own, frozenset(form.points), expired=True), 400
    lesson = extensions.content().lessons.get(own.lesson)
    if who.account is not None and lesson is not None and lesson.points:
        with extensions.transaction() as session:
            asked = [point.id for point in lesson.points]
            actions.tick(session, who.account, text_id, form.points, asked)
    return redirect(url_for("own_words.look_back", text_id=text_id), 303)


@blueprint.get("/<uuid:text_id>/look-back")
@access.learner
def look_back(who: Learner, text_id: uuid.UUID) -> ResponseReturnValue:
    """What they said, what they could add, and where it stands."""
    own = _own_text(who, text_id)
    lesson = extensions.content().lessons.get(own.lesson)
    if own.ticked is None or lesson is None or not lesson.points:
        return redirect(url_for("own_words.compare", text_id=text_id), 302)
    return render_template(
        "own_words/look_back.html",
        own=own,
        lesson=lesson,
        said=[point for point in lesson.points if point.id in own.ticked],
        more=[point for point in lesson.points if point.id not in own.ticked],
        others=_others(who, own.lesson, own.id),
    )


@blueprint.get("/<uuid:text_id>/change")
@access.learner
def change(who: Learner, text_id: uuid.UUID) -> ResponseReturnValue:
    """The text in the box again."""
    own = _own_text(who, text_id)
    form = TextForm(formdata=None)
    form.text.data = own.text
    form.earlier.data = str(own.id)
    form.seen.data = actions.print_of(own.text)
    return _write_page(who, _lesson(own.lesson), form)


@blueprint.get("/<uuid:text_id>/delete")
@access.learner
def delete(who: Learner, text_id: uuid.UUID) -> ResponseReturnValue:
    """What goes, before it goes."""
    return _delete_page(_own_text(who, text_id))


@blueprint.post("/<uuid:text_id>/delete")
@checks_token
@access.learner
def delete_text(who: Learner, text_id: uuid.UUID) -> ResponseReturnValue:
    """Delete one text. Where it is gone already, that is well, too."""
    own = queries.text(extensions.read_session(), who.account, text_id) if who.account else None
    if own is not None and not DeleteForm().has_valid_token:
        return _delete_page(own, expired=True), 400
    if own is not None and who.account is not None:
        with extensions.transaction() as session:
            actions.delete_text(session, who.account, text_id)
    return redirect(url_for("own_words.index"), 303)


def _lesson(lesson_id: str) -> Lesson:
    """A lesson that has points; without them there is nothing to hold a text against."""
    found = extensions.content().lessons.get(lesson_id)
    if found is None or not found.points:
        access.not_found()
    return found


def _own_text(who: Learner, text_id: uuid.UUID) -> OwnText:
    found = queries.text(extensions.read_session(), who.account, text_id) if who.account else None
    if found is None:
        access.not_found()
    return found


def _keep(who: Learner, written: actions.Written) -> uuid.UUID:
    """Keep a text for whoever it belongs to by now: a guest may sign in while it is sent.

    Raises AccountGoneError.
    """
    if who.account is None:
        raise AssertionError("a learner was greeted before")
    now = access.now()
    try:
        with extensions.transaction() as session:
            kept = actions.keep(session, who.account, written, now, is_persisted=who.is_persisted)
    except AccountGoneError:
        account = merged_into(extensions.read_session(), who.account, now)
        if account is None:
            raise
        with extensions.transaction() as session:
            return actions.keep(session, account, written, now, is_persisted=True)
    access.mark_persisted()
    return kept


def _others(who: Learner, lesson: str, but: uuid.UUID | None = None) -> list[Entry]:
    """The other texts about the lesson, the newest first."""
    found = queries.texts(extensions.read_session(), who.account, lesson) if who.account else []
    return [entry for entry in found if entry.id != but]


def _write_page(
    who: Learner, lesson: Lesson, form: TextForm, trouble: Trouble | None = None
) -> str:
    earlier = form.earlier_id
    return render_template(
        "own_words/write.html",
        lesson=lesson,
        text=form.words,
        page=form.page_id or uuid_utils.compat.uuid7(),
        earlier=earlier or "",
        seen=form.seen.data if earlier else "",
        trouble=trouble and str(trouble),
        longest=LONGEST,
        most_typed=MOST_TYPED,
        others=_others(who, lesson.id, earlier),
    )


def _compare_page(own: OwnText, ticked: frozenset[str], *, expired: bool = False) -> str:
    return render_template(
        "own_words/compare.html",
        own=own,
        lesson=extensions.content().lessons.get(own.lesson),
        ticked=ticked,
        expired=expired,
    )


def _delete_page(own: OwnText, *, expired: bool = False) -> str:
    lesson = extensions.content().lessons.get(own.lesson)
    return render_template("own_words/delete.html", own=own, lesson=lesson, expired=expired)
