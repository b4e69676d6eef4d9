"""Every write to the sheet. The view commits, once."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import bindparam, delete, insert, select, update
from sqlalchemy.orm import Session

from learn import accounts
from learn.accounts import AccountGoneError
from learn.models import CareLine
from learn.models.base import table_of

MOST_LINES = 50

_line = table_of(CareLine)


@dataclass(frozen=True, slots=True)
class NewLine:
    """A line to add, and the id that it gets: an objective's question, or a text of one's own."""

    id: uuid.UUID
    objective: str | None = None
    text: str | None = None

    @property
    def key(self) -> tuple[str | None, str | None]:
        """What it says: two lines with the same are one."""
        return self.objective, self.text


def add(
    session: Session,
    account: uuid.UUID,
    lines: Sequence[NewLine],
    now: datetime,
    *,
    is_persisted: bool,
) -> list[uuid.UUID]:
    """Put lines at the end of the sheet, in this order; make the account where it is not yet.

    What stands there already, the same objective or the same words, is kept once, and is to be
    asked again. Returns the ids under which the lines stand now: fewer, where the sheet is full.
    An account that `is_persisted` is not made again: raises AccountGoneError where it was
    deleted since.
    """
    if not is_persisted:
        accounts.create_if_absent(session, account, now)
    if accounts.lock(session, account) is None:
        raise AccountGoneError
    rows = _lines(session, account)
    there = {(row.objective_id, row.text): row.id for row in rows}
    fresh: list[NewLine] = []
    for line in lines:
        if line.key not in there and len(there) < MOST_LINES:
            there[line.key] = line.id
            fresh.append(line)
    _insert(session, account, fresh, max((row.place for row in rows), default=0), now)
    found = [there[line.key] for line in lines if line.key in there]
    for again in {row.id for row in rows if row.ticked} & {*found}:
        tick(session, account, again, asked=False)
    return found


def tick(session: Session, account: uuid.UUID, line: uuid.UUID, *, asked: bool) -> None:
    """Note whether a line has been asked; no harm if it is not there."""
    session.execute(
        update(_line).where(_line.c.account_id == account, _line.c.id == line).values(ticked=asked)
    )


def reword(session: Session, account: uuid.UUID, line: uuid.UUID, text: str) -> bool:
    """Give a line of the learner's own other words; False if there is no such line."""
    done = session.execute(
        update(_line)
        .where(_line.c.account_id == account, _line.c.id == line, _line.c.text.is_not(None))
        .values(text=text)
    )
    return bool(done.rowcount)  # type: ignore[attr-defined]


def move(
    session: Session,
    account: uuid.UUID,
    line: uuid.UUID,
    *,
    above: uuid.UUID | None = None,
    below: uuid.UUID | None = None,
) -> None:
    """Put a line right above or right below another; to the top, if no other is named.

    Told by neighbors and not by places, so that the same move twice is one. Nothing moves if one
    of the two is not there any more.
    """
    if accounts.lock(session, account) is None:
        return
    rows = _lines(session, account)
    order = [row.id for row in rows if row.id != line]
    other = above or below
    if len(order) == len(rows) or (other is not None and other not in order):
        return
    at = order.index(other) if other else 0
    order.insert(at + 1 if below else at, line)
    before = {row.id: row.place for row in rows}
    changed = [
        {"own": own, "to": place} for place, own in enumerate(order, 1) if before[own] != place
    ]
    if changed:
        session.execute(
            update(_line)
            .where(_line.c.account_id == account, _line.c.id == bindparam("own"))
            .values(place=bindparam("to")),
            changed,
        )


def remove(session: Session, account: uuid.UUID, line: uuid.UUID) -> None:
    """Take a line off the sheet; no harm if it is not there."""
    session.execute(delete(_line).where(_line.c.account_id == account, _line.c.id == line))


def _lines(session: Session, account: uuid.UUID) -> Sequence[Any]:
    """The account's rows, in their order."""
    return session.execute(
        select(_line.c.id, _line.c.objective_id, _line.c.text, _line.c.place, _line.c.ticked)
        .where(_line.c.account_id == account)
        .order_by(_line.c.place, _line.c.id)
    ).all()


def _insert(
    session: Session, account: uuid.UUID, lines: Sequence[NewLine], last: int, now: datetime
) -> None:
    """Write new lines after the place `last`."""
    rows = [
        {
            "account_id": account,
            "id": line.id,
            "objective_id": line.objective,
            "text": line.text,
            "place": place,
            "ticked": False,
            "added_at": now,
        }
        for place, line in enumerate(lines, last + 1)
    ]
    if rows:
        session.execute(insert(_line), rows)
