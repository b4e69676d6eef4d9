"""What is on the list, and what could be added."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from typing import cast

from sqlalchemy import func, or_, select
from sqlalchemy.orm import Session

from learn.models import CareLine, Item
from questions.model import Objective


@dataclass(frozen=True, slots=True)
class ListLine:
    """A line as it is displayed: `own` words or ours, `asked` or not."""

    id: uuid.UUID
    objective: str | None
    words: str
    asked: bool

    @property
    def own(self) -> bool:
        """Whether the learner wrote it."""
        return self.objective is None


def list_lines(
    session: Session, account: uuid.UUID, objectives: Mapping[str, Objective]
) -> tuple[ListLine, ...]:
    """Return the lines in the learner's order, without removed objectives."""
    rows = session.execute(
        select(CareLine.id, CareLine.objective_id, CareLine.text, CareLine.ticked)
        .where(CareLine.account_id == account)
        .order_by(CareLine.position, CareLine.id)
    )
    return tuple(
        ListLine(line, objective, text or objectives[cast("str", objective)].ask_care_team, ticked)
        for line, objective, text, ticked in rows
        if objective is None or objective in objectives
    )


def own_text(session: Session, account: uuid.UUID, line: uuid.UUID) -> str | None:
    """Return the text of the learner's own line, or None."""
    return session.scalar(
        select(CareLine.text).where(CareLine.account_id == account, CareLine.id == line)
    )


def not_sure_of(session: Session, account: uuid.UUID) -> list[str]:
    """Return the objectives last answered not quite right or unsurely, the latest first.

    Without those on the list.
    """
    newest_first = (Item.answered_at.desc(), Item.attempt_id.desc(), Item.position.desc())
    answers = (
        select(
            Item.objective_id,
            Item.score,
            Item.sure,
            Item.answered_at,
            Item.attempt_id,
            Item.position,
            func.row_number()
            .over(partition_by=Item.objective_id, order_by=newest_first)
            .label("newest"),
        )
        .where(Item.account_id == account, Item.answered_at.is_not(None))
        .subquery()
    )
    last = answers.c
    on_the_list = select(CareLine.objective_id).where(
        CareLine.account_id == account, CareLine.objective_id == last.objective_id
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
