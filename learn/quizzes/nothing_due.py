"""What somebody reads who comes to review while nothing is due: what is true of their answers."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass

from flask import render_template

from learn import access, extensions
from learn.access import Learner
from learn.library.lessons import Lesson
from learn.quizzes import queries
from learn.quizzes.catalog import Quiz
from learn.quizzes.summary import Look, look_at
from learn.record.queries import answers, missed
from learn.review.offer import offered
from questions.model import Objective
from questions.selection import is_due

_MOST = 5


@dataclass(frozen=True, slots=True)
class Rest:
    """`begun`: something was answered. `fresh`: all last answers were right, and nothing fades yet.

    Else `looks` are ideas to see again, a few, those of `lesson` first: its quiz works today.
    """

    begun: bool = False
    fresh: bool = False
    looks: tuple[Look, ...] = ()
    lesson: Lesson | None = None


def nothing_due_page(who: Learner, quiz: Quiz) -> str:
    """Nothing is asked now: why, and what can be done instead."""
    return render_template("quizzes/nothing_due.html", quiz=quiz, rest=_rest(who))


def _rest(who: Learner) -> Rest:
    if who.account is None or not who.is_persisted:
        return Rest()
    session, content = extensions.read_session(), extensions.content()
    given = answers(session, who.account)
    again = missed(given, content.bank)
    if again:
        lesson = _lesson_of_most(again)
        first = sorted(again, key=lambda o: lesson is None or o.lesson != lesson.id)
        return Rest(True, looks=tuple(look_at(content, o) for o in first[:_MOST]), lesson=lesson)
    found = queries.memories(session, who.account)
    fades = any(is_due(found.get(o), access.now()) for o in content.bank.objectives)
    return Rest(begun=bool(given), fresh=bool(given) and not fades)


def _lesson_of_most(again: tuple[Objective, ...]) -> Lesson | None:
    """The lesson with most of these, of those with something to ask now; the first of several."""
    content = offered()
    count = Counter(o.lesson for o in again)
    asking = [n for n in content.lessons if any(o.questions for o in content.bank.of_lesson(n))]
    name = max((n for n in asking if count[n]), key=lambda n: count[n], default="")
    return content.lessons[name] if name else None
