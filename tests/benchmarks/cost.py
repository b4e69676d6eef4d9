"""What a page costs the server's processor, as so many times a hello."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from statistics import median

from tests.benchmarks import serving
from tests.benchmarks.people import Browser, Connection, Learner, content
from tests.benchmarks.report import Row
from tests.benchmarks.serving import Server

_AT_ONCE = 8  # so that the server always has something to do
_HELLOS_A_PAGE = 2
_ZIPPED = {"Accept_Encoding": "gzip"}
_TARGETS = {
    "answer a question": 5,
    "question page": 6,
    "feedback page": 6,
    "lesson page, first time": 3,
    "lesson page, first time by a learner": 3,
    "lesson page, unchanged (304)": 1.3,
}


def rows(folder: Path, *, rounds: int, learners: int) -> Iterator[Row]:
    ratios: dict[str, list[float]] = {name: [] for name in _TARGETS}
    micros: dict[str, list[float]] = {name: [] for name in _TARGETS}
    with serving.hello() as bare, serving.learn(folder / "cost") as site:
        greeting, measured = _Load(bare, 200), Connection(site.port)
        hello = _hello(bare)
        for number in range(rounds + 1):
            people = [Learner(measured) for _ in range(learners)]
            for what, status, requests in _phases(people):
                load = _Load(site, status)
                before = bare.cpu(), site.cpu()
                for start in range(0, len(requests), _AT_ONCE):
                    batch = requests[start : start + _AT_ONCE]
                    load.send(batch)
                    for _ in range(_HELLOS_A_PAGE):
                        greeting.send([hello] * len(batch))
                base, cost = bare.cpu() - before[0], site.cpu() - before[1]
                if number:  # the first round only warms up
                    ratios[what].append(cost / base * _HELLOS_A_PAGE)
                    micros[what].append(cost / len(requests) * 1e6)
    for what, target in _TARGETS.items():
        yield Row(what, median(ratios[what]), target, "× hello", f"{median(micros[what]):.0f} µs")


class _Load:
    """Several connections to a server, all busy at once."""

    def __init__(self, server: Server, status: int) -> None:
        self._connections = [Connection(server.port) for _ in range(_AT_ONCE)]
        self._status = status

    def send(self, requests: Sequence[bytes]) -> None:
        busy = [*zip(self._connections, requests, strict=False)]
        for connection, request in busy:
            connection.send(request)
        for connection, _ in busy:
            if (got := connection.receive().status) != self._status:
                raise RuntimeError(f"{got} instead of {self._status}")


def _hello(bare: Server) -> bytes:
    browser = Browser(Connection(bare.port))
    browser.send("/")
    return browser.request("/")


def _phases(people: Sequence[Learner]) -> Iterator[tuple[str, int, list[bytes]]]:
    """Everybody does the same at the same time, so that each kind of page comes by itself.

    A phase is what it measures, the status to expect, and the requests.
    """
    places = [(who, address) for who in people for address in who.begin()]
    forms = [who.fill_in(who.send(address)) for who, address in places]
    yield "question page", 200, [who.request(address) for who, address in places]
    posts = [who.request(address, form) for (who, address), form in zip(places, forms, strict=True)]
    yield "answer a question", 303, posts
    yield "feedback page", 200, [who.request(address) for who, address in places]

    visits = [(who, f"/lessons/{lesson}") for who in people for lesson in content().lessons]
    strangers = [Browser().request(address, **_ZIPPED) for _, address in visits]
    yield "lesson page, first time", 200, strangers
    first = [who.request(address, **_ZIPPED) for who, address in visits]
    yield "lesson page, first time by a learner", 200, first
    tags = [who.send(address).headers["etag"] for who, address in visits]
    again = [
        who.request(address, **_ZIPPED, If_None_Match=tag)
        for (who, address), tag in zip(visits, tags, strict=True)
    ]
    yield "lesson page, unchanged (304)", 304, again
