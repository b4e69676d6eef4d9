"""Handouts to print, one page each: for a wrong idea, for a lesson, or several for a class.

They are for people who lead a class, too, so search engines don't list them. They are the same for
everybody, but for the reader's own numbers on the one that they print from a lesson for themselves.
"""

from __future__ import annotations

import uuid
from collections.abc import Callable
from itertools import islice

from flask import Blueprint, render_template, request
from flask.typing import ResponseReturnValue

from learn import access, extensions
from learn.access import Learner
from learn.handouts import sheets
from learn.handouts.sheets import MAX_TOGETHER, Sheet
from learn.learner.care_numbers import OwnCareNumbers
from learn.learner.own_numbers import own_numbers
from learn.library.content import Content
from learn.library.lessons import Lesson
from learn.outage import fallback_on_outage
from questions.model import Misconception

_MAX_NAMES = 400  # more than there are boxes to check

blueprint = Blueprint("handouts", __name__, url_prefix="/handouts")


@blueprint.get("")
@access.anyone
def index() -> ResponseReturnValue:
    """List all handouts, to choose some to print together."""
    return extensions.page_cache().response("handouts", _list)


@blueprint.get("/idea/<idea_id>")
@access.anyone
def idea(idea_id: str) -> ResponseReturnValue:
    """Show the handout on a wrong idea."""
    return _one(sheets.of_idea, "idea", idea_id)


def _lesson_for_everybody(lesson_id: str) -> ResponseReturnValue:
    return _one(sheets.of_lesson, "lesson", lesson_id)


@blueprint.get("/lesson/<lesson_id>")
@fallback_on_outage(_lesson_for_everybody, after=0.3)
@access.learner(checks_session_in_query=True)
def lesson(who: Learner, lesson_id: str) -> ResponseReturnValue:
    """Show the handout on a lesson; with the reader's own numbers only if the address says so."""
    sheet = sheets.of_lesson(extensions.content(), lesson_id) if _is_own() else None
    if sheet is None or not sheet.lists:
        return _lesson_for_everybody(lesson_id)
    numbers = own_numbers(who)
    if numbers is not None:
        return _page((sheet,), is_own=True, numbers=numbers)
    return extensions.page_cache().response(
        f"handout/own/{lesson_id}", lambda: _page((sheet,), is_own=True)
    )


@blueprint.get("/together")
@access.anyone
def together() -> ResponseReturnValue:
    """Show the chosen handouts, one a page, and say which ones were left out."""
    ideas, lessons = (
        frozenset(islice(filter(None, request.args.getlist(name)), _MAX_NAMES))
        for name in ("idea", "lesson")
    )
    content = extensions.content()
    found = sheets.chosen(content, ideas, lessons)
    if not found:
        return _list(is_empty=True)
    return _page(
        sheets.together(content, found[:MAX_TOGETHER]),
        left_out=[_title(about) for about in found[MAX_TOGETHER:]],
        gone=len(ideas) + len(lessons) - len(found),
    )


def _one(find: Callable[[Content, str], Sheet | None], kind: str, name: str) -> ResponseReturnValue:
    sheet = find(extensions.content(), name)
    if sheet is None:
        access.not_found()
    if _group():
        return _page((sheet,))
    return extensions.page_cache().response(f"handout/{kind}/{name}", lambda: _page((sheet,)))


def _group() -> uuid.UUID | None:
    """Return the group whose page led here, to lead back to; nothing of it is shown."""
    try:
        return uuid.UUID(request.args.get("group", ""))
    except ValueError:
        return None


def _is_own() -> bool:
    """Return whether the address is the one that lessons lead to, and no group's."""
    return request.args.get("numbers") == "mine" and not _group()


def _page(
    found: tuple[Sheet, ...],
    left_out: list[str] | None = None,
    gone: int = 0,
    *,
    is_own: bool = False,
    numbers: OwnCareNumbers | None = None,
) -> str:
    return render_template(
        "handouts/sheets.html",
        sheets=found,
        group=_group(),
        is_own=is_own,
        numbers=numbers,
        content=extensions.content(),
        left_out=left_out or [],
        gone=gone,
        most=MAX_TOGETHER,
    )


def _list(*, is_empty: bool = False) -> str:
    content = extensions.content()
    return render_template(
        "handouts/index.html",
        content=content,
        ideas={name: sheets.ideas_of(content, name) for name in content.lessons},
        practice={
            idea.id
            for objective in content.bank.objectives.values()
            if objective.practice_only
            for idea in objective.misconceptions
        },
        most=MAX_TOGETHER,
        is_empty=is_empty,
    )


def _title(about: Lesson | Misconception) -> str:
    return about.title if isinstance(about, Lesson) else about.belief
