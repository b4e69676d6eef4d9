"""Pages that are the same for everybody."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from flask import Blueprint, Response, render_template, request, url_for
from flask.typing import ResponseReturnValue

from learn import access, extensions
from learn.about.booklet import colophon
from learn.access import Learner
from learn.alphabet import first_letter
from learn.learner.care_numbers import OwnCareNumbers
from learn.learner.own_numbers import own_numbers
from learn.learner.question_left import QuestionLeft, question_left
from learn.library.content import Content
from learn.library.provenance import notes_on, sources_of
from learn.outage import fallback_on_outage
from learn.response_headers import indexable

_LISTED = (
    "about.get_help",
    "about.glossary",
    "about.source",
    "about.added_sources",
    "about.source_notes",
    "about.privacy",
)

blueprint = Blueprint("about", __name__)


def _help_page(numbers: OwnCareNumbers | None = None) -> ResponseReturnValue:
    """Return the page that is the same for everybody, unless something on it is the visitor's own.

    That is their numbers, and the way back to a question.
    """
    left = question_left()
    if numbers is None and left is None:
        return _static_page("help", "about/get_help.html", numbers=None)
    content = extensions.content()
    return render_template(
        "about/get_help.html",
        page=content.pages["help"],
        content=content,
        numbers=numbers,
        question_left=left,
    )


@blueprint.get("/help")
@indexable
@fallback_on_outage(_help_page, after=0.3)
@access.learner(checks_session_in_query=True)
def get_help(who: Learner) -> ResponseReturnValue:
    """Show when to call whom: the same page for everybody without numbers of their own."""
    return _help_page(own_numbers(who))


def _card_for_everybody() -> ResponseReturnValue:
    content = extensions.content()
    return extensions.page_cache().response("page/card", lambda: _card(content, None))


@blueprint.get("/help/card")
@fallback_on_outage(_card_for_everybody, after=0.3)
@access.learner(checks_session_in_query=True)
def card(who: Learner) -> ResponseReturnValue:
    """Show when to call whom on a sheet to print, with the words of Get help."""
    numbers = own_numbers(who)
    return _card_for_everybody() if numbers is None else _card(extensions.content(), numbers)


def _card(content: Content, numbers: OwnCareNumbers | None) -> str:
    page = content.pages["help"]
    return render_template("about/card.html", page=page, content=content, numbers=numbers)


@blueprint.get("/privacy")
@indexable
@access.anyone
def privacy() -> ResponseReturnValue:
    """Show what is stored about a learner."""
    return _static_page("privacy", "about/privacy.html")


@blueprint.get("/source")
@indexable
@access.anyone
def source() -> ResponseReturnValue:
    """Show what the lessons are based on, in short, and lead to the rest."""
    return _static_page("about", "about/source.html")


@blueprint.get("/source/lessons/<lesson_id>")
@indexable
@access.anyone
def lesson_sources(lesson_id: str) -> ResponseReturnValue:
    """Show the source of each sentence of a lesson.

    The page is the same for everybody on the same path, unless it has the way back to a question.
    """
    content, left = extensions.content(), question_left()
    if lesson_id not in content.lessons:
        access.not_found()
    path = content.paths.get(request.args.get("path", ""))
    path_id = path.id if path and lesson_id in path.lessons else None
    if left:
        return _lesson_sources(lesson_id, {**left.arguments, "path": path_id}, left)
    return extensions.page_cache().response(
        f"source/{lesson_id}/{path_id or ''}", lambda: _lesson_sources(lesson_id, {"path": path_id})
    )


def _lesson_sources(
    lesson_id: str, way_back: Mapping[str, str | None], left: QuestionLeft | None = None
) -> str:
    content = extensions.content()
    lesson = content.lessons[lesson_id]
    return render_template(
        "about/lesson_sources.html",
        lesson=lesson,
        content=content,
        parts=[*sources_of(lesson, content)],
        notes=notes_on(lesson, content),
        way_back=way_back,
        question_left=left,
    )


@blueprint.get("/source/added")
@indexable
@access.anyone
def added_sources() -> ResponseReturnValue:
    """Show all facts that the editors added, each with its source."""
    return _static_page("about", "about/added_sources.html")


@blueprint.get("/source/notes")
@indexable
@access.anyone
def source_notes() -> ResponseReturnValue:
    """Show what was corrected or left out of the document, and what it doesn't cover."""
    return _static_page("about", "about/source_notes.html")


@blueprint.get("/glossary")
@indexable
@access.anyone
def glossary() -> ResponseReturnValue:
    """Show all terms in plain words."""
    content = extensions.content()
    letters = sorted({first_letter(t.term) for t in content.glossary.terms.values()})
    return extensions.page_cache().response(
        "glossary",
        lambda: render_template(
            "about/glossary.html", content=content, letters=letters, first_letter=first_letter
        ),
    )


@blueprint.get("/booklet")
@access.anyone
def booklet() -> ResponseReturnValue:
    """Show the whole course on one page, to print."""
    content = extensions.content()
    return extensions.page_cache().response(
        "booklet",
        lambda: render_template(
            "about/booklet.html",
            content=content,
            colophon=colophon(content),
            seen=[f"term-{term}" for term in content.glossary.terms],
        ),
    )


def _static_page(name: str, template: str, **more: object) -> ResponseReturnValue:
    content = extensions.content()
    return extensions.page_cache().response(
        f"page/{name}/{template}",
        lambda: render_template(template, page=content.pages[name], content=content, **more),
    )


@blueprint.get("/robots.txt")
@access.anyone
def robots() -> ResponseReturnValue:
    """Tell search engines where the sitemap is, and which pages are only for people."""
    lines = (
        "User-agent: *",
        f"Disallow: {url_for('search.index')}",
        f"Disallow: {url_for('quizzes.index')}/",
        f"Sitemap: {url_for('about.sitemap', _external=True)}",
    )
    return Response("\n".join(lines) + "\n", mimetype="text/plain")


@blueprint.get("/sitemap.xml")
@access.anyone
def sitemap() -> ResponseReturnValue:
    """List the pages that search engines may list."""
    content = extensions.content()
    pages: list[tuple[str, date | None]] = [
        (url_for(endpoint, _external=True), None)
        for endpoint in ("home.index", "lessons.index", *_LISTED)
    ]
    pages += (
        (url_for("lessons.path", path_id=path, _external=True), None) for path in content.paths
    )
    pages += (
        (url_for("lessons.lesson", lesson_id=lesson.id, _external=True), lesson.reviewed_on)
        for lesson in content.lessons.values()
    )
    pages += (
        (url_for("about.lesson_sources", lesson_id=lesson.id, _external=True), lesson.reviewed_on)
        for lesson in content.lessons.values()
    )
    page = render_template("about/sitemap.xml", pages=pages)
    return Response(page, mimetype="application/xml")
