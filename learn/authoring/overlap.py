"""Check that no text repeats eight words in a row from the source document.

The source's text is not in the repository. Digests of all its runs of eight words were computed
once with `runs_of` and stored, sorted, in `source-runs.txt`.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Collection, Iterator
from functools import cache
from pathlib import Path

from learn.authoring.language import all_texts, without_names
from learn.library.content import Content
from questions.reading import ContentError

RUN = 8
FILE = "source-runs.txt"
_DIGITS = 10
_WORD = re.compile(r"[^\W_]+(?:'[^\W_]+)*")


def runs_of(text: str) -> list[str]:
    """Return the sorted digests of all runs of eight words of `text`."""
    return sorted({*_digests(text)})


def read_runs(folder: Path) -> frozenset[str] | None:
    """Return the digests of the source's runs in `folder`, or None without such a file."""
    path = folder / FILE
    return frozenset(path.read_text(encoding="utf-8").split()) if path.exists() else None


def overlap(content: Content, runs: Collection[str]) -> list[ContentError]:
    """Find texts that share eight words in a row with the source. Official names don't count."""
    names = content.ledger.document.names
    return [
        visible.error(f"these are the source’s own words: “{shared}”")
        for visible in all_texts(content)
        for piece in without_names(visible.text, names)
        for shared in _shared(piece, runs)
    ]


def _shared(text: str, runs: Collection[str]) -> Iterator[str]:
    words = _words(text)
    start = end = -1
    for at, digest in enumerate(_digests(text)):
        if digest not in runs:
            continue
        if at > end >= 0:
            yield " ".join(words[start:end])
            start = -1
        start = at if start < 0 else start
        end = at + RUN
    if end >= 0:
        yield " ".join(words[start:end])


def _words(text: str) -> list[str]:
    return _WORD.findall(text.lower().replace("’", "'").replace("‘", "'"))


@cache
def _digests(text: str) -> tuple[str, ...]:
    """Return the digests of all runs, in order. Most texts stay the same from check to check."""
    words = _words(text)
    runs = (" ".join(words[at : at + RUN]) for at in range(len(words) - RUN + 1))
    return tuple(hashlib.sha256(run.encode()).hexdigest()[:_DIGITS] for run in runs)
