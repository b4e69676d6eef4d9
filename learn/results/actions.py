"""Writes about a group's totals. The view commits, once."""

from __future__ import annotations

import uuid
from collections import defaultdict
from collections.abc import Callable, Iterable
from datetime import datetime
from typing import Any

from sqlalchemy import delete, insert, or_, select, tuple_
from sqlalchemy.orm import Session

from learn.models import Account, DisclosedAnswer, Group, Membership, SharingMode
from learn.models.base import table_of
from learn.results import disclosure_blocks, queries
from learn.results.disclosure_blocks import Cell
from learn.results.queries import TotalsAnswer
from questions import disclosure

MAX_BATCH_SIZE = 2000
"""After so many answers, the rest are disclosed by the next call."""

_BATCH_SIZE = 200  # keys per statement


def disclose(
    session: Session, group: uuid.UUID, new_id: Callable[[], uuid.UUID], now: datetime
) -> int:
    """Disclose answers of members in totals, in blocks; return the number of new blocks.

    An answer is disclosed once, in one group. So the rows of all groups that its members ever
    joined are locked: a concurrent call for one of them waits, and then finds less to disclose.
    """
    _lock(session, group)
    _hold_members(session, group)
    assignments = {assignment.id for assignment in queries.assignments(session, group)}
    cells = [
        (disclosure_blocks.cell_of(answer, assignments), answer)
        for answer in queries.totals_answers(session, group)
    ]
    complete = disclosure_blocks.complete_blocks(
        (answer.block, answer.block_size, cell, 1) for cell, answer in cells
    )
    waiting: defaultdict[Cell, list[TotalsAnswer]] = defaultdict(list)
    for cell, answer in cells:
        if answer.block not in complete:
            waiting[cell].append(answer)
    blocks = _first_blocks(waiting.values())
    rows = [
        (answer, _row(group, answer, (block, len(answers)), now))
        for block, answers in ((new_id(), answers) for answers in blocks)
        for answer in answers
    ]
    _delete(session, group, [row for answer, row in rows if answer.already_disclosed])
    if rows:
        session.execute(insert(table_of(DisclosedAnswer)), [row for _, row in rows])
    return len(blocks)


def _lock(session: Session, group: uuid.UUID) -> None:
    """Lock the groups that share a member with this one, in an order that can't deadlock."""
    members = select(Membership.account_id).where(Membership.group_id == group)
    shared = select(Membership.group_id).where(Membership.account_id.in_(members))
    session.execute(
        select(Group.id)
        .where(or_(Group.id == group, Group.id.in_(shared)))
        .order_by(Group.id)
        .with_for_update(key_share=True)  # who joins meanwhile need not wait
    )


def _hold_members(session: Session, group: uuid.UUID) -> None:
    """Lock the members in totals against being deleted while their answers are written about."""
    members = select(Membership.account_id).where(
        Membership.group_id == group,
        Membership.until.is_(None),
        Membership.sharing == SharingMode.TOTALS,
    )
    session.execute(
        select(Account.id)
        .where(Account.id.in_(members))
        .order_by(Account.id)
        .with_for_update(read=True, key_share=True)
    )


def _first_blocks(waiting: Iterable[list[TotalsAnswer]]) -> list[frozenset[TotalsAnswer]]:
    """Return complete blocks, up to about MAX_BATCH_SIZE answers; the rest waits for the next call.

    So the first page of a group in which hundreds have learned for months takes no minute.
    """
    blocks = list[frozenset[TotalsAnswer]]()
    size = 0
    for answers in waiting:
        if size >= MAX_BATCH_SIZE:
            break
        if complete := _block(answers):
            blocks.append(complete)
            size += len(complete)
    return blocks


def _block(waiting: list[TotalsAnswer]) -> frozenset[TotalsAnswer]:
    return disclosure.block(
        disclosure.PendingAnswer(answer, answer.account, fresh=not answer.already_disclosed)
        for answer in waiting
    )


def _row(
    group: uuid.UUID, answer: TotalsAnswer, block: tuple[uuid.UUID, int], now: datetime
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


def _delete(session: Session, group: uuid.UUID, rows: list[dict[str, Any]]) -> None:
    """Delete earlier rows about the same answers."""
    table = table_of(DisclosedAnswer)
    key = tuple_(table.c.account_id, table.c.attempt_id, table.c.position)
    for start in range(0, len(rows), _BATCH_SIZE):
        batch = rows[start : start + _BATCH_SIZE]
        keys = [(r["account_id"], r["attempt_id"], r["position"]) for r in batch]
        session.execute(delete(table).where(table.c.group_id == group, key.in_(keys)))
