"""Record the signatures of clinicians, and tell which lessons are signed, stale, or open."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from learn.library.content import Content
from learn.library.lessons import Lesson
from learn.library.signatures import FILE, Signature, lesson_digest, questions_digest
from questions.model import Objective, Question

_LONGEST = 80  # characters of a name or a role
_HEADER = """\
# Clinicians who have read a lesson. Written by “learn review sign”, never by hand: a signature
# holds as long as the lesson says what it said then.
"""


class SigningError(Exception):
    """Raised when a lesson can't be signed; the message says why."""


@dataclass(frozen=True, slots=True)
class LessonStatus:
    """Where the review of a lesson stands.

    `signature` is the latest one, which holds if it `is_current`. `practice` are the objectives
    that wait for a signature; it `may_lift` them once the lesson and its questions are signed as
    they are.
    """

    lesson: Lesson
    digest: str
    signature: Signature | None
    is_current: bool
    practice: tuple[Objective, ...]
    may_lift: bool

    @property
    def state(self) -> str:
        """Return the state in one word."""
        return "open" if not self.signature else "signed" if self.is_current else "stale"


def signer(by: str) -> tuple[str, str]:
    """Return the name and the role in “Dr. Lee, hematology”. Raises SigningError."""
    name, _, role = (" ".join(part.split()) for part in by.partition(","))
    example = "such as --by “Dr. Lee, hematology”."
    if not name and not role:
        raise SigningError(f"Who read it, and in what role? Say both, {example}")
    if not name:
        raise SigningError(f"Who read it? The name comes before the comma, {example}")
    if not role:
        raise SigningError(f"In what role did {name} read it? Say it after a comma, {example}")
    for what, text in (("name", name), ("role", role)):
        if len(text) > _LONGEST:
            raise SigningError(f"The {what} has {len(text)} characters: at most {_LONGEST} fit.")
    return name, role


def find_lesson(content: Content, lesson_id: str) -> Lesson:
    """Return the lesson with this id. Raises SigningError."""
    lesson = content.lessons.get(lesson_id)
    if lesson is None:
        raise SigningError(
            f"There is no lesson “{lesson_id}”. The lessons are: {', '.join(content.lessons)}."
        )
    return lesson


def sheet_digest(content: Content, lesson: Lesson, *, with_questions: bool) -> str:
    """Return the digest on the sheet of a lesson: its own, and that of its questions."""
    digest = lesson_digest(lesson, content.figures)
    if with_questions:
        digest += f"-{questions_digest(questions_of(content, lesson))}"
    return digest


def check_sheet(content: Content, lesson: Lesson, sheet: str, *, with_questions: bool) -> None:
    """Raise SigningError if `sheet`, the digest on what was read, isn't that of the lesson now."""
    now = sheet_digest(content, lesson, with_questions=with_questions)
    if sheet != now:
        what = "with its questions is" if with_questions else "is"
        raise SigningError(
            f"The lesson “{lesson.id}” isn’t the one on that sheet: the sheet says {sheet}, "
            f"and the lesson {what} {now} now. Print it again, and have the new one read."
        )


def sign(
    content: Content, lesson: Lesson, by: tuple[str, str], on: date, *, with_questions: bool = False
) -> Signature:
    """Return the signature of a name and a role under the lesson as it is now.

    Raises SigningError if nothing would change.
    """
    name, role = by
    digest = lesson_digest(lesson, content.figures)
    asked = questions_of(content, lesson)
    if with_questions and not asked:
        raise SigningError(f"The lesson “{lesson.id}” has no questions to sign.")
    as_asked = questions_digest(asked)
    signed = Signature(lesson.id, name, role, on, digest, as_asked if with_questions else "")
    for earlier in content.signatures:
        same = (earlier.lesson, earlier.name, earlier.digest) == (lesson.id, name, digest)
        if same and (earlier.questions == as_asked or not with_questions):
            raise SigningError(
                f"{name} has signed “{lesson.id}” as it is now already, on {earlier.on}."
            )
    return signed


def questions_of(content: Content, lesson: Lesson) -> list[Question]:
    """Return all questions of a lesson."""
    return [q for objective in content.bank.of_lesson(lesson.id) for q in objective.questions]


def add_signature(folder: Path, signature: Signature) -> None:
    """Add a signature to the file in the content folder, atomically. Raises OSError."""
    path = folder / FILE
    before = path.read_text(encoding="utf-8") if path.exists() else _HEADER
    temporary = path.with_suffix(".toml.new")
    temporary.write_text(before.rstrip("\n") + "\n" + _written(signature), encoding="utf-8")
    temporary.replace(path)


def _written(signature: Signature) -> str:
    lines = [
        "\n[[signature]]",
        f'lesson = "{signature.lesson}"',
        f"name = {_quoted(signature.name)}",
        f"role = {_quoted(signature.role)}",
        f"on = {signature.on}",
        f'digest = "{signature.digest}"',
    ]
    if signature.questions:
        lines.append(f'questions = "{signature.questions}"')
    return "\n".join(lines) + "\n"


def _quoted(text: str) -> str:
    return json.dumps(text, ensure_ascii=False).replace("\x7f", "\\u007f")


def status(content: Content) -> Iterator[LessonStatus]:
    """Yield where each lesson stands, in order."""
    for lesson in content.lessons.values():
        digest = lesson_digest(lesson, content.figures)
        signed = [s for s in content.signatures if s.lesson == lesson.id]
        current = [s for s in signed if s.digest == digest]
        read = questions_digest(questions_of(content, lesson))
        practice = tuple(o for o in content.bank.of_lesson(lesson.id) if o.practice_only)
        yield LessonStatus(
            lesson=lesson,
            digest=digest,
            signature=max(current or signed, key=lambda s: s.on, default=None),
            is_current=bool(current),
            practice=practice,
            may_lift=bool(practice) and any(s.questions == read for s in current),
        )


def status_lines(content: Content) -> Iterator[str]:
    """Yield the status of all lessons for people."""
    counts = dict.fromkeys(("signed", "stale", "open"), 0)
    for one in status(content):
        counts[one.state] += 1
        yield f"{one.state:6}  {one.lesson.id}" + _who(one)
        if one.practice:
            yield f"        {_practice(one)}"
    yield ", ".join(f"{count} {state}" for state, count in counts.items()) + "."


def _who(one: LessonStatus) -> str:
    if one.signature is None:
        return ""
    by = f": {one.signature.name} ({one.signature.role}), {one.signature.on}"
    return by if one.is_current else f"{by}; the lesson has changed since"


def _practice(one: LessonStatus) -> str:
    ids = ", ".join(objective.id for objective in one.practice)
    if one.may_lift:
        return f"may count now; delete “practice_only = true” in: {ids}"
    if one.is_current:
        return f"practice only, as the questions aren’t signed as they are: {ids}"
    return f"practice only, as the lesson isn’t signed as it is: {ids}"


def status_rows(content: Content) -> list[dict[str, object]]:
    """Return the status of all lessons as JSON values."""
    return [
        {
            "lesson": one.lesson.id,
            "state": one.state,
            "digest": one.digest,
            "name": one.signature.name if one.signature else None,
            "role": one.signature.role if one.signature else None,
            "on": one.signature.on.isoformat() if one.signature else None,
            "practice_only": [objective.id for objective in one.practice],
            "may_lift": one.may_lift,
        }
        for one in status(content)
    ]
