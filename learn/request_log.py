"""Give every request an id and every response its headers, and log a line about both."""

from __future__ import annotations

import logging
import mmap
import re
import secrets
import time
from collections.abc import Callable, Iterable
from typing import Any

from learn import logs
from learn.metrics import Meter
from learn.response_headers import FIXED

Application = Callable[[dict[str, Any], Callable[..., Any]], Iterable[bytes]]

_HEADER = "X-Request-ID"
_SANE = re.compile(r"[A-Za-z0-9._=-]{8,64}")
_UNLOGGED = {"health.alive", "health.ready"}  # while they answer 200: a monitor asks all day
_UNTRUSTED = (
    "A request came with X-Forwarded-For, but no proxy is trusted. Behind a proxy, set "
    "LEARN_TRUSTED_PROXIES: else all visitors share the proxy's address, and its limits"
)
_log = logging.getLogger("learn.requests")


class RequestLog:
    """WSGI middleware: the id is a trusted proxy's, or else made here, and sent back.

    It adds the headers that are the same for all responses, too: here they cost least.
    """

    def __init__(
        self, application: Application, *, trusts_proxy: bool, meter: Meter | None = None
    ) -> None:
        self._application = application
        self._trusts_proxy = trusts_proxy
        self._meter = meter
        self._has_warned = mmap.mmap(-1, 1)  # one byte, shared with the workers

    def __call__(
        self, environ: dict[str, Any], start_response: Callable[..., Any]
    ) -> Iterable[bytes]:
        """Answer one request."""
        began = time.perf_counter()
        number = environ[logs.REQUEST_ID] = self._id(environ)
        statuses: list[str] = []

        def start(status: str, headers: list[tuple[str, str]], *rest: Any) -> Any:
            statuses.append(status)
            headers += (*FIXED, (_HEADER, number))
            return start_response(status, headers, *rest)

        token = logs.request_environ.set(environ)
        try:
            if "HTTP_X_FORWARDED_FOR" in environ and not self._trusts_proxy:
                self._warn_of_proxy()
            return self._application(environ, start)
        finally:
            status = int(statuses[-1][:3]) if statuses else 500
            seconds, endpoint = time.perf_counter() - began, environ.get(logs.ENDPOINT)
            if status != 200 or endpoint not in _UNLOGGED:
                logs.log_request(environ, status, seconds * 1000)
            if self._meter is not None:
                self._meter.request(endpoint, status, seconds)
            logs.request_environ.reset(token)

    def _id(self, environ: dict[str, Any]) -> str:
        sent = environ.get("HTTP_X_REQUEST_ID", "") if self._trusts_proxy else ""
        return sent if _SANE.fullmatch(sent) else secrets.token_hex(8)

    def _warn_of_proxy(self) -> None:
        """Warn once, whichever worker sees it first."""
        if self._has_warned[0] == 0:
            self._has_warned[0] = 1
            _log.warning(_UNTRUSTED)
