"""Item analysis of tables with scores or answers from any system, by `questions.analysis`."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any, TypeVar

from learn.authoring.tables.errors import GuessesRefusedError, Remarks, TableError, listed
from learn.authoring.tables.keys import read_key
from learn.authoring.tables.reading import ScoreTable, read_options, read_scores
from learn.authoring.tables.table import Answers, ReadingOptions
from questions.analysis import Analysis, ItemAnalysis, analyze
from questions.gain import gain
from questions.option_curves import OptionCurves, option_curves
from questions.reliability import alpha95, why_negative

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Files:
    """The files of an analysis.

    `options` has the option that each learner chose, `key` the right options, and `pre` the scores
    of an earlier sitting.
    """

    scores: Path
    options: Path | None = None
    key: Path | None = None
    pre: Path | None = None

    @property
    def all(self) -> tuple[Path, ...]:
        """Those that there are."""
        return tuple(p for p in (self.scores, self.options, self.key, self.pre) if p)


@dataclass(frozen=True, slots=True)
class AnalysisReport:
    """Figures, ready for JSON, and notes for people; `reading` are those on how tables were read.

    `analysis` and `totals`, those of the learners in points, are what the figures rest on.
    """

    figures: dict[str, Any]
    notes: tuple[str, ...]
    reading: tuple[str, ...]
    analysis: Analysis
    totals: tuple[float, ...]
    curves: Mapping[str, OptionCurves]


def report(
    files: Files, reading_options: ReadingOptions, *, strict: bool = False
) -> AnalysisReport:
    """Analyze the scores in a file.

    Raises TableError, GuessesRefusedError if `strict`, or DocumentError for a file that is no text.
    """
    remarks = {path: Remarks(path) for path in files.all}
    key = read_key(files.key, remarks[files.key]) if files.key else None
    with_key = replace(reading_options, key=None if files.options else key)
    table = read_scores(files.scores, remarks[files.scores], with_key)
    chosen, right = _chosen(files, table, key, remarks, reading_options)
    offered = _offered(chosen, right)
    analysis = analyze(table.columns, chosen, offered)
    curves = option_curves(table.columns, chosen, offered)
    figures = _figures(analysis, curves)
    left_out: list[str] = []
    if files.pre:
        before = read_scores(files.pre, remarks[files.pre], with_key)
        figures["gain"], left_out = _gain(before, table)
    if strict and any(each.guesses for each in remarks.values()):
        raise GuessesRefusedError(guess for each in remarks.values() for guess in each.guesses)
    reading = [line for each in remarks.values() for line in each.lines]
    notes = (*reading, *_remarks_on_figures(files.scores, analysis), *left_out)
    totals = tuple(map(math.fsum, zip(*table.columns.values(), strict=True)))
    return AnalysisReport(figures, notes, (*reading, *left_out), analysis, totals, curves)


def _remarks_on_figures(path: Path, analysis: Analysis) -> Iterator[str]:
    if not analysis.test.n:
        yield f"{path}: it has no learners, so there are no figures."
    if reason := why_negative(analysis):
        yield f"{path}: {reason}"


def _chosen(
    files: Files,
    table: ScoreTable[float],
    key: Mapping[str, frozenset[str]] | None,
    remarks: Mapping[Path, Remarks],
    reading_options: ReadingOptions,
) -> tuple[Mapping[str, Answers], Mapping[str, frozenset[str]]]:
    """Return the options that learners chose, and the right ones, from wherever they are known."""
    if files.options:
        if files.key is None or key is None:
            raise TableError(files.options, ["name the right options too, with --key FILE."])
        options = read_options(
            files.options, remarks[files.options], reading_options, table.left_out
        )
        return _answers(table, options, files.key, key), key
    if files.key and key is not None:
        if not table.answers:
            reason = "name the options that were chosen too, with --options FILE."
            raise TableError(files.key, [reason])
        if errors := [*_left_out("items that are not in {}", table.path, key, table.columns)]:
            raise TableError(files.key, errors)
    return table.answers, table.right


def _offered(
    chosen: Mapping[str, Answers], right: Mapping[str, frozenset[str]]
) -> dict[str, dict[str, bool]]:
    """Return the options of each item, and whether each is right."""
    return {
        item: {
            option: option in right[item]
            for option in sorted(frozenset[str]().union(*{*answers}) | right[item])
        }
        for item, answers in chosen.items()
    }


def _answers(
    table: ScoreTable[float],
    options: ScoreTable[frozenset[str]],
    key_file: Path,
    key: Mapping[str, frozenset[str]],
) -> dict[str, Answers]:
    """By item, the options that the learners of `table` chose."""
    errors = [
        *_left_out("items that are not in {}", table.path, options.columns, table.columns),
        *_left_out("learners who are not in {}", table.path, options.learners, table.learners),
        *_left_out(
            "these learners of {} are not here", table.path, table.learners, options.learners
        ),
    ]
    if errors:
        raise TableError(options.path, errors)
    errors = [
        *_left_out("items that are not in {}", table.path, key, table.columns),
        *_left_out("these items of {} have no key", options.path, options.columns, key),
    ]
    if errors:
        raise TableError(key_file, errors)
    return _select(options, table.learners, options.columns)


def _gain(before: ScoreTable[float], after: ScoreTable[float]) -> tuple[dict[str, Any], list[str]]:
    """Return the gain over learners and items in both tables, and notes on who is left out."""
    also = {*before.learners}
    learners = [learner for learner in after.learners if learner in also]
    items = [item for item in after.columns if item in before.columns]
    if not items:
        raise TableError(before.path, [f"it has none of the items of {after.path}."])
    notes = [
        f"{table.path}: {note}"
        for table, other in ((before, after), (after, before))
        for note in (
            *_left_out(
                "learners left out of the gain, not in {}", other.path, table.learners, learners
            ),
            *_left_out("items left out of the gain, not in {}", other.path, table.columns, items),
        )
    ]
    result = gain(_select(before, learners, items), _select(after, learners, items))
    figures = {
        "class": result.of_class,
        "individual": dict(zip(learners, result.individual, strict=True)),
        "mcnemar": {item: pair.p if pair else None for item, pair in result.items.items()},
    }
    return figures, notes


def _left_out(
    what: str, where: Path, names: Iterable[str], allowed: Iterable[str]
) -> Iterator[str]:
    """Yield one message that lists the names that are not allowed, if there are any."""
    known = {*allowed}
    if others := [name for name in names if name not in known]:
        yield f"{what.format(where)}: {listed(others)}."


def _select(
    table: ScoreTable[T], learners: Sequence[str], items: Iterable[str]
) -> dict[str, Sequence[T]]:
    """Return the columns of these items, with the cells of these learners in this order."""
    if tuple(learners) == table.learners:
        return {item: table.columns[item] for item in items}
    rows = {learner: row for row, learner in enumerate(table.learners)}
    places = [rows[learner] for learner in learners]
    return {item: [*map(table.columns[item].__getitem__, places)] for item in items}


def _figures(analysis: Analysis, curves: Mapping[str, OptionCurves]) -> dict[str, Any]:
    test = asdict(analysis.test)
    error = test.pop("sem")
    test["alpha95"] = alpha95(analysis.test.alpha, analysis.test.n, analysis.test.k)
    return {
        "test": {**test, "sem": error},
        "items": {name: _item(item, curves.get(name)) for name, item in analysis.items.items()},
        "gain": None,
    }


def _item(item: ItemAnalysis, curves: OptionCurves | None) -> dict[str, Any]:
    return {
        "facility": item.facility,
        "wilson95": item.wilson95,
        "discrimination": item.discrimination,
        "discriminative_efficiency": item.discriminative_efficiency,
        "effective_weight": item.effective_weight,
        "alpha_if_dropped": item.alpha_if_dropped,
        "distractors": {name: asdict(option) for name, option in item.options.items()},
        "curves": asdict(curves) if curves else None,
    }
