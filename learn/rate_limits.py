"""How often something was tried, counted in the database: for all processes at once."""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

from limits.storage import Storage
from limits.strategies import FixedWindowRateLimiter
from sqlalchemy import case, delete, select
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from learn.database import Database, dialect_insert
from learn.models import RateLimit
from learn.models.base import table_of

_table = table_of(RateLimit)


class DatabaseStorage(Storage):
    """Counts of the library `limits`, kept in our table, by our clock.

    A key is kept as a digest with the site's secret: no address and no nickname stands there.
    """

    STORAGE_SCHEME = None

    def __init__(self, database: Database, secret: str, clock: Callable[[], datetime]) -> None:
        super().__init__()
        self._database = database
        self._secret = secret.encode()
        self._clock = clock

    @property
    def base_exceptions(self) -> type[Exception]:
        return DBAPIError

    def incr(self, key: str, expiry: int, amount: int = 1) -> int:
        """Count `amount` more; a span of `expiry` seconds begins with the first. All at once."""
        now = self._clock()
        fresh = {"hits": amount, "ends_at": now + timedelta(seconds=expiry)}
        with self._database.transaction() as session:
            insert = dialect_insert(session, _table).values(key=self._digest(key), **fresh)
            is_over = _table.c.ends_at <= now
            found: int = session.execute(
                insert.on_conflict_do_update(
                    index_elements=[_table.c.key],
                    set_={
                        "hits": case((is_over, amount), else_=_table.c.hits + amount),
                        "ends_at": case((is_over, insert.excluded.ends_at), else_=_table.c.ends_at),
                    },
                ).returning(_table.c.hits)
            ).scalar_one()
            _forget_the_past(session, now)
        return found

    def get(self, key: str) -> int:
        """How many there are in the span that is running."""
        return self._running(key)[0]

    def get_expiry(self, key: str) -> float:
        """When the span ends, in seconds of the epoch; now, where none is running."""
        return self._running(key)[1].timestamp()

    def check(self) -> bool:
        """Whether the table can be read."""
        self._running("")
        return True

    def reset(self) -> int:
        """Forget all counts; returns how many there were."""
        with self._database.transaction() as session:
            return _count(session.execute(delete(_table)))

    def clear(self, key: str) -> None:
        """Forget one count."""
        with self._database.transaction() as session:
            session.execute(delete(_table).where(_table.c.key == self._digest(key)))

    def _running(self, key: str) -> tuple[int, datetime]:
        now = self._clock()
        with self._database.read_session() as session:
            row = session.execute(
                select(_table.c.hits, _table.c.ends_at).where(
                    _table.c.key == self._digest(key), _table.c.ends_at > now
                )
            ).first()
        return (row[0], row[1]) if row else (0, now)

    def _digest(self, key: str) -> str:
        return hmac.new(self._secret, f"tries/{key}".encode(), hashlib.sha256).hexdigest()


def limiter(
    database: Database, secret: str, clock: Callable[[], datetime]
) -> FixedWindowRateLimiter:
    """Counts in spans of a fixed length, in that database."""
    return FixedWindowRateLimiter(DatabaseStorage(database, secret, clock))


def seconds_until(moment: float, now: datetime) -> int:
    """How long until a moment of the epoch: whole seconds, at least 1."""
    return max(1, -int(-(datetime.fromtimestamp(moment, UTC) - now).total_seconds() // 1))


def _forget_the_past(session: Session, now: datetime) -> None:
    """Remove what is over, but for rows that another try holds: to wait for them would deadlock."""
    past = select(_table.c.key).where(_table.c.ends_at <= now).with_for_update(skip_locked=True)
    session.execute(delete(_table).where(_table.c.key.in_(past)))


def _count(result: Any) -> int:
    return int(result.rowcount)
