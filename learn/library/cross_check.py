"""Check the references between the files of the content."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from learn.library.content import Content
from learn.library.lessons import Lesson
from learn.library.paths import LessonPath
from learn.library.prose import OURS, Element, ElementKind, Text, terms
from questions.figures import steps
from questions.model import Objective
from questions.reading import ContentError

_REQUIRED_PAGES = {"about", "help", "home", "privacy"}
_MIN_STEPS = 2


def _language_of(file: str) -> list[str]:
    """Return what stands before the last suffix of a translated file. Headings differ there."""
    return Path(file).suffixes[:-1]


class CrossCheck:
    """Check references between files: every name that is used must exist and be taught."""

    def __init__(self, content: Content) -> None:
        self.content = content
        self.errors: list[ContentError] = []
        for lesson in content.lessons.values():
            self._check_lesson(lesson)
        for name in sorted(_REQUIRED_PAGES - {*content.pages}):
            self._add_error(f"pages/{name}.md", 1, "no such file")
        for page in content.pages.values():
            self._check_text(page.file, page.text)
        for path in content.paths.values():
            self._check_path(path)
        for objective in content.bank.objectives.values():
            self._check_objective(objective)
        for term in content.glossary.terms.values():
            self._check_known(term.facts, *content.glossary.locations[term.id])

    def _check_path(self, path: LessonPath) -> None:
        for lesson in path.lessons:
            if lesson not in self.content.lessons:
                self._add_error(*path.place, f"unknown lesson “{lesson}”")
            elif _language_of(self.content.lessons[lesson].file) == _language_of(path.place[0]):
                parts = {block.id for block in self.content.lessons[lesson].text.blocks}
                for part in sorted({*path.wait.get(lesson, ())} - parts):
                    self._add_error(*path.place, f"“{lesson}” has no part “{part}”")
                asks, own = self.content.lessons[lesson].care_questions, path.own_asks.get(lesson)
                if own is not None and len(own) != len(asks):
                    message = f"“{lesson}” has {len(asks)} questions, and {len(own)} in “own_asks”"
                    self._add_error(*path.place, message)
        for name in path.quiz:
            if why := self._unfit_to_begin_with(path, name):
                self._add_error(*path.quiz_place, why)

    def _unfit_to_begin_with(self, path: LessonPath, name: str) -> str:
        """Return why a question can't be in the path's own quiz; empty if it can."""
        bank = self.content.bank
        question = bank.questions.get(name)
        if question is None:
            return f"there is no question “{name}”, or it was retired"
        objective = bank.objective_of(name)
        if question.only_key is None:
            return f"“{name}” needs more than one tap: a path’s quiz has one answer to choose"
        if objective.lesson not in path.lessons:
            return f"“{name}” is about the lesson “{objective.lesson}”, which isn’t on the path"
        if objective.hard_to_hear:
            return f"“{name}” is about what is hard to hear, so nobody begins with it"
        return ""

    def _check_lesson(self, lesson: Lesson) -> None:
        self._check_text(lesson.file, lesson.text)
        for section in lesson.sections:
            if section not in self.content.ledger.sections:
                self._add_error(lesson.file, 1, f"unknown section “{section}”")
        if lesson.topic not in self.content.topics:
            self._add_error(lesson.file, 1, f"unknown topic “{lesson.topic}”")
        if lesson.sections and not self.content.bank.of_lesson(lesson.id):
            self._add_error(lesson.file, 1, "no objective belongs to this lesson")
        for passage in lesson.text.passages:
            self._check_may_teach(lesson, passage.facts, passage.line)
        for block in lesson.text.all_blocks:
            for element in block.elements:
                self._check_may_teach(lesson, element.facts, element.line)
                self._check_pause(lesson, element)
        for point in lesson.points:
            self._check_known(point.facts, lesson.file, point.line)
            self._check_taught(point.facts, lesson, lesson.file, point.line)

    def _check_pause(self, lesson: Lesson, element: Element) -> None:
        if element.kind is ElementKind.PAUSE:
            for passage in (p for row in element.rows for p in row):
                self._check_taught(passage.facts, lesson, lesson.file, element.line)

    def _check_may_teach(self, lesson: Lesson, references: Iterable[str], line: int) -> None:
        for reference in references:
            fact = self.content.ledger.facts.get(reference)
            if fact is None:
                continue
            if fact.not_taught:
                self._add_error(lesson.file, line, f"{reference} is not taught: {fact.not_taught}")
            if fact.section not in lesson.sections and reference not in lesson.borrows:
                why = f"{reference} belongs to {fact.section}: say under “borrows” why"
                self._add_error(lesson.file, line, why)

    def _check_text(self, file: str, text: Text) -> None:
        for passage in text.passages:
            self._check_known(passage.facts, file, passage.line)
            for term in terms(passage.spans):
                if self.content.glossary.find(term.name) is None:
                    self._add_error(file, passage.line, f"“{term.name}” is not in the glossary")
        for block in text.all_blocks:
            for element in block.elements:
                self._check_known(element.facts, file, element.line)
                if element.kind is ElementKind.FIGURE and element.name not in self.content.figures:
                    self._add_error(file, element.line, f"unknown figure “{element.name}”")
                if element.kind is ElementKind.STEPS and element.name:
                    self._check_steps(file, element)

    def _check_steps(self, file: str, element: Element) -> None:
        drawn = steps(self.content.figures, element.name)
        for number in range(1, max([_MIN_STEPS, *drawn]) + 1):
            if number not in drawn:
                step = f"{element.name}-{number}"
                why = f"the picture in steps “{element.name}” has no figure “{step}”"
                self._add_error(file, element.line, why)

    def _check_objective(self, objective: Objective) -> None:
        file, line = self.content.bank.locations[objective.id]
        if objective.topic not in self.content.topics:
            self._add_error(file, line, f"unknown topic “{objective.topic}”")
        self._check_known(objective.facts, file, line)
        lesson = self.content.lessons.get(objective.lesson)
        if lesson is None:
            self._add_error(file, line, f"unknown lesson “{objective.lesson}”")
        else:
            self._check_taught(objective.facts, lesson, file, line)
        for question in objective.questions:
            file, line = self.content.bank.locations[question.id]
            self._check_known(question.facts, file, line)
            if lesson is not None:
                self._check_taught(question.facts, lesson, file, line)
            for part in question.parts:
                self._check_known(part.facts, file, line)

    def _check_taught(self, facts: Iterable[str], lesson: Lesson, file: str, line: int) -> None:
        for reference in facts:
            known = reference == OURS or self.content.ledger.knows(reference)
            if known and reference not in lesson.anchors:
                self._add_error(
                    file, line, f"{reference} is not taught in the lesson “{lesson.id}”"
                )

    def _check_known(self, references: Iterable[str], file: str, line: int) -> None:
        for reference in references:
            if reference != OURS and not self.content.ledger.knows(reference):
                self._add_error(file, line, f"unknown fact “{reference}”")

    def _add_error(self, file: str, line: int, message: str) -> None:
        self.errors.append(ContentError(file, line, message))
