"""Resolve the ids of objectives that were merged into others, where rows are read.

Rows keep the id that they were written with (`item`, `memory`, `care_line`). Every query that
compares or returns one resolves it here. A session knows the merges from its `Database`.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from sqlalchemy import ColumnElement, String, case, literal_column, null
from sqlalchemy.orm import Session

INFO = "merged_objectives"

MergedIds = tuple[tuple[str, str], ...]
"""Old and current id of each merged objective."""


def merged_ids(session: Session) -> MergedIds:
    """Return the merges that the session knows."""
    return tuple(_merged(session).items())


def current_id(session: Session, objective: str) -> str:
    """Return the id that counts now."""
    return _merged(session).get(objective, objective)


def current(session: Session, column: ColumnElement[Any]) -> ColumnElement[Any]:
    """Return an expression for the id that counts now instead of the one in `column`."""
    merged = _merged(session)
    return case(dict(merged), value=column, else_=column) if merged else column


def counting_as(session: Session, objectives: Iterable[str]) -> frozenset[str]:
    """Return all ids that count as one of these current ones: these, and those merged into them."""
    wanted = {*objectives}
    return frozenset(wanted | {old for old, into in _merged(session).items() if into in wanted})


def best_informed(session: Session, rows: Iterable[Any]) -> dict[str, Any]:
    """Return one row of memory for each current id: that with the most answers behind it.

    Rows begin with the objective's id, the number of answers, and the time of the last one. Of
    equals it is the one under the current id, which is written to.
    """
    best: dict[str, Any] = {}
    for row in sorted(rows, key=lambda r: (r[1], r[0] == current_id(session, r[0]), r[2], r[0])):
        best[current_id(session, row[0])] = row
    return best


def same_objective(merged: MergedIds, column: ColumnElement[Any]) -> list[ColumnElement[Any]]:
    """Return expressions for all ids that count as the one in `column`; NULL where there are fewer.

    They are values to look up, so that an index on the other column is used. The ids are part of
    the statement: as parameters, they would be bound again each time.
    """
    members: dict[str, list[str]] = {}
    for old, into in merged:
        members.setdefault(into, [into]).append(old)
    others = {one: [o for o in group if o != one] for group in members.values() for one in group}
    most = max(map(len, others.values()), default=0)
    return [
        column,
        *(
            case(
                {_written(one): _written(rest[i]) for one, rest in others.items() if len(rest) > i},
                value=column,
                else_=null(),
            )
            for i in range(most)
        ),
    ]


def _written(objective: str) -> ColumnElement[Any]:
    """Return an id as it is written in SQL; those of content files have no quotes."""
    return literal_column("'" + objective.replace("'", "''") + "'", String())


def _merged(session: Session) -> Mapping[str, str]:
    merged: Mapping[str, str] = session.info.get(INFO, {})
    return merged
