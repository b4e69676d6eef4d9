"""Check whether the database can be used, with a short timeout."""

from __future__ import annotations

import contextlib
import threading
from collections.abc import Callable

from learn import schema
from learn.breaker import OutageScope
from learn.database import Database
from learn.schema import State

WITHIN = 1.5
"""Seconds to wait for the database: a load balancer wants its answer in two."""


class DatabaseProbe:
    """Checks in a thread, so that a hanging database blocks no other request."""

    def __init__(self, find_state: Callable[[Database], State] = schema.state) -> None:
        self._find_state = find_state
        self._asking: threading.Thread | None = None
        self._found: list[State] = []

    def find_error(self, database: Database) -> str:
        """Return “database” if there is no answer, “schema” if it isn't one we can use, else "".

        While the last question still waits, or while the database is known to be away, no other
        is asked.
        """
        if database.breaker.scope is OutageScope.ALL:
            return "database"
        if self._asking is not None and self._asking.is_alive():
            return "database"
        self._found = []
        self._asking = threading.Thread(target=self._ask, args=(database,), daemon=True)
        self._asking.start()
        self._asking.join(WITHIN)
        if not self._found:
            return "database"
        return "" if self._found[0] in {State.CURRENT, State.AHEAD} else "schema"

    def _ask(self, database: Database) -> None:
        with contextlib.suppress(Exception):  # whatever it is, the database can't be used
            self._found.append(self._find_state(database))
