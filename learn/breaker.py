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
_LOG_INTERVAL = 10.0  # seconds between lines about one outage, in each process

_log = logging.getLogger("learn")


class DatabaseAwayError(SQLAlchemyError):
    """The database can't be used now; nothing was written."""


class Extent(IntEnum):
    """What an outage concerns."""

    STATEMENT = 0  # this statement alone: it was too slow, or in a deadlock
    WRITES = 1
    ALL = 2


_SQLITE_EXTENTS = {
    5: Extent.WRITES,  # busy
    6: Extent.WRITES,  # locked
    8: Extent.WRITES,  # read-only
    13: Extent.WRITES,  # disk full
    3: Extent.ALL,  # no permission
    7: Extent.ALL,  # no memory
    9: Extent.STATEMENT,  # interrupted
    10: Extent.ALL,  # I/O error
    11: Extent.ALL,  # malformed
    14: Extent.ALL,  # can't be opened
    15: Extent.ALL,  # locking protocol
    26: Extent.ALL,  # not a database
}
_POSTGRES_EXTENTS = {
    "25006": Extent.WRITES,  # read-only, as after a failover
    "40001": Extent.STATEMENT,  # serialization failure
    "40P01": Extent.STATEMENT,  # deadlock
    "42P01": Extent.ALL,  # no such table: another, empty database
    "55P03": Extent.ALL,  # a lock was not to be had
    "57014": Extent.STATEMENT,  # statement timeout
    "XX001": Extent.ALL,  # data corrupted
    "XX002": Extent.ALL,  # index corrupted
}
_POSTGRES_CLASSES = {
    "08": Extent.ALL,  # connection
    "28": Extent.ALL,  # the role can't log in
    "3D": Extent.ALL,  # no such database
    "53": Extent.WRITES,  # disk full, out of memory or connections
    "57": Extent.ALL,  # shut down, or starting up
    "58": Extent.ALL,  # I/O error
    "F0": Extent.ALL,  # configuration file
}


def extent_of(error: BaseException) -> Extent | None:
    """Return what is away if the error means that the database is; None for any other error."""
    if isinstance(error, (DatabaseAwayError, PoolTimeoutError)):
        return Extent.ALL
    if not isinstance(error, DBAPIError):
        return None
    if error.connection_invalidated:
        return Extent.ALL
    return _extent_of_driver(error.orig, error.statement or "")


def _extent_of_driver(error: BaseException | None, statement: str) -> Extent | None:
    code = getattr(error, "sqlite_errorcode", None)
    if code is not None:
        is_other_file = code == 1 and "no such table" in str(error)
        return Extent.ALL if is_other_file else _SQLITE_EXTENTS.get(code & 0xFF)
    state = getattr(error, "sqlstate", None)
    if state is not None:
        if state == "55P03" and "NOWAIT" in statement:
            return None  # the statement was not to wait
        return _POSTGRES_EXTENTS.get(state, _POSTGRES_CLASSES.get(state[:2]))
    is_of_connection = any(kind.__name__ == "OperationalError" for kind in type(error).__mro__)
    return Extent.ALL if is_of_connection else None


class Breaker:
    """Opens when the database is away, and closes when `probe` succeeds.

    `probe` uses the database and raises an exception if it can't; it gets `Extent.ALL` to read, and
    then `Extent.WRITES` to write.
    """

    def __init__(self, probe: Callable[[Extent], None]) -> None:
        self._probe = probe
        self._extent: Extent | None = None
        self._is_suspicious = False
        self._changes = threading.Lock()
        self._began = 0.0
        self._refused = 0
        self._reason = ""
        self._logged = -_LOG_INTERVAL

    @property
    def extent(self) -> Extent | None:
        """What is away now; None if nothing is known to be."""
        return self._extent

    def check(self, extent: Extent) -> None:
        """Raise DatabaseAwayError if what is needed is away."""
        if self._extent is not None and self._extent >= extent:
            self._refused += 1
            raise DatabaseAwayError(self._reason)

    def suspect(self) -> None:
        """Probe once in the background, since somebody waited in vain, if not for long."""
        with self._changes:
            if self._is_suspicious or self._extent is not None:
                return
            self._is_suspicious = True
        threading.Thread(target=self._probe_once, daemon=True).start()

    def open(self, extent: Extent, reason: str) -> None:
        """Refuse everything of this extent until a probe succeeds."""
        if extent is Extent.STATEMENT:
            if self._may_log():
                _log.warning("the database gave up a statement: %s", reason)
            return
        with self._changes:
            was_closed = self._extent is None
            self._extent = max(extent, self._extent or extent)
            self._reason = reason
            if was_closed:
                self._began = monotonic()
                self._refused = 0
                threading.Thread(target=self._wait_for_return, daemon=True).start()
        self._tell()

    def _probe_once(self) -> None:
        try:
            self._probe(Extent.ALL)
        except Exception as error:  # noqa: BLE001 - whatever it is, it can't be read
            self.open(Extent.ALL, reason_of(error))
        finally:
            self._is_suspicious = False

    def _wait_for_return(self) -> None:
        pause = threading.Event()
        while self._extent is not None:
            pause.wait(PROBE_INTERVAL)
            try:
                self._probe(Extent.ALL)
                with self._changes:
                    self._extent = Extent.WRITES
                self._probe(Extent.WRITES)
            except Exception as error:  # noqa: BLE001 - whatever it is, try again in a second
                self._reason = reason_of(error)
                self._tell()
                continue
            with self._changes:
                self._extent = None
        self._tell_of_return()

    def _tell(self) -> None:
        if not self._may_log():
            return
        _log.error(
            "the database is away%s: %s (for %.0f s, %d requests refused)",
            " for writing" if self._extent is Extent.WRITES else "",
            self._reason,
            monotonic() - self._began,
            self._refused,
        )

    def _may_log(self) -> bool:
        """Return whether the last line was long enough ago, and note that there is another."""
        now = monotonic()
        is_due = now - self._logged >= _LOG_INTERVAL
        if is_due:
            self._logged = now
        return is_due

    def _tell_of_return(self) -> None:
        seconds = monotonic() - self._began
        if seconds > 2 * PROBE_INTERVAL or self._refused:
            _log.warning(
                "the database is back after %.0f s, with %d requests refused",
                seconds,
                self._refused,
            )


def reason_of(error: BaseException) -> str:
    """Return the first line of what a driver says."""
    said = str(getattr(error, "orig", None) or error).strip()
    return said.splitlines()[0] if said else type(error).__name__
