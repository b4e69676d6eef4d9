"""Every write about a group's totals. The view commits, once."""

from __future__ import annotations

import uuid
from collections import defaultdict
from collections.abc import Callable
from datetime import datetime
from typing import Any

from sqlalchemy import delete, insert, select, tuple_
from sqlalchemy.orm import Session

from learn.models import DisclosedAnswer, Group
from learn.models.base import table_of
from learn.results import queries, totals
from learn.results.queries import Waiting
from learn.results.totals import Cell
from questions import disclosure

_AT_ONCE = 200  # keys in a statement


def release(
    session: Session, group: uuid.UUID, new_id: Callable[[], uuid.UUID], now: datetime
) -> int:
    """Let answers that wait into the group's totals, by blocks; returns how many blocks.

    One at a time for a group: who comes second finds nothing left to do.
    """
    session.execute(select(Group.id).where(Group.id == group).with_for_update())
    own = {assignment.id for assignment in queries.assignments(session, group)}
    every = [(totals.cell(w, own), w) for w in queries.in_totals(session, group)]
    shown = totals.whole((w.block, w.block_size, cell, 1) for cell, w in every)
    waiting: defaultdict[Cell, list[Waiting]] = defaultdict(list)
    for cell, answer in every:
        if answer.block not in shown:
            waiting[cell].append(answer)
    blocks = [found for answers in waiting.values() if (found := _block(answers))]
    rows = [
        _row(group, answer, (own_id, len(answers)), now)
        for own_id, answers in ((new_id(), answers) for answers in blocks)
        for answer in answers
    ]
    _replace(session, group, rows)
    return len(blocks)


def _block(waiting: list[Waiting]) -> frozenset[Waiting]:
    return disclosure.block(
        disclosure.Waiting(answer, answer.account, fresh=not answer.stale) for answer in waiting
    )


def _row(
    group: uuid.UUID, answer: Waiting, block: tuple[uuid.UUID, int], now: datetime
) -> dict[str, Any]:
    return {
        "account_id": answer.account,
        "group_id": group,
        "attempt_id": answer.attempt,
        "position": answer.position,
        "block": block[0],
        "block_size": block[1],
        "disclosed_at": now,
    }


def _replace(session: Session, group: uuid.UUID, rows: list[dict[str, Any]]) -> None:
    """Put in these rows. What is left of an earlier block belongs to the new one from now on."""
    table = table_of(DisclosedAnswer)
    key = tuple_(table.c.account_id, table.c.attempt_id, table.c.position)
    for start in range(0, len(rows), _AT_ONCE):
        some = rows[start : start + _AT_ONCE]
        keys = [(r["account_id"], r["attempt_id"], r["position"]) for r in some]
        session.execute(delete(table).where(table.c.group_id == group, key.in_(keys)))
        session.execute(insert(table), some)
