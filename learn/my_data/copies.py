"""A copy of all data as a file: JSON for programs, CSV in a zip file for spreadsheets."""

from __future__ import annotations

import io
import json
import uuid
import zipfile
from collections.abc import Iterable, Iterator
from datetime import UTC, date, datetime
from typing import Any

from learn.my_data import descriptions
from learn.my_data.queries import TableRows
from learn.spreadsheets import as_csv


def as_json(tables: Iterable[TableRows], created_at: datetime) -> str:
    """Return a JSON object with each table, its rows, and what they mean. Each row is a line."""
    about = " ".join(map(str, (descriptions.ABOUT, descriptions.TIMES, descriptions.IDS)))
    whole = ",\n".join(_json_table(table) for table in tables)
    return (
        f'{{"about": {_json(about)},\n"made_at": {_json(_plain(created_at))},\n'
        f'"tables": {{\n{whole}\n}}}}\n'
    )


def _json_table(table: TableRows) -> str:
    columns = {c: descriptions.of_column(table.table, c) for c in table.columns}
    rows = ",\n".join(
        _json(dict(zip(table.columns, map(_plain, row), strict=True))) for row in _redacted(table)
    )
    return (
        f'{_json(table.table)}: {{"about": {_json(descriptions.of_table(table.table))},\n'
        f'"columns": {_json(columns)},\n"rows": [\n{rows}\n]}}'
    )


def _json(value: Any) -> str:
    """Format in C, which `indent` prevents: an account may have thousands of rows."""
    return json.dumps(value, ensure_ascii=False)


def as_zip(tables: Iterable[TableRows], created_at: datetime) -> bytes:
    """Return a zip file with a CSV file for each table and a README.txt that explains them."""
    every = [*tables]
    files = {"README.txt": _readme(every, created_at).encode("utf-8-sig")}
    files |= {f"{table.table}.csv": as_csv(_csv_rows(table)) for table in every}
    whole = io.BytesIO()
    with zipfile.ZipFile(whole, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            entry = zipfile.ZipInfo(name, created_at.timetuple()[:6])
            entry.compress_type = zipfile.ZIP_DEFLATED
            entry.external_attr = 0o644 << 16
            archive.writestr(entry, content)
    return whole.getvalue()


def _redacted(table: TableRows) -> Iterator[list[Any]]:
    """Yield the rows, with a sentence in place of secret values."""
    instead = [descriptions.REDACTED.get((table.table, c)) for c in table.columns]
    for row in table.rows:
        yield [str(i) if i and v is not None else v for i, v in zip(instead, row, strict=True)]


def _csv_rows(table: TableRows) -> Iterator[list[Any]]:
    yield [*table.columns]
    yield from ([_cell(value) for value in row] for row in _redacted(table))


def _readme(tables: Iterable[TableRows], created_at: datetime) -> str:
    def lines() -> Iterator[str]:
        yield from map(
            str,
            (
                descriptions.ABOUT,
                descriptions.TIMES,
                descriptions.IDS,
                descriptions.EMPTY,
                descriptions.APOSTROPHE,
            ),
        )
        yield ""
        yield f"{descriptions.MADE} {_plain(created_at)}"
        for table in tables:
            yield ""
            yield f"{table.table}.csv: {descriptions.of_table(table.table)}"
            yield from (f"  {c}: {descriptions.of_column(table.table, c)}" for c in table.columns)

    return "\r\n".join(lines()) + "\r\n"


def _plain(value: Any) -> Any:
    """Return the value as JSON has it: ids and bytes as text, times as ISO 8601 in UTC."""
    if isinstance(value, uuid.UUID):
        return str(value)
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat().replace("+00:00", "Z")
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, bytes):
        return value.hex()
    return value


def _cell(value: Any) -> Any:
    """Return the value as a number or a text."""
    text = _plain(value)
    if isinstance(text, dict | list):
        text = json.dumps(text, ensure_ascii=False)
    if isinstance(text, bool):
        return "true" if text else "false"
    return text
