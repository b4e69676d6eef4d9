"""Rows as they are read, compared, and written; the same values on both databases."""

from __future__ import annotations

import json
import uuid
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import lru_cache
from hashlib import sha256
from typing import Any

from sqlalchemy import (
    JSON,
    Column,
    ColumnElement,
    Connection,
    Date,
    MetaData,
    String,
    Table,
    Text,
    cast,
    func,
    literal,
    select,
    tuple_,
)
from sqlalchemy.types import TypeDecorator, TypeEngine

from learn.models import Base
from learn.models.types import Id, Moment
from learn.moving.errors import MoveError

BATCH = 5_000
"""Rows that are in memory at a time, and written in one transaction."""

_KEPT = 2_000  # texts of JSON
_MODULUS = 1 << 256
_FROM_TEXT: Mapping[type[TypeEngine[Any]], Callable[[str], Any]] = {
    Id: uuid.UUID,
    Moment: datetime.fromisoformat,
    Date: date.fromisoformat,
}
"""How to read a part of a key; all others are texts and numbers, which JSON keeps."""

Row = tuple[Any, ...]


class _StoredJson(TypeDecorator[str]):
    """JSON as its text, so that an empty one and a missing one stay two things."""

    impl = Text
    cache_ok = True

    def column_expression(self, column: ColumnElement[Any]) -> ColumnElement[Any]:
        return cast(column, Text)


@dataclass(frozen=True, slots=True)
class Sum:
    """The number of rows, and the sum of their digests, which doesn't depend on their order."""

    rows: int = 0
    total: int = 0

    def plus(self, rows: Iterable[Row]) -> Sum:
        """Return the sum with more rows."""
        count, total = self.rows, self.total
        for row in rows:
            count += 1
            total += int.from_bytes(sha256(repr(row).encode(errors="surrogatepass")).digest())
        return Sum(count, total % _MODULUS)


class StoredTable:
    """A table, with the types in which its rows are moved, in batches of so many rows."""

    def __init__(self, model: Table, batch: int) -> None:
        self._batch = batch
        columns = [
            Column(
                column.name,
                _StoredJson() if isinstance(column.type, JSON) else column.type,
                primary_key=column.primary_key,
            )
            for column in model.columns
        ]
        self.table = Table(model.name, MetaData(), *columns)
        self.name = model.name
        self.columns = [column.name for column in columns]
        self.key = [*self.table.primary_key.columns]
        self._key_places = [self.columns.index(column.name) for column in self.key]
        self._json = [i for i, c in enumerate(columns) if isinstance(c.type, _StoredJson)]
        self._texts = [i for i, c in enumerate(columns) if isinstance(c.type, String)]

    def count(self, connection: Connection) -> int:
        """Return the number of rows."""
        return int(connection.scalar(select(func.count()).select_from(self.table)) or 0)

    def read(self, connection: Connection, after: str = "") -> Iterator[Sequence[Any]]:
        """Yield the rows after a key, in batches, in the order of the key."""
        statement = select(self.table).order_by(*self.key)
        if after:
            values = [
                literal(_key_value(c, value), c.type)
                for c, value in zip(self.key, json.loads(after), strict=True)
            ]
            statement = statement.where(tuple_(*self.key) > tuple_(*values))
        yield from self._batches(connection, statement)

    def read_all(self, connection: Connection) -> Iterator[Sequence[Any]]:
        """Yield all rows in batches, in any order."""
        yield from self._batches(connection, select(self.table))

    def key_of(self, row: Sequence[Any]) -> str:
        """Return the key of a row, as text."""
        return json.dumps([_plain_key(row[place]) for place in self._key_places])

    def storable(self, row: Sequence[Any]) -> Row:
        """Return a row of the source as every database can store it.

        PostgreSQL stores neither NUL in a text nor half a character, which nobody sees anyway.
        """
        values = [*row]
        for place in self._texts:
            if values[place] and "\0" in values[place]:
                values[place] = values[place].replace("\0", "")
        for place in self._json:
            text = values[place]
            if text and ("\\u0000" in text or "\\ud" in text.lower()):
                try:
                    before = json.loads(text)
                except ValueError as error:
                    raise self._damaged() from error
                after = _without_unstorable(before)
                if after != before:
                    values[place] = json.dumps(after)
        return tuple(values)

    def comparable(self, row: Sequence[Any]) -> Row:
        """Return a row as it is compared: JSON may be written in another way, and means the same.

        `{"a": 1}` is another value than `{"a": true}`, and `null` another one than nothing.
        """
        if not self._json:
            return tuple(row)
        values = [*row]
        for place in self._json:
            if values[place] is not None:
                try:
                    values[place] = _canonical(values[place])
                except ValueError as error:
                    raise self._damaged() from error
        return tuple(values)

    def _damaged(self) -> MoveError:
        return MoveError(f"A row of {self.name} can't be moved: its JSON is damaged.")

    def _batches(self, connection: Connection, statement: Any) -> Iterator[Sequence[Any]]:
        options = {"yield_per": self._batch}
        with connection.execute(statement, execution_options=options) as result:
            yield from result.partitions()


def all_tables(batch: int) -> list[StoredTable]:
    """Return all tables, each after those that it refers to."""
    return [StoredTable(table, batch) for table in Base.metadata.sorted_tables]


def _key_value(column: Column[Any], value: Any) -> Any:
    """Return a part of a key as it was before `key_of`."""
    read = _FROM_TEXT.get(type(column.type))
    return read(value) if read else value


def _plain_key(value: Any) -> Any:
    if isinstance(value, (datetime, date)):
        return value.isoformat()
    return str(value) if isinstance(value, uuid.UUID) else value


@lru_cache(_KEPT)
def _canonical(text: str) -> str:
    """Return JSON in one way of writing it. Many people give the same answer."""
    return json.dumps(_plain_numbers(json.loads(text)), sort_keys=True)


def _plain_numbers(value: Any) -> Any:
    """Return a JSON value whose whole numbers are ints: `1.0` is `1` to PostgreSQL, too."""
    match value:
        case float() if value.is_integer():
            return int(value)
        case dict():
            return {key: _plain_numbers(one) for key, one in value.items()}
        case list():
            return [_plain_numbers(one) for one in value]
    return value


def _without_unstorable(value: Any) -> Any:
    match value:
        case str():
            return "".join(c for c in value if c != "\0" and not "\ud800" <= c <= "\udfff")
        case dict():
            return {_without_unstorable(k): _without_unstorable(v) for k, v in value.items()}
        case list():
            return [_without_unstorable(one) for one in value]
    return value
