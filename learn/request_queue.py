"""The queue of requests that wait in a worker: bounded per client, and without disconnected ones.

A worker runs one request at a time. While it is quick, requests run as they come, and this reads
the clock twice. Once it has been busy for a while, they are queued, so that it is known how many
wait for each client, and which clients have disconnected meanwhile.
"""

from __future__ import annotations

import asyncio
import contextlib
import re
from collections import Counter, deque
from collections.abc import AsyncIterator, Awaitable, Callable
from time import perf_counter
from typing import Any, Self

from learn import metrics
from learn.networks import network_of

MAX_PER_COOKIE = 32
"""Requests with one cookie that may wait: a browser has six connections; over HTTP/2, behind a
proxy, it asks for all files of a page at once."""

MAX_PER_ADDRESS = 1800
"""Requests from one address that may wait: six connections for each of 300 people."""

_MAX_BUSY = 0.05  # seconds that a worker may be busy without a pause before requests are queued
_IDLE = 0.001  # seconds without a request that count as a pause
_LONG_QUEUE = (
    20  # requests; from there on, or after a slow one, disconnected clients are looked for
)
_DISCONNECT_CHECK = 0.005  # seconds in which the server reports a disconnect, once it can
_DISCONNECT_WAIT = 0.05  # seconds until it can, on a busy machine
_COOKIE = re.compile(r"learn_all=([^;]*)")

Receive = Callable[[], Awaitable[dict[str, Any]]]


class QueueFullError(Exception):
    """Too many requests of this client wait already."""


class ClientDisconnectedError(Exception):
    """The client has disconnected, and would not see an answer."""


class RequestQueue:
    """The requests that wait for a worker; `proxies` is the number of trusted ones in front."""

    def __init__(self, proxies: int = 0) -> None:
        self._proxies = proxies
        self._queue: deque[asyncio.Future[None]] = deque()
        self._waiting: Counter[tuple[str, str]] = Counter()
        self._is_running = False  # a request runs, and will start the next one
        self._busy_since = self._started = self._finished = 0.0

    def try_start(self) -> bool:
        """Start a request at once if none waits; return whether it may run. Then call `finish`."""
        if self._is_running:
            return False
        now = perf_counter()
        if now - self._finished > _IDLE:
            self._busy_since = now
        if now - self._busy_since > _MAX_BUSY:
            return False
        self._started = now
        return True

    def finish(self) -> None:
        """Record that the request has run."""
        self._finished = perf_counter()

    @contextlib.asynccontextmanager
    async def turn(
        self, environ: dict[str, Any], receive: Receive, *, may_drop: bool
    ) -> AsyncIterator[None]:
        """Wait until the request may run, and keep others waiting until the end of the block.

        Raises QueueFullError; with `may_drop`, ClientDisconnectedError if the client has gone.
        """
        keys = self._client_keys(environ)
        was_slow = self._finished - self._started > _MAX_BUSY
        watch = may_drop and (was_slow or self._is_full(keys) or len(self._queue) >= _LONG_QUEUE)
        with _DisconnectWatcher(receive) if watch else contextlib.nullcontext() as watcher:
            if self._is_full(keys):  # perhaps of requests whose client has gone
                await asyncio.sleep(_DISCONNECT_CHECK)
                if watcher and await watcher.is_disconnected():
                    raise ClientDisconnectedError
                if self._is_full(keys):
                    raise QueueFullError
            await self._wait_for_turn(keys, watcher)
            try:
                if watcher and await watcher.is_disconnected():
                    raise ClientDisconnectedError
                self._started = perf_counter()
                yield
                self.finish()
            finally:
                # After what came in meanwhile, which so is queued, and counted.
                asyncio.get_running_loop().call_soon(self._start_next)

    def _is_full(self, keys: list[tuple[str, str]]) -> bool:
        most = {"cookie": MAX_PER_COOKIE, "address": MAX_PER_ADDRESS}
        return any(self._waiting[each] >= most[each[0]] for each in keys)

    async def _wait_for_turn(
        self, keys: list[tuple[str, str]], watcher: _DisconnectWatcher | None
    ) -> None:
        if not self._is_running:
            self._is_running = True
            return
        waiter = asyncio.get_running_loop().create_future()
        self._queue.append(waiter)
        self._waiting.update(keys)
        self._update_metric()
        if watcher:
            watcher.cancel_on_disconnect(waiter)
        try:
            await waiter
        finally:
            self._update_metric()
            for each in keys:
                self._waiting[each] -= 1
                if not self._waiting[each]:
                    del self._waiting[each]

    def _update_metric(self) -> None:
        if meter := metrics.meter():
            meter.waiting(sum(not waiter.done() for waiter in self._queue))

    def _start_next(self) -> None:
        while self._queue:
            waiter = self._queue.popleft()
            if not waiter.done():
                waiter.set_result(None)
                return
        self._is_running = False

    def _client_keys(self, environ: dict[str, Any]) -> list[tuple[str, str]]:
        """Return the keys under which a request of this client is counted.

        The cookie isn't checked: an invented one only has a share of its address.
        """
        address = environ["REMOTE_ADDR"]
        if self._proxies:
            hops = environ.get("HTTP_X_FORWARDED_FOR", "").split(",")
            address = hops[-self._proxies].strip() if len(hops) >= self._proxies else address
        keys = [("address", network_of(address))]
        if match := _COOKIE.search(environ.get("HTTP_COOKIE", "")):
            keys.append(("cookie", match[1]))
        return keys


class _DisconnectWatcher:
    """Tells whether the client of a request has disconnected; its body, if any, was read."""

    def __init__(self, receive: Receive) -> None:
        self._receive = receive
        self._started = perf_counter()
        self._is_ready = asyncio.Event()  # what the server says next is about the client
        self._task = asyncio.ensure_future(self._watch())

    async def _watch(self) -> None:
        while (await self._receive())["type"] != "http.disconnect":
            self._started = perf_counter()
            self._is_ready.set()

    async def is_disconnected(self) -> bool:
        """Return whether the client has gone; wait until that could be known."""
        left = self._started + _DISCONNECT_WAIT - perf_counter()
        if left > 0 and not self._is_ready.is_set() and not self._task.done():
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(self._is_ready.wait(), left)
        left = self._started + _DISCONNECT_CHECK - perf_counter()
        if left > 0 and not self._task.done():
            await asyncio.wait({self._task}, timeout=left)
        return self._is_disconnected()

    def cancel_on_disconnect(self, waiter: asyncio.Future[None]) -> None:
        """Raise ClientDisconnectedError from `waiter`, a future, as soon as the client has gone."""

        def free(_task: object) -> None:
            if self._is_disconnected() and not waiter.done():
                waiter.set_exception(ClientDisconnectedError())

        self._task.add_done_callback(free)

    def _is_disconnected(self) -> bool:
        return self._task.done() and not self._task.cancelled() and not self._task.exception()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._task.cancel()
