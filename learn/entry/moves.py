"""How each table's rows of a guest become an account's, one way a table.

All run inside one transaction that holds the rows of both (see `learn.entry.actions`).
"""

from __future__ import annotations

import uuid
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from datetime import datetime
from itertools import groupby
from types import MappingProxyType
from typing import Any

from sqlalchemy import Row, Table, bindparam, delete, func, insert, literal, select, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from learn.models import (
    Account,
    Attempt,
    CareLine,
    Demo,
    Educator,
    Explanation,
    GroupEducator,
    Item,
    Joined,
    Membership,
    MemoryRow,
    Notice,
    Passkey,
    Reading,
    Regrade,
    Released,
    SignIn,
    Viewing,
)
from learn.models.base import table_of
from questions.memory import Answered, replay

Move = Callable[[Session, uuid.UUID, uuid.UUID], None]  # session, guest, account

_account = table_of(Account)
_attempt = table_of(Attempt)
_item = table_of(Item)
_memory = table_of(MemoryRow)
_reading = table_of(Reading)
_line = table_of(CareLine)
_membership = table_of(Membership)
_viewing = table_of(Viewing)


def _since(session: Session, guest: uuid.UUID, account: uuid.UUID) -> None:
    """The account is as old as the first answer of either."""
    began = select(_account.c.created_at).where(_account.c.id == guest).scalar_subquery()
    session.execute(
        update(_account)
        .where(_account.c.id == account, _account.c.created_at > began)
        .values(created_at=began)
    )


def _memories(session: Session, guest: uuid.UUID, account: uuid.UUID) -> None:
    """The memory that all the answers of both, in the order of time, would have left.

    It asks no bank: what was taken out of it since is remembered all the same.
    """
    both = select(
        _item.c.objective_id, _item.c.score, _item.c.sure, _item.c.answered_at.label("at")
    ).where(
        _item.c.account_id.in_((guest, account)),
        _item.c.answered_at.is_not(None),
        _item.c.objective_id.in_(
            select(_item.c.objective_id).where(
                _item.c.account_id == guest, _item.c.answered_at.is_not(None)
            )
        ),
    )
    in_time = (_item.c.objective_id, _item.c.answered_at, _item.c.attempt_id, _item.c.position)
    rows = session.execute(both.order_by(*in_time)).all()
    new = [_remembered(account, o, own) for o, own in groupby(rows, lambda row: row.objective_id)]
    if not new:
        return
    session.execute(
        delete(_memory).where(
            _memory.c.account_id == account,
            _memory.c.objective_id.in_([row["objective_id"] for row in new]),
        )
    )
    session.execute(insert(_memory), new)


def _remembered(account: uuid.UUID, objective: str, rows: Iterable[Any]) -> dict[str, Any]:
    answers = [Answered(row.score, row.sure, row.at) for row in rows]
    memory = replay(answers)
    if memory is None:
        raise AssertionError("an objective that was answered is remembered")
    return {
        "account_id": account,
        "objective_id": objective,
        "stability": memory.stability,
        "difficulty": memory.difficulty,
        "reviewed_at": memory.reviewed_at,
        "due_at": memory.due_at,
        "reviews": len(answers),
    }


def _attempts(session: Session, guest: uuid.UUID, account: uuid.UUID) -> None:
    """Attempts keep their ids, so that pages that are open go on; rounds are counted by time."""
    rows = session.execute(
        select(_attempt).where(_attempt.c.account_id.in_((guest, account)))
    ).all()
    theirs = [row for row in rows if row.account_id == guest]
    own = [row for row in rows if row.account_id == account]
    rounds = _rounds(rows)
    moving = [row for row in own if rounds[account, row.id] != row.round]
    # Two rows can't have a number at the same time, not even within a statement.
    free = max([len(rows), *(row.round for row in own)], default=0) + 1
    _number(session, account, {row.id: free + i for i, row in enumerate(moving)})
    taken = {row.id for row in own}
    twins = {row.id: uuid.uuid5(guest, row.id.hex) for row in theirs if row.id in taken}
    if theirs:
        session.execute(
            insert(_attempt),
            [
                {
                    **row._mapping,  # noqa: SLF001 - the row's public name for it
                    "account_id": account,
                    "id": twins.get(row.id, row.id),
                    "round": rounds[guest, row.id],
                }
                for row in theirs
            ],
        )
    _number(session, account, {row.id: rounds[account, row.id] for row in moving})
    for old, new in twins.items():  # one page, sent once as the guest and once as the account
        session.execute(
            update(_item)
            .where(_item.c.account_id == guest, _item.c.attempt_id == old)
            .values(account_id=account, attempt_id=new)
        )


def _rounds(rows: Iterable[Row[Any]]) -> dict[tuple[uuid.UUID, uuid.UUID], int]:
    """The number of each attempt among those at its quiz, by when they began."""
    quizzes: dict[str, list[tuple[datetime, uuid.UUID, uuid.UUID]]] = defaultdict(list)
    for row in rows:
        quizzes[row.quiz].append((row.started_at, row.id, row.account_id))
    return {
        (owner, attempt): number
        for begun in quizzes.values()
        for number, (_, attempt, owner) in enumerate(sorted(begun), 1)
    }


def _number(session: Session, account: uuid.UUID, rounds: Mapping[uuid.UUID, int]) -> None:
    if rounds:
        session.execute(
            update(_attempt)
            .where(_attempt.c.account_id == account, _attempt.c.id == bindparam("attempt"))
            .values(round=bindparam("number")),
            [{"attempt": attempt, "number": number} for attempt, number in rounds.items()],
        )


def _readings(session: Session, guest: uuid.UUID, account: uuid.UUID) -> None:
    """Each lesson once, from when it was first opened."""
    postgres = session.get_bind().dialect.name == "postgresql"
    new = (postgresql.insert if postgres else sqlite.insert)(_reading).from_select(
        ["account_id", "lesson_id", "first_read_at"],
        select(
            literal(account, _reading.c.account_id.type),
            _reading.c.lesson_id,
            _reading.c.first_read_at,
        ).where(_reading.c.account_id == guest),
    )
    session.execute(
        new.on_conflict_do_update(
            index_elements=["account_id", "lesson_id"],
            set_={"first_read_at": new.excluded.first_read_at},
            where=new.excluded.first_read_at < _reading.c.first_read_at,
        )
    )


def _care_lines(session: Session, guest: uuid.UUID, account: uuid.UUID) -> None:
    """The account's lines first, then those of the guest that say something else."""
    rows = session.execute(
        select(_line)
        .where(_line.c.account_id.in_((guest, account)))
        .order_by(_line.c.place, _line.c.id)
        .with_for_update()  # a line that is being ticked or reworded comes with its change
    ).all()
    lines: dict[tuple[str | None, str], dict[str, Any]] = {}
    own = [row for row in rows if row.account_id == account]
    for row in own:
        lines.setdefault(_says(row), {**row._mapping})  # noqa: SLF001
    place = max((row.place for row in own), default=0)
    changed: list[dict[str, Any]] = []
    new: list[dict[str, Any]] = []
    for row in rows:
        if row.account_id == account:
            continue
        line = lines.get(_says(row))
        if line is None:
            place += 1
            line = {**row._mapping, "account_id": account, "place": place}  # noqa: SLF001
            lines[_says(row)] = line
            new.append(line)
        else:
            line["ticked"] = line["ticked"] or row.ticked
            line["added_at"] = min(line["added_at"], row.added_at)
            changed.append(line)
    for line in changed:
        session.execute(
            update(_line)
            .where(_line.c.account_id == account, _line.c.id == line["id"])
            .values(ticked=line["ticked"], added_at=line["added_at"])
        )
    if new:
        session.execute(insert(_line), new)


def _says(line: Row[Any]) -> tuple[str | None, str]:
    return line.objective_id, (line.text or "").strip()


def _as_they_are(table: Table) -> Move:
    """Every row stays as it is, and is the account's."""

    def move(session: Session, guest: uuid.UUID, account: uuid.UUID) -> None:
        session.execute(update(table).where(table.c.account_id == guest).values(account_id=account))

    return move


def _with_the_items(_session: Session, _guest: uuid.UUID, _account: uuid.UUID) -> None:
    """The rows hang on the items, and went with them."""


def _memberships(session: Session, guest: uuid.UUID, account: uuid.UUID) -> None:
    """The account's own choice for a group holds; the guest's holds where there is no other.

    A spell of the guest that gives way ends with the last answer: nothing is shared by it any
    more, and it stays known which answers were. Where the guest's holds, what the account took
    back when it left that group stays taken back.
    """
    spell = _membership.c
    rows = session.execute(
        select(_membership).where(spell.account_id.in_((guest, account))).order_by(spell.since)
    ).all()
    chosen = {r.group_id for r in rows if r.account_id == account and r.until is None}
    left = {r.group_id: r.until for r in rows if r.account_id == account and r.until is not None}
    answered = select(func.max(_item.c.answered_at)).where(_item.c.account_id == account)
    last = session.scalar(answered)  # of both: the items have moved before
    for row in rows:
        if row.account_id == account or row.until is not None:
            continue
        if row.group_id in chosen:
            change = {"until": max(row.since, last or row.since)}
        else:
            change = {"shares_from": max(row.shares_from, left.get(row.group_id, row.shares_from))}
        session.execute(
            update(_membership).where(spell.account_id == guest, spell.id == row.id).values(change)
        )
    _as_they_are(_membership)(session, guest, account)


def _viewings(session: Session, guest: uuid.UUID, account: uuid.UUID) -> None:
    """Who looked at either looked at both: times of a day are added up."""
    postgres = session.get_bind().dialect.name == "postgresql"
    theirs = [
        {**row._mapping, "account_id": account}  # noqa: SLF001 - the row's public name for it
        for row in session.execute(select(_viewing).where(_viewing.c.account_id == guest))
    ]
    if not theirs:
        return
    new = (postgresql.insert if postgres else sqlite.insert)(_viewing)
    session.execute(
        new.on_conflict_do_update(
            index_elements=[c.name for c in _viewing.primary_key],
            set_={"times": _viewing.c.times + new.excluded.times},
        ),
        theirs,
    )


def _none(_session: Session, _guest: uuid.UUID, _account: uuid.UUID) -> None:
    """Whoever has one of these rows is no guest, and is never joined."""


MOVES: Mapping[Table, Move] = MappingProxyType(
    {
        _account: _since,
        _memory: _memories,  # before the items, to know which objectives are the guest's
        _attempt: _attempts,
        _item: _as_they_are(_item),
        _reading: _readings,
        _line: _care_lines,
        table_of(Explanation): _as_they_are(table_of(Explanation)),
        table_of(Joined): _as_they_are(table_of(Joined)),
        table_of(Notice): _as_they_are(table_of(Notice)),
        table_of(Released): _with_the_items,
        table_of(Regrade): _with_the_items,
        _membership: _memberships,
        _viewing: _viewings,
        table_of(Demo): _none,
        table_of(Educator): _none,
        table_of(GroupEducator): _none,
        table_of(SignIn): _none,
        table_of(Passkey): _none,
    }
)
"""What becomes of each table's rows, in this order. What is left of the guest's is deleted."""
