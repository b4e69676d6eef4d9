"""What can be printed for a group, and the questions of a paper as they were printed."""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from random import Random

from learn.learner.assignments import shared_part_order
from learn.learner.group_assignments import GroupAssignment
from learn.learner.quiz_refs import QuizRef
from learn.library.content import Content
from learn.library.lessons import Lesson
from learn.paper.letters import fits_paper, lettered
from learn.paper.queries import PrintedVersion
from questions import selection
from questions.model import Misconception, Objective, Question
from questions.parts import KeyEntry
from questions.versions import QuestionSnapshot, VersionKey

LESSON_LENGTH = 6
"""Questions of a lesson that fit on a page or two."""


@dataclass(frozen=True, slots=True)
class PaperSource:
    """A quiz that can be printed: its `value` in the form, its title, and its questions.

    `left_out` more belong to it that can't be on paper, or are on hold. `part` is that of its
    assignment, if it has two.
    """

    value: str
    title: str
    versions: tuple[PrintedVersion, ...]
    left_out: int = 0
    part: str = ""


@dataclass(frozen=True, slots=True)
class PaperItem:
    """A question on a paper, in the version that was printed; None if that wasn't kept.

    `is_changed` says that another version is asked now, or none. `objective` is None if it's gone.
    """

    number: int
    id: str
    version: str
    question: Question | None
    shown: tuple[str, ...]
    misconceptions: Mapping[str, Misconception]
    is_changed: bool
    objective: Objective | None
    lesson: Lesson | None

    @property
    def parts(self) -> tuple[KeyEntry, ...]:
        """Its options with their letters, as printed."""
        return self.question.on_paper(self.shown) if self.question else ()

    @property
    def letters(self) -> tuple[str, ...]:
        """Return the letters of its options."""
        return tuple(lettered(self.question, self.shown)) if self.question else ()

    @property
    def key(self) -> str:
        """Return the letters that are right."""
        return " ".join(entry.letter for entry in self.parts if entry.part.right)

    @property
    def takes_several(self) -> bool:
        """Whether more than one letter can be right."""
        return self.question is not None and self.question.partial_credit

    def beliefs(self, misconceptions: Iterable[str]) -> tuple[str, ...]:
        """Return the texts of misconceptions, given by id."""
        known = (self.misconceptions[i].belief for i in misconceptions if i in self.misconceptions)
        return tuple(dict.fromkeys(known))


def of_assignments(
    content: Content, assignments: Iterable[GroupAssignment]
) -> tuple[PaperSource, ...]:
    """Return the quizzes of the assignments that have a question for paper."""
    sources = (
        _of_assignment(content, assignment, part)
        for assignment in assignments
        for part in assignment.parts
    )
    return tuple(source for source in sources if source.versions)


def of_lessons(content: Content, sitting: uuid.UUID) -> tuple[PaperSource, ...]:
    """Return a quiz for each lesson, with questions that count, chosen for this sitting."""
    sources = (_of_lesson(content, lesson, sitting) for lesson in content.counted_lessons.values())
    return tuple(source for source in sources if source.versions)


def versions_to_find(content: Content, versions: Iterable[PrintedVersion]) -> frozenset[VersionKey]:
    """Return the versions that are not asked now."""
    now = {(q.id, q.version) for q in content.bank.questions.values()}
    return frozenset((a.question, a.version) for a in versions) - now


def items(
    content: Content,
    versions: Sequence[PrintedVersion],
    earlier: Mapping[VersionKey, QuestionSnapshot],
) -> tuple[PaperItem, ...]:
    """Return the questions of a paper, from the first. `earlier` has those not asked now."""
    return tuple(_item(content, number, one, earlier) for number, one in enumerate(versions, 1))


def _item(
    content: Content,
    number: int,
    printed: PrintedVersion,
    earlier: Mapping[VersionKey, QuestionSnapshot],
) -> PaperItem:
    bank = content.bank
    question = bank.questions.get(printed.question)
    is_changed = question is None or question.version != printed.version
    misconceptions: Mapping[str, Misconception] = bank.misconceptions
    if is_changed:
        kept = earlier.get((printed.question, printed.version))
        question, misconceptions = (kept.question, kept.misconceptions) if kept else (None, {})
    objective = (
        bank.objectives.get(bank.current_id(question.objective)) if question is not None else None
    )
    return PaperItem(
        number=number,
        id=printed.question,
        version=printed.version,
        question=question,
        shown=selection.unpack(question, printed.shown) if question else (),
        misconceptions=misconceptions,
        is_changed=is_changed,
        objective=objective,
        lesson=content.lessons.get(objective.lesson) if objective else None,
    )


def _of_assignment(content: Content, assignment: GroupAssignment, part: str) -> PaperSource:
    ids = assignment.questions(part)
    ref = QuizRef.of_assignment(assignment.id, part)
    versions = tuple(
        PrintedVersion(q.id, q.version, selection.pack(q, shared_part_order(ref, q)))
        for q in (content.bank.questions[i] for i in ids if i in content.bank.questions)
        if fits_paper(q)
    )
    value = f"assignment-{assignment.id.hex}{f'-{part}' if part else ''}"
    return PaperSource(value, assignment.title, versions, len(ids) - len(versions), part)


def _of_lesson(content: Content, lesson: Lesson, sitting: uuid.UUID) -> PaperSource:
    objectives = [
        replace(o, questions=tuple(filter(fits_paper, o.questions)))
        for o in content.bank.of_lesson(lesson.id)
        if not o.practice_only
    ]
    rng = Random(f"paper/{sitting}/{lesson.id}")  # noqa: S311 - not a secret
    questions = selection.plan(objectives, {}, LESSON_LENGTH, rng)
    versions = (
        PrintedVersion(q.id, q.version, selection.pack(q, q.shown_order(rng))) for q in questions
    )
    return PaperSource(f"lesson-{lesson.id}", lesson.title, tuple(versions))
