"""Table of standings: named members as rows, lessons or ideas as columns; also as CSV."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from learn.library.content import Content
from learn.messages import gettext as _
from learn.people import labels
from learn.people.queries import NamedMember
from questions.model import Objective
from questions.progress import Standing, combined_standing

BY_NICKNAME = "nickname"
"""The order of rows by nickname."""


@dataclass(frozen=True, slots=True)
class MemberRow:
    """A row: a member, what they missed and remember, and a standing for each column.

    `missed` ideas need another look now, `missed_safety` are those about safety. Who shares only
    first answers doesn't show them.
    """

    member: NamedMember
    has_started: bool
    missed_safety: int
    missed: int
    mastered: int
    standings: tuple[Standing, ...]


@dataclass(frozen=True, slots=True)
class Column:
    """A lesson, or an idea of the lesson that is open.

    `looks` is the number of members whose standing is “needs another look”, `mastered` that of
    members who remember it.
    """

    id: str
    title: str
    looks: int
    mastered: int


@dataclass(frozen=True, slots=True)
class StandingTable:
    """The table. `lesson` is the id of the lesson that is open, or empty.

    `objective_count` is the number of all ideas that count.
    """

    columns: tuple[Column, ...]
    rows: tuple[MemberRow, ...]
    lesson: str
    objective_count: int


def standing_table(
    content: Content,
    named: Sequence[NamedMember],
    standings: Mapping[UUID, Mapping[str, Standing]],
    lesson: str = "",
    sort: str = "",
) -> StandingTable:
    """Build the table from the standings of started ideas by account.

    The columns are the lessons or, with a `lesson`, its ideas. What most people need comes first:
    by the number of those who need another look, then by fewest who remember it. A lesson needs
    another look, too, if any idea about safety in it does.

    The rows are in the order of `named` with `BY_NICKNAME`. Else who may need help comes first: who
    needs another look at the most ideas about safety, then at the most of all, then who remembers
    the fewest. Who has no answers is last.
    """
    counted = content.bank.counted
    groups = {
        id_: (title, [o.id for o in counted.values() if o.lesson == id_])
        for id_, title in _lessons(content)
    }
    if lesson:
        groups = {o.id: (o.to_teach, [o.id]) for o in counted.values() if o.lesson == lesson}
    by_member = [standings.get(member.account, {}) for member in named]
    safety = frozenset(id_ for id_, objective in counted.items() if objective.about_safety)
    cells = {
        id_: [_combined(ids, started, safety) for started in by_member]
        for id_, (_t, ids) in groups.items()
    }
    columns = [
        Column(
            id_,
            title,
            cells[id_].count(Standing.ANOTHER_LOOK),
            cells[id_].count(Standing.MASTERED),
        )
        for id_, (title, _ids) in groups.items()
    ]
    columns.sort(key=lambda column: (-column.looks, column.mastered))
    by_need = [cells[column.id] for column in columns]
    rows = [
        _row(
            member,
            {o: s for o, s in started.items() if o in counted},
            safety,
            tuple(column[number] for column in by_need),
        )
        for number, (member, started) in enumerate(zip(named, by_member, strict=True))
    ]
    if sort != BY_NICKNAME:
        rows.sort(key=_by_help)
    return StandingTable(tuple(columns), tuple(rows), lesson, len(counted))


def _row(
    member: NamedMember,
    started: Mapping[str, Standing],
    safety: Collection[str],
    shown: tuple[Standing, ...],
) -> MemberRow:
    missed = [idea for idea, standing in started.items() if standing is Standing.ANOTHER_LOOK]
    return MemberRow(
        member,
        has_started=bool(started),
        missed_safety=sum(idea in safety for idea in missed),
        missed=len(missed),
        mastered=[*started.values()].count(Standing.MASTERED),
        standings=shown,
    )


def _by_help(row: MemberRow) -> tuple[bool, int, int, int]:
    return not row.has_started, -row.missed_safety, -row.missed, row.mastered


def csv_rows(
    content: Content,
    named: Sequence[NamedMember],
    standings: Mapping[UUID, Mapping[str, Standing]],
) -> Iterator[list[str | int]]:
    """Yield the rows of the CSV file: a header, and a row for each member with all ideas.

    Ideas are in the order of the lessons, so that files of two days can be compared.
    """
    ideas = _ideas(content)
    lessons = dict(_lessons(content))
    yield [
        _("Nickname"),
        _("Shares"),
        _("Safety ideas missed now"),
        _("Ideas missed now"),
        _("Ideas remembered"),
        _("All ideas"),
        *(f"{lessons[idea.lesson]}: {idea.to_teach}" for idea in ideas),
    ]
    safety = frozenset(idea.id for idea in ideas if idea.about_safety)
    for member in named:
        started = standings.get(member.account, {})
        row = _row(member, {o.id: started[o.id] for o in ideas if o.id in started}, safety, ())
        each = [started.get(idea.id, Standing.NOT_STARTED) for idea in ideas]
        yield [
            member.nickname,
            labels.shared(member),
            *((row.missed_safety, row.missed) if member.shows_latest else ("", "")),
            row.mastered,
            len(ideas),
            *map(labels.standing, each),
        ]


def _lessons(content: Content) -> Iterator[tuple[str, str]]:
    """Yield id and title of each lesson that counts."""
    for lesson in content.counted_lessons.values():
        yield lesson.id, lesson.title


def _ideas(content: Content) -> list[Objective]:
    counted = content.bank.counted.values()
    return [o for id_, _title in _lessons(content) for o in counted if o.lesson == id_]


def _combined(
    ids: Sequence[str], started: Mapping[str, Standing], safety: Collection[str]
) -> Standing:
    if any(started.get(id_) is Standing.ANOTHER_LOOK for id_ in ids if id_ in safety):
        return Standing.ANOTHER_LOOK
    return combined_standing(started.get(id_, Standing.NOT_STARTED) for id_ in ids)
