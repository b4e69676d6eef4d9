"""How a guest's rows are merged into an account, with one rule for each table.

All rules run in one transaction that has locked the rows of both (`learn.account_merge.actions`).
"""

from __future__ import annotations

import uuid
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from datetime import datetime, timedelta
from itertools import groupby
from types import MappingProxyType
from typing import Any

from sqlalchemy import (
    Row,
    Table,
    bindparam,
    delete,
    exists,
    func,
    insert,
    literal,
    select,
    update,
)
from sqlalchemy.orm import Session

from learn.anonymous_answers import mark_guests_answers
from learn.database import dialect_insert
from learn.models import (
    Account,
    Attempt,
    AuditLog,
    CareLine,
    CareNumbers,
    Demo,
    DisclosedAnswer,
    Educator,
    Explanation,
    GroupEducator,
    Item,
    Membership,
    MemoryRow,
    MergedGuest,
    Notice,
    Passkey,
    Reading,
    Regrade,
    Removal,
    SignIn,
    SignInSession,
)
from learn.models.base import table_of
from learn.models.memory import replayed_memory
from learn.objective_ids import counting_as, current
from questions.memory import Answered

MergeRule = Callable[[Session, uuid.UUID, uuid.UUID], None]  # session, guest, account

_account = table_of(Account)
_attempt = table_of(Attempt)
_item = table_of(Item)
_memory = table_of(MemoryRow)
_reading = table_of(Reading)
_line = table_of(CareLine)
_numbers = table_of(CareNumbers)
_membership = table_of(Membership)
_audit_log = table_of(AuditLog)
_disclosed = table_of(DisclosedAnswer)
_leads = table_of(GroupEducator)

_MOMENT = timedelta(microseconds=1)
"""The shortest time between two that are stored."""


def _keep_earliest_date(session: Session, guest: uuid.UUID, account: uuid.UUID) -> None:
    """Keep the earlier creation date."""
    created_at = select(_account.c.created_at).where(_account.c.id == guest).scalar_subquery()
    session.execute(
        update(_account)
        .where(_account.c.id == account, _account.c.created_at > created_at)
        .values(created_at=created_at)
    )


def _replay_memories(session: Session, guest: uuid.UUID, account: uuid.UUID) -> None:
    """Recompute the memories from the answers of both, in chronological order.

    This doesn't read the bank, so objectives that have been removed from it keep their memory.
    """
    objective = current(session, _item.c.objective_id)
    both = select(
        objective.label("objective_id"),
        _item.c.score,
        _item.c.sure,
        _item.c.answered_at.label("at"),
    ).where(
        _item.c.account_id.in_((guest, account)),
        _item.c.answered_at.is_not(None),
        objective.in_(
            select(objective).where(_item.c.account_id == guest, _item.c.answered_at.is_not(None))
        ),
    )
    in_time = (objective, _item.c.answered_at, _item.c.attempt_id, _item.c.position)
    rows = session.execute(both.order_by(*in_time)).all()
    new = [
        replayed_memory(account, about, [Answered(row.score, row.sure, row.at) for row in group])
        for about, group in groupby(rows, lambda row: row.objective_id)
    ]
    if not new:
        return
    session.execute(
        delete(_memory).where(
            _memory.c.account_id == account,
            _memory.c.objective_id.in_(counting_as(session, (row["objective_id"] for row in new))),
        )
    )
    session.execute(insert(_memory), new)


def _merge_attempts(session: Session, guest: uuid.UUID, account: uuid.UUID) -> None:
    """Move the attempts and renumber them by time; ids stay, so that open pages still work."""
    rows = session.execute(
        select(_attempt).where(_attempt.c.account_id.in_((guest, account)))
    ).all()
    guest_rows = [row for row in rows if row.account_id == guest]
    account_rows = [row for row in rows if row.account_id == account]
    numbers = _attempt_numbers(rows)
    moving = [row for row in account_rows if numbers[account, row.id] != row.round]
    # Numbers are unique even within a statement, so move these rows to unused numbers first.
    free = max([len(rows), *(row.round for row in account_rows)], default=0) + 1
    _number(session, account, {row.id: free + i for i, row in enumerate(moving)})
    taken = {row.id for row in account_rows}
    id_collisions = {row.id: uuid.uuid5(guest, row.id.hex) for row in guest_rows if row.id in taken}
    if guest_rows:
        session.execute(
            insert(_attempt),
            [
                {
                    **row._mapping,  # noqa: SLF001 - the row's public name for it
                    "account_id": account,
                    "id": id_collisions.get(row.id, row.id),
                    "round": numbers[guest, row.id],
                }
                for row in guest_rows
            ],
        )
    _number(session, account, {row.id: numbers[account, row.id] for row in moving})
    for old, new in id_collisions.items():  # one page, sent as the guest and as the account
        session.execute(
            update(_item)
            .where(_item.c.account_id == guest, _item.c.attempt_id == old)
            .values(account_id=account, attempt_id=new)
        )


def _attempt_numbers(rows: Iterable[Row[Any]]) -> dict[tuple[uuid.UUID, uuid.UUID], int]:
    """Number the attempts at each quiz in the order in which they began."""
    quizzes: dict[str, list[tuple[datetime, uuid.UUID, uuid.UUID]]] = defaultdict(list)
    for row in rows:
        quizzes[row.quiz].append((row.started_at, row.id, row.account_id))
    return {
        (owner, attempt): number
        for begun in quizzes.values()
        for number, (_, attempt, owner) in enumerate(sorted(begun), 1)
    }


def _number(session: Session, account: uuid.UUID, numbers: Mapping[uuid.UUID, int]) -> None:
    if numbers:
        session.execute(
            update(_attempt)
            .where(_attempt.c.account_id == account, _attempt.c.id == bindparam("attempt"))
            .values(round=bindparam("number")),
            [{"attempt": attempt, "number": number} for attempt, number in numbers.items()],
        )


def _merge_readings(session: Session, guest: uuid.UUID, account: uuid.UUID) -> None:
    """Keep one row per lesson, with the earlier date."""
    new = dialect_insert(session, _reading)
    new = new.from_select(
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


def _merge_care_lines(session: Session, guest: uuid.UUID, account: uuid.UUID) -> None:
    """Append the guest's lines to the account's, without duplicates."""
    rows = session.execute(
        select(_line)
        .where(_line.c.account_id.in_((guest, account)))
        .order_by(_line.c.position, _line.c.id)
        .with_for_update()  # wait for concurrent edits of a line
    ).all()
    lines: dict[tuple[str | None, str], dict[str, Any]] = {}
    account_rows = [row for row in rows if row.account_id == account]
    for row in account_rows:
        lines.setdefault(_content(row), {**row._mapping})  # noqa: SLF001
    position = max((row.position for row in account_rows), default=0)
    changed: list[dict[str, Any]] = []
    new: list[dict[str, Any]] = []
    for row in rows:
        if row.account_id == account:
            continue
        line = lines.get(_content(row))
        if line is None:
            position += 1
            line = {**row._mapping, "account_id": account, "position": position}  # noqa: SLF001
            lines[_content(row)] = line
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


def _content(line: Row[Any]) -> tuple[str | None, str]:
    return line.objective_id, (line.text or "").strip()


def _merge_care_numbers(session: Session, guest: uuid.UUID, account: uuid.UUID) -> None:
    """Keep the account's numbers; where it has none, take the guest's."""
    both = select(_numbers).where(_numbers.c.account_id.in_((guest, account)))
    rows = {row.account_id: row for row in session.execute(both.with_for_update())}
    if guest not in rows:
        return
    if account not in rows:
        _reassign(_numbers)(session, guest, account)
        return
    theirs, own = rows[guest], rows[account]
    session.execute(
        update(_numbers)
        .where(_numbers.c.account_id == account)
        .values(daytime=own.daytime or theirs.daytime, nights=own.nights or theirs.nights)
    )


def _reassign(table: Table) -> MergeRule:
    """Return a rule that changes the owner of every row, and nothing else."""

    def rule(session: Session, guest: uuid.UUID, account: uuid.UUID) -> None:
        session.execute(update(table).where(table.c.account_id == guest).values(account_id=account))

    return rule


def _merge_memberships(session: Session, guest: uuid.UUID, account: uuid.UUID) -> None:
    """Keep the account's membership of a group, or the guest's where the account has none.

    A membership of the guest that is replaced ends at the last answer, so that it shares nothing
    new, and what it shared stays on record. So does one of a group that the account leads, or that
    an educator removed it from.

    One that is kept was a choice about the guest's answers alone, so it shares none that the
    account gave by now: it starts after the last of those. What the guest gave since then stays
    shared. Nor does it share anything from before the account last left that group.
    """
    membership = _membership.c
    rows = session.execute(
        select(_membership)
        .where(membership.account_id.in_((guest, account)))
        .order_by(membership.since)
    ).all()
    theirs = [row for row in rows if row.account_id == guest and row.until is None]
    if theirs:
        chosen = {r.group_id for r in rows if r.account_id == account and r.until is None}
        left = {r.group_id: r.until for r in rows if r.account_id == account and r.until}
        leads = select(_leads.c.group_id).where(_leads.c.account_id == account)
        led = {*session.scalars(leads)}
        removed = {
            r.group_id for r in rows if r.account_id == account and r.removal == Removal.REMOVED
        }
        last, own = _last_answers(session, guest, account)
        for row in theirs:
            if row.group_id in chosen | led | removed:
                change = {"until": max(row.since, last or row.since)}
            else:
                bounds = (row.shares_from, left.get(row.group_id), own and own + _MOMENT)
                change = {"shares_from": max(bound for bound in bounds if bound)}
            session.execute(
                update(_membership)
                .where(membership.account_id == guest, membership.id == row.id)
                .values(change)
            )
            if row.group_id not in chosen:
                _leave_blocks(session, guest, row.group_id, change.get("shares_from"))
    _reassign(_membership)(session, guest, account)


def _last_answers(
    session: Session, guest: uuid.UUID, account: uuid.UUID
) -> tuple[datetime | None, datetime | None]:
    """Return the time of the last answer of both, and that of the account's last activity."""
    given = select(func.max(_item.c.answered_at)).where(_item.c.account_id.in_((guest, account)))
    last = select(func.max(_item.c.answered_at)).where(_item.c.account_id == account)
    own = session.execute(
        select(
            last.scalar_subquery(),
            func.max(_attempt.c.started_at),
            func.max(_attempt.c.finished_at),
        ).where(_attempt.c.account_id == account)
    ).one()
    return session.scalar(given), max((moment for moment in own if moment), default=None)


def _leave_blocks(
    session: Session, guest: uuid.UUID, group: uuid.UUID, shares_from: datetime | None
) -> None:
    """Take the guest's answers out of the group's blocks: all, or those before `shares_from`."""
    leaving = (_disclosed.c.account_id == guest) & (_disclosed.c.group_id == group)
    if shares_from is not None:
        leaving &= exists().where(
            _item.c.account_id == guest,
            _item.c.attempt_id == _disclosed.c.attempt_id,
            _item.c.position == _disclosed.c.position,
            _item.c.answered_at < shares_from,
        )
    session.execute(update(_disclosed).where(leaving).values(block=None, block_size=None))


def _add_up_views(session: Session, guest: uuid.UUID, account: uuid.UUID) -> None:
    """Add up the views of both by day and educator."""
    guest_rows = [
        dict(zip(_audit_log.columns.keys(), row, strict=True)) | {"account_id": account}
        for row in session.execute(select(_audit_log).where(_audit_log.c.account_id == guest))
    ]
    if not guest_rows:
        return
    new = dialect_insert(session, _audit_log)
    session.execute(
        new.on_conflict_do_update(
            index_elements=[*_audit_log.primary_key],
            set_={"times": _audit_log.c.times + new.excluded.times},
        ),
        guest_rows,
    )


def _no_rows(_session: Session, _guest: uuid.UUID, _account: uuid.UUID) -> None:
    """Do nothing: an account with such a row is not a guest, so it is never merged."""


def _follow_items(_session: Session, _guest: uuid.UUID, _account: uuid.UUID) -> None:
    """Do nothing: foreign keys with ON UPDATE CASCADE move these rows with the items."""


MERGE_RULES: Mapping[Table, MergeRule] = MappingProxyType(
    {
        _account: _keep_earliest_date,
        _memory: _replay_memories,  # before the items, to know which objectives are the guest's
        _disclosed: mark_guests_answers,  # before the items, to know which are the guest's
        _membership: _merge_memberships,  # before the items, too
        _attempt: _merge_attempts,
        _item: _reassign(_item),
        _reading: _merge_readings,
        _line: _merge_care_lines,
        _numbers: _merge_care_numbers,
        table_of(Explanation): _reassign(table_of(Explanation)),
        table_of(MergedGuest): _reassign(table_of(MergedGuest)),
        table_of(Notice): _reassign(table_of(Notice)),
        table_of(Regrade): _follow_items,
        _audit_log: _add_up_views,
        table_of(Demo): _no_rows,
        table_of(Educator): _no_rows,
        _leads: _no_rows,
        table_of(SignIn): _no_rows,
        table_of(SignInSession): _no_rows,
        table_of(Passkey): _no_rows,
    }
)
"""The rule for each table with an account id, in order; the guest’s other rows are deleted."""
