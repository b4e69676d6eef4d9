"""Learners and ideas: who knows what, as a table for the page and the file alike."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from uuid import UUID
from zoneinfo import ZoneInfo

from learn.library.content import Content
from learn.messages import gettext as _
from learn.people import words
from learn.people.queries import NamedMember
from learn.record.queries import Given, standings
from learn.spreadsheets import harmless
from questions.model import Objective
from questions.progress import Standing


@dataclass(frozen=True, slots=True)
class Learner:
    """A column: `solid` of all ideas."""

    member: NamedMember
    solid: int


@dataclass(frozen=True, slots=True)
class Idea:
    """A row: where each learner stands, in the order of the columns."""

    objective: Objective
    standings: tuple[Standing, ...]

    @property
    def solid(self) -> int:
        """For how many it is solid."""
        return self.standings.count(Standing.SOLID)


@dataclass(frozen=True, slots=True)
class Table:
    """`lessons` has the title of each lesson with its ideas; `ideas` counts them all."""

    learners: tuple[Learner, ...]
    lessons: tuple[tuple[str, tuple[Idea, ...]], ...]
    ideas: int


def table(
    content: Content,
    named: tuple[NamedMember, ...],
    given: Mapping[UUID, list[Given]],
    zone: ZoneInfo,
) -> Table:
    """Who knows what, from the answers by account. Days are those of `zone`."""
    found = [standings(given.get(member.account, ()), content.bank, zone) for member in named]
    lessons = tuple(
        (lesson.title, tuple(Idea(o, tuple(one[o.id] for one in found)) for o in own))
        for lesson in content.lessons.values()
        if (own := content.bank.of_lesson(lesson.id))
    )
    shown = [idea.objective.id for _title, ideas in lessons for idea in ideas]
    return Table(
        learners=tuple(
            Learner(member, sum(one[o] is Standing.SOLID for o in shown))
            for member, one in zip(named, found, strict=True)
        ),
        lessons=lessons,
        ideas=len(shown),
    )


def as_csv(found: Table) -> bytes:
    """UTF-8 with a byte-order mark, which spreadsheets need. No cell is run as a formula."""
    text = io.StringIO(newline="")
    writer = csv.writer(text)
    writer.writerows([harmless(cell) for cell in row] for row in _rows(found))
    return text.getvalue().encode("utf-8-sig")


def _rows(found: Table) -> Iterator[list[str]]:
    learners = found.learners
    yield [_("Lesson"), _("Idea"), _("Solid for"), *(one.member.nickname for one in learners)]
    solid = (words.share(one.solid, found.ideas) for one in learners)
    yield ["", _("Solid ideas"), "", *solid]
    for lesson, ideas in found.lessons:
        for idea in ideas:
            share = words.share(idea.solid, len(learners))
            each = map(words.standing, idea.standings)
            yield [lesson, idea.objective.you_can, share, *each]
