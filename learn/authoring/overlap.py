"""Our words are our own: no run of eight words is the source's.

The source's text is not here. What is compared are digests of each run of eight of its words, made
once by `runs_of` and kept, sorted, in `source-runs.txt`.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Collection, Iterator
from pathlib import Path

from learn.authoring.language import all_texts, without_names
from learn.library.content import Content
from questions.reading import Fault

RUN = 8
FILE = "source-runs.txt"
_DIGITS = 10
_WORD = re.compile(r"[^\W_]+(?:'[^\W_]+)*")


def runs_of(text: str) -> list[str]:
    """The digest of each run of eight words of `text`, sorted."""
    return sorted({digest for _, digest in _runs(_words(text))})


def read_runs(folder: Path) -> frozenset[str] | None:
    """The digests of the source's runs in `folder`, or None where nobody has made them."""
    path = folder / FILE
    return frozenset(path.read_text(encoding="utf-8").split()) if path.exists() else None


def overlap(content: Content, runs: Collection[str]) -> list[Fault]:
    """Every text that shares eight words in a row with the source. Official names don't count."""
    names = content.ledger.document.names
    return [
        said.fault(f"these are the source’s own words: “{shared}”")
        for said in all_texts(content)
        for piece in without_names(said.text, names)
        for shared in _shared(piece, runs)
    ]


def _shared(text: str, runs: Collection[str]) -> Iterator[str]:
    words = _words(text)
    start = end = -1
    for at, digest in _runs(words):
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


def _runs(words: list[str]) -> Iterator[tuple[int, str]]:
    for at in range(len(words) - RUN + 1):
        run = " ".join(words[at : at + RUN])
        yield at, hashlib.sha256(run.encode()).hexdigest()[:_DIGITS]
