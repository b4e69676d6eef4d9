"""Which cases run: one of each kind in `make test`, and every one in `.ci/run`.

`EVERY=1` in the environment runs every one: `make test EVERY=1`.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Hashable, Iterable
from typing import Any

import pytest

EVERY = bool(os.environ.get("EVERY"))
_SHARE = 5  # of so many examples, `make test` tries one


def examples(count: int) -> int:
    """Return how many of so many examples Hypothesis tries."""
    return count if EVERY else -(-count // _SHARE)


def first_of_each(cases: Iterable[Any], kind: Callable[[Any], Hashable]) -> list[Any]:
    """Return all cases, of which only the first of each kind runs in `make test`.

    A case with several values is a tuple, as `pytest.mark.parametrize` takes it.
    """
    seen: set[Hashable] = set()
    marked = []
    for case in cases:
        values = case if isinstance(case, tuple) else (case,)
        name = kind(case)
        marks = [pytest.mark.every] if name in seen else []
        seen.add(name)
        marked.append(pytest.param(*values, marks=marks))
    return marked
