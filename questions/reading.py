"""Reads TOML files so that every error can be named with its file and line."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Any

_HEADER = re.compile(r"\s*(\[\[?)\s*([^\[\]]+?)\s*\]\]?\s*(?:#.*)?$")
_KEY = re.compile(r"\s*([A-Za-z0-9_-]+)\s*=")
_TOML_PLACE = re.compile(r"\(at line (\d+), column \d+\)")
SLUG = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")

_DAY = re.compile(r"\d{4}-(?:0[1-9]|1[0-2])-(?:0[1-9]|[12]\d)")
_OPENS_LIST = re.compile(r"\s*[A-Za-z0-9_-]+\s*=\s*\[\s*(?:#.*)?$")

type_names = {
    str: "a text",
    bool: "true or false",
    list: "a list",
    dict: "a table",
    int: "a whole number",
    float: "a number",
}
Path_ = tuple[str | int, ...]


@dataclass(frozen=True, slots=True, order=True)
class ContentError:
    """An error in a content file, and where it is."""

    file: str
    line: int
    message: str

    def __str__(self) -> str:
        return f"{self.file}:{self.line}: {self.message}"


class InvalidContentError(Exception):
    """The content is unusable; `errors` lists the errors by file and line."""

    def __init__(self, errors: list[ContentError]) -> None:
        self.errors = sorted(errors)
        super().__init__("\n".join(map(str, self.errors)))


def read_utf8(path: Path, name: str) -> tuple[str, list[ContentError]]:
    """The text of the file at `path`, called `name` in errors; empty where it is not UTF-8."""
    try:
        return path.read_text(encoding="utf-8"), []
    except UnicodeDecodeError as error:
        line = error.object.count(b"\n", 0, error.start) + 1
        return "", [ContentError(name, line, f"not UTF-8 text (byte {error.start})")]


class TomlFile:
    """A TOML file with the line of every table and key, and the errors found in it so far."""

    def __init__(self, name: str, text: str, first_line: int = 1) -> None:
        """Parse `text`; a syntax error becomes an error and leaves an empty file.

        `first_line` is where the text starts in its file, for TOML inside another format.
        """
        self.name = name
        self.errors: list[ContentError] = []
        self._offset = first_line - 1
        self._lines: dict[Path_, int] = {}
        raw: dict[str, Any] = {}
        try:
            raw = tomllib.loads(text)
        except tomllib.TOMLDecodeError as error:
            place = _TOML_PLACE.search(str(error))
            line = int(place.group(1)) if place else text.count("\n") + 1
            self.add(line + self._offset, f"not valid TOML: {_TOML_PLACE.sub('', str(error))}")
        else:
            self._index(text)
        self.root = Table(self, (), raw)

    @classmethod
    def read(cls, path: Path, name: str) -> TomlFile:
        """Read the file at `path`, called `name` in errors. Text that is not UTF-8 is an error."""
        text, errors = read_utf8(path, name)
        file = cls(name, text)
        file.errors += errors
        return file

    @property
    def broken(self) -> bool:
        """Nothing could be read at all."""
        return bool(self.errors) and not self.root.raw

    def add(self, line: int, message: str) -> None:
        """Note an error at `line` of the file."""
        self.errors.append(ContentError(self.name, line, message))

    def line(self, path: Path_) -> int:
        """The line of a table or key, or of the nearest table around it."""
        while path and path not in self._lines:
            path = path[:-1]
        return self._lines.get(path, 1) + self._offset

    def _index(self, text: str) -> None:
        here: Path_ = ()
        counts: dict[Path_, int] = {}
        rows: tuple[Path_, int] | None = None  # of a list of inline tables, one a line
        for number, line in enumerate(text.split("\n"), 1):
            if header := _HEADER.match(line):
                here = self._place(header.group(2), header.group(1) == "[[", counts)
                self._lines[here] = number
                for length in range(1, len(here)):
                    self._lines.setdefault(here[:length], number)
            elif rows and line.lstrip().startswith("{"):
                self._lines[*rows[0], rows[1]] = number
                rows = rows[0], rows[1] + 1
            elif key := _KEY.match(line):
                self._lines.setdefault((*here, key.group(1)), number)
                rows = ((*here, key.group(1)), 0) if _OPENS_LIST.match(line) else None

    @staticmethod
    def _place(dotted: str, is_array: bool, counts: dict[Path_, int]) -> Path_:
        path: Path_ = ()
        names = [part.strip().strip("\"'") for part in dotted.split(".")]
        for name in names[:-1]:
            path = (*path, name)
            if path in counts:
                path = (*path, counts[path])
        path = (*path, names[-1])
        if is_array:
            counts[path] = counts.get(path, -1) + 1
            path = (*path, counts[path])
        return path


class Table:
    """One table of a TOML file: typed reads that note an error instead of raising.

    `close` at the end notes every key that nobody asked for: a misspelled key is an error too.
    """

    def __init__(self, file: TomlFile, path: Path_, raw: dict[str, Any]) -> None:
        self.file = file
        self.path = path
        self.raw = raw
        self._asked: set[str] = set()

    def error(self, message: str, key: str | int | None = None) -> None:
        """Note an error at `key`, or at the table itself."""
        path = self.path if key is None else (*self.path, key)
        self.file.add(self.file.line(path), message)

    def text(self, key: str, *, default: str | None = None) -> str:
        """A text that is not empty; `default` makes it optional."""
        value: str = self._get(key, str, default)
        if isinstance(self.raw.get(key), str) and not value.strip():
            self.error(f"“{key}” is empty", key)
        return value

    def slug(self, key: str) -> str:
        """A permanent id: lower case letters, digits and single hyphens."""
        value = self.text(key)
        if value and not SLUG.fullmatch(value):
            self.error(f"bad id “{value}”: lower case letters, digits and hyphens only", key)
        return value

    def texts(self, key: str, *, default: tuple[str, ...] | None = None) -> tuple[str, ...]:
        """A list of texts; `default` makes it optional. It may be empty only if `default` is."""
        value = self._get(key, list, None if default is None else [*default])
        if not all(isinstance(v, str) and v for v in value):
            self.error(f"“{key}” must be a list of texts", key)
            return ()
        if self.raw.get(key) == [] and default != ():
            self.error(f"“{key}” is empty", key)
        return tuple(value)

    def flag(self, key: str, *, default: bool = False) -> bool:
        """True or false; `default` where it is not given."""
        return bool(self._get(key, bool, default))

    def whole(self, key: str, *, default: int | None = None) -> int:
        """A whole number; `default` makes it optional."""
        value = self._get(key, int, default)
        if isinstance(value, bool):
            self.error(f"“{key}” must be {type_names[int]}", key)
        return int(value)

    def number(self, key: str) -> float:
        """A number, whole or not."""
        is_whole = type(self.raw.get(key)) is int
        return float(self.whole(key) if is_whole else self._get(key, float, None))

    def day(self, key: str, *, or_text: bool = False) -> date:
        """A date; with `or_text`, also as a text such as “2026-03-01”."""
        value = self.raw.get(key)
        if or_text and isinstance(value, str) and _DAY.fullmatch(value):
            self._asked.add(key)
            return date.fromisoformat(value)
        found: date = self._get(key, date, None)
        return found

    def table(self, key: str, *, required: bool = True) -> Table:
        """The table of that name, empty where it is missing."""
        return Table(self.file, (*self.path, key), self._get(key, dict, None if required else {}))

    def tables(self, key: str) -> list[Table]:
        """The tables written as `[[key]]`, none where it is missing."""
        rows = self._get(key, list, [])
        if not all(isinstance(row, dict) for row in rows):
            self.error(f"“{key}” must be written as [[{key}]]", key)
            return []
        return [Table(self.file, (*self.path, key, i), row) for i, row in enumerate(rows)]

    def items(self) -> Iterator[tuple[str, Table]]:
        """The tables inside this one, by name."""
        for key, value in self.raw.items():
            self._asked.add(key)
            if isinstance(value, dict):
                yield key, Table(self.file, (*self.path, key), value)
            else:
                self.error(f"“{key}” must be a table", key)

    def strings(self) -> dict[str, str]:
        """All keys of this table with their texts."""
        return {key: self.text(key) for key in self.raw}

    def close(self) -> None:
        """Note each key that nobody asked for."""
        for key in self.raw:
            if key not in self._asked:
                self.error(f"unknown key “{key}”", key)

    def _get(self, key: str, kind: type, default: Any) -> Any:
        self._asked.add(key)
        if key not in self.raw:
            if default is None:
                self.error(f"missing key “{key}”")
                return date.min if kind is date else kind()
            return default
        value = self.raw[key]
        if not isinstance(value, kind) or isinstance(value, datetime):
            self.error(f"“{key}” must be {type_names.get(kind, 'a date')}", key)
            return date.min if kind is date else kind()
        return value


def content_files(folder: Path, pattern: str, language: str = "en") -> list[Path]:
    """The content files below `folder` in `language`, by name.

    English stands in `name.ext`; another language in a sibling, `name.<language>.ext`. Where there
    is no sibling yet, the English file stands in.
    """
    found: list[Path] = []
    for path in sorted(folder.glob(pattern)):
        if "." in path.stem or path.name.startswith("."):
            continue  # a sibling in some language, or an editor's leftover
        sibling = path.with_name(f"{path.stem}.{language}{path.suffix}")
        found.append(sibling if sibling.exists() else path)
    return found


def languages_of(folder: Path, pattern: str) -> tuple[str, ...]:
    """English, and every language in which a content file below `folder` has a sibling."""
    names = (path.name.split(".") for path in folder.glob(pattern))
    others = {name[1] for name in names if len(name) == 3 and name[0]}
    return ("en", *sorted(others - {"en"}))
