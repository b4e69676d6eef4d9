"""Report of `learn check`: all errors, and figures about the content."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path

from learn.authoring import signing
from learn.authoring.bars import Bar, EditorialBars, hint, read_bars
from learn.authoring.coverage import coverage
from learn.authoring.language import language
from learn.authoring.next_steps import LeftToDo, left_to_do
from learn.authoring.overlap import FILE, overlap, read_runs
from learn.authoring.reading_level import ReadingGrades, measure, reading_level, too_hard
from learn.authoring.score_sheets import RULE, SheetReport, check_sheets
from learn.authoring.translation import check_translation
from learn.authoring.voice import voice
from learn.library import read_content as library
from learn.library.content import Content
from learn.library.read_content import bank_folder, read_content
from questions import measures
from questions.bank import Bank
from questions.lint import CANNOT_WAIT, WITHOUT_SAFETY, Lint, lint, over_budget, read_budget
from questions.measures import Measure
from questions.reading import ContentError
from questions.versions import archived_objectives, not_archived, read_archive, unreadable

_NOT_MEASURED = "not measured here (install textstat)"


@dataclass(frozen=True, slots=True)
class CheckReport:
    """Errors, the warnings by rule with their budget, and the figures by group.

    `counts` is the number of objects of each type.
    """

    errors: tuple[ContentError, ...]
    counts: Mapping[str, int]
    figures: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    warnings: Mapping[str, tuple[ContentError, ...]] = field(default_factory=dict)
    budget: Mapping[str, int] = field(default_factory=dict)
    hint: str = ""
    left: LeftToDo | None = None

    def to_text(self, *, in_full: bool = True) -> str:
        """Format the report for people: figures, then errors, then a summary line.

        Not in full, what an author does next comes first, and other errors are only counted.
        """
        first = self.left.first if self.left else ""
        if in_full or not first:
            return "\n".join(self._lines())
        if not self.errors:
            return "\n".join([first, "", *self._lines()])
        return "\n".join([first, "", *self._steps(), *self._summary()])

    def _steps(self) -> Iterator[str]:
        if self.left:
            yield from self.left.lines()
        yield ""
        yield "“learn check --all” lists every error with its file and line."

    def to_json(self) -> str:
        """Format the report as JSON."""

        def plain(errors: tuple[ContentError, ...]) -> list[dict[str, object]]:
            return [{"file": f.file, "line": f.line, "message": f.message} for f in errors]

        report = {
            "errors": plain(self.errors),
            "warnings": {
                rule: {"budget": self.budget.get(rule), "found": plain(warnings)}
                for rule, warnings in self.warnings.items()
            },
            "figures": {group: dict(values) for group, values in self.figures.items()},
            "counts": dict(self.counts),
            "hint": self.hint,
        }
        return json.dumps(report, ensure_ascii=False, indent=2)

    def _lines(self) -> Iterator[str]:
        for group, values in self.figures.items():
            yield group
            yield from (f"  {name}: {value}" for name, value in values.items())
            yield ""
        if self.warnings:
            yield "Warnings"
            for rule, warnings in self.warnings.items():
                limit = self.budget.get(rule)
                yield f"  {rule}: {len(warnings)}" + ("" if limit is None else f", budget {limit}")
                if limit is not None and len(warnings) > limit:
                    yield from (f"    {warning}" for warning in warnings)
            yield ""
        yield from map(str, self.errors)
        if self.hint:
            yield self.hint
        yield from self._summary()

    def _summary(self) -> Iterator[str]:
        yield ", ".join(f"{count} {name}" for name, count in self.counts.items()) + "."
        count = len(self.errors)
        yield {0: "No errors.", 1: "1 error."}.get(count, f"{count} errors.")


def check(settings: Mapping[str, str], folder: Path | None = None) -> CheckReport:
    """Check all English content: the site's own, or that in `folder`, with the bars that it sets.

    If files have broken references, only these are reported: further checks would repeat them.
    """
    content, errors = read_content(settings, folder)
    report = _checked(content, errors, folder)
    if folder is None:
        return report
    unsigned = sum(not one.is_current for one in signing.status(content))
    return replace(report, left=left_to_do(folder, report.errors, unsigned))


def _checked(content: Content, errors: list[ContentError], folder: Path | None) -> CheckReport:
    enabled_bars, unreadable_bars = read_bars(folder or library.FOLDER)
    if errors or unreadable_bars:
        return CheckReport(tuple(sorted({*errors, *unreadable_bars})), _counts(content))
    asks_for_safety = bool(content.ledger.illness) and Bar.SAFETY_LINES in enabled_bars
    linted = lint(content.bank, of_an_illness=asks_for_safety)
    budget = read_budget(bank_folder(folder)) if Bar.BUDGETS in enabled_bars else {}
    runs = read_runs(folder or library.FOLDER)
    checked = examine(content, runs, measure(content), linted, EditorialBars(enabled_bars, budget))
    errors, figures = archived(content.bank, bank_folder(folder))
    main = [topic.id for topic in content.topics.values() if topic.main]
    measured = measures.measure(content.bank, main)
    report = replace(
        checked,
        errors=tuple(sorted({*checked.errors, *errors, *measures.over_limit(measured, budget)})),
        figures={**checked.figures, "Questions": _measured(measured, budget), "Versions": figures},
    )
    if Bar.SCORE_SHEETS in enabled_bars:
        return _with_sheets(report, check_sheets(content, folder or library.FOLDER))
    return report


def _with_sheets(report: CheckReport, sheets: SheetReport) -> CheckReport:
    """Return the report with the score sheets. Each score that is too low is named."""
    warnings, budget = {**report.warnings}, {**report.budget}
    if sheets.warnings:
        warnings[RULE] = sheets.warnings
        budget[RULE] = 0
    return replace(
        report,
        errors=tuple(sorted({*report.errors, *sheets.errors})),
        figures={**report.figures, "Score sheets": sheets.figures},
        warnings=warnings,
        budget=budget,
    )


def _measured(measures: Iterable[Measure], budget: Mapping[str, int]) -> dict[str, str]:
    return {
        one.name: one.summary
        + (f"; {len(one.found)} found, budget {budget[one.name]}" if one.name in budget else "")
        for one in measures
    }


def check_language(settings: Mapping[str, str], folder: Path | None, language: str) -> CheckReport:
    """Compare all content in `language` with the English content, and check its wording."""
    translation = check_translation(settings, folder, language)
    return CheckReport(
        translation.errors,
        {f"of {translation.files} files are in “{language}”": translation.translated},
    )


def archived(bank: Bank, folder: Path) -> tuple[list[ContentError], dict[str, str]]:
    """Return the errors and figures of the version archive in the bank's folder.

    An archive, where there is one, must hold every question.
    """
    archive, errors = read_archive(folder)
    if not archive.kept and not errors:
        return [], {"versions kept": "none; “learn versions keep” begins to keep them"}
    ever = archived_objectives(archive)
    errors += [*unreadable(archive), *not_archived(bank, archive), *_merged_unknown(bank, ever)]
    retired = sorted(ever - {*bank.objectives} - {*bank.merged})
    return errors, {
        "versions kept": str(len(archive.kept)),
        "objectives merged into others": str(len(bank.merged)),
        "objectives retired": ", ".join(retired) or "none",
    }


def _merged_unknown(bank: Bank, ever: Collection[str]) -> Iterator[ContentError]:
    """Yield an error for each merged objective that never was, such as a misspelled one."""
    for old, merge in bank.merged.items():
        if old not in ever:
            message = f"no objective “{old}” ever existed: its id is in no archived version"
            yield ContentError(*merge.location, message)


def examine(
    content: Content,
    runs: frozenset[str] | None,
    grades: ReadingGrades | None,
    linted: Lint,
    bars: EditorialBars,
) -> CheckReport:
    """Report on content without broken references, with the editorial `bars` of its folder.

    `runs` and `grades` are None if the source's runs or the reading level are unknown.
    """
    covered = coverage(content)
    shared = [] if runs is None else overlap(content, runs)
    errors = {
        *covered.errors,
        *shared,
        *linted.by_rule.get(CANNOT_WAIT, ()),
        *(
            error
            for bar in bars.names
            for error in _editorial(bar, content, grades, linted, bars.budget)
        ),
    }
    return CheckReport(
        errors=tuple(sorted(errors)),
        counts=_counts(content),
        figures={
            "Coverage": covered.figures,
            "Reading level": _grades(content, grades),
            "Words of the source": {
                "runs of eight words or more": f"not checked here: no {FILE}"
                if runs is None
                else str(len(shared))
            },
        },
        warnings=linted.warnings,
        budget=bars.budget,
        hint=hint(bars.names),
    )


def _editorial(
    bar: Bar,
    content: Content,
    grades: ReadingGrades | None,
    linted: Lint,
    budget: Mapping[str, int],
) -> Iterable[ContentError]:
    """Return the errors of one bar."""
    without_safety = linted.by_rule.get(WITHOUT_SAFETY, ())
    match bar:
        case Bar.READING_LEVEL:
            return [
                *reading_level(content),
                *([] if grades is None else too_hard(content, grades)),
            ]
        case Bar.LANGUAGE:
            return language(content)
        case Bar.VOICE:
            return voice(content)
        case Bar.ITEM_WRITING:
            return {*linted.errors} - {*without_safety}
        case Bar.SAFETY_LINES:
            return without_safety
        case Bar.BUDGETS | Bar.SCORE_SHEETS:  # sheets are files of their own: see check()
            return over_budget(linted, budget) if bar is Bar.BUDGETS else ()


def _grades(content: Content, grades: ReadingGrades | None) -> dict[str, str]:
    if grades is None:
        return {"reading level": _NOT_MEASURED}
    figures = {
        content.lessons[grade.lesson].title: f"grade {grade.prepared:.1f} "
        f"(with its own terms {grade.raw:.1f}"
        + ("" if grade.points is None else f", its points {grade.points:.1f}")
        + ")"
        for grade in grades.lessons
    }
    figures["all lessons, SMOG"] = (
        f"grade {grades.smog_prepared:.1f} (with their own terms {grades.smog_raw:.1f})"
    )
    return figures


def _counts(content: Content) -> dict[str, int]:
    bank = content.bank
    return {
        "lessons": len(content.lessons),
        "points": sum(len(lesson.points) for lesson in content.lessons.values()),
        "objectives": len(bank.objectives),
        "questions": len(bank.questions),
        "misconceptions": len(bank.misconceptions),
        "terms": len(content.glossary.terms),
        "pictures": len(content.figures),
    }
