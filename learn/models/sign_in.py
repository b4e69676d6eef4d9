"""Ways to sign in (a passphrase, a recovery code, passkeys), and where people are signed in."""

from __future__ import annotations

import uuid
from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, LargeBinary, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from learn.models.base import Base


class SignIn(Base):
    """The credentials of an account; a guest has none.

    `nickname` is as its owner wrote it, `nickname_key` the same for all that look like it.
    `passphrase` is an encoded argon2id hash, `recovery` the SHA-256 of the recovery code, in hex.
    """

    __tablename__ = "sign_in"
    __table_args__ = (
        UniqueConstraint("nickname_key"),
        UniqueConstraint("recovery"),
        CheckConstraint("nickname <> ''", "nickname"),
        {"sqlite_with_rowid": False},
    )

    account_id: Mapped[uuid.UUID] = mapped_column(
        ForeignKey("account.id", ondelete="CASCADE"), primary_key=True
    )
    nickname: Mapped[str] = mapped_column(String(80))
    nickname_key: Mapped[str] = mapped_column(String(320))
    passphrase: Mapped[str] = mapped_column(String(200))
    recovery: Mapped[str] = mapped_column(String(64))
    kept_since: Mapped[datetime]


class Passkey(Base):
    """A passkey of an account. Its owner chose `name`; `sign_count` is the authenticator's."""

    __tablename__ = "passkey"
    __table_args__ = (
        UniqueConstraint("credential"),
        CheckConstraint("name <> ''", "name"),
        {"sqlite_with_rowid": False},
    )

    account_id: Mapped[uuid.UUID] = mapped_column(
        ForeignKey("account.id", ondelete="CASCADE"), primary_key=True
    )
    id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(String(80))
    credential: Mapped[bytes] = mapped_column(LargeBinary)
    public_key: Mapped[bytes] = mapped_column(LargeBinary)
    sign_count: Mapped[int]
    added_at: Mapped[datetime]
    used_at: Mapped[datetime | None]


class SignInSession(Base):
    """A browser that is signed in. Its session cookie holds `id`, which is random.

    `browser` and `system` are coarse, such as Chrome and Android, and empty if unknown. The owner
    last proved at `confirmed_at` that it is them, `confirmed_by_passkey` or by the passphrase.
    """

    __tablename__ = "sign_in_session"
    __table_args__ = {"sqlite_with_rowid": False}  # noqa: RUF012 - SQLAlchemy's own name

    account_id: Mapped[uuid.UUID] = mapped_column(
        ForeignKey("account.id", ondelete="CASCADE"), primary_key=True
    )
    id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    created_at: Mapped[datetime]
    last_used_on: Mapped[date]
    browser: Mapped[str] = mapped_column(String(20))
    system: Mapped[str] = mapped_column(String(20))
    confirmed_at: Mapped[datetime | None]
    confirmed_by_passkey: Mapped[bool]


class MergedGuest(Base):
    """A guest who was merged into this account: answers that were sent before belong to it."""

    __tablename__ = "joined"
    __table_args__ = (UniqueConstraint("guest_id"), {"sqlite_with_rowid": False})

    account_id: Mapped[uuid.UUID] = mapped_column(
        ForeignKey("account.id", ondelete="CASCADE"), primary_key=True
    )
    guest_id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    joined_at: Mapped[datetime]


class RateLimit(Base):
    """The hits of a rate limit in a window that ends at `ends_at`.

    `key` is a keyed digest, so that the row identifies nobody.
    """

    __tablename__ = "rate_limit"
    __table_args__ = (CheckConstraint("hits > 0", "hits"), {"sqlite_with_rowid": False})

    key: Mapped[str] = mapped_column(String(64), primary_key=True)
    hits: Mapped[int]
    ends_at: Mapped[datetime] = mapped_column(index=True)
