"""What is new in a group since an educator's last visit: members, answers, gaps.

Both figures of a gap are of members whose latest answers may be seen now, as the page shows them
with a last day chosen. Answers that are given only in totals are in none of this, so two visits
tell nothing about one of them.
"""

from __future__ import annotations

import uuid
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from zoneinfo import ZoneInfo

from sqlalchemy.orm import Session

from learn.audit_log.last_visit import who_joined
from learn.results import queries
from learn.results.filters import MIN_TIME
from learn.results.queries import AssignedQuiz
from learn.results.question_list import FEW
from learn.results.teach_next import LatestCount, Need, count_by_objective

_GAP = 1 / 3  # share of people who miss an idea, from which it's a gap
_CLOSED = 1 / 5  # and down to which a gap is closed: one person more or less opens or closes none


@dataclass(frozen=True, slots=True)
class ChangedGap:
    """An idea with its latest answers now, and `before`, if enough people had answered then."""

    need: Need
    before: LatestCount | None


@dataclass(frozen=True, slots=True)
class News:
    """What is new since a day, that day included.

    `joined` are nicknames, "" for each who shares in totals. `answered` are assignments with how
    many people finished a quiz of theirs. Of fewer people than `few`, no gap is told.
    """

    day: date
    joined: tuple[str, ...] = ()
    answered: tuple[tuple[AssignedQuiz, int], ...] = ()
    closed: tuple[ChangedGap, ...] = ()
    opened: tuple[ChangedGap, ...] = ()
    few: int = FEW

    @property
    def names(self) -> tuple[str, ...]:
        """Nicknames of those who joined with one."""
        return tuple(filter(None, self.joined))

    @property
    def nothing(self) -> bool:
        """Whether nothing is new."""
        return not (self.joined or self.answered or self.closed or self.opened)


def find_news(
    session: Session,
    group: uuid.UUID,
    last_visit: tuple[date, ZoneInfo],
    assigned: Iterable[AssignedQuiz],
    needs: Sequence[Need],
) -> News:
    """Return what is new since the last visit, by the `needs` of now, without filters."""
    day, zone = last_visit
    begin = datetime.combine(day, time(), zone)
    joined = who_joined(session, group, begin)
    finished = queries.newly_finished(session, group, begin)
    if not finished:
        return News(day, joined)
    people = [(one, len(_people(finished, one.quizzes))) for one in assigned]
    before = count_by_objective(queries.latest_answers(session, group, MIN_TIME, begin))
    closed, opened = changed_gaps(before, needs)
    return News(day, joined, tuple((one, n) for one, n in people if n), closed, opened)


def changed_gaps(
    before: Mapping[str, LatestCount], needs: Iterable[Need]
) -> tuple[tuple[ChangedGap, ...], tuple[ChangedGap, ...]]:
    """Return the gaps that closed and those that are new, as large as enough people show.

    A gap closes when a third of people or more had missed an idea, and a fifth or fewer do now. It
    is new the other way around, or when too few had answered before.
    """
    closed, opened = [], []
    for need in needs:
        if need.n < FEW:
            continue
        then = before.get(need.objective.id, LatestCount())
        counted = then if then.n >= FEW else None
        if need.share >= _GAP and (counted is None or _share(counted) <= _CLOSED):
            opened.append(ChangedGap(need, counted))
        elif counted and need.share <= _CLOSED and _share(counted) >= _GAP:
            closed.append(ChangedGap(need, counted))
    closed.sort(key=lambda gap: -_share(gap.before or LatestCount()))
    return tuple(closed), tuple(opened)


def _share(count: LatestCount) -> float:
    return count.missed / count.n if count.n else 0.0


def _people(
    finished: Mapping[str, Mapping[uuid.UUID, bool]], quizzes: Collection[str]
) -> set[uuid.UUID]:
    """Return who finished one of these for the first time: a report has first answers."""
    found = (finished.get(quiz, {}).items() for quiz in quizzes)
    return {account for people in found for account, is_first in people if is_first}
