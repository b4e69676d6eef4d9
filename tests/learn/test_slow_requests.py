"""Clients that never finish: what they began to send holds up nobody else."""

from __future__ import annotations

import asyncio
import contextlib
import http.client
import os
import signal
import socket
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest
from flask import Flask

from learn.gateway import MAX_BODY, Gateway
from tests.learn.asgi import scope
from tests.learn.http_learner import Learner
from tests.our_content import our_content
from tests.serving import Site, serving

MANY = 1000
ASK = b"GET /help HTTP/1.1\r\nHost: localhost\r\n"
FORM = b"Content-Type: application/x-www-form-urlencoded\r\n"
SEND = b"POST /sign-in HTTP/1.1\r\nHost: localhost\r\n" + FORM
BEGINNINGS = {
    "bodies": SEND + b"Content-Length: 1000\r\n\r\nnickname=",
    "chunks": SEND + b"Transfer-Encoding: chunked\r\n\r\n5\r\nnickn",
    "bodies that wait to be asked": SEND + b"Content-Length: 9\r\nExpect: 100-continue\r\n\r\n",
    "headers": ASK + b"Cookie: a",
    "nothing": b"",
    "pages": ASK + b"\r\n",  # read by nobody, and the connection stays open
}


@contextlib.contextmanager
def many_connections(site: Site, begin: bytes, count: int = MANY) -> Iterator[None]:
    with contextlib.ExitStack() as open_ones:
        for _ in range(count):
            connection = open_ones.enter_context(socket.create_connection(("127.0.0.1", site.port)))
            connection.sendall(begin)
        yield


def ask(site: Site, method: str = "GET", path: str = "/help", body: str | None = None) -> int:
    connection = http.client.HTTPConnection("127.0.0.1", site.port, timeout=20)
    with contextlib.closing(connection):
        headers = {"Content-Type": "application/x-www-form-urlencoded"} if body else {}
        connection.request(method, path, body, headers)
        return connection.getresponse().status


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    with serving(tmp_path_factory.mktemp("slow") / "data", workers=1) as found:
        yield found


@pytest.mark.parametrize("what", BEGINNINGS)
def test_a_thousand_unfinished_requests_delay_no_other(site, what):
    with many_connections(site, BEGINNINGS[what]):
        assert ask(site) == 200
        assert (
            ask(site, "POST", "/sign-in", "nickname=ana") == 400
        )  # a form, whole, without a token
        assert ask(site) == 200


@pytest.mark.parametrize("stop", [signal.SIGTERM, signal.SIGINT])
def test_the_server_stops_with_unfinished_requests_and_leaves_no_extra_files(tmp_path: Path, stop):
    with serving(tmp_path / "data", workers=2) as site:
        who = Learner(site, our_content().bank, threading.Event())
        who.answer_one("mixed")
        with contextlib.ExitStack() as all_of_them:
            for begin in BEGINNINGS.values():
                all_of_them.enter_context(many_connections(site, begin, 100))
            process = site._process  # noqa: SLF001 - nobody else needs to know
            os.kill(process.pid, stop)
            with contextlib.suppress(TimeoutError):
                process.wait(30)
        assert process.poll() is not None
        left = {path.name for path in site.data.iterdir()}
        modes = {path.stat().st_mode & 0o777 for path in site.data.iterdir()}
    assert left == {"learn.sqlite3", "learn.gate", "learn.in-use", "secret_key"}
    assert modes == {0o600}
    assert len(who.acknowledged) == 1


def answer_of(
    gateway: Gateway, *parts: bytes | None, **more: Any
) -> tuple[int, dict[bytes, bytes], str]:
    """What is answered to a request whose body comes in `parts`; None is somebody who left.

    After the last part nothing more comes, unless it was an empty one.
    """
    sent: list[dict[str, Any]] = []
    left = [*parts]

    async def receive() -> dict[str, Any]:
        if not left:
            await asyncio.sleep(60)
        part = left.pop(0)
        if part is None:
            return {"type": "http.disconnect"}
        return {"type": "http.request", "body": part, "more_body": part != b""}

    async def send(message: dict[str, Any]) -> None:
        sent.append(message)

    length = {"headers": [(b"host", b"localhost"), (b"content-length", b"12")]}
    # In a thread: where a browser test ran before, this one already has a loop.
    with ThreadPoolExecutor(1) as thread:
        thread.submit(asyncio.run, gateway(scope(**(length | more)), receive, send)).result()
    start, body = sent
    return start["status"], dict(start["headers"]), body["body"].decode()


@pytest.fixture
def impatient(app: Flask) -> Gateway:
    return Gateway(app.wsgi_app, body_timeout=0.05)


@pytest.mark.parametrize("parts", [(), (b"nickname",), (b"nick", None), (None,)])
def test_an_incomplete_body_gets_an_error_page(impatient, parts):
    status, headers, page = answer_of(impatient, *parts)

    assert status == 408
    assert headers[b"connection"] == b"close"
    assert "get everything you sent" in page
    assert b"set-cookie" not in headers


def test_a_chunked_body_is_read(impatient):
    assert answer_of(impatient, b"nick", b"name=", b"ana", b"")[0] == 400


def test_a_content_length_of_thousands_of_digits_is_handled(site, impatient):
    zeros = b"0" * 4299
    headers = [(b"host", b"localhost"), (b"content-length", zeros + b"13")]
    assert answer_of(impatient, b"nickname", b"=ana1", b"", headers=headers)[0] == 400

    with socket.create_connection(("127.0.0.1", site.port), timeout=20) as connection:
        length = b"Content-Length: " + zeros + b"13\r\n\r\n"
        connection.sendall(SEND + length + b"nickname=ana1")
        assert connection.recv(100).startswith(b"HTTP/1.1 400 ")


def test_a_body_that_is_too_long_is_read_to_its_end(impatient):
    part = b"a" * MAX_BODY
    status, headers, page = answer_of(impatient, b"text=", *[part] * 20, b"")

    assert status == 413
    assert "too long to send" in page
    assert b"connection" not in headers


def test_the_gateway_passes_on_the_whole_request(app: Flask):
    seen: list[dict[str, Any]] = []

    def application(environ: dict[str, Any], start: Any) -> list[bytes]:
        seen.append(environ)
        start("200 OK", [("Content-Type", "text/plain"), ("Set-Cookie", "a=1")])
        return [b"a", b"b"]

    status, headers, page = answer_of(
        Gateway(application),
        method="GET",
        path="/caf\u00e9",
        query_string=b"x=%C3%A9",
        headers=[
            (b"host", b"localhost"),
            (b"cookie", b"a=1"),
            (b"cookie", b"b=\xc3\xa9"),  # of another application at this name
            (b"x-forwarded-for", b"1.2.3.4"),
            (b"x-forwarded-for", b"5.6.7.8"),
            (b"x_forwarded_for", b"6.6.6.6"),
        ],
    )
    environ = seen[0]

    assert (status, headers[b"set-cookie"], page) == (200, b"a=1", "ab")
    assert environ["PATH_INFO"].encode("latin-1").decode() == "/caf\u00e9"
    assert environ["QUERY_STRING"] == "x=%C3%A9"
    assert environ["HTTP_COOKIE"] == "a=1; b=\xc3\xa9"
    assert environ["HTTP_X_FORWARDED_FOR"] == "1.2.3.4,5.6.7.8"
    assert environ["REMOTE_ADDR"] == "127.0.0.1"
