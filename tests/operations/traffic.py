"""When clients may send: they wait through outages, and while one of them is aimed at."""

from __future__ import annotations

import contextlib
import threading
import time
from collections.abc import Iterator

_CLEARS_WITHIN = 20.0  # seconds
_PRESSES_AGAIN_AFTER = 0.5


class Traffic:
    """Requests of several clients. The run tells them what is down; they tell it what they send."""

    site_can_be_gone = True
    """Whether nobody may answer while something is down."""

    def __init__(self, clients: int) -> None:
        self.is_down = False
        self._clients = clients
        self._parked = 0
        self._busy = 0
        self._aim = ""  # the kind of request to cut off next
        self._aimed: object = None  # the client that sends it
        self._is_clear = False  # nobody else sends anything
        self._changed = threading.Condition()

    # for clients

    @contextlib.contextmanager
    def request(self, client: object, kind: str) -> Iterator[None]:
        """Wait until this client may send, and take note that it does."""
        with self._changed:
            self._changed.wait_for(lambda: self._aimed in (None, client))
            if kind and kind == self._aim and self._aimed is None:
                self._aimed = client
                self._changed.notify_all()
                self._changed.wait_for(lambda: self._is_clear or self._aimed is None)
            self._busy += 1
        try:
            yield
        finally:
            with self._changed:
                self._busy -= 1
                self._changed.notify_all()

    def park(self) -> None:
        """Wait until everything is up again."""
        with self._changed:
            if self.is_down:
                self._parked += 1
                self._changed.notify_all()
                self._changed.wait_for(lambda: not self.is_down)

    def client_ends(self) -> None:
        with self._changed:
            self._clients -= 1
            self._changed.notify_all()

    @property
    def aim(self) -> str:
        """The kind of request that the run waits for, if it does."""
        return "" if self._aimed else self._aim

    # for the run

    def aim_at(self, kind: str, within: float) -> bool:
        """Wait until a client sends something of that kind; from then on it sends alone."""
        with self._changed:
            self._aim = kind
            if not self._changed.wait_for(lambda: self._aimed is not None, within):
                self._aim = ""
                return False
            self._changed.wait_for(lambda: self._busy == 0, _CLEARS_WITHIN)
            self._is_clear = True
            self._changed.notify_all()
            self._changed.wait_for(lambda: self._busy > 0, _CLEARS_WITHIN)
            return True

    @property
    def is_busy(self) -> bool:
        """Whether anything is being sent."""
        return self._busy > 0

    def begin_outage(self) -> None:
        """From now on, requests may fail, and everybody may send."""
        with self._changed:
            self.is_down = True
            self._aim, self._aimed, self._is_clear = "", None, False
            self._changed.notify_all()

    def end_outage(self) -> None:
        """Everything is up again: wake the clients."""
        with self._changed:
            self.is_down = False
            self._parked = 0
            self._aim, self._aimed, self._is_clear = "", None, False
            self._changed.notify_all()

    def wait_for_clients(self, within: float) -> bool:
        """Wait until all clients are parked or have ended."""
        with self._changed:
            return self._changed.wait_for(lambda: self._parked >= self._clients, within)


class RestlessTraffic(Traffic):
    """Clients who press again and again while something is down, and hold still when asked to."""

    site_can_be_gone = False

    def __init__(self, clients: int) -> None:
        super().__init__(clients)
        self._is_held = False
        self._holding: set[object] = set()

    @contextlib.contextmanager
    def request(self, client: object, kind: str) -> Iterator[None]:
        with self._changed:
            if self._is_held:
                self._holding.add(client)
                self._changed.notify_all()
                self._changed.wait_for(lambda: not self._is_held)
        with super().request(client, kind):
            yield

    def park(self) -> None:
        """Read the page that says so, and press again."""
        if self.is_down:
            time.sleep(_PRESSES_AGAIN_AFTER)

    @contextlib.contextmanager
    def held(self) -> Iterator[bool]:
        """Until the end of the block, nobody sends anything; False if somebody still waits."""
        with self._changed:
            self._holding.clear()
            self._is_held = True
            is_still = self._changed.wait_for(
                lambda: len(self._holding) >= self._clients and not self._busy, _CLEARS_WITHIN
            )
        try:
            yield is_still
        finally:
            with self._changed:
                self._is_held = False
                self._changed.notify_all()
