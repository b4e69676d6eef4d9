"""Signatures of clinicians: who read what, when, and the digest of what they read.

Lessons are signed, and the page Get help.

`signatures.toml` in the content folder has an entry for each; none are included. A signature holds
as long as what was read says the same, in the language in which it was read.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from learn.library.lessons import Lesson, StaticPage
from learn.library.prose import Element, ElementKind, Text
from questions.figures import Figure, steps
from questions.model import Question
from questions.reading import ContentError, Table, TomlFile

FILE = "signatures.toml"
SIGNED_PAGE = "help"
"""The one page that is signed, as readers' safety depends on it."""

_DIGEST = re.compile("[0-9a-f]{12}")


@dataclass(frozen=True, slots=True)
class Signature:
    """A clinician's signature under a lesson, or with `is_page` under a page of that id.

    `digest` is that of the lesson as it was read. `questions` is that of the lesson's questions;
    empty if they weren't read.
    """

    lesson: str
    name: str
    role: str
    on: date
    digest: str
    questions: str = ""
    line: int = 0
    is_page: bool = False

    def is_under(self, read: Lesson | StaticPage) -> bool:
        """Whether it is under this lesson or page, as it is now or as it was."""
        return (self.lesson, self.is_page) == (read.id, isinstance(read, StaticPage))


def read_signatures(path: Path, name: str) -> tuple[tuple[Signature, ...], list[ContentError]]:
    """Read the signatures in `path`, none without the file, and the errors in it."""
    if not path.exists():
        return (), []
    file = TomlFile.read(path, name)
    if file.broken:
        return (), file.errors
    signatures = tuple(_signature(table) for table in file.root.tables("signature"))
    file.root.close()
    return signatures, file.errors


def _signature(table: Table) -> Signature:
    is_page = "page" in table.raw
    signature = Signature(
        lesson=table.slug("page" if is_page else "lesson"),
        name=table.text("name"),
        role=table.text("role"),
        on=table.day("on"),
        digest=table.text("digest"),
        questions=table.text("questions", default=""),
        line=table.file.line(table.path),
        is_page=is_page,
    )
    for key, digest in (("digest", signature.digest), ("questions", signature.questions)):
        if digest and not _DIGEST.fullmatch(digest):
            table.error(f"“{key}” is not a digest of 12 hex digits", key)
    table.close()
    return signature


def digest_as_read(read: Lesson | StaticPage, figures: Mapping[str, Figure]) -> str:
    """Return the digest (12 hex digits) of what readers see of a lesson or page."""
    if isinstance(read, Lesson):
        return lesson_digest(read, figures)
    return digest_of([read.title, _blocks(read.text, figures)])


def lesson_digest(lesson: Lesson, figures: Mapping[str, Figure]) -> str:
    """Return the digest (12 hex digits) of what readers see of a lesson, with its pictures.

    Facts and sources aren't part of it, so a sentence may get another source.
    """
    points = [point.text for point in lesson.points]
    return digest_of([lesson.title, lesson.about, _blocks(lesson.text, figures), points])


def _blocks(text: Text, figures: Mapping[str, Figure]) -> list[object]:
    return [
        [b.heading, [_seen(e, figures) for e in b.elements], [*b.care_questions]]
        for b in text.all_blocks
    ]


def questions_digest(questions: Iterable[Question]) -> str:
    """Return the digest of questions with their keys, reasons, and lines on when to call."""
    return digest_of(
        [q.id, q.version, q.safety or "", *q.signs.values(), [[p.id, p.rationale] for p in q.parts]]
        for q in sorted(questions, key=lambda q: q.id)
    )


def digest_of(values: Iterable[object]) -> str:
    """Return the digest (12 hex digits) of JSON values."""
    raw = json.dumps([*values], ensure_ascii=False, separators=(",", ":"))
    return hashlib.sha256(raw.encode()).hexdigest()[:12]


def _seen(element: Element, figures: Mapping[str, Figure]) -> list[object]:
    rows = [" ".join(" ".join(p.plain for p in row).split()) for row in element.rows]
    drawn = [[f.title, f.words, f.svg] for f in _drawn(element, figures)]
    return [element.kind.value, rows, element.count, element.prompt, drawn]


def _drawn(element: Element, figures: Mapping[str, Figure]) -> Iterator[Figure]:
    if element.kind is ElementKind.FIGURE and element.name in figures:
        yield figures[element.name]
    if element.kind is ElementKind.STEPS:
        yield from steps(figures, element.name).values()
