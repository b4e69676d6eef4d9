"""A rate limiter that counts in the database, for all processes at once."""

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
    """A storage for the library `limits`, on the table `rate_limit` and the application's clock.

    Keys are stored as digests under the site's secret key, so the table holds no address and no
    nickname.
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
        """Add `amount` atomically; a window of `expiry` seconds starts with the first hit."""
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
            _delete_expired(session, now)
        return found

    def get(self, key: str) -> int:
        """Return the hits in the current window."""
        return self._window(key)[0]

    def get_expiry(self, key: str) -> float:
        """Return when the window ends, as a Unix timestamp; now if there is none."""
        return self._window(key)[1].timestamp()

    def check(self) -> bool:
        """Return True if the table can be read; raises DBAPIError otherwise."""
        self._window("")
        return True

    def reset(self) -> int:
        """Delete all counts; return how many there were."""
        with self._database.transaction() as session:
            return _count(session.execute(delete(_table)))

    def clear(self, key: str) -> None:
        """Delete one count."""
        with self._database.transaction() as session:
            session.execute(delete(_table).where(_table.c.key == self._digest(key)))

    def _window(self, key: str) -> tuple[int, datetime]:
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
    """Return a fixed-window rate limiter on the database."""
    return FixedWindowRateLimiter(DatabaseStorage(database, secret, clock))


def seconds_until(moment: float, now: datetime) -> int:
    """Return the whole seconds until a Unix timestamp: at least 1."""
    return max(1, -int(-(datetime.fromtimestamp(moment, UTC) - now).total_seconds() // 1))


def _delete_expired(session: Session, now: datetime) -> None:
    """Delete windows that are over, except locked rows: waiting for them could deadlock."""
    past = select(_table.c.key).where(_table.c.ends_at <= now).with_for_update(skip_locked=True)
    session.execute(delete(_table).where(_table.c.key.in_(past)))


def _count(result: Any) -> int:
    return int(result.rowcount)
