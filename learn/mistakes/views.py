"""Report a mistake on a lesson or a question."""

from __future__ import annotations

import uuid_utils.compat
from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from learn import access, extensions, rate_limits
from learn.access import Learner
from learn.editorial import actions
from learn.forms import checks_token
from learn.mistakes.forms import MAX_LENGTH, MistakeForm
from learn.search.lookup import is_crisis
from learn.throttling import throttled

blueprint = Blueprint("mistakes", __name__, url_prefix="/mistake")


@blueprint.get("/<any(lesson, question):kind>/<name>")
@access.learner
def show_form(_who: Learner, kind: str, name: str) -> ResponseReturnValue:
    """Show the form."""
    return _page(kind, name, MistakeForm(formdata=None))


@blueprint.post("/<any(lesson, question):kind>/<name>")
@checks_token
@access.learner
@throttled(rate_limits.MISTAKE_REPORT, rate_limits.MISTAKE_REPORT_HERE)
def report(_who: Learner, kind: str, name: str) -> ResponseReturnValue:
    """Save the report, without who wrote it."""
    form = MistakeForm()
    page = _page(kind, name, form)
    text = (form.text.data or "").strip()
    if not form.has_valid_token:
        return page, 400
    if not text or len(text) > MAX_LENGTH:
        return page, 422
    with extensions.transaction() as session:
        actions.report_mistake(
            session, uuid_utils.compat.uuid7(), f"{kind}/{name}", text, access.now()
        )
    care = "yes" if is_crisis(text) else None
    return redirect(url_for("mistakes.thanks", kind=kind, name=name, care=care), 303)


@blueprint.get("/<any(lesson, question):kind>/<name>/thanks")
@access.learner
def thanks(_who: Learner, kind: str, name: str) -> ResponseReturnValue:
    """Confirm. What was written isn't kept with who wrote it, so the address says what to show."""
    return render_template(
        "mistakes/thanks.html", lesson=_lesson(kind, name), is_crisis="care" in request.args
    )


def _lesson(kind: str, name: str) -> str:
    """Return the id of the lesson, or of the question's lesson; raise 404 if there is none."""
    content = extensions.content()
    if name not in (content.bank.questions if kind == "question" else content.lessons):
        access.not_found()
    return content.bank.objective_of(name).lesson if kind == "question" else name


def _page(kind: str, name: str, form: MistakeForm) -> str:
    content = extensions.content()
    lesson = content.lessons[_lesson(kind, name)]
    question = content.bank.questions[name] if kind == "question" else None
    text = form.text.data or ""
    error = ""
    if form.is_submitted():
        too_long = len(text.strip()) > MAX_LENGTH
        error = "long" if too_long else "empty" if not text.strip() else "expired"
    return render_template(
        "mistakes/form.html",
        lesson=lesson,
        question=question,
        text=text[: MAX_LENGTH * 2],
        error=error,
        longest=MAX_LENGTH,
    )
