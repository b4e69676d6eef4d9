"""What is missing in a course, in the order in which an author would do it."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path, PurePosixPath

from questions.reading import ContentError

_MOST_LINES = 12
_FIRST_QUESTION = re.compile(r"^\[\[question\]\]", re.MULTILINE)
_ABOUT_LESSONS = ("is not taught", "has no lesson", "is neither taught")
_ABOUT_QUESTIONS = (
    "needs questions",
    "question-count",
    "is not tested",
    "tested once",
    "to be tested",
    "no wrong answer stands for",
)
_NO_FACT = "“says” is empty"


class AuthoringStep(StrEnum):
    """A part of an author's work, in order."""

    SOURCE = "source"
    LESSONS = "lessons"
    OBJECTIVES = "objectives"
    QUESTIONS = "questions"
    FIGURES = "figures"
    PAGES = "pages"
    SIGNATURES = "signatures"


_BY_FOLDER = {
    "lessons": AuthoringStep.LESSONS,
    "figures": AuthoringStep.FIGURES,
    "pages": AuthoringStep.PAGES,
    "scores": AuthoringStep.SIGNATURES,
    "versions": AuthoringStep.QUESTIONS,
}
_BY_NAME = {
    "source.toml": AuthoringStep.SOURCE,
    "sentences.toml": AuthoringStep.SOURCE,
    "source-runs.txt": AuthoringStep.SOURCE,
    "topics.toml": AuthoringStep.LESSONS,
    "glossary.toml": AuthoringStep.LESSONS,
    "budget.toml": AuthoringStep.QUESTIONS,
    "merged.toml": AuthoringStep.QUESTIONS,
    "signatures.toml": AuthoringStep.SIGNATURES,
}
_DO = {
    AuthoringStep.LESSONS: "write or mend the lesson in",
    AuthoringStep.OBJECTIVES: "write or mend the objective in",
    AuthoringStep.QUESTIONS: "write or mend the questions in",
    AuthoringStep.FIGURES: "mend the picture",
    AuthoringStep.PAGES: "write or mend",
    AuthoringStep.SIGNATURES: "mend",
}


@dataclass(frozen=True, slots=True)
class LeftToDo:
    """The errors of a content folder by step; `unsigned` lessons wait for a clinician."""

    folder: Path
    errors: dict[AuthoringStep, list[ContentError]]
    unsigned: int

    @property
    def first(self) -> str:
        """What to do next, in one line; "" if nothing is."""
        for step, errors in self.errors.items():
            if step is AuthoringStep.SOURCE:
                return f"Next: {self._of_source(errors)}"
            if PurePosixPath(errors[0].file).name in _BY_NAME:
                return f"Next: mend {errors[0]}"
            return f"Next: {_DO[step]} {errors[0].file}."
        if self.unsigned:
            return (
                "Next: let a clinician read it:"
                f" learn --content {self.folder} review pack --output FOLDER"
            )
        return ""

    def lines(self) -> Iterator[str]:
        """Yield all steps: the first one with its errors, the others with their number."""
        total = sum(len([*_alike(errors)]) for errors in self.errors.values())
        is_first = True
        for step, errors in self.errors.items():
            shown = [*_alike(errors)] if is_first or total <= _MOST_LINES else []
            if shown:
                yield f"{step}: {len(errors)} left"
                yield from (f"  {line}" for line in shown[:_MOST_LINES])
                if len(shown) > _MOST_LINES:
                    yield f"  and {len(shown) - _MOST_LINES} more"
            else:
                yield f"{step}: {len(errors)} left, first in {errors[0].file}"
            is_first = False
        if self.unsigned and AuthoringStep.SIGNATURES not in self.errors:
            yield f"{AuthoringStep.SIGNATURES}: {self.unsigned} left, when the rest is done"

    def _of_source(self, errors: list[ContentError]) -> str:
        facts = sum(_NO_FACT in error.message for error in errors)
        others = [error for error in errors if _NO_FACT not in error.message]
        if not facts:
            return f"mend {others[0].file}."
        what = (
            f"write what each fact says, or strike it ({facts} left):"
            f" learn --content {self.folder} source facts DOCUMENT"
        )
        return f"mend {others[0]}; then {what}" if others else what


def left_to_do(folder: Path, errors: Iterable[ContentError], unsigned: int) -> LeftToDo:
    """Sort the errors of a content folder into the steps of its author."""
    by_step: dict[AuthoringStep, list[ContentError]] = {}
    begins: dict[str, int] = {}
    found = [(_step(folder, error, begins), error) for error in errors]
    for step in AuthoringStep:
        own = [error for of, error in found if of is step]
        if own:  # in files of the step itself first
            by_step[step] = sorted(own, key=lambda error: f"/{step}/" not in error.file)
    return LeftToDo(folder, by_step, unsigned)


def _step(folder: Path, error: ContentError, begins: dict[str, int]) -> AuthoringStep:
    """Return the step in which an error is mended; `begins` keeps where questions begin."""
    path = PurePosixPath(error.file)
    if any(said in error.message for said in _ABOUT_QUESTIONS):
        return AuthoringStep.QUESTIONS
    if any(said in error.message for said in _ABOUT_LESSONS):
        return AuthoringStep.LESSONS
    if path.name in _BY_NAME:
        return _BY_NAME[path.name]
    if path.parent.name in _BY_FOLDER:
        return _BY_FOLDER[path.parent.name]
    if "bank" not in path.parts:
        return AuthoringStep.PAGES
    if error.file not in begins:
        begins[error.file] = _first_question(folder.joinpath(*_inside(path)))
    is_question = 0 < begins[error.file] <= error.line
    return AuthoringStep.QUESTIONS if is_question else AuthoringStep.OBJECTIVES


def _inside(path: PurePosixPath) -> tuple[str, ...]:
    return path.parts[path.parts.index("bank") :]


def _first_question(path: Path) -> int:
    """Return the line of the first question in a file; 0 if there is none."""
    try:
        text = path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError):
        return 0
    found = _FIRST_QUESTION.search(text)
    return text.count("\n", 0, found.start()) + 1 if found else 0


def _alike(errors: Iterable[ContentError]) -> Iterator[str]:
    """Yield errors, with those of a file that say the same as one."""
    groups: dict[tuple[str, str], list[ContentError]] = {}
    for error in errors:
        groups.setdefault((error.file, _pattern(error.message)), []).append(error)
    for group in groups.values():
        more = len(group) - 1
        yield f"{group[0]}" + (f" (and {more} more like it)" if more else "")


def _pattern(message: str) -> str:
    return re.sub(r"\b[FS]\d+\b", "#", message)
