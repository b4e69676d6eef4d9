"""A circuit breaker in front of the database: while it is away, requests fail at once.

A worker answers one request at a time, so each that waits for a database in vain would hold up
everybody else. After a failure, only a thread in the background tries the database, once a second.
"""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable
from enum import IntEnum
from time import monotonic

from sqlalchemy.exc import DBAPIError, SQLAlchemyError
from sqlalchemy.exc import TimeoutError as PoolTimeoutError

PROBE_INTERVAL = 1.0
PROBE = "database probe"  # the name of its thread
_PATIENCE = 2.0  # seconds to wait for a probe that is under way
_LOG_INTERVAL = 10.0  # seconds between lines about one outage, in each process

_log = logging.getLogger("learn")


class DatabaseAwayError(SQLAlchemyError):
    """The database can't be used now; nothing was written."""


class OutageScope(IntEnum):
    """What can't be done during an outage."""

    STATEMENT = 0  # this statement alone: it was too slow, or in a deadlock
    WRITES = 1
    ALL = 2


_SQLITE_SCOPES = {
    5: OutageScope.WRITES,  # busy
    6: OutageScope.WRITES,  # locked
    8: OutageScope.WRITES,  # read-only
    13: OutageScope.WRITES,  # disk full
    3: OutageScope.ALL,  # no permission
    7: OutageScope.ALL,  # no memory
    9: OutageScope.STATEMENT,  # interrupted
    10: OutageScope.ALL,  # I/O error
    11: OutageScope.ALL,  # malformed
    14: OutageScope.ALL,  # can't be opened
    15: OutageScope.ALL,  # locking protocol
    26: OutageScope.ALL,  # not a database
}
_POSTGRES_SCOPES = {
    "25006": OutageScope.WRITES,  # read-only, as after a failover
    "25P03": OutageScope.STATEMENT,  # idle in a transaction for too long, as on a busy machine
    "25P04": OutageScope.STATEMENT,  # a transaction that took too long
    "40001": OutageScope.STATEMENT,  # serialization failure
    "40P01": OutageScope.STATEMENT,  # deadlock
    "42P01": OutageScope.ALL,  # no such table: another, empty database
    "55P03": OutageScope.STATEMENT,  # lock not available: somebody else has this row or table
    "57014": OutageScope.STATEMENT,  # statement timeout
    "XX001": OutageScope.ALL,  # data corrupted
    "XX002": OutageScope.ALL,  # index corrupted
}
_POSTGRES_CLASSES = {
    "08": OutageScope.ALL,  # connection
    "28": OutageScope.ALL,  # the role can't log in
    "3D": OutageScope.ALL,  # no such database
    "53": OutageScope.WRITES,  # disk full, out of memory or connections
    "57": OutageScope.ALL,  # shut down, or starting up
    "58": OutageScope.ALL,  # I/O error
    "F0": OutageScope.ALL,  # configuration file
}


def outage_scope(error: BaseException) -> OutageScope | None:
    """Return the scope of the outage that the error shows; None if it shows none."""
    if isinstance(error, (DatabaseAwayError, PoolTimeoutError)):
        return OutageScope.ALL
    if not isinstance(error, DBAPIError):
        return None
    if error.connection_invalidated:
        return OutageScope.ALL
    return _scope_of_driver_error(error.orig, error.statement or "")


def _scope_of_driver_error(error: BaseException | None, statement: str) -> OutageScope | None:
    code = getattr(error, "sqlite_errorcode", None)
    if code is not None:
        is_other_file = code == 1 and "no such table" in str(error)
        return OutageScope.ALL if is_other_file else _SQLITE_SCOPES.get(code & 0xFF)
    state = getattr(error, "sqlstate", None)
    if state is not None:
        if state == "55P03" and "NOWAIT" in statement:
            return None  # the statement asked not to wait
        return _POSTGRES_SCOPES.get(state, _POSTGRES_CLASSES.get(state[:2]))
    is_of_connection = any(kind.__name__ == "OperationalError" for kind in type(error).__mro__)
    return OutageScope.ALL if is_of_connection else None


class Breaker:
    """Opens when the database is away, and closes when `probe` succeeds.

    `probe` uses the database and raises an exception if it can't; it gets `OutageScope.ALL` to
    read, and then `OutageScope.WRITES` to write.
    """

    def __init__(self, probe: Callable[[OutageScope], None]) -> None:
        self._probe = probe
        self._scope: OutageScope | None = None
        self._is_probing = False
        self._lock = threading.Lock()
        self._opened_at = 0.0
        self._refused = 0
        self._reason = ""
        self._logged_at = -_LOG_INTERVAL
        self._stopped = threading.Event()
        self._thread: threading.Thread | None = None

    @property
    def scope(self) -> OutageScope | None:
        """Scope of the present outage; None while the breaker is closed."""
        return self._scope

    def check(self, scope: OutageScope) -> None:
        """Raise DatabaseAwayError if the present outage includes `scope`."""
        if self._scope is not None and self._scope >= scope:
            self._refused += 1
            raise DatabaseAwayError(self._reason)

    def suspect(self) -> None:
        """Probe once in the background, after a request with a short timeout ran into it."""
        with self._lock:
            if self._is_probing or self._scope is not None:
                return
            self._is_probing = True
            self._start(self._probe_once)

    def stop(self) -> None:
        """End probing, so that no probe opens a connection any longer; a later use begins anew."""
        with self._lock:
            thread, self._thread = self._thread, None
            self._stopped.set()
            self._stopped = threading.Event()
            self._scope = None
        if thread is not None:
            thread.join(_PATIENCE)

    def open(self, scope: OutageScope, reason: str) -> None:
        """Refuse requests of this scope until a probe succeeds; for one statement, only log."""
        if scope is OutageScope.STATEMENT:
            if self._may_log():
                _log.warning("the database gave up a statement: %s", reason)
            return
        with self._lock:
            if self._is_stopped_probe():
                return
            was_closed = self._scope is None
            self._scope = max(scope, self._scope or scope)
            self._reason = reason
            if was_closed:
                self._opened_at = monotonic()
                self._refused = 0
            self._log_outage()  # before a probe can fail for a reason of its own
            if was_closed:
                self._start(self._probe_until_back)

    def _start(self, probing: Callable[[threading.Event], None]) -> None:
        """Probe in the background until it succeeds, or until `stop`."""
        self._thread = threading.Thread(
            target=probing, args=(self._stopped,), daemon=True, name=PROBE
        )
        self._thread.start()

    def _is_stopped_probe(self) -> bool:
        """Return whether a probe asks that was stopped while it was under way."""
        asking = threading.current_thread()
        return asking.name == PROBE and asking is not self._thread

    def _probe_once(self, _stopped: threading.Event) -> None:
        try:
            self._probe(OutageScope.ALL)
        except Exception as error:  # noqa: BLE001 - whatever it is, it can't be read
            self.open(OutageScope.ALL, reason_of(error))
        finally:
            self._is_probing = False

    def _probe_until_back(self, stopped: threading.Event) -> None:
        while not stopped.wait(PROBE_INTERVAL):
            try:
                self._probe(OutageScope.ALL)
                self._become(OutageScope.WRITES, stopped)
                self._probe(OutageScope.WRITES)
            except Exception as error:  # noqa: BLE001 - whatever it is, try again in a second
                if not stopped.is_set():
                    self._reason = reason_of(error)
                    self._log_outage()
                continue
            self._become(None, stopped)
            self._log_recovery()
            return

    def _become(self, scope: OutageScope | None, stopped: threading.Event) -> None:
        with self._lock:
            if not stopped.is_set():
                self._scope = scope

    def _log_outage(self) -> None:
        if not self._may_log():
            return
        _log.error(
            "the database is away%s: %s (for %.0f s, %d requests refused)",
            " for writing" if self._scope is OutageScope.WRITES else "",
            self._reason,
            monotonic() - self._opened_at,
            self._refused,
        )

    def _may_log(self) -> bool:
        """Return whether to log a line now; if so, no other is logged for `_LOG_INTERVAL`."""
        now = monotonic()
        is_due = now - self._logged_at >= _LOG_INTERVAL
        if is_due:
            self._logged_at = now
        return is_due

    def _log_recovery(self) -> None:
        seconds = monotonic() - self._opened_at
        if seconds > 2 * PROBE_INTERVAL or self._refused:
            _log.warning(
                "the database is back after %.0f s, with %d requests refused",
                seconds,
                self._refused,
            )


def reason_of(error: BaseException) -> str:
    """Return the first line of the driver's message."""
    message = str(getattr(error, "orig", None) or error).strip()
    return message.splitlines()[0] if message else type(error).__name__
