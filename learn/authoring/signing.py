"""Record the signatures of clinicians, and tell what is signed, stale, or open."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from learn.library.content import Content
from learn.library.lessons import Lesson, StaticPage
from learn.library.signatures import FILE, Signature, digest_as_read, questions_digest
from questions.model import Objective, Question

_LONGEST = 80  # characters of a name or a role
_HEADER = """\
# Clinicians who have read a lesson, or the page Get help. Written by “learn review sign”, never by
# hand: a signature holds as long as the lesson or page says what it said then.
"""

Readable = Lesson | StaticPage
"""What can be signed."""


class SigningError(Exception):
    """Raised when a lesson or page can't be signed; the message says why."""


@dataclass(frozen=True, slots=True)
class ReviewStatus:
    """Where the review of a lesson or page stands.

    `signature` is the latest one, which holds if it `is_current`. `practice` are the objectives
    that wait for a signature; it `may_lift` them once the lesson and its questions are signed as
    they are.
    """

    read: Readable
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


def find_readable(content: Content, name: str) -> Readable:
    """Return the lesson with this id, or Get help. Raises SigningError."""
    found = (read for read in content.signed if read.id == name)
    return next(found, None) or find_lesson(content, name)


def sheet_digest(content: Content, read: Readable, *, with_questions: bool) -> str:
    """Return the digest on the sheet of a lesson or page: its own, and that of its questions."""
    digest = digest_as_read(read, content.figures)
    if with_questions:
        digest += f"-{questions_digest(questions_of(content, read))}"
    return digest


def check_sheet(content: Content, read: Readable, sheet: str, *, with_questions: bool) -> None:
    """Raise SigningError if `sheet`, the digest on what was read, isn't that of today."""
    now = sheet_digest(content, read, with_questions=with_questions)
    if sheet != now:
        kind = _kind(read)
        what = "with its questions is" if with_questions else "is"
        raise SigningError(
            f"The {kind} “{read.id}” isn’t the one on that sheet: the sheet says {sheet}, "
            f"and the {kind} {what} {now} now. Print it again, and have the new one read."
        )


def _kind(read: Readable) -> str:
    return "lesson" if isinstance(read, Lesson) else "page"


def sign(
    content: Content, read: Readable, by: tuple[str, str], on: date, *, with_questions: bool = False
) -> Signature:
    """Return the signature of a name and a role under the lesson or page as it is now.

    Raises SigningError if nothing would change.
    """
    name, role = by
    digest = digest_as_read(read, content.figures)
    questions = questions_of(content, read)
    if with_questions and not questions:
        raise SigningError(f"The {_kind(read)} “{read.id}” has no questions to sign.")
    digest_of_questions = questions_digest(questions)
    signed = Signature(
        read.id,
        name,
        role,
        on,
        digest,
        digest_of_questions if with_questions else "",
        is_page=isinstance(read, StaticPage),
    )
    for earlier in content.signatures:
        same = earlier.is_under(read) and (earlier.name, earlier.digest) == (name, digest)
        if same and (earlier.questions == digest_of_questions or not with_questions):
            raise SigningError(
                f"{name} has signed “{read.id}” as it is now already, on {earlier.on}."
            )
    return signed


def questions_of(content: Content, read: Readable) -> list[Question]:
    """Return all questions of a lesson; a page has none."""
    return [q for objective in _objectives(content, read) for q in objective.questions]


def _objectives(content: Content, read: Readable) -> tuple[Objective, ...]:
    return tuple(content.bank.of_lesson(read.id)) if isinstance(read, Lesson) else ()


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
        f'{"page" if signature.is_page else "lesson"} = "{signature.lesson}"',
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


def status(content: Content) -> Iterator[ReviewStatus]:
    """Yield where each lesson stands, in order, and then Get help."""
    for read in content.signed:
        digest = digest_as_read(read, content.figures)
        signed = [s for s in content.signatures if s.is_under(read)]
        current = [s for s in signed if s.digest == digest]
        digest_of_questions = questions_digest(questions_of(content, read))
        practice = tuple(o for o in _objectives(content, read) if o.practice_only)
        yield ReviewStatus(
            read=read,
            digest=digest,
            signature=max(current or signed, key=lambda s: s.on, default=None),
            is_current=bool(current),
            practice=practice,
            may_lift=bool(practice) and any(s.questions == digest_of_questions for s in current),
        )


def status_lines(content: Content) -> Iterator[str]:
    """Yield the status of all lessons and Get help for people."""
    counts = dict.fromkeys(("signed", "stale", "open"), 0)
    for one in status(content):
        counts[one.state] += 1
        yield f"{one.state:6}  {one.read.id}" + _who(one)
        if one.practice:
            yield f"        {_practice(one)}"
    yield ", ".join(f"{count} {state}" for state, count in counts.items()) + "."


def _who(one: ReviewStatus) -> str:
    if one.signature is None:
        return ""
    by = f": {one.signature.name} ({one.signature.role}), {one.signature.on}"
    return by if one.is_current else f"{by}; the {_kind(one.read)} has changed since"


def _practice(one: ReviewStatus) -> str:
    ids = ", ".join(objective.id for objective in one.practice)
    if one.may_lift:
        return f"may count now; delete “practice_only = true” in: {ids}"
    if one.is_current:
        return f"practice only, as the questions aren’t signed as they are: {ids}"
    return f"practice only, as the lesson isn’t signed as it is: {ids}"


def status_rows(content: Content) -> list[dict[str, object]]:
    """Return the status of all lessons and Get help as JSON values."""
    return [
        {
            _kind(one.read): one.read.id,
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
