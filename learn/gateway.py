"""An ASGI server in front of the WSGI application: it reads whole bodies before calling it.

The application runs one request at a time in each process, so a slow body would block the whole
site. Bodies are read here concurrently, each with a deadline, and passed on in memory. Requests of
clients who have gone before their turn are dropped, if they only read: what was sent and has been
read is kept. Of who goes before that, nothing is known: their device keeps the answer, and sends it
again.
"""

from __future__ import annotations

import asyncio
import sys
from collections.abc import Awaitable, Callable, Iterable
from io import BytesIO
from typing import Any

from learn import write_timeout
from learn.request_queue import ClientDisconnectedError, QueueFullError, RequestQueue

MAX_BODY = 64 * 1024
"""Maximum size of a body in bytes; the rest of a longer one is read and discarded."""

BODY_TIMEOUT = 30.0
"""Seconds to receive a whole body, even over very slow Wi-Fi."""

INCOMPLETE_BODY = "learn.incomplete_body"
"""Key in the environ of a request whose body was not received in time."""

TOO_MANY = "learn.too_many"
"""Key in the environ of a request of somebody for whom too many wait."""

_ONLY_READ = {"GET", "HEAD"}
_MAX_DIGITS = 19  # in a Content-Length; int() rejects thousands
_MAX_READ = 16 * 1024 * 1024  # browsers show no page before they have sent the body
_BASE = {
    "SCRIPT_NAME": "",
    "SERVER_SOFTWARE": "Granian",
    "wsgi.errors": sys.stderr,
    "wsgi.input_terminated": True,
    "wsgi.multiprocess": True,
    "wsgi.multithread": False,
    "wsgi.run_once": False,
    "wsgi.version": (1, 0),
}

Application = Callable[[dict[str, Any], Callable[..., Any]], Iterable[bytes]]
Receive = Callable[[], Awaitable[dict[str, Any]]]
Send = Callable[[dict[str, Any]], Awaitable[None]]


class Gateway:
    """Wraps a WSGI application as an ASGI application."""

    def __init__(
        self, application: Application, body_timeout: float = BODY_TIMEOUT, proxies: int = 0
    ) -> None:
        self._application = application
        self._queue = RequestQueue(proxies)
        self._body_timeout = body_timeout
        self._has_write_timeout = False

    async def __call__(self, scope: dict[str, Any], receive: Receive, send: Send) -> None:
        """Answer one request."""
        if not self._has_write_timeout:  # the first request: by now the server listens
            self._has_write_timeout = True
            write_timeout.set_on(int(scope["server"][1]))
        environ = _environ(scope)
        if "CONTENT_LENGTH" in environ or "HTTP_TRANSFER_ENCODING" in environ:
            try:
                async with asyncio.timeout(self._body_timeout):
                    body, length = await _whole(receive, environ.get("CONTENT_LENGTH", ""))
                environ |= {"wsgi.input": BytesIO(body), "CONTENT_LENGTH": str(length)}
            except (TimeoutError, ConnectionError):
                environ |= {INCOMPLETE_BODY: True, "CONTENT_LENGTH": "0"}
        if self._queue.try_start():
            status, headers, content = _run(self._application, environ)
            self._queue.finish()
        else:
            # Of a body that broke off, the server can only say that nothing more comes.
            may_drop = environ["REQUEST_METHOD"] in _ONLY_READ and INCOMPLETE_BODY not in environ
            try:
                async with self._queue.turn(environ, receive, may_drop=may_drop):
                    status, headers, content = _run(self._application, environ)
            except ClientDisconnectedError:
                return
            except QueueFullError:
                status, headers, content = _run(self._application, environ | {TOO_MANY: True})
        if INCOMPLETE_BODY in environ:
            headers.append((b"connection", b"close"))
        await send({"type": "http.response.start", "status": status, "headers": headers})
        await send({"type": "http.response.body", "body": content})


async def _whole(receive: Receive, announced: str) -> tuple[bytes, int]:
    """Return the body, or the beginning of one that is too long, and its length.

    `announced` is the Content-Length, if there is one: once so much has come, no further message is
    awaited. Raises ConnectionError if the client has gone.
    """
    is_number = announced.isdecimal() and len(announced) <= _MAX_DIGITS
    expected = int(announced) if is_number else None
    parts, length, more = [], 0, expected != 0
    while more and length <= _MAX_READ:
        message = await receive()
        if message["type"] != "http.request":
            raise ConnectionError
        part = message.get("body", b"")
        if length <= MAX_BODY:
            parts.append(part)
        length += len(part)
        more = message.get("more_body", False) and length != expected
    return b"".join(parts)[: MAX_BODY + 1], length


def _environ(scope: dict[str, Any]) -> dict[str, Any]:
    server, port = scope["server"]
    environ = _BASE | {
        "PATH_INFO": scope["path"].encode().decode("latin-1"),  # as WSGI wants it
        "QUERY_STRING": scope["query_string"].decode("latin-1"),
        "REMOTE_ADDR": scope["client"][0],
        "REQUEST_METHOD": scope["method"],
        "SERVER_NAME": server,
        "SERVER_PORT": str(port),
        "SERVER_PROTOCOL": f"HTTP/{scope['http_version']}",
        "wsgi.input": BytesIO(),
        "wsgi.url_scheme": scope["scheme"],
    }
    for raw_name, raw_value in scope["headers"]:
        if b"_" in raw_name:
            continue  # in the environ it would pass for one with a hyphen
        key = f"HTTP_{raw_name.decode('latin-1').upper().replace('-', '_')}"
        value = raw_value.decode("latin-1")
        if key in environ:
            value = f"{environ[key]}{'; ' if key == 'HTTP_COOKIE' else ','}{value}"
        environ[key] = value
    for name in ("CONTENT_LENGTH", "CONTENT_TYPE"):
        if f"HTTP_{name}" in environ:
            environ[name] = environ.pop(f"HTTP_{name}")
    return environ


def _run(
    application: Application, environ: dict[str, Any]
) -> tuple[int, list[tuple[bytes, bytes]], bytes]:
    """Run the application to its end; return status, headers and content."""
    started: list[tuple[str, list[tuple[str, str]]]] = []

    def start(status: str, headers: list[tuple[str, str]], _error: Any = None) -> None:
        started[:] = [(status, headers)]

    chunks = application(environ, start)
    try:
        content = b"".join(chunks)
    finally:
        if close := getattr(chunks, "close", None):
            close()
    status, headers = started[0]
    encoded = [(k.lower().encode("latin-1"), v.encode("latin-1")) for k, v in headers]
    return int(status.split(" ", 1)[0]), encoded, content
