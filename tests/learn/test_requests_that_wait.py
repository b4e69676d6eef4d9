"""Requests that wait behind slow ones: who has gone is not served, and nobody fills the line."""

from __future__ import annotations

import asyncio
import contextlib
import re
import sqlite3
import time
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from flask import Flask

from learn import gateway, request_queue
from learn.gateway import Gateway
from questions.bank import load_bank
from tests.learn.asgi import scope
from tests.learn.people import right_answer
from tests.learn.slow_reader import MANY, SLOW, Reader, ran
from tests.serving import Site, serving

ROOM = 5  # in the line, in these tests


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    with serving(tmp_path_factory.mktemp("line") / "data", workers=1) as found:
        yield found


@pytest.fixture(scope="module")
def reader(site: Site) -> Reader:
    return Reader(site)


def test_pages_for_clients_who_have_gone_are_not_made(site, reader):
    before = ran(site, "progress.index")
    with contextlib.closing(reader.ask(SLOW)) as patient:
        for _ in range(MANY):
            reader.ask(SLOW).close()
        assert "911" in reader.get("/help")[1]
        assert patient.recv(100).startswith(b"HTTP/1.1 200 ")
    assert reader.errors == []

    # Those that began before it was known: one, or some more while the machine is busy.
    assert 1 <= ran(site, "progress.index") - before < MANY * 3 / 4


def test_an_answer_of_a_client_who_has_gone_is_kept(site, reader):
    address, page = reader.get("/quizzes/topic/classification")
    fields = dict(re.findall(r'type="hidden" name="([^"]+)" value="([^"]*)"', page))
    given = right_answer(load_bank().questions[fields["question"]])
    before = ran(site, "quizzes.first_answer")
    with contextlib.ExitStack() as patient:
        ahead = [patient.enter_context(contextlib.closing(reader.ask(SLOW))) for _ in range(5)]
        answer = reader.ask(address, fields | given)
        for one in ahead[:-1]:  # by the end of these, the whole body has been read
            assert one.recv(100).startswith(b"HTTP/1.1 200 ")
        answer.close()
        until = time.monotonic() + 30
        while ran(site, "quizzes.first_answer") == before and time.monotonic() < until:
            time.sleep(0.02)

    with contextlib.closing(sqlite3.connect(site.database)) as database:
        kept = "SELECT score FROM item JOIN attempt ON attempt_id = id WHERE quiz = ? AND score > 0"
        assert len(database.execute(kept, ["topic/classification"]).fetchall()) == 1


class Slow:
    """An application whose pages take a while, one after the other."""

    def __init__(self) -> None:
        self.seen: list[dict[str, Any]] = []

    def __call__(self, environ: dict[str, Any], start: Any) -> list[bytes]:
        self.seen.append(environ)
        if gateway.TOO_MANY not in environ:
            time.sleep(2 * request_queue._MAX_BUSY if len(self.seen) == 1 else 0.001)  # noqa: SLF001
        start("429 Later" if gateway.TOO_MANY in environ else "200 OK", [])
        return [b""]


def statuses(server: Gateway, requests: Sequence[dict[str, Any]]) -> list[int]:
    """What is answered to requests that all come at once, by clients who stay.

    One that `breaks_off` has a body of which the server can't read the rest.
    """

    async def ask(more: dict[str, Any]) -> int:
        sent: list[dict[str, Any]] = []
        breaks_off = more.get("breaks_off", False)

        async def receive() -> dict[str, Any]:
            await asyncio.sleep(0 if breaks_off else 60)
            return {"type": "http.disconnect"}

        async def send(message: dict[str, Any]) -> None:
            sent.append(message)

        await server(scope(**({"method": "GET", "path": "/help"} | more)), receive, send)
        status: int = sent[0]["status"]
        return status

    async def ask_all() -> list[int]:
        return await asyncio.gather(*map(ask, requests))

    with ThreadPoolExecutor(1) as thread:
        return thread.submit(asyncio.run, ask_all()).result()


@pytest.fixture
def busy(monkeypatch: pytest.MonkeyPatch) -> None:
    """Take no time between two requests for a pause, and don't wait to see who has gone."""
    monkeypatch.setattr(request_queue, "_IDLE", 60)
    monkeypatch.setattr(request_queue, "_DISCONNECT_WAIT", 0)


def of(cookie: str, address: str = "") -> dict[str, Any]:
    headers = [(b"host", b"localhost"), (b"cookie", f"learn_all={cookie}".encode())]
    return {"headers": [*headers, (b"x-forwarded-for", address.encode())]}


@pytest.mark.usefixtures("busy")
@pytest.mark.parametrize("method", ["GET", "POST"])
def test_only_so_many_requests_of_one_visitor_wait(monkeypatch, method):
    monkeypatch.setattr(request_queue, "MAX_PER_COOKIE", ROOM)
    monkeypatch.setattr(request_queue, "_DISCONNECT_CHECK", 0)
    ours = [of("ours") | {"method": method}] * (ROOM + 4)
    others = [of(f"of-{n}") for n in range(ROOM + 4)]

    # The first one runs, the second one has the turn, and the next ones wait.
    assert statuses(Gateway(Slow()), ours + others) == [200] * (ROOM + 2) + [429] * 2 + [200] * (
        ROOM + 4
    )


@pytest.mark.usefixtures("busy")
def test_only_so_many_requests_of_one_address_wait(monkeypatch):
    monkeypatch.setattr(request_queue, "MAX_PER_ADDRESS", ROOM)
    monkeypatch.setattr(request_queue, "_DISCONNECT_CHECK", 0)
    here = [of(f"of-{n}", "6.6.6.6, 192.0.2.1") for n in range(ROOM + 3)]
    there = [of(f"at-{n}", "6.6.6.6, 192.0.2.2") for n in range(ROOM)]

    behind_a_proxy = statuses(Gateway(Slow(), proxies=1), here + there)
    assert behind_a_proxy == [200] * (ROOM + 2) + [429] + [200] * ROOM
    assert statuses(Gateway(Slow()), here + there) == [200] * (ROOM + 2) + [429] * (ROOM + 1)


@pytest.mark.usefixtures("busy")
def test_three_hundred_people_behind_one_address_fit():
    everybody = [of(f"of-{n}") for n in range(300)] * 6

    assert {*statuses(Gateway(Slow()), everybody)} == {200}


@pytest.mark.usefixtures("busy")
def test_a_body_that_breaks_off_is_no_sign_that_its_client_has_gone():
    application, broken = Slow(), {"headers": [(b"content-length", b"9")], "breaks_off": True}

    assert statuses(Gateway(application), [of("first"), broken]) == [200, 200]
    assert gateway.INCOMPLETE_BODY in application.seen[1], "the application answers that with 408"


@pytest.mark.usefixtures("busy")
def test_requests_run_in_the_order_in_which_they_came():
    application = Slow()
    statuses(Gateway(application), [of(f"of-{n}") for n in range(MANY)])

    assert [e["HTTP_COOKIE"] for e in application.seen] == [
        f"learn_all=of-{n}" for n in range(MANY)
    ]


def test_who_has_too_many_waiting_gets_a_calm_page_with_what_they_sent(app: Flask):
    page = app.test_client().post(
        "/sign-in", data={"nickname": "Ana"}, environ_overrides={gateway.TOO_MANY: True}
    )

    assert page.status_code == 429
    assert int(page.headers["Retry-After"]) > 0
    assert "Please wait a moment" in page.text
    assert 'value="Ana"' in page.text
