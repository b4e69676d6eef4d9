"""Score sheets: how clear each lesson is, item by item, as two readers found it.

`scores/<lesson>.toml` in the content folder has a table for each reader, with the digest of the
lesson that they read. Readers haven't written the lesson, and score by themselves.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from itertools import combinations
from pathlib import Path

from learn.authoring.score_items import (
    CCI,
    CCI_ALWAYS,
    CCI_NEED_BOTH,
    CCI_NEED_MESSAGE,
    CHECKLISTS,
    Checklist,
)
from learn.library.content import Content
from learn.library.lessons import Lesson
from learn.library.signatures import lesson_digest
from questions.reading import ContentError, Table, TomlFile

FOLDER = "scores"
RULE = "score-sheets"

_MIN_READERS = 2
_HEADER = """\
# How clear “{title}” is, item by item: answer each with yes, no, or na (does not apply), and a word
# of evidence. Readers haven't written the lesson, and score without seeing each other's answers.
lesson = "{lesson}"
"""


class SheetError(Exception):
    """Raised when a sheet can't be begun; the message says why."""


class ItemAnswer(StrEnum):
    """How a reader answered an item."""

    YES = "yes"
    NO = "no"
    NA = "na"  # does not apply


@dataclass(frozen=True, slots=True)
class ScoredReading:
    """A reader's answers to the items of each checklist, by its key, and what they read."""

    reader: str
    on: date
    digest: str
    answers: Mapping[str, Mapping[int, ItemAnswer]]

    def zeros(self, checklist: Checklist, items: range) -> list[int]:
        """Return the items that apply and score nothing."""
        answers = self.answers[checklist.key]
        return [
            i for i in items if answers.get(i) is ItemAnswer.NO or _is_void(checklist, i, answers)
        ]

    def score(self, checklist: Checklist, items: range) -> float | None:
        """Return points by items that apply, times 100; None if none applies."""
        answers = self.answers[checklist.key]
        count = sum(i in answers and answers[i] is not ItemAnswer.NA for i in items)
        return 100 * (1 - len(self.zeros(checklist, items)) / count) if count else None


@dataclass(frozen=True, slots=True)
class SheetReport:
    """Errors, warnings of scores that are too low, and figures by lesson."""

    errors: tuple[ContentError, ...]
    warnings: tuple[ContentError, ...]
    figures: Mapping[str, str]


def _is_void(checklist: Checklist, item: int, answers: Mapping[int, ItemAnswer]) -> bool:
    """Whether an item scores nothing because of the answer to another one."""
    if checklist is not CCI:
        return False
    no_message = answers.get(1) is ItemAnswer.NO
    if item == CCI_NEED_BOTH:
        return no_message or answers.get(5) is ItemAnswer.NO
    return item in CCI_NEED_MESSAGE and no_message


def begin_sheet(folder: Path, content: Content, lesson: Lesson, reader: str, day: date) -> Path:
    """Add an empty sheet for a reader to the lesson's file; return its path.

    Raises SheetError, or OSError if it can't be written.
    """
    if not reader:
        raise SheetError("Who reads it? Say so with --reader NAME.")
    path = folder / FOLDER / f"{lesson.id}.toml"
    before = _HEADER.format(title=lesson.title, lesson=lesson.id)
    if path.exists():
        file = TomlFile.read(path, f"{FOLDER}/{path.name}")
        rows = file.root.tables("reader")
        if file.errors:
            raise SheetError("\n".join(map(str, file.errors)))
        if reader in {row.raw.get("name") for row in rows}:
            raise SheetError(
                f"{reader} has a sheet for “{lesson.id}” already. To score it again, take their "
                f"old one out of {path}."
            )
        before = path.read_text(encoding="utf-8")
    path.parent.mkdir(exist_ok=True)
    digest = lesson_digest(lesson, content.figures)
    added = "\n".join(_empty(reader, day, digest))
    temporary = path.with_suffix(".toml.new")
    temporary.write_text(f"{before.rstrip(chr(10))}\n\n{added}\n", encoding="utf-8")
    temporary.replace(path)
    return path


def _empty(reader: str, day: date, digest: str) -> Iterator[str]:
    yield "[[reader]]"
    yield f"name = {json.dumps(reader, ensure_ascii=False)}"
    yield f"on = {day}"
    yield f'digest = "{digest}"  # of the lesson that they read'
    for checklist in CHECKLISTS:
        yield f"\n# {checklist.name}"
        yield f"[reader.{checklist.key}]"
        for number, question in checklist.items.items():
            yield f"# {question}"
            yield f'{number} = {{ answer = "", because = "" }}'


def check_sheets(content: Content, folder: Path) -> SheetReport:
    """Check the sheets of all lessons in a content folder, and report their scores."""
    root = f"{folder.parent.name}/{folder.name}/{FOLDER}"
    errors: list[ContentError] = []
    warnings: list[ContentError] = []
    figures: dict[str, str] = {}
    same = total = 0
    for path in sorted((folder / FOLDER).glob("*.toml")):
        if path.stem not in content.lessons:
            message = f"there is no lesson “{path.stem}”"
            errors.append(ContentError(f"{root}/{path.name}", 1, message))
    for lesson in content.lessons.values():
        name = f"{root}/{lesson.id}.toml"
        digest = lesson_digest(lesson, content.figures)
        readings, its_errors = _read(folder / FOLDER / f"{lesson.id}.toml", name, lesson, digest)
        errors += its_errors
        if its_errors:
            continue
        warnings += _too_low(readings, name)
        agreed, of = _agreement(readings)
        same, total = same + agreed, total + of
        figures[lesson.title] = f"{_scores(readings)}; readers agree on {agreed} of {of} items"
    if total:
        figures["all lessons"] = f"readers agree on {same / total:.0%} of items"
    return SheetReport(tuple(errors), tuple(warnings), figures)


def _read(
    path: Path, name: str, lesson: Lesson, digest: str
) -> tuple[list[ScoredReading], list[ContentError]]:
    """Read the sheets of a lesson, whose digest is `digest` now."""
    if not path.exists():
        command = f"learn review sheet {lesson.id} --reader NAME"
        message = f"no score sheet: begin one with “{command}” ({FOLDER}/{path.name})"
        return [], [ContentError(lesson.file, 1, message)]
    file = TomlFile.read(path, name)
    if file.broken:
        return [], file.errors
    if (named := file.root.text("lesson")) != lesson.id:
        file.root.error(f"“{named}” is not the lesson that the file is named after", "lesson")
    readings = [_reading(table, digest) for table in file.root.tables("reader")]
    file.root.close()
    names = [reading.reader for reading in readings]
    if len(names) < _MIN_READERS:
        file.add(1, f"{len(names)} of {_MIN_READERS} readers have scored it")
    for twice in sorted({n for n in names if names.count(n) > 1}):
        file.add(1, f"“{twice}” has scored it twice")
    return readings, file.errors


def _reading(table: Table, digest: str) -> ScoredReading:
    reading = ScoredReading(
        reader=table.text("name"),
        on=table.day("on"),
        digest=table.text("digest"),
        answers={c.key: _answers(table.table(c.key), c) for c in CHECKLISTS},
    )
    if reading.digest and reading.digest != digest:
        message = f"stale: the lesson has changed since {reading.reader} read it (now {digest})"
        table.error(message, "digest")
    table.close()
    return reading


def _answers(table: Table, checklist: Checklist) -> dict[int, ItemAnswer]:
    answers: dict[int, ItemAnswer] = {}
    known = {str(number): number for number in checklist.items}
    for key, row in table.items():
        if key not in known:
            table.error(f"there is no item {key} in the {checklist.name}", key)
            continue
        answer = row.raw.get("answer")
        if answer == "":
            table.error(f"item {key} is not answered: yes, no, or na", key)
        elif answer not in set(ItemAnswer):
            table.error(f"item {key}: the answer is yes, no, or na", key)
        elif not str(row.raw.get("because", "")).strip():
            table.error(f"item {key}: “because” needs a word of evidence", key)
        elif answer == ItemAnswer.NA and checklist is CCI and known[key] in CCI_ALWAYS:
            table.error(f"item {key} always applies: yes or no", key)
        else:
            answers[known[key]] = ItemAnswer(answer)
        for extra in sorted({*row.raw} - {"answer", "because"}):
            table.error(f"item {key}: unknown key “{extra}”", key)
    if missing := [key for key in known if key not in table.raw]:
        table.error(f"no answer to {', '.join(missing)} of the {checklist.name}")
    return answers


def _scored() -> Iterator[tuple[Checklist, str, range, int]]:
    for checklist in CHECKLISTS:
        for name, (items, least) in checklist.scores.items():
            yield checklist, name, items, least


def _scores(readings: Iterable[ScoredReading]) -> str:
    """Return each score of a lesson, the lowest of its readers'."""
    written = []
    for checklist, name, items, _ in _scored():
        scores = [s for r in readings if (s := r.score(checklist, items)) is not None]
        written.append(f"{name} {min(scores):.0f}" if scores else f"{name} does not apply")
    return ", ".join(written)


def _too_low(readings: Iterable[ScoredReading], file: str) -> Iterator[ContentError]:
    """Yield a warning for each score below its bar, with the items that cost it points."""
    for reading in readings:
        for checklist, name, items, least in _scored():
            score = reading.score(checklist, items)
            if score is not None and score < least:
                zeros = "; ".join(
                    f"{i}. {checklist.items[i]}" for i in reading.zeros(checklist, items)
                )
                message = f"{name} {score:.0f}, below {least}, as {reading.reader} found: {zeros}"
                yield ContentError(file, 1, message)


def _agreement(readings: Iterable[ScoredReading]) -> tuple[int, int]:
    """Return on how many items each two readers agree, of how many."""
    pairs = [
        first.answers[c.key][i] is second.answers[c.key][i]
        for first, second in combinations(readings, 2)
        for c in CHECKLISTS
        for i in c.items
    ]
    return sum(pairs), len(pairs)
