"""Every write to the list. The view commits."""

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
from learn.database import dialect_insert
from learn.models import CareLine, CareNumbers
from learn.models.base import table_of
from learn.objective_ids import current, current_id

MAX_LINES = 50

_line = table_of(CareLine)
_numbers = table_of(CareNumbers)


@dataclass(frozen=True, slots=True)
class NewLine:
    """A line to add, and its id: an objective's question, or the learner's own text."""

    id: uuid.UUID
    objective: str | None = None
    text: str | None = None

    @property
    def key(self) -> tuple[str | None, str | None]:
        """What makes two lines the same."""
        return self.objective, self.text


def add(
    session: Session,
    account: uuid.UUID,
    lines: Sequence[NewLine],
    now: datetime,
    *,
    is_persisted: bool,
) -> list[uuid.UUID]:
    """Append lines to the list, and create the account if it has no row.

    A line that is on the list already is kept once, and is marked as not asked. Returns the ids of
    the lines: fewer where the list is full. Raises AccountGoneError for an `is_persisted` account
    that was deleted.
    """
    if not is_persisted:
        accounts.create_if_absent(session, account, now)
    if accounts.lock(session, account) is None:
        raise AccountGoneError
    rows = _lines(session, account)
    ids: dict[tuple[str | None, str | None], uuid.UUID] = {}
    for row in rows:
        objective = row.objective_id and current_id(session, row.objective_id)
        ids.setdefault((objective, row.text), row.id)
    new_lines: list[NewLine] = []
    for line in lines:
        if line.key not in ids and len(ids) < MAX_LINES:
            ids[line.key] = line.id
            new_lines.append(line)
    _insert(session, account, new_lines, max((row.position for row in rows), default=0), now)
    existing = [ids[line.key] for line in lines if line.key in ids]
    for relisted in {row.id for row in rows if row.ticked} & {*existing}:
        tick(session, account, relisted, ticked=False)
    return existing


def tick(session: Session, account: uuid.UUID, line: uuid.UUID, *, ticked: bool) -> None:
    """Set whether a line has been asked, if it still exists."""
    session.execute(
        update(_line).where(_line.c.account_id == account, _line.c.id == line).values(ticked=ticked)
    )


def reword(session: Session, account: uuid.UUID, line: uuid.UUID, text: str) -> bool:
    """Replace the text of the learner's own line; return False if there is none."""
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
    """Move a line right above or below another, or to the top if no other is named.

    Relative to a neighbor, not to a number, so that a double click moves it once. Nothing moves if
    either line is gone.
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
    before = {row.id: row.position for row in rows}
    changed = [
        {"own": moved, "to": position}
        for position, moved in enumerate(order, 1)
        if before[moved] != position
    ]
    if changed:
        session.execute(
            update(_line)
            .where(_line.c.account_id == account, _line.c.id == bindparam("own"))
            .values(position=bindparam("to")),
            changed,
        )


def remove(session: Session, account: uuid.UUID, line: uuid.UUID) -> None:
    """Delete a line, if it still exists, with those of objectives merged with its own."""
    objective, other = current(session, _line.c.objective_id), _line.alias()
    its_objective = (
        select(current(session, other.c.objective_id))
        .where(other.c.account_id == account, other.c.id == line)
        .scalar_subquery()
    )
    session.execute(
        delete(_line).where(
            _line.c.account_id == account, (_line.c.id == line) | (objective == its_objective)
        )
    )


def save_numbers(
    session: Session,
    account: uuid.UUID,
    numbers: tuple[str, str],
    now: datetime,
    *,
    is_persisted: bool,
) -> None:
    """Keep the care team's numbers, in the daytime and at night, in place of earlier ones.

    Creates the account if it has no row. Raises AccountGoneError as `add` does.
    """
    if not is_persisted:
        accounts.create_if_absent(session, account, now)
    if accounts.lock(session, account) is None:
        raise AccountGoneError
    values = {"daytime": numbers[0], "nights": numbers[1], "saved_at": now}
    new = dialect_insert(session, _numbers).values(account_id=account, **values)
    session.execute(new.on_conflict_do_update(index_elements=["account_id"], set_=values))


def remove_numbers(session: Session, account: uuid.UUID) -> None:
    """Delete the care team's numbers, if there are any."""
    session.execute(delete(_numbers).where(_numbers.c.account_id == account))


def _lines(session: Session, account: uuid.UUID) -> Sequence[Any]:
    """Return the account's rows in order."""
    return session.execute(
        select(_line.c.id, _line.c.objective_id, _line.c.text, _line.c.position, _line.c.ticked)
        .where(_line.c.account_id == account)
        .order_by(_line.c.position, _line.c.id)
    ).all()


def _insert(
    session: Session, account: uuid.UUID, lines: Sequence[NewLine], last: int, now: datetime
) -> None:
    """Insert lines after the position `last`."""
    rows = [
        {
            "account_id": account,
            "id": line.id,
            "objective_id": line.objective,
            "text": line.text,
            "position": position,
            "ticked": False,
            "added_at": now,
        }
        for position, line in enumerate(lines, last + 1)
    ]
    if rows:
        session.execute(insert(_line), rows)
