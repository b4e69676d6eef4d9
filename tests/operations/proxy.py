"""A small reverse proxy: it passes requests below a path on, with that path or without it."""

from __future__ import annotations

import contextlib
import http.client
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

_OWN = {"connection", "transfer-encoding", "server", "date"}


class _Handler(BaseHTTPRequestHandler):
    """Hands a request to the site, and its response back."""

    protocol_version = "HTTP/1.1"
    site: int
    prefix: str
    removes_prefix: bool

    def answer(self) -> None:
        path = self.path.removeprefix(self.prefix) if self.removes_prefix else self.path
        if not self.path.startswith(self.prefix):
            self.send_error(404, "not the site")
            return
        body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
        named = {"Host": self.headers["Host"], "X-Forwarded-For": self.client_address[0]}
        passed = {k: v for k, v in self.headers.items() if k.lower() not in _OWN} | named
        connection = http.client.HTTPConnection("127.0.0.1", self.site, timeout=30)
        with contextlib.closing(connection):
            connection.request(self.command, path or "/", body or None, passed)
            response = connection.getresponse()
            content = response.read()
        self.send_response(response.status)
        for name, value in response.getheaders():
            if name.lower() not in _OWN | {"content-length"}:
                self.send_header(name, value)
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)

    do_GET = do_POST = answer  # noqa: N815 - the names that http.server looks for

    def log_message(self, *_: Any) -> None:
        """Say nothing."""


@contextlib.contextmanager
def proxying(site: int, prefix: str, *, removes_prefix: bool) -> Iterator[int]:
    """A proxy in front of the site at that port, until the end of the block; its port."""
    own = {"site": site, "prefix": prefix, "removes_prefix": removes_prefix}
    server = ThreadingHTTPServer(("127.0.0.1", 0), type("Handler", (_Handler,), own))
    server.daemon_threads = True
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield server.server_address[1]
    finally:
        server.shutdown()
        server.server_close()
