"""Item analysis of CSV files with scores from any system, by `questions.analysis`."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, TypeVar

from learn.authoring.score_tables import (
    ScoreTable,
    TableError,
    quoted,
    read_key,
    read_options,
    read_scores,
)
from questions.analysis import Analysis, ItemAnalysis, analyze
from questions.gain import gain

_MAX_NAMES = 10  # learners or items in one note

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class AnalysisReport:
    """Figures, ready for JSON, and notes for people on what they leave out."""

    figures: dict[str, Any]
    notes: tuple[str, ...]


def report(
    scores: Path, options: Path | None = None, key: Path | None = None, pre: Path | None = None
) -> AnalysisReport:
    """Analyze the scores in a CSV file.

    `options` has the option that each learner chose, `key` the right options, and `pre` the scores
    of an earlier sitting. Raises TableError, or DocumentError for a file that is no text.
    """
    table = read_scores(scores)
    chosen: Mapping[str, Sequence[frozenset[str]]] = {}
    offered: Mapping[str, Mapping[str, bool]] = {}
    if options and key:
        chosen, offered = _answers(table, read_options(options), key)
    elif options:
        raise TableError(options, ["name the right options too, with --key FILE."])
    elif key:
        raise TableError(key, ["name the options that were chosen too, with --options FILE."])
    figures = _figures(analyze(table.columns, chosen, offered))
    notes = [] if table.learners else [f"{scores}: it has no learners, so there are no figures."]
    if pre:
        figures["gain"], left_out = _gain(read_scores(pre), table)
        notes += left_out
    return AnalysisReport(figures, tuple(notes))


def _answers(
    table: ScoreTable[float], options: ScoreTable[frozenset[str]], key_file: Path
) -> tuple[dict[str, Sequence[frozenset[str]]], dict[str, dict[str, bool]]]:
    """By item, the options that the learners of `table` chose, and whether each option is right."""
    errors = [
        *_left_out("items that are not in {}", table.path, options.columns, table.columns),
        *_left_out("learners who are not in {}", table.path, options.learners, table.learners),
        *_left_out(
            "these learners of {} are not here", table.path, table.learners, options.learners
        ),
    ]
    if errors:
        raise TableError(options.path, errors)
    key = read_key(key_file)
    errors = [
        *_left_out("items that are not in {}", table.path, key, table.columns),
        *_left_out("these items of {} have no key", options.path, options.columns, key),
    ]
    if errors:
        raise TableError(key_file, errors)
    chosen = _select(options, table.learners, options.columns)
    offered = {}
    for item, answers in chosen.items():
        given_options = frozenset[str]().union(*{*answers})
        offered[item] = {
            option: option in key[item] for option in sorted(given_options | key[item])
        }
    return chosen, offered


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
    listed = [quoted(name) for name in names if name not in known]
    if len(listed) > _MAX_NAMES:
        listed = [*listed[:_MAX_NAMES], f"and {len(listed) - _MAX_NAMES} more"]
    if listed:
        yield f"{what.format(where)}: {', '.join(listed)}."


def _select(
    table: ScoreTable[T], learners: Sequence[str], items: Iterable[str]
) -> dict[str, Sequence[T]]:
    """Return the columns of these items, with the cells of these learners in this order."""
    if tuple(learners) == table.learners:
        return {item: table.columns[item] for item in items}
    rows = {learner: row for row, learner in enumerate(table.learners)}
    places = [rows[learner] for learner in learners]
    return {item: [*map(table.columns[item].__getitem__, places)] for item in items}


def _figures(analysis: Analysis) -> dict[str, Any]:
    return {
        "test": asdict(analysis.test),
        "items": {name: _item(item) for name, item in analysis.items.items()},
        "gain": None,
    }


def _item(item: ItemAnalysis) -> dict[str, Any]:
    return {
        "facility": item.facility,
        "wilson95": item.wilson95,
        "discrimination": item.discrimination,
        "discriminative_efficiency": item.discriminative_efficiency,
        "effective_weight": item.effective_weight,
        "alpha_if_dropped": item.alpha_if_dropped,
        "distractors": {name: asdict(option) for name, option in item.options.items()},
    }
