"""A rate limiter that counts in the database, for all processes and machines at once."""

from __future__ import annotations

import hashlib
import hmac
import threading
from collections import OrderedDict
from collections.abc import Callable, Iterable
from datetime import UTC, datetime, timedelta

from sqlalchemy import case, delete, select
from sqlalchemy.orm import Session

from learn.database import Database, dialect_insert
from learn.models import RateLimit
from learn.models.base import table_of
from learn.rate_limits import Limit

_table = table_of(RateLimit)
_BATCH_SIZE = 500  # rows that one transaction of a sweep deletes

_MAX_COUNTS = 10_000  # a process keeps so many in memory: those that went up last

Count = tuple[Limit, str]
"""A limit, and whom it counts for: an address, an account, a nickname, …"""


class RateLimiter:
    """Counts in fixed windows; a window starts with the first hit after the last one ended.

    The keys in the table are digests under the site's secret key, so they identify nobody.
    """

    def __init__(self, database: Database, secret: str, clock: Callable[[], datetime]) -> None:
        self._database = database
        self._secret = secret.encode()
        self._clock = clock
        self._here = OrderedDict[Count, tuple[int, datetime]]()
        self._lock = threading.Lock()

    def count(self, session: Session, counts: Iterable[Count]) -> int:
        """Count in one statement of a transaction; return the seconds to wait, or 0 to go on.

        Over a limit, the caller may roll back, or keep the hit.
        """
        by_key = {self._key(*count): count[0] for count in counts}
        if not by_key:
            return 0
        now = self._clock()
        is_over = _table.c.ends_at <= now
        # Rows are locked in the order of their keys, or concurrent transactions could deadlock.
        rows = [
            {"key": key, "hits": 1, "ends_at": now + timedelta(minutes=limit.minutes)}
            for key, limit in sorted(by_key.items())
        ]
        # SQLAlchemy compiles the statement for one row only once, but that for a list each time.
        insert = dialect_insert(session, _table).values(rows[0] if len(rows) == 1 else rows)
        counted = session.execute(
            insert.on_conflict_do_update(
                index_elements=[_table.c.key],
                set_={
                    "hits": case((is_over, 1), else_=_table.c.hits + 1),
                    "ends_at": case((is_over, insert.excluded.ends_at), else_=_table.c.ends_at),
                },
            ).returning(_table.c.key, _table.c.hits, _table.c.ends_at)
        )
        waits = [seconds_until(row[2], now) for row in counted if row[1] > by_key[row[0]].maximum]
        return max(waits, default=0)

    def hit(self, *counts: Count) -> int:
        """Count in a transaction of its own; return the seconds to wait, or 0 to go on."""
        with self._database.transaction() as session:
            return self.count(session, counts)

    def hit_here(self, count: Count) -> int:
        """Count in this process alone; return the seconds to wait, or 0 to go on.

        This takes no statement, and works while the database can't be written. Each process allows
        as many.
        """
        limit, now = count[0], self._clock()
        with self._lock:
            hits, ends_at = self._here.pop(count, (0, now))
            if ends_at <= now:
                hits, ends_at = 0, now + timedelta(minutes=limit.minutes)
            self._here[count] = hits + 1, ends_at
            if len(self._here) > _MAX_COUNTS:
                self._here.popitem(last=False)
        return seconds_until(ends_at, now) if hits >= limit.maximum else 0

    def forget_here(self) -> None:
        """Forget what this process counted."""
        with self._lock:
            self._here.clear()

    def wait(self, *counts: Count) -> int:
        """Return the seconds until one more is allowed, or 0; count nothing."""
        by_key = {self._key(*count): count[0] for count in counts}
        now = self._clock()
        with self._database.read_session() as session:
            counted = session.execute(
                select(_table.c.key, _table.c.hits, _table.c.ends_at).where(
                    _table.c.key.in_(by_key), _table.c.ends_at > now
                )
            ).all()
        waits = [seconds_until(row[2], now) for row in counted if row[1] >= by_key[row[0]].maximum]
        return max(waits, default=0)

    def clear(self, *counts: Count) -> None:
        """Forget these counts."""
        with self._database.transaction() as session:
            session.execute(delete(_table).where(_table.c.key.in_([self._key(*c) for c in counts])))

    def sweep(self) -> int:
        """Delete windows that are over; return how many there were."""
        swept, keys = 0, [""]
        # Locked rows are skipped: waiting for them could deadlock.
        past = (
            select(_table.c.key)
            .where(_table.c.ends_at <= self._clock())
            .limit(_BATCH_SIZE)
            .with_for_update(skip_locked=True)
        )
        while keys:
            with self._database.transaction() as session:
                keys = [*session.scalars(past)]
                session.execute(delete(_table).where(_table.c.key.in_(keys)))
            swept += len(keys)
        return swept

    def _key(self, limit: Limit, whom: str) -> str:
        text = f"{limit.what}/{limit.minutes}/{limit.per}/{whom}"
        return hmac.new(self._secret, text.encode(), hashlib.sha256).hexdigest()


def seconds_until(moment: datetime, now: datetime) -> int:
    """Return the whole seconds until `moment`: at least 1."""
    return max(1, -int(-(moment.astimezone(UTC) - now).total_seconds() // 1))
