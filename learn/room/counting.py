"""What is counted about an answer in a room, and what the counts show."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from learn.library.content import Content
from learn.models import CountKind
from learn.results.answer_counts import parts_and_beliefs
from learn.results.report import BeliefCount
from learn.results.teach_next import common_belief
from learn.room.actions import MIN_ANSWERS, Counted
from learn.room.queries import RoomView, RoundCounts
from questions.grading import Outcome, grade, outcome_of
from questions.model import Question, Response
from questions.parts import Part


def counted(question: Question, response: Response) -> Iterator[Counted]:
    """Yield what is counted about a valid response: nothing that would tell it from another one."""
    graded = grade(question, response)
    outcome = outcome_of(graded.score, unsure=graded.unsure)
    yield Counted(CountKind.OUTCOME, outcome)
    if outcome is Outcome.UNSURE:
        return
    parts, beliefs = parts_and_beliefs(question, response.to_json())
    for part in parts:
        yield Counted(CountKind.PART, part)
    if outcome is Outcome.MISSED:
        for belief in beliefs:
            yield Counted(CountKind.BELIEF, belief)


@dataclass(frozen=True, slots=True)
class Share:
    """`count` of `total` answers of one round; `is_again` for the second one."""

    count: int
    total: int
    is_again: bool

    @property
    def share(self) -> float:
        """Return the share, from 0 to 1."""
        return self.count / self.total


@dataclass(frozen=True, slots=True)
class PartBars:
    """A part of the question, with the share of each round that chose it or placed it right."""

    part: Part
    shares: tuple[Share, ...]


@dataclass(frozen=True, slots=True)
class RoomResult:
    """What is shown of a closed question, with one share for each round that enough answered.

    `too_few` are the closed rounds, by number, that fewer than `MIN_ANSWERS` answered. `right` are
    the answers that were wholly right. `belief` is the wrong idea that many chose in the last
    round that is shown; `mostly_unsure` says that most of those who missed it weren't sure.
    """

    bars: tuple[PartBars, ...]
    right: tuple[Share, ...]
    unsure: tuple[Share, ...]
    too_few: tuple[int, ...]
    belief: BeliefCount | None
    mostly_unsure: bool


def result_of(
    content: Content,
    room: RoomView,
    question: Question,
    shown: Sequence[str],
    rounds: Mapping[int, RoundCounts],
) -> RoomResult:
    """Return what to show of a closed question."""
    closed = range(1, room.round + 1)
    enough = [n for n in closed if rounds[n].n >= MIN_ANSWERS]

    def shares(count: Mapping[int, int]) -> tuple[Share, ...]:
        return tuple(Share(count[n], rounds[n].n, is_again=n == 2) for n in enough)

    last = rounds[enough[-1]] if enough else RoundCounts()
    missed = last.outcomes[Outcome.MISSED] + last.outcomes[Outcome.UNSURE]
    return RoomResult(
        bars=tuple(
            PartBars(question.part(part), shares({n: rounds[n].parts[part] for n in enough}))
            for part in shown
        ),
        right=shares({n: rounds[n].outcomes[Outcome.RIGHT] for n in enough}),
        unsure=shares({n: rounds[n].outcomes[Outcome.UNSURE] for n in enough}),
        too_few=tuple(n for n in closed if n not in enough),
        belief=common_belief(content, last.beliefs, missed),
        mostly_unsure=last.outcomes[Outcome.UNSURE] * 2 > missed,
    )
