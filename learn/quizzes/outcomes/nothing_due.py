"""Page shown when no review is due, with objectives to look at again."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass

from flask import render_template

from learn import access, extensions
from learn.access import Learner
from learn.editorial.availability import available_content
from learn.learner.queries import answers, missed
from learn.library.lessons import Lesson
from learn.quizzes import queries
from learn.quizzes.outcomes.summary import ReviewSuggestion, review_suggestion
from learn.quizzes.planning.catalog import Quiz
from questions.model import Objective
from questions.selection import is_due

_MAX = 5


@dataclass(frozen=True, slots=True)
class NothingDue:
    """Why nothing is due.

    `begun`: the learner has answered something. `fresh`: all last answers were right, and no review
    is due. Otherwise `look_again` has a few missed objectives, those of `lesson` first, whose quiz
    can be taken now.
    """

    begun: bool = False
    fresh: bool = False
    look_again: tuple[ReviewSuggestion, ...] = ()
    lesson: Lesson | None = None


def nothing_due_page(who: Learner, quiz: Quiz) -> str:
    """Say why nothing is asked now, and what the learner can do instead."""
    return render_template("quizzes/nothing_due.html", quiz=quiz, rest=_nothing_due(who))


def _nothing_due(who: Learner) -> NothingDue:
    if who.account is None or not who.is_persisted:
        return NothingDue()
    session, content = extensions.read_session(), extensions.content()
    answered = answers(session, who.account)
    again = missed(answered, content.bank)
    if again:
        lesson = _lesson_of_most(again)
        first = sorted(again, key=lambda o: lesson is None or o.lesson != lesson.id)
        return NothingDue(
            True,
            look_again=tuple(review_suggestion(content, o) for o in first[:_MAX]),
            lesson=lesson,
        )
    memories = queries.memories(session, who.account)
    fades = any(is_due(memories.get(o), access.now()) for o in content.bank.counted)
    return NothingDue(begun=bool(answered), fresh=bool(answered) and not fades)


def _lesson_of_most(again: tuple[Objective, ...]) -> Lesson | None:
    """Return the lesson with most of these objectives, of those with available questions."""
    content = available_content()
    count = Counter(o.lesson for o in again)
    asking = [n for n in content.lessons if any(o.questions for o in content.bank.of_lesson(n))]
    name = max((n for n in asking if count[n]), key=lambda n: count[n], default="")
    return content.lessons[name] if name else None
