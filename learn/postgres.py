"""Connections to PostgreSQL that never wait forever, even for a server that says nothing."""

from __future__ import annotations

import math
import queue
import select
import threading
from collections.abc import Mapping
from typing import Any

import psycopg
from psycopg.pq import TransactionStatus

from learn import deadlines

_MAX_MS = 2**31 - 1
_MAX_READS = 3


class _DeadlineError(psycopg.OperationalError, deadlines.DeadlineError):
    """No answer in the time that this page could wait."""


class PatientConnection(psycopg.Connection[Any]):
    """A connection that is closed if a reply takes longer than `reply_limit` seconds.

    The server's own timeouts don't help while the server is frozen, or the network between.
    """

    reply_limit = math.inf

    def wait(self, gen: Any, interval: float = 0.1, timeout: float | None = None) -> Any:
        """Wait for the server. Raises psycopg.OperationalError if it takes too long."""
        limit = deadlines.remaining(self.reply_limit)
        if limit == math.inf:
            return super().wait(gen, interval, timeout)
        try:
            return super().wait(gen, interval, limit)
        except psycopg.OperationalError as error:
            if self.pgconn.transaction_status != TransactionStatus.ACTIVE:
                raise
            self.pgconn.finish()  # the reply may still come, but not to the next statement
            if limit < self.reply_limit:
                raise _DeadlineError("no reply in time") from error
            raise

    def is_ended(self) -> bool:
        """Return whether the server has ended the connection; this takes no round trip."""
        if self.closed:
            return True
        poll = select.poll()
        poll.register(self.pgconn.socket, select.POLLIN)
        for _ in range(_MAX_READS):
            if not poll.poll(0):
                return False
            try:
                self.pgconn.consume_input()  # a notice, or the end
            except psycopg.OperationalError:
                return True
        return True


def parameters(named: Mapping[str, Any], settings: Mapping[str, float]) -> dict[str, Any]:
    """Return connection parameters with limits; `settings` of the session are in seconds.

    Those in the address of the database win.
    """
    options = " ".join(
        f"-c {name}={min(int(seconds * 1000), _MAX_MS)}"
        for name, seconds in settings.items()
        if seconds != math.inf
    )
    found = {
        "connect_timeout": 2,  # for each host
        "keepalives_idle": 10,
        "keepalives_interval": 5,
        "keepalives_count": 3,
        "tcp_user_timeout": 20_000,
        **named,
    }
    if options := f"{options} {named.get('options', '')}".strip():
        found["options"] = options  # a pooler refuses even an empty one
    return found


def connect(
    args: tuple[Any, ...], named: Mapping[str, Any], limit: float, reply_limit: float
) -> PatientConnection:
    """Connect within `limit` seconds, whatever takes long: the server, the network, or DNS.

    A thread waits, since nothing else ends all of these waits. Raises psycopg.OperationalError.
    """
    attempt = _Attempt(args, named)
    seconds = deadlines.remaining(limit)
    too_late = _DeadlineError if seconds < limit else psycopg.OperationalError
    connection = attempt.result(seconds, too_late("connecting took too long"))
    connection.reply_limit = reply_limit
    return connection


class _Attempt:
    """An attempt to connect, in a thread; it closes a connection that comes after the timeout."""

    def __init__(self, args: tuple[Any, ...], named: Mapping[str, Any]) -> None:
        self._args, self._named = args, named
        self._found: queue.SimpleQueue[PatientConnection | BaseException] = queue.SimpleQueue()
        self._is_wanted = True
        self._changes = threading.Lock()
        threading.Thread(target=self._run, daemon=True).start()

    def result(self, seconds: float, too_late: psycopg.Error) -> PatientConnection:
        """Return the connection. Raises psycopg.Error, which after `seconds` is `too_late`."""
        try:
            outcome = self._found.get(timeout=None if seconds == math.inf else seconds)
        except queue.Empty:
            with self._changes:
                self._is_wanted = False
                if self._found.empty():
                    raise too_late from None
            outcome = self._found.get()
        if isinstance(outcome, BaseException):
            raise outcome
        return outcome

    def _run(self) -> None:
        try:
            outcome: PatientConnection | BaseException = PatientConnection.connect(
                *self._args, **self._named
            )
        except BaseException as error:  # noqa: BLE001 - raised again in the thread that waits
            outcome = error
        with self._changes:
            if self._is_wanted:
                self._found.put(outcome)
            elif isinstance(outcome, PatientConnection):
                outcome.close()
