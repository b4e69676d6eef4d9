"""What must hold in every database, whatever happened: looked for in all tables."""

from __future__ import annotations

from collections.abc import Iterator

from sqlalchemy import Connection, ForeignKeyConstraint, Table, and_, exists, func, not_, select

from learn.database import Database
from learn.models import Account, Base
from learn.models.base import table_of

_account = table_of(Account)
_OUTLIVE_ACCOUNTS: frozenset[str] = frozenset()
"""Tables whose `account_id` may be that of an account that is gone."""


def broken(database: Database) -> list[str]:
    """Everything that is wrong in the database, a line each."""
    with database.engine.connect() as connection:
        own = _broken_on_sqlite if database.is_sqlite else _broken_on_postgresql
        return [*own(connection), *_orphans(connection), *_empty_accounts(connection)]


def _broken_on_sqlite(connection: Connection) -> Iterator[str]:
    for (found,) in connection.exec_driver_sql("PRAGMA integrity_check"):
        if found != "ok":
            yield f"integrity_check: {found}"
    for table, *_, parent, _key in connection.exec_driver_sql("PRAGMA foreign_key_check"):
        yield f"a row of {table} refers to no {parent}"


_CHECKS = """
SELECT conrelid::regclass::text, conname, pg_get_expr(conbin, conrelid)
FROM pg_constraint WHERE contype = 'c' AND connamespace = 'public'::regnamespace
"""
_UNIQUE = """
SELECT indrelid::regclass::text, indexrelid::regclass::text,
    (SELECT string_agg(quote_ident(attname), ', ') FROM pg_attribute
     WHERE attrelid = indrelid AND attnum = ANY (indkey)),
    coalesce(pg_get_expr(indpred, indrelid), 'true')
FROM pg_index JOIN pg_class ON pg_class.oid = indrelid
WHERE indisunique AND relnamespace = 'public'::regnamespace
"""


def _broken_on_postgresql(connection: Connection) -> Iterator[str]:
    """The constraints once more, by reading the tables and no index."""
    for way in ("indexscan", "indexonlyscan", "bitmapscan"):
        connection.exec_driver_sql(f"SET LOCAL enable_{way} = off")
    for table, name, condition in connection.exec_driver_sql(_CHECKS).all():
        bad = f"SELECT count(*) FROM {table} WHERE NOT ({condition})"  # noqa: S608 - from the catalog
        if count := connection.exec_driver_sql(bad).scalar():
            yield f"{count} rows of {table} against {name}"
    for table, name, columns, condition in connection.exec_driver_sql(_UNIQUE).all():
        bad = (
            f"SELECT count(*) FROM (SELECT 1 FROM {table} WHERE ({condition}) AND "  # noqa: S608
            f"ROW({columns}) IS NOT NULL GROUP BY {columns} HAVING count(*) > 1) AS twice"
        )
        if count := connection.exec_driver_sql(bad).scalar():
            yield f"{count} keys stand twice in {table}: {name}"


def _orphans(connection: Connection) -> Iterator[str]:
    for table in Base.metadata.sorted_tables:
        for key in table.foreign_key_constraints:
            if count := connection.scalar(_unmatched(table, key)):
                yield f"{count} rows of {table.name} refer to no {key.referred_table.name}"
        if "account_id" in table.c and table.name not in _OUTLIVE_ACCOUNTS:
            there = exists().where(_account.c.id == table.c.account_id)
            found = select(func.count()).select_from(table).where(not_(there))
            if count := connection.scalar(found):
                yield f"{count} rows of {table.name} belong to no account"


def _unmatched(table: Table, key: ForeignKeyConstraint):
    parent = key.referred_table.alias()
    pairs = [(e.parent, parent.c[e.column.key]) for e in key.elements]
    there = exists().where(and_(*(child == other for child, other in pairs)))
    known = and_(*(child.is_not(None) for child, _ in pairs))
    return select(func.count()).select_from(table).where(known, not_(there))


def _empty_accounts(connection: Connection) -> Iterator[str]:
    """Accounts without a row in any other table: somebody's deletion or merge that stopped."""
    owned = [
        exists().where(table.c.account_id == _account.c.id)
        for table in Base.metadata.sorted_tables
        if "account_id" in table.c and table.name not in _OUTLIVE_ACCOUNTS
    ]
    alone = select(func.count()).select_from(_account).where(*(not_(one) for one in owned))
    if count := connection.scalar(alone):
        yield f"{count} accounts have nothing at all"
