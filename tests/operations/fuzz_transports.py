"""Two ways for a request to reach the site: through the gateway in this process, or a socket."""

from __future__ import annotations

import asyncio
import contextlib
import re
import socket
import time
from http import HTTPStatus
from typing import Any
from urllib.parse import unquote_to_bytes, urlsplit

from flask import Flask

from learn.gateway import Gateway
from tests.operations.browser import Page
from tests.operations.fuzz_requests import FuzzRequest

_PORT = 8000
_TRIES = 5


class InProcess:
    """Sends through `learn.gateway` into an application of this process."""

    def __init__(self, app: Flask) -> None:
        self._gateway = Gateway(app.wsgi_app)
        self._loop = asyncio.new_event_loop()

    def close(self) -> None:
        self._loop.close()

    def send(self, request: FuzzRequest) -> Page:
        """Send a request as it is."""
        path, _, query = request.target.partition("?")
        headers = [
            (k.lower().encode("latin-1"), v.encode("latin-1", "replace"))
            for k, v in request.headers
        ]
        if request.body:
            headers.append((b"content-length", str(len(request.body)).encode()))
        status, found, content = self._call(request.method, path, query, headers, request.body)
        return Page(status, request.target, found, content)

    def exchange(
        self, method: str, target: str, headers: dict[str, str], body: bytes
    ) -> tuple[int, list[tuple[str, str]], bytes]:
        """Send for a browser; again if the site gives up on a busy machine."""
        parts = urlsplit(target)
        sent = [(b"host", b"127.0.0.1:8000")]
        sent += [(k.lower().encode(), v.encode("latin-1")) for k, v in headers.items()]
        if body:
            sent.append((b"content-length", str(len(body)).encode()))
        for _ in range(_TRIES):
            found = self._call(method, parts.path, parts.query, sent, body)
            if found[0] != HTTPStatus.SERVICE_UNAVAILABLE:
                break
            time.sleep(1)
        return found

    def _call(
        self, method: str, path: str, query: str, headers: list[tuple[bytes, bytes]], body: bytes
    ) -> tuple[int, list[tuple[str, str]], bytes]:
        scope = {
            "type": "http",
            "http_version": "1.1",
            "method": method,
            "scheme": "http",
            "path": unquote_to_bytes(path).decode(errors="replace"),
            "query_string": query.encode("latin-1", "replace"),
            "headers": headers,
            "server": ("127.0.0.1", _PORT),
            "client": ("127.0.0.1", 1),
        }
        sent: list[dict[str, Any]] = []

        messages = iter([{"type": "http.request", "body": body, "more_body": False}])

        async def receive() -> dict[str, Any]:
            if message := next(messages, None):
                return message
            await asyncio.Event().wait()  # the client stays
            raise AssertionError

        async def send(message: dict[str, Any]) -> None:
            sent.append(message)

        self._loop.run_until_complete(self._gateway(scope, receive, send))
        found = [(k.decode("latin-1"), v.decode("latin-1")) for k, v in sent[0]["headers"]]
        return sent[0]["status"], found, sent[1]["body"]


class Wire:
    """Sends bytes to a server, each request on a connection of its own."""

    def __init__(self, port: int) -> None:
        self._port = port

    def send(self, request: FuzzRequest, raw: bytes, patience: float) -> Page | None:
        """Send these bytes and no more; None if no answer comes within `patience` seconds."""
        with socket.create_connection(("127.0.0.1", self._port), timeout=patience) as connection:
            received = b""
            with contextlib.suppress(ConnectionError, TimeoutError):
                connection.sendall(raw)
                while part := connection.recv(1 << 16):
                    received += part
        if received.startswith(b"HTTP/1.1 100"):  # it asks for the rest, which is there
            received = received.partition(b"\r\n\r\n")[2]
        head, _, content = received.partition(b"\r\n\r\n")
        status = re.match(rb"HTTP/1\.1 (\d{3})", head)
        if status is None:
            return None
        lines = head.decode("latin-1").split("\r\n")[1:]
        pairs = [line.partition(":") for line in lines]
        return Page(
            int(status[1]), request.target, [(k.strip(), v.strip()) for k, _, v in pairs], content
        )
