"""Notice papers that were typed in before."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from difflib import SequenceMatcher
from typing import Any

from learn.paper.queries import Paper

_RUN = 3  # papers in a row; two that are alike are often two people


@dataclass(frozen=True, slots=True)
class Alike:
    """Papers `first` to `last` of the sitting with this number look like those of a form.

    These stand in `count` rows, and were typed in at `typed_at`.
    """

    sitting: int
    first: int
    last: int
    count: int
    typed_at: datetime


def find(new: Sequence[Mapping[str, Any]], earlier: Sequence[Paper], sitting: int) -> Alike | None:
    """Return earlier papers with the same answers, if they are more than chance would have it.

    That is: all of the form stands there in the same order, or at least half of it and three
    papers in a row; or a form that was saved has the same papers in another order. A single paper
    is compared with the last one only, if that was saved alone, too.
    """
    keys = [*map(_key, new)]
    known = [_key(sheet.answers) for sheet in earlier]
    if not keys or not known:
        return None
    batches: dict[Any, list[Paper]] = {}
    for sheet in earlier:
        batches.setdefault(sheet.batch, []).append(sheet)
    if len(keys) == 1:
        is_last = keys[0] == known[-1] and len(batches[earlier[-1].batch]) == 1
        return _alike(earlier[-1:], sitting) if is_last else None
    run = SequenceMatcher(None, keys, known, autojunk=False).find_longest_match()
    if run.size == len(keys) or (run.size >= _RUN and run.size * 2 >= len(keys)):
        return _alike(earlier[run.b : run.b + run.size], sitting)
    wanted = Counter(keys)
    for sheets in batches.values():
        if len(sheets) == len(keys) and Counter(_key(s.answers) for s in sheets) == wanted:
            return _alike(sheets, sitting)
    return None


def same(papers: Iterable[tuple[int, Mapping[str, Any]]]) -> tuple[tuple[int, ...], ...]:
    """Return the numbers of papers with the same letters, together. Blank ones are left out."""
    numbers: dict[str, list[int]] = {}
    for number, answers in papers:
        if answers:
            numbers.setdefault(_key(answers), []).append(number)
    return tuple(tuple(found) for found in numbers.values() if len(found) > 1)


def _alike(sheets: Sequence[Paper], sitting: int) -> Alike:
    return Alike(sitting, sheets[0].number, sheets[-1].number, len(sheets), sheets[-1].typed_at)


def _key(answers: Mapping[str, Any]) -> str:
    return json.dumps(answers, sort_keys=True)
