"""How far a move is: kept in the target, in the transactions that write its rows."""

from __future__ import annotations

from dataclasses import dataclass, field

from sqlalchemy import (
    BigInteger,
    Column,
    Connection,
    MetaData,
    String,
    Table,
    Text,
    insert,
    select,
    text,
    update,
)

from learn import schema
from learn.moving.errors import MoveError
from learn.moving.rows import Sum

_table = Table(
    "move_progress",
    MetaData(),
    Column("name", String(80), primary_key=True),
    Column("copied", BigInteger, nullable=False),
    Column("last_key", Text, nullable=False),
    Column("digest", String(64), nullable=False),
)
_SOURCE = "(source)"  # the row that says where the rows are from, and of which schema
_RENAME = text("UPDATE alembic_version SET version_num = :name")


@dataclass(frozen=True, slots=True)
class Copied:
    """How much of a table is in the target: the sum of the rows, and the key of the last one."""

    key: str = ""
    sum: Sum = field(default_factory=Sum)


def begin(connection: Connection, source: str, names: list[str]) -> None:
    """Mark a new target as one that isn't whole. No version of the site serves it any longer."""
    migration = connection.scalar(text("SELECT version_num FROM alembic_version"))
    _table.create(connection)
    head = {"name": _SOURCE, "copied": 0, "last_key": source, "digest": migration}
    rest = [{"name": name, "copied": 0, "last_key": "", "digest": ""} for name in names]
    connection.execute(insert(_table), [head, *rest])
    connection.execute(_RENAME, {"name": schema.UNFINISHED_MOVE})


def source_of(connection: Connection) -> tuple[str, str]:
    """Return from which database a move that stopped is, and of which schema its rows are."""
    found = select(_table.c.last_key, _table.c.digest).where(_table.c.name == _SOURCE)
    row = connection.execute(found).one()
    return row.last_key, row.digest


def read(connection: Connection) -> dict[str, Copied]:
    """Return how much of each table is in the target."""
    rows = connection.execute(select(_table).where(_table.c.name != _SOURCE))
    return {r.name: Copied(r.last_key, Sum(r.copied, int(r.digest or "0", 16))) for r in rows}


def advance(connection: Connection, name: str, before: Copied, after: Copied) -> None:
    """Note that more of a table is there. Raises MoveError if another move has done so."""
    changed = connection.execute(
        update(_table)
        .where(_table.c.name == name, _table.c.copied == before.sum.rows)
        .values(copied=after.sum.rows, last_key=after.key, digest=f"{after.sum.total:x}")
    )
    if changed.rowcount != 1:
        raise MoveError("Another move to the same database is under way.")


def finish(connection: Connection) -> None:
    """Make the target one that can be served."""
    _, migration = source_of(connection)
    _table.drop(connection)
    connection.execute(_RENAME, {"name": migration})


def exists(connection: Connection) -> bool:
    """Return whether there is the table in which progress is kept."""
    return connection.dialect.has_table(connection, _table.name)


def drop(connection: Connection) -> None:
    """Drop that table."""
    _table.drop(connection)
