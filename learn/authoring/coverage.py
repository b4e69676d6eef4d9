"""Check that every fact of the source is taught and asked, or left out with a reason."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from learn.library.content import Content
from learn.library.ledger import Fact
from learn.library.prose import OURS
from questions.kinds import KINDS
from questions.model import Level
from questions.reading import ContentError

_MIN_QUESTIONS = 2  # how many questions ask a fact of a main topic


@dataclass(frozen=True, slots=True)
class FactUse:
    """Ids of the lessons that teach a fact and of the questions that ask it.

    `main` says that a lesson of a main topic teaches it as a fact of its own section.
    """

    fact: Fact
    lessons: tuple[str, ...]
    questions: tuple[str, ...]
    main: bool

    @property
    def is_accounted_for(self) -> bool:
        """Whether the fact is taught, or left out with a reason."""
        return bool(self.lessons or self.fact.not_taught)


@dataclass(frozen=True, slots=True)
class Coverage:
    """Uses of each fact, the errors, and the figures for the report."""

    uses: Mapping[str, FactUse]
    errors: tuple[ContentError, ...]
    figures: Mapping[str, str]


def coverage(content: Content) -> Coverage:
    """Compare lessons and questions with the ledger, fact by fact."""
    uses = {fact.id: _use(content, fact) for fact in content.ledger.facts.values()}
    errors = [
        *(
            ContentError(*content.ledger.locations[i], m)
            for i, use in uses.items()
            for m in _messages(use)
        ),
        *_sections_without_a_lesson(content),
        *_unused_misconceptions(content),
    ]
    return Coverage(uses, tuple(sorted(errors)), _figures(content, uses))


def _use(content: Content, fact: Fact) -> FactUse:
    teaching = [x for x in content.lessons.values() if fact.id in x.anchors]
    return FactUse(
        fact=fact,
        lessons=tuple(lesson.id for lesson in teaching),
        questions=tuple(q.id for q in content.bank.questions.values() if fact.id in q.facts),
        main=any(fact.section in x.sections and content.topics[x.topic].main for x in teaching),
    )


def _messages(use: FactUse) -> Iterator[str]:
    fact = use.fact.id
    if not use.is_accounted_for:
        yield f"{fact} is not taught, and no “not_taught” says why"
    elif use.lessons and not use.questions:
        yield f"{fact} is taught in “{use.lessons[0]}”, but no question asks about it"
    elif use.main and len(use.questions) < _MIN_QUESTIONS and not use.fact.asked_once:
        yield (
            f"{fact} belongs to a main topic, but “{use.questions[0]}” alone asks about it: "
            "add a question, or say under “asked_once” why one is enough"
        )


def _sections_without_a_lesson(content: Content) -> Iterator[ContentError]:
    with_lesson = {s for lesson in content.lessons.values() for s in lesson.sections}
    for section in content.ledger.sections.values():
        if section.id not in with_lesson and not section.not_taught:
            message = f"{section.id} has no lesson, and no “not_taught” says why"
            yield ContentError(*content.ledger.locations[section.id], message)


def _unused_misconceptions(content: Content) -> Iterator[ContentError]:
    used = _used_misconceptions(content)
    for objective in content.bank.objectives.values():
        for misconception in objective.misconceptions:
            if misconception.id not in used:
                message = f"no wrong answer stands for the misconception “{misconception.id}”"
                yield ContentError(*content.bank.locations[objective.id], message)


def _used_misconceptions(content: Content) -> set[str]:
    return {m for q in content.bank.questions.values() for m in q.misconceptions}


def _figures(content: Content, uses: Mapping[str, FactUse]) -> dict[str, str]:
    sentences = [
        passage.facts
        for lesson in content.lessons.values()
        for passage in lesson.text.passages
        for _ in passage.sentences
    ]
    ours = sum({*facts} == {OURS} for facts in sentences)
    questions = content.bank.questions.values()
    parts = [part for question in questions for part in question.parts]
    misconceptions = content.bank.misconceptions
    kinds = Counter(question.kind for question in questions)
    main = [use for use in uses.values() if use.main]
    points = [point for lesson in content.lessons.values() for point in lesson.points]

    def share(count: int, of: int) -> str:
        return f"{count} of {of}"

    return {
        "facts accounted for": share(sum(u.is_accounted_for for u in uses.values()), len(uses)),
        "facts taught": share(sum(bool(u.lessons) for u in uses.values()), len(uses)),
        "facts left out with a reason": str(sum(bool(u.fact.not_taught) for u in uses.values())),
        "taught facts asked": share(
            sum(bool(u.lessons and u.questions) for u in uses.values()),
            sum(bool(u.lessons) for u in uses.values()),
        ),
        "facts of main topics asked twice or more": share(
            sum(len(u.questions) >= _MIN_QUESTIONS for u in main), len(main)
        ),
        "sentences of lessons with facts": f"{share(sum(map(bool, sentences)), len(sentences))}"
        f" ({ours} of them guidance of our own)",
        "lessons with points": share(
            sum(bool(lesson.points) for lesson in content.lessons.values()), len(content.lessons)
        ),
        "points with facts": share(sum(bool(p.facts) for p in points), len(points)),
        "questions with facts": share(sum(bool(q.facts) for q in questions), len(questions)),
        "whys with facts": share(sum(bool(p.facts) for p in parts), len(parts)),
        "misconceptions used": share(
            len(_used_misconceptions(content) & {*misconceptions}), len(misconceptions)
        ),
        **{f"questions of kind {kind}": str(kinds[kind]) for kind in KINDS},
        **{
            f"questions of level {level.value}": share(
                sum(q.level is level for q in questions), len(questions)
            )
            for level in Level
        },
        "questions with an exhibit": share(sum(bool(q.exhibit) for q in questions), len(questions)),
        "questions with a case": share(sum(bool(q.vignette) for q in questions), len(questions)),
        "questions that say when to call": share(
            sum(bool(q.safety) for q in questions), len(questions)
        ),
        "objectives": str(len(content.bank.objectives)),
        "lessons": str(len(content.lessons)),
    }
