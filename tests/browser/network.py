"""A network between browser and site that can be lost, also after the site got what was sent."""

from __future__ import annotations

import contextlib
import socket
import threading
from collections.abc import Iterator
from enum import Enum

_PIECE = 65536


class Loss(Enum):
    """What is lost."""

    NOTHING = "nothing"
    ANSWERS = "answers"  # the site gets what is sent, and the browser gets no answer
    EVERYTHING = "everything"
    TIME = "time"  # nothing arrives, and nothing says so
    TIME_OF_ANSWERS = "time of answers"  # as before, but the site gets what is sent


class Network:
    """Connections to the site at `port`, which are cut whenever the network is lost."""

    def __init__(self, port: int) -> None:
        self._site = port
        self._loss = Loss.NOTHING
        self._open = set[socket.socket]()
        self._lock = threading.Lock()
        self._listener = socket.create_server(("127.0.0.1", 0), backlog=64)
        self.address = f"http://127.0.0.1:{self._listener.getsockname()[1]}"
        threading.Thread(target=self._accept, daemon=True).start()

    def lose(self, what: Loss) -> None:
        """Change what is lost; connections that are open end."""
        self._loss = what
        with self._lock:
            for end in self._open:
                with contextlib.suppress(OSError):
                    end.shutdown(socket.SHUT_RDWR)

    def lead_to(self, port: int) -> None:
        """Lead to another site from now on."""
        self._site = port
        self.lose(Loss.NOTHING)

    def close(self) -> None:
        self._listener.close()
        self.lose(Loss.EVERYTHING)

    def _accept(self) -> None:
        with contextlib.suppress(OSError):
            while True:
                browser, _ = self._listener.accept()
                if self._loss is Loss.EVERYTHING:
                    browser.close()
                    continue
                try:
                    site = socket.create_connection(("127.0.0.1", self._site))
                except OSError:  # it is being started
                    browser.close()
                    continue
                with self._lock:
                    self._open |= {browser, site}
                for ends in ((browser, site), (site, browser)):
                    threading.Thread(
                        target=self._pass_on, args=(*ends, ends[0] is site), daemon=True
                    ).start()

    def _pass_on(self, one: socket.socket, other: socket.socket, is_answer: bool) -> None:
        with contextlib.suppress(OSError):
            while piece := one.recv(_PIECE):
                if is_answer and self._loss is Loss.ANSWERS:
                    break
                if self._loss is Loss.TIME or (is_answer and self._loss is Loss.TIME_OF_ANSWERS):
                    continue
                other.sendall(piece)
        for end in (one, other):
            with contextlib.suppress(OSError):
                end.shutdown(socket.SHUT_RDWR)
        with self._lock:
            self._open -= {one}
        one.close()


@contextlib.contextmanager
def network_to(port: int) -> Iterator[Network]:
    """A network to the site at `port`, until the end of the block."""
    found = Network(port)
    try:
        yield found
    finally:
        found.close()
