"""Summary of an attempt: what the learner knows, and what is worth another look."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field

from learn.library.content import Content
from learn.library.lessons import Lesson
from learn.quizzes.queries import AttemptView, ItemView
from questions.grading import Outcome
from questions.model import Objective, Safety

_OPENING = re.compile(r"You can (?:(?:say|name|answer) )?")


def idea_of(objective: Objective) -> str:
    """What an objective is about, in words that don't say that it is known."""
    opening = _OPENING.match(objective.you_can)
    if not opening:
        return objective.you_can
    idea = objective.you_can[opening.end() :].removesuffix(".").replace(".”", "”")
    if opening[0] == "You can ":
        idea = f"how to {idea}"
    return idea[0].upper() + re.sub(", and (say|name) ", ", and ", idea[1:])


@dataclass(frozen=True, slots=True)
class PartlyKnown:
    """An idea of several parts, not all of them asked about, and how many answers were right."""

    idea: str
    right: int


@dataclass(frozen=True, slots=True)
class PassageLink:
    """The passage of a lesson that explains a question, and the heading that it stands under."""

    lesson: Lesson
    anchor: str

    @property
    def heading(self) -> str:
        """Heading over the passage, to be quoted; empty for the lesson's main message."""
        heading = self.lesson.heading_over(self.anchor)
        return heading[1:-1] if heading[:1] == "“" and heading[-1:] == "”" else heading


@dataclass(frozen=True, slots=True)
class ReviewSuggestion:
    """An objective that is worth another look, and the passages that explain what was asked.

    `outcome` is that of the answer that makes it so, if it is shown with it.
    """

    objective: Objective
    passages: tuple[PassageLink, ...]
    outcome: Outcome | None = None

    @property
    def idea(self) -> str:
        """What to look at again."""
        return idea_of(self.objective)


@dataclass(frozen=True, slots=True)
class Summary:
    """How many answers were right, almost right, missed, and unsure, and about which objectives.

    `removed` questions have left the bank since the attempt was started. The `doubted` objectives
    are those of `known` where the learner said so, as people could before there was only a tick.
    Of the known ones, those that are only `partly` known, by their ids, say more than was asked.
    """

    right: int
    total: int
    removed: int
    known: tuple[Objective, ...]
    look_again: tuple[ReviewSuggestion, ...]
    doubted: tuple[Objective, ...]
    almost: int = 0
    missed: int = 0
    unsure: int = 0
    partly: Mapping[str, PartlyKnown] = field(default_factory=dict)

    @property
    def looks(self) -> int:
        """How many ideas need another look, as everywhere: almost right is none of them."""
        return sum(look.outcome is not Outcome.ALMOST for look in self.look_again)

    @property
    def has_score(self) -> bool:
        """Whether the score is shown as a number: only if it is more than half."""
        return self.right * 2 > self.total


@dataclass(frozen=True, slots=True)
class LessonSummary:
    """Summary of one lesson, which is understood if nothing is worth another look."""

    lesson: Lesson
    known: tuple[Objective, ...]
    look_again: tuple[ReviewSuggestion, ...]


def summarize(content: Content, attempt: AttemptView) -> Summary:
    """Return the summary of an attempt that has no open question left."""
    answered = [i for i in attempt.items if i.response is not None]
    by_objective = [*_by_objective(content, answered)]
    outcomes = Counter(i.outcome for i in answered)
    known = [o for o, items in by_objective if all(i.score == 1 for i in items)]
    return Summary(
        right=outcomes[Outcome.RIGHT],
        total=len(answered),
        removed=len(attempt.items) - len(answered),
        known=tuple(known),
        look_again=tuple(
            review_suggestion(content, o, [i.question for i in missed], missed[-1].outcome)
            for o, items in by_objective
            if o not in known
            for missed in [[i for i in items if i.outcome is not Outcome.RIGHT]]
        ),
        doubted=tuple(
            o for o, items in by_objective if o in known and any(i.sure is False for i in items)
        ),
        almost=outcomes[Outcome.ALMOST],
        missed=outcomes[Outcome.MISSED],
        unsure=outcomes[Outcome.UNSURE],
        partly={
            o.id: PartlyKnown(idea_of(o), len(items))
            for o, items in by_objective
            if o in known and not _covers_all_facts(content, o, items)
        },
    )


def _covers_all_facts(content: Content, objective: Objective, items: list[ItemView]) -> bool:
    """Whether what an objective says was asked about: it is one thing, or all its facts were."""
    if " and " not in objective.you_can:
        return True
    questions = content.bank.questions
    answered = [questions[i.question] for i in items if i.question in questions]
    facts = {fact for q in answered for fact in (*q.facts, *(f for p in q.parts for f in p.facts))}
    return facts.issuperset(objective.facts)


def missed_signs(content: Content, attempt: AttemptView) -> tuple[tuple[Safety, str], ...]:
    """Return the signs to call about in the questions that weren't right, the most urgent first."""
    missed = (
        content.bank.questions.get(i.question)
        for i in attempt.items
        if i.response is not None and i.outcome is not Outcome.RIGHT
    )
    found = dict.fromkeys(pair for q in missed if q for pair in q.signs.items())
    signs = [pair for pair in found if pair[0] is not Safety.NEXT_VISIT]
    return tuple(sorted(signs, key=lambda pair: [*Safety].index(pair[0])))


def by_lesson(content: Content, summary: Summary) -> tuple[LessonSummary, ...]:
    """Return the summary of each lesson that was asked about, in order."""
    lessons = (
        LessonSummary(
            lesson,
            tuple(o for o in summary.known if o.lesson == lesson.id),
            tuple(look for look in summary.look_again if look.objective.lesson == lesson.id),
        )
        for lesson in content.lessons.values()
    )
    return tuple(lesson for lesson in lessons if lesson.known or lesson.look_again)


def _by_objective(
    content: Content, answered: list[ItemView]
) -> Iterator[tuple[Objective, list[ItemView]]]:
    """Yield the answered items of each objective of the bank, in the bank's order."""
    for objective in content.bank.objectives.values():
        if items := [i for i in answered if i.objective == objective.id]:
            yield objective, items


def review_suggestion(
    content: Content,
    objective: Objective,
    questions: Iterable[str],
    outcome: Outcome | None = None,
) -> ReviewSuggestion:
    """Where the answers to these questions are explained, each place once."""
    places = [_place(content, objective, question) for question in questions]
    once = {(place.lesson.id, place.anchor): place for place in places}
    return ReviewSuggestion(objective, tuple(once.values()), outcome)


def _place(content: Content, objective: Objective, question: str) -> PassageLink:
    """Return where the answer to a question is explained, or else its objective."""
    current = content.bank.questions.get(question)
    if current and current.objective == objective.id:
        return PassageLink(*content.passage(current))
    lesson = content.lessons[objective.lesson]
    return PassageLink(lesson, lesson.anchors[objective.facts[0]])
