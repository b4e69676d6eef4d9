"""What is on the list, and what could be added."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from typing import cast

from sqlalchemy import func, or_, select
from sqlalchemy.orm import Session

from learn.models import CareLine, Item
from learn.models.base import table_of
from learn.objective_ids import current, current_id
from questions.model import Objective


@dataclass(frozen=True, slots=True)
class ListLine:
    """A line as it is displayed: `own` words or ours, `ticked` if it was asked."""

    id: uuid.UUID
    objective: str | None
    words: str
    ticked: bool

    @property
    def own(self) -> bool:
        """Whether the learner wrote it."""
        return self.objective is None


def list_lines(
    session: Session, account: uuid.UUID, objectives: Mapping[str, Objective]
) -> tuple[ListLine, ...]:
    """Return the lines in the learner's order, without removed objectives.

    Of the lines of objectives that were merged, the first is returned.
    """
    rows = session.execute(
        select(CareLine.id, CareLine.objective_id, CareLine.text, CareLine.ticked)
        .where(CareLine.account_id == account)
        .order_by(CareLine.position, CareLine.id)
    )
    lines: list[ListLine] = []
    listed: set[str] = set()
    for line, named, text, ticked in rows:
        objective = None if named is None else current_id(session, named)
        if objective is None:
            lines.append(ListLine(line, None, cast("str", text), ticked))
        elif objective in objectives and objective not in listed:
            listed.add(objective)
            lines.append(ListLine(line, objective, objectives[objective].ask_care_team, ticked))
    return tuple(lines)


def own_text(session: Session, account: uuid.UUID, line: uuid.UUID) -> str | None:
    """Return the text of the learner's own line, or None."""
    return session.scalar(
        select(CareLine.text).where(CareLine.account_id == account, CareLine.id == line)
    )


def not_sure_of(session: Session, account: uuid.UUID) -> list[str]:
    """Return the objectives last answered not quite right or unsurely, the latest first.

    Without those on the list.
    """
    objective = current(session, table_of(Item).c.objective_id)
    listed = current(session, table_of(CareLine).c.objective_id)
    newest_first = (Item.answered_at.desc(), Item.attempt_id.desc(), Item.position.desc())
    answers = (
        select(
            objective.label("objective_id"),
            Item.score,
            Item.sure,
            Item.answered_at,
            Item.attempt_id,
            Item.position,
            func.row_number().over(partition_by=objective, order_by=newest_first).label("newest"),
        )
        .where(Item.account_id == account, Item.answered_at.is_not(None))
        .subquery()
    )
    last = answers.c
    on_the_list = select(CareLine.objective_id).where(
        CareLine.account_id == account, listed == last.objective_id
    )
    return [
        *session.scalars(
            select(last.objective_id)
            .where(
                last.newest == 1,
                or_(last.score < 1, last.sure.is_(False)),
                ~on_the_list.exists(),
            )
            .order_by(last.answered_at.desc(), last.attempt_id.desc(), last.position.desc())
        )
    ]
