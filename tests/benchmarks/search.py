"""What a search costs the server: the time of a page, and the memory of the index."""

from __future__ import annotations

import time
from collections.abc import Iterator
from pathlib import Path
from random import Random
from urllib.parse import quote

from learn.library.content import Content
from learn.search.index import SearchIndex
from tests.benchmarks import serving
from tests.benchmarks.people import Browser, Connection, content
from tests.benchmarks.report import Row

_QUERIES = 1_000
_MAX_MS = 5
_LETTERS = "abcdefghijklmnopqrstuvwxyzéñ -’"


def rows(folder: Path) -> Iterator[Row]:
    """Yield the time of typical and of random queries: of the index alone, and of the page."""
    index = SearchIndex(content())
    alone = sorted(_time(index, query) for query in _random_queries(1))
    with serving.learn(folder / "search") as site:
        browser = Browser(Connection(site.port))
        usual = _pages(site, browser, [*_usual_queries(content())])
        any_query = _pages(site, browser, [*_random_queries(2)])
    yield Row("search, in the index, of 1,000 random queries: 99 of 100", alone[-10], _MAX_MS, "ms")
    yield Row("search, in the index, of 1,000 random queries: worst", alone[-1], _MAX_MS, "ms")
    yield Row("search page, CPU, usual queries", usual, _MAX_MS, "ms")
    yield Row("search page, CPU, random queries", any_query, _MAX_MS, "ms")


def _time(index: SearchIndex, query: str) -> float:
    """Return the CPU milliseconds of the best of three."""
    taken = []
    for _ in range(3):
        began = time.thread_time()
        index.search(query)
        taken.append((time.thread_time() - began) * 1000)
    return min(taken)


def _pages(site: serving.Server, browser: Browser, queries: list[str]) -> float:
    """Return the CPU milliseconds that the server takes for a page."""
    browser.send("/search?q=blood")
    before = site.cpu()
    for query in queries:
        if (got := browser.send(f"/search?q={quote(query)}").status) != 200:
            raise RuntimeError(f"{got} for a search")
    return (site.cpu() - before) / len(queries) * 1000


def _usual_queries(every: Content) -> Iterator[str]:
    """Yield the names of all terms, and each without its third letter."""
    for term in every.glossary.terms.values():
        yield term.term
        yield term.term[:2] + term.term[3:]


def _random_queries(seed: int) -> Iterator[str]:
    """Yield words of lessons with typos, random letters, and long ones of both."""
    random = Random(seed)  # noqa: S311
    known = [w for lesson in content().lessons.values() for w in lesson.about.split()]
    for number in range(_QUERIES):
        length = (3, 12, 100, 10_000)[number % 4]
        if number % 3:
            text = "".join(random.choices(_LETTERS, k=length))
        else:
            text = " ".join(_mistyped(random, w) for w in random.choices(known, k=length // 6 + 1))
        yield text[:10_000]


def _mistyped(random: Random, word: str) -> str:
    at = random.randrange(len(word))
    return word[:at] + random.choice(_LETTERS) + word[at + 1 :]
