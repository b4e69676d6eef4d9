"""The line of requests that wait in a worker: how many of one visitor's, and who has left it.

A worker runs one request at a time. While it is quick, requests run as they come, and this costs
two looks at the clock. Once it has been busy for a while, they form a line, so that it is known how
many wait for whom, and who has gone meanwhile.
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

MOST_OF_ONE = 32
"""Requests with one cookie that may wait: a browser has six connections; over HTTP/2, behind a
proxy, it asks for all files of a page at once."""

MOST_OF_AN_ADDRESS = 1800
"""Requests from one address that may wait: six connections for each of 300 people."""

_QUICK = 0.05  # seconds that a worker may be busy without a pause before requests line up
_PAUSE = 0.001  # seconds without a request that make a pause
_MANY = 20  # that wait; from there on, or after a slow one, it is worth looking who has gone
_LOOK = 0.005  # seconds in which the server tells of a client who has gone, once it may
_PATIENCE = 0.05  # seconds until it may, on a busy machine
_COOKIE = re.compile(r"learn_all=([^;]*)")

Receive = Callable[[], Awaitable[dict[str, Any]]]


class FullError(Exception):
    """So many requests of this visitor wait that another one may not."""


class GoneError(Exception):
    """The client has gone, and would not see an answer."""


class WaitingLine:
    """Whose turn it is; `proxies` is the number of trusted ones in front."""

    def __init__(self, proxies: int = 0) -> None:
        self._proxies = proxies
        self._line: deque[asyncio.Future[None]] = deque()
        self._waiting: Counter[tuple[str, str]] = Counter()
        self._is_moving = False  # somebody has the turn, and will call the next one
        self._busy_since = self._began = self._ended = 0.0

    def is_free(self) -> bool:
        """Return whether a request may run at once; `ended` says when it has."""
        if self._is_moving:
            return False
        now = perf_counter()
        if now - self._ended > _PAUSE:
            self._busy_since = now
        if now - self._busy_since > _QUICK:
            return False
        self._began = now
        return True

    def ended(self) -> None:
        """Note that a request has run."""
        self._ended = perf_counter()

    @contextlib.asynccontextmanager
    async def turn(
        self, environ: dict[str, Any], receive: Receive, *, may_leave: bool
    ) -> AsyncIterator[None]:
        """Wait for the turn, and have it until the end of the block.

        Raises FullError; with `may_leave`, GoneError if the client doesn't wait any more.
        """
        whose = self._whose(environ)
        was_slow = self._ended - self._began > _QUICK
        looks = may_leave and (was_slow or self._is_full(whose) or len(self._line) >= _MANY)
        with _Lookout(receive) if looks else contextlib.nullcontext() as lookout:
            if self._is_full(whose):  # perhaps of requests whose client has gone
                await asyncio.sleep(_LOOK)
                if lookout and await lookout.sees_nobody():
                    raise GoneError
                if self._is_full(whose):
                    raise FullError
            await self._come_up(whose, lookout)
            try:
                if lookout and await lookout.sees_nobody():
                    raise GoneError
                self._began = perf_counter()
                yield
                self.ended()
            finally:
                # After what came in meanwhile, which so finds the line, and is counted.
                asyncio.get_running_loop().call_soon(self._call_next)

    def _is_full(self, whose: list[tuple[str, str]]) -> bool:
        most = {"cookie": MOST_OF_ONE, "address": MOST_OF_AN_ADDRESS}
        return any(self._waiting[each] >= most[each[0]] for each in whose)

    async def _come_up(self, whose: list[tuple[str, str]], lookout: _Lookout | None) -> None:
        if not self._is_moving:
            self._is_moving = True
            return
        place = asyncio.get_running_loop().create_future()
        self._line.append(place)
        self._waiting.update(whose)
        self._tell()
        if lookout:
            lookout.free_when_gone(place)
        try:
            await place
        finally:
            self._tell()
            for each in whose:
                self._waiting[each] -= 1
                if not self._waiting[each]:
                    del self._waiting[each]

    def _tell(self) -> None:
        if meter := metrics.meter():
            meter.waiting(sum(not place.done() for place in self._line))

    def _call_next(self) -> None:
        while self._line:
            place = self._line.popleft()
            if not place.done():
                place.set_result(None)
                return
        self._is_moving = False

    def _whose(self, environ: dict[str, Any]) -> list[tuple[str, str]]:
        """Return by what to count a request.

        The cookie isn't checked: an invented one only has a share of its address.
        """
        told = environ["REMOTE_ADDR"]
        if self._proxies:
            hops = environ.get("HTTP_X_FORWARDED_FOR", "").split(",")
            told = hops[-self._proxies].strip() if len(hops) >= self._proxies else told
        whose = [("address", network_of(told))]
        if match := _COOKIE.search(environ.get("HTTP_COOKIE", "")):
            whose.append(("cookie", match[1]))
        return whose


class _Lookout:
    """Sees whether the client of a request without a body, or with a whole one, has gone."""

    def __init__(self, receive: Receive) -> None:
        self._receive = receive
        self._began = perf_counter()
        self._is_ready = asyncio.Event()  # what the server says next is about the client
        self._task = asyncio.ensure_future(self._watch())

    async def _watch(self) -> None:
        while (await self._receive())["type"] != "http.disconnect":
            self._began = perf_counter()
            self._is_ready.set()

    async def sees_nobody(self) -> bool:
        """Return whether the client has gone; wait until that could be known."""
        left = self._began + _PATIENCE - perf_counter()
        if left > 0 and not self._is_ready.is_set() and not self._task.done():
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(self._is_ready.wait(), left)
        left = self._began + _LOOK - perf_counter()
        if left > 0 and not self._task.done():
            await asyncio.wait({self._task}, timeout=left)
        return self._has_gone()

    def free_when_gone(self, place: asyncio.Future[None]) -> None:
        """Raise GoneError from `place`, a future, as soon as the client has gone."""

        def free(_task: object) -> None:
            if self._has_gone() and not place.done():
                place.set_exception(GoneError())

        self._task.add_done_callback(free)

    def _has_gone(self) -> bool:
        return self._task.done() and not self._task.cancelled() and not self._task.exception()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._task.cancel()
