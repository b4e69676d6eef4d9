"""Table of standings: objectives as rows, named members as columns; page and CSV share it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from uuid import UUID
from zoneinfo import ZoneInfo

from learn.learner.queries import RecordedAnswer, standings
from learn.library.content import Content
from learn.messages import gettext as _
from learn.people import labels
from learn.people.queries import NamedMember
from questions.model import Objective
from questions.progress import Standing, without_last_result


@dataclass(frozen=True, slots=True)
class MemberColumn:
    """A column: a member, and the number of objectives that they `mastered`."""

    member: NamedMember
    mastered: int


@dataclass(frozen=True, slots=True)
class ObjectiveRow:
    """A row: the standing of each member, in the order of the columns."""

    objective: Objective
    standings: tuple[Standing, ...]

    @property
    def mastered(self) -> int:
        """Number of members who have mastered it."""
        return self.standings.count(Standing.MASTERED)


@dataclass(frozen=True, slots=True)
class StandingTable:
    """`lessons` has titles and rows; `objective_count` is the number of all rows."""

    members: tuple[MemberColumn, ...]
    lessons: tuple[tuple[str, tuple[ObjectiveRow, ...]], ...]
    objective_count: int


def standing_table(
    content: Content,
    named: tuple[NamedMember, ...],
    answers: Mapping[UUID, list[RecordedAnswer]],
    zone: ZoneInfo,
) -> StandingTable:
    """Build the table from answers by account. `zone` determines the dates."""
    counted = content.bank.counted.values()
    by_member = [
        without_last_result(standings(answers.get(member.account, ()), content.bank, zone))
        for member in named
    ]
    lessons = tuple(
        (
            lesson.title,
            tuple(
                ObjectiveRow(o, tuple(by_objective[o.id] for by_objective in by_member))
                for o in objectives
            ),
        )
        for lesson in content.lessons.values()
        if (objectives := [o for o in counted if o.lesson == lesson.id])
    )
    objective_ids = [row.objective.id for _title, rows in lessons for row in rows]
    return StandingTable(
        members=tuple(
            MemberColumn(member, sum(by_objective[o] is Standing.MASTERED for o in objective_ids))
            for member, by_objective in zip(named, by_member, strict=True)
        ),
        lessons=lessons,
        objective_count=len(objective_ids),
    )


def csv_rows(table: StandingTable) -> Iterator[list[str]]:
    """Yield the rows of the CSV file: a header, the totals of the members, and the objectives."""
    members = table.members
    yield [
        _("Lesson"),
        _("Idea"),
        _("Remembered by"),
        *(column.member.nickname for column in members),
    ]
    mastered = (labels.share(column.mastered, table.objective_count) for column in members)
    yield ["", _("Ideas remembered"), "", *mastered]
    for lesson, rows in table.lessons:
        for row in rows:
            share = labels.share(row.mastered, len(members))
            each = map(labels.standing, row.standings)
            yield [lesson, row.objective.you_can, share, *each]
