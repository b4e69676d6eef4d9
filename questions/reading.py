"""Read TOML files and report every error with its file and line."""

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
_UNKEPT = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x84\x86-\x9f\u202a-\u202e\u2066-\u2069\ud800-\udfff\ufffe\uffff]"
)
"""What no database or page keeps as it is: controls, direction overrides, and no characters."""

SLUG = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")

_DAY = re.compile(r"\d{4}-(?:0[1-9]|1[0-2])-(?:0[1-9]|[12]\d)")
_OPENS_LIST = re.compile(r"\s*[A-Za-z0-9_-]+\s*=\s*\[\s*(?:#.*)?$")

_MAX_DOTS = 200  # before an equals sign; texts in lists have fewer, keys at most two

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
    """An error in a content file, with its location."""

    file: str
    line: int
    message: str

    def __str__(self) -> str:
        return f"{self.file}:{self.line}: {self.message}"


class InvalidContentError(Exception):
    """Raised when content is unusable; `errors` are sorted by file and line."""

    def __init__(self, errors: list[ContentError]) -> None:
        self.errors = sorted(errors)
        super().__init__("\n".join(map(str, self.errors)))


def read_utf8(path: Path, name: str) -> tuple[str, list[ContentError]]:
    """Read the file at `path`, called `name` in errors; return an empty text if it isn't UTF-8."""
    if path.exists() and not path.is_file():  # a device may never end
        return "", [ContentError(name, 1, "not a file")]
    if path.is_symlink() and not path.exists():
        return "", [ContentError(name, 1, "a link that leads nowhere")]
    try:
        return path.read_text(encoding="utf-8"), []
    except UnicodeDecodeError as error:
        line = error.object.count(b"\n", 0, error.start) + 1
        return "", [ContentError(name, line, f"not UTF-8 text (byte {error.start})")]


def _line_of_long_key(text: str) -> int:
    """Return the number of the first line that may begin with such a key, or 0."""
    lines = enumerate(text.split("\n"), 1)
    return next((n for n, line in lines if line.partition("=")[0].count(".") > _MAX_DOTS), 0)


class TomlFile:
    """A parsed TOML file with the line of every table and key, and the errors found so far."""

    def __init__(self, name: str, text: str, first_line: int = 1) -> None:
        """Parse `text`; a syntax error is added to `errors` and leaves the file empty.

        `first_line` is the line where the text starts, for TOML inside another format.
        """
        self.name = name
        self.errors: list[ContentError] = []
        self._offset = first_line - 1
        self._lines: dict[Path_, int] = {}
        raw: dict[str, Any] = {}
        if line := _line_of_long_key(text):  # which would take the parser minutes
            self.add(line + self._offset, "not valid TOML: a key of too many parts")
            text = ""
        try:
            raw = tomllib.loads(text)
        except tomllib.TOMLDecodeError as error:
            place = _TOML_PLACE.search(str(error))
            line = int(place.group(1)) if place else text.count("\n") + 1
            self.add(line + self._offset, f"not valid TOML: {_TOML_PLACE.sub('', str(error))}")
        except (RecursionError, ValueError):  # thousands of brackets, or of digits
            self.add(self._offset + 1, "not valid TOML: nested too deep, or a number too long")
        else:
            self._index(text)
            self._refuse_controls(raw, ())
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
        """Whether nothing could be read at all."""
        return bool(self.errors) and not self.root.raw

    def add(self, line: int, message: str) -> None:
        """Add an error at `line` of the file."""
        self.errors.append(ContentError(self.name, line, message))

    def line(self, path: Path_) -> int:
        """Return the line of a table or key, or of the nearest enclosing table."""
        while path and path not in self._lines:
            path = path[:-1]
        return self._lines.get(path, 1) + self._offset

    def _index(self, text: str) -> None:
        here: Path_ = ()
        counts: dict[Path_, int] = {}
        rows: tuple[Path_, int] | None = None  # in a list of inline tables, one per line
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

    def _refuse_controls(self, value: Any, path: Path_) -> None:
        """Add an error for each text with a control character, which an escape can write."""
        if isinstance(value, str):
            if match := _UNKEPT.search(value):
                self.add(self.line(path), f"the character U+{ord(match.group()):04X} can't be kept")
            return
        if isinstance(value, list):
            value = dict(enumerate(value))
        for key, part in value.items() if isinstance(value, dict) else ():
            self._refuse_controls(part, (*path, key))

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
    """A TOML table with typed reads that add an error instead of raising.

    Call `close` at the end to report the keys that were never read, such as misspelled ones.
    """

    def __init__(self, file: TomlFile, path: Path_, raw: dict[str, Any]) -> None:
        self.file = file
        self.path = path
        self.raw = raw
        self._read: set[str] = set()

    def error(self, message: str, key: str | int | None = None) -> None:
        """Add an error at `key`, or at the table itself."""
        path = self.path if key is None else (*self.path, key)
        self.file.add(self.file.line(path), message)

    def text(self, key: str, *, default: str | None = None) -> str:
        """Read a non-empty text; `default` makes it optional."""
        value: str = self._get(key, str, default)
        if isinstance(self.raw.get(key), str) and not value.strip():
            self.error(f"“{key}” is empty", key)
        return value

    def slug(self, key: str) -> str:
        """Read a permanent id: lower case letters, digits, and single hyphens."""
        value = self.text(key)
        if value and not SLUG.fullmatch(value):
            self.error(f"bad id “{value}”: lower case letters, digits and hyphens only", key)
        return value

    def texts(self, key: str, *, default: tuple[str, ...] | None = None) -> tuple[str, ...]:
        """Read a list of texts; `default` makes it optional. Only if that is () may it be empty."""
        value = self._get(key, list, None if default is None else [*default])
        if not all(isinstance(v, str) and v for v in value):
            self.error(f"“{key}” must be a list of texts", key)
            return ()
        if self.raw.get(key) == [] and default != ():
            self.error(f"“{key}” is empty", key)
        return tuple(value)

    def flag(self, key: str, *, default: bool = False) -> bool:
        """Read a boolean; `default` if the key is missing."""
        return bool(self._get(key, bool, default))

    def integer(self, key: str, *, default: int | None = None) -> int:
        """Read an integer; `default` makes it optional."""
        value = self._get(key, int, default)
        if isinstance(value, bool):
            self.error(f"“{key}” must be {type_names[int]}", key)
        return int(value)

    def number(self, key: str) -> float:
        """Read an integer or a float, as a float."""
        is_whole = type(self.raw.get(key)) is int
        return float(self.integer(key) if is_whole else self._get(key, float, None))

    def day(self, key: str, *, or_text: bool = False) -> date:
        """Read a date; with `or_text`, also from a text such as “2026-03-01”."""
        value = self.raw.get(key)
        if or_text and isinstance(value, str) and _DAY.fullmatch(value):
            self._read.add(key)
            return date.fromisoformat(value)
        day: date = self._get(key, date, None)
        return day

    def table(self, key: str, *, required: bool = True) -> Table:
        """Read the table `key`; empty if it is missing."""
        return Table(self.file, (*self.path, key), self._get(key, dict, None if required else {}))

    def tables(self, key: str) -> list[Table]:
        """Read the array of tables `[[key]]`; empty if it is missing."""
        rows = self._get(key, list, [])
        if not all(isinstance(row, dict) for row in rows):
            self.error(f"“{key}” must be written as [[{key}]]", key)
            return []
        return [Table(self.file, (*self.path, key, i), row) for i, row in enumerate(rows)]

    def items(self) -> Iterator[tuple[str, Table]]:
        """Yield the tables inside this one, with their names."""
        for key, value in self.raw.items():
            self._read.add(key)
            if isinstance(value, dict):
                yield key, Table(self.file, (*self.path, key), value)
            else:
                self.error(f"“{key}” must be a table", key)

    def strings(self) -> dict[str, str]:
        """Read all keys of this table as texts."""
        return {key: self.text(key) for key in self.raw}

    def close(self) -> None:
        """Add an error for each key that was never read."""
        for key in self.raw:
            if key not in self._read:
                self.error(f"unknown key “{key}”", key)

    def _get(self, key: str, kind: type, default: Any) -> Any:
        self._read.add(key)
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
    """Return the content files below `folder` in `language`, sorted by name.

    English is in `name.ext`, another language in a sibling `name.<language>.ext`. Without a
    sibling, the English file is returned.
    """
    files: list[Path] = []
    for path in sorted(folder.glob(pattern)):
        if "." in path.stem or path.name.startswith("."):
            continue  # a translation, or an editor's temporary file
        sibling = path.with_name(f"{path.stem}.{language}{path.suffix}")
        files.append(sibling if sibling.exists() else path)
    return files


def languages_of(folder: Path, pattern: str) -> tuple[str, ...]:
    """Return English and every language in which a content file below `folder` has a sibling."""
    names = (path.name.split(".") for path in folder.glob(pattern))
    others = {name[1] for name in names if len(name) == 3 and name[0]}
    return ("en", *sorted(others - {"en"}))
