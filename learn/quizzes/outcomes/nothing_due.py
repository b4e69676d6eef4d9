"""Page shown when no review is due, with objectives to look at again."""

from __future__ import annotations

from dataclasses import dataclass

from flask import render_template

from learn import access, extensions
from learn.access import Learner
from learn.editorial.availability import available_content
from learn.learner.queries import answers, missed
from learn.quizzes import queries
from learn.quizzes.outcomes.summary import ReviewSuggestion, review_suggestion
from learn.quizzes.planning.catalog import Quiz
from questions.selection import is_due

_MAX = 5


@dataclass(frozen=True, slots=True)
class NothingDue:
    """Why nothing is due.

    `begun`: the learner has answered something. `fresh`: all last answers were right, and no review
    is due. Otherwise `look_again` has a few of the `missed` objectives, and the learner
    `can_practice` them now unless all their questions are on hold.
    """

    begun: bool = False
    fresh: bool = False
    look_again: tuple[ReviewSuggestion, ...] = ()
    missed: int = 0
    can_practice: bool = False


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
        available, last = available_content().bank.objectives, {a.objective: a for a in answered}
        return NothingDue(
            True,
            look_again=tuple(
                review_suggestion(content, o, [last[o.id].question]) for o in again[:_MAX]
            ),
            missed=len(again),
            can_practice=any(o.id in available and available[o.id].questions for o in again),
        )
    memories = queries.memories(session, who.account)
    fades = any(is_due(memories.get(o), access.now()) for o in content.bank.counted)
    return NothingDue(begun=bool(answered), fresh=bool(answered) and not fades)
