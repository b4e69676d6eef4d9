"""What a page costs the server's processor, as so many times a hello."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from statistics import median

from tests.benchmarks import serving
from tests.benchmarks.people import Answer, Browser, Learner, connect, content
from tests.benchmarks.report import Row
from tests.benchmarks.serving import Server

_HELLOS = 2000
_TARGETS = {
    "answer a question": 5,
    "question page": 6,
    "feedback page": 6,
    "lesson page, first time": 3,
    "lesson page, first time by a learner": 3,
    "lesson page, unchanged (304)": 1.3,
}

Request = Callable[[], Answer]
Phase = tuple[str, int, Sequence[Request]]  # what, the status to expect, and how


def rows(folder: Path, *, rounds: int, learners: int) -> Iterator[Row]:
    with serving.hello() as bare, serving.learn(folder / "cost") as site:
        hello = _hello(bare)
        connection = connect(site.port)
        ratios: dict[str, list[float]] = {name: [] for name in _TARGETS}
        micros: dict[str, list[float]] = {name: [] for name in _TARGETS}
        for number in range(rounds + 1):
            people = [Learner(connection) for _ in range(learners)]
            for what, status, requests in _phases(people):
                before = _each(bare, 200, hello)
                cost = _each(site, status, requests)
                after = _each(bare, 200, hello)
                if number:  # the first round only warms up
                    ratios[what].append(2 * cost / (before + after))
                    micros[what].append(cost * 1e6)
        for what, target in _TARGETS.items():
            note = f"{median(micros[what]):.0f} µs"
            yield Row(what, median(ratios[what]), target, "× hello", note)


def _hello(bare: Server) -> list[Request]:
    browser = Browser(connect(bare.port))
    browser.send("/")
    return [lambda: browser.send("/")] * _HELLOS


def _phases(people: Sequence[Learner]) -> Iterator[Phase]:
    """Everybody does the same at the same time, so that each kind of page comes by itself."""
    strangers = [
        (Browser(people[0].connection), f"/lessons/{lesson}")
        for lesson in content().lessons
        for _ in people
    ]
    yield "lesson page, first time", 200, [_get(*place) for place in strangers]

    places = [(learner, address) for learner in people for address in learner.begin()]
    pages: list[Answer] = []
    yield "question page", 200, [_get(*place, keep=pages) for place in places]
    forms = [who.fill_in(page) for (who, _), page in zip(places, pages, strict=True)]
    posts = [_post(*place, form) for place, form in zip(places, forms, strict=True)]
    yield "answer a question", 303, posts
    yield "feedback page", 200, [_get(*place) for place in places]

    visits = [(who, f"/lessons/{lesson}") for who in people for lesson in content().lessons]
    read: list[Answer] = []
    first = [_get(*visit, keep=read) for visit in visits]
    yield "lesson page, first time by a learner", 200, first
    tags = [page.headers["ETag"] for page in read]
    again = [_get(*visit, tag=tag) for visit, tag in zip(visits, tags, strict=True)]
    yield "lesson page, unchanged (304)", 304, again


def _get(
    who: Browser, address: str, *, tag: str | None = None, keep: list[Answer] | None = None
) -> Request:
    headers = {"Accept-Encoding": "gzip"} if address.startswith("/lessons/") else {}
    headers |= {"If-None-Match": tag} if tag else {}

    def get() -> Answer:
        page = who.send(address, headers=headers)
        if keep is not None:
            keep.append(page)
        return page

    return get


def _post(who: Browser, address: str, form: dict[str, object]) -> Request:
    return lambda: who.send(address, form)


def _each(server: Server, status: int, requests: Sequence[Request]) -> float:
    """Seconds of processor for each of the requests."""
    before = server.cpu()
    for request in requests:
        if (got := request().status) != status:
            raise RuntimeError(f"{got} instead of {status}")
    return (server.cpu() - before) / len(requests)
