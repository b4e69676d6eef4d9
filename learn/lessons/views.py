"""List of lessons, and a lesson."""

from __future__ import annotations

from collections.abc import Sequence
from zoneinfo import ZoneInfo

from flask import Blueprint, abort, render_template, request, session
from flask.typing import ResponseReturnValue

from learn import access, cross_site, extensions
from learn import session_cookie as cookie
from learn.access import Learner
from learn.forms import checks_token
from learn.learner import own_path, own_questions, own_reading, queries
from learn.learner.care_numbers import OwnCareNumbers
from learn.learner.own_numbers import own_numbers
from learn.learner.queries import LessonsBegun
from learn.learner.question_left import QuestionLeft, question_left
from learn.learner.saved_questions import SavedQuestions, saved_questions
from learn.library.lessons import Lesson
from learn.library.paths import LessonPath
from learn.outage import fallback_on_outage
from learn.response_headers import indexable

blueprint = Blueprint("lessons", __name__, url_prefix="/lessons")


def _list_for_everybody() -> ResponseReturnValue:
    return _list_page((), LessonsBegun(), is_away=cookie.ACCOUNT_KEY in session)


@blueprint.get("")
@indexable
@fallback_on_outage(_list_for_everybody)
@access.learner
def index(who: Learner) -> ResponseReturnValue:
    """All lessons in order, with the learner's progress in each."""
    answers, begun = list[queries.RecordedAnswer](), LessonsBegun()
    if who.account and who.is_persisted:
        answers = queries.answers(extensions.read_session(), who.account)
        begun = queries.lessons_begun(extensions.read_session(), who.account)
    return _list_page(answers, begun)


def _list_page(
    answers: Sequence[queries.RecordedAnswer], begun: LessonsBegun, *, is_away: bool = False
) -> str:
    content = extensions.content()
    zone = ZoneInfo(extensions.settings().time_zone)
    standings = queries.standings(answers, content.bank, zone)
    progress = {
        name: queries.LessonProgress(
            name in begun.read, queries.mastery_of(content.bank.of_lesson(name), standings)
        )
        for name in content.lessons
    }
    has_begun = bool(begun.all or begun.paths)
    path = own_path.followed_path() if has_begun else None
    on_path = path.next_unread(begun.read) if path else None
    return render_template(
        "lessons/index.html",
        content=content,
        has_begun=has_begun,
        progress=progress,
        done_lessons=[name for name, own in progress.items() if own.is_done],
        following=content.lessons[on_path] if on_path else content.next_lesson(begun.read),
        path=path if on_path else None,
        answered=bool(answers),
        is_away=is_away,
    )


def _path_taken(lesson_id: str) -> LessonPath | None:
    """Return the path that the address names, if the lesson is on it."""
    path = extensions.content().paths.get(request.args.get("path", ""))
    return path if path and lesson_id in path.lessons else None


def _lesson_page(lesson_id: str, saved: SavedQuestions | None = None) -> ResponseReturnValue:
    """Return the page that is the same for everybody on the same path who saved the same."""
    path = _path_taken(lesson_id)
    key = f"lesson/{lesson_id}/{path.id if path else ''}/{saved.marks if saved else ''}"
    return extensions.page_cache().response(key, lambda: _render_lesson(lesson_id, saved))


def _render_lesson(
    lesson_id: str,
    saved: SavedQuestions | None,
    numbers: OwnCareNumbers | None = None,
    left: QuestionLeft | None = None,
) -> str:
    """Render a lesson, with what is its reader's own: the way back, saved questions and numbers."""
    content = extensions.content()
    requested = content.lessons.get(lesson_id)
    if requested is None:
        access.not_found()
    return render_template(
        "lessons/lesson.html",
        lesson=requested,
        path=_path_taken(lesson_id),
        content=content,
        saved=saved,
        numbers=numbers,
        question_left=left,
    )


def _own_page(who: Learner, lesson_id: str) -> ResponseReturnValue:
    """Return the page with what is the reader's own.

    It's rendered for the reader alone right after they saved a question, with their numbers, and
    with the way back to a question. With questions that they saved before, it's the same for all
    who saved the same.
    """
    lesson = extensions.content().lessons.get(lesson_id)
    numbers = own_numbers(who) if lesson and lesson.has_numbers else None
    saved = _saved_in(lesson, who) if lesson else None
    left = question_left()
    if numbers or left or (saved and saved.all_known):
        return _render_lesson(lesson_id, saved, numbers, left)
    return _lesson_page(lesson_id, saved)


def _saved_in(lesson: Lesson, who: Learner) -> SavedQuestions | None:
    """Return the lesson's questions that the reader saved; all of theirs if they just saved one."""
    just_now, path = "saved" in request.args, _path_taken(lesson.id)
    asks = path.asks_of(lesson) if path else lesson.care_questions
    if not (just_now or own_questions.may_have_saved()):
        saved = own_questions.noted(asks)
        return saved if saved and access.has_current_session(who) else None
    if who.account is None or not access.has_current_session(who):
        return None
    objectives = extensions.content().bank.objectives
    saved = saved_questions(extensions.read_session(), who.account, objectives)
    own_questions.note(saved.words)
    return saved if just_now else own_questions.noted(asks)


@blueprint.get("/<lesson_id>")
@indexable
@fallback_on_outage(_lesson_page, after=0.3)
@access.learner(checks_session_in_query=True)
def lesson(who: Learner, lesson_id: str) -> ResponseReturnValue:
    """A lesson. The page is the same for everybody, so browsers may cache it.

    It's the reader's own only right after they saved a question, with their care team's numbers,
    and when they came from a question to look something up.
    """
    page = _own_page(who, lesson_id)
    own_reading.note_read_before(who)
    return page


@blueprint.post("/<lesson_id>")
@checks_token
@access.learner(checks_session_in_query=True)
def read(who: Learner, lesson_id: str) -> ResponseReturnValue:
    """Note that the end of a lesson came into view, as a script on its page says."""
    if lesson_id not in extensions.content().lessons:
        access.not_found()
    if not cross_site.is_from_this_site(request.environ):
        abort(403)
    own_reading.note_read(who, lesson_id)
    own_path.note_path()
    return "", 204


def _path_without(path_id: str) -> ResponseReturnValue:
    """Return the page of a path without what its reader did."""
    return _render_path(path_id, is_away=cookie.ACCOUNT_KEY in session)


def _render_path(
    path_id: str,
    begun: LessonsBegun = LessonsBegun(),  # noqa: B008 - frozen
    saved: SavedQuestions | None = None,
    *,
    is_away: bool = False,
) -> str:
    """Render a path, with what is its reader's own: lessons read, and questions saved."""
    content = extensions.content()
    path = content.paths.get(path_id)
    if path is None:
        access.not_found()
    following = path.next_unread(begun.read)
    return render_template(
        "lessons/path.html",
        path=path,
        content=content,
        begun=begun,
        has_begun=path_id in begun.paths or not begun.all.isdisjoint(path.lessons),
        following=following,
        saved=saved,
        is_away=is_away,
    )


@blueprint.get("/paths/<path_id>")
@indexable
@fallback_on_outage(_path_without)
@access.learner
def path(who: Learner, path_id: str) -> ResponseReturnValue:
    """A few lessons in a row, what the learner did of them, and what comes next."""
    own_reading.note_read_before(who)
    if who.account is None or not who.is_persisted:
        return extensions.page_cache().response(f"path/{path_id}", lambda: _render_path(path_id))
    own_path.keep_path(path_id)
    reader = extensions.read_session()
    begun = queries.lessons_begun(reader, who.account)
    saved = saved_questions(reader, who.account, extensions.content().bank.objectives)
    own_questions.note(saved.words)
    return _render_path(path_id, begun, saved)
