"""The list of deleted accounts: no restored backup may bring them back.

It is kept in the database, and in a file in the data folder in case the database itself is lost. It
has a digest of each account's random id, the day, and nothing else.

A line of the file that can't be read may be somebody's deletion, so nobody passes over it: it is an
error, and the site doesn't start.
"""

from __future__ import annotations

import contextlib
import fcntl
import hashlib
import os
import re
import secrets
import uuid
from collections.abc import Iterator, Mapping
from datetime import date, datetime, timedelta
from pathlib import Path

from sqlalchemy import delete, func, select
from sqlalchemy.orm import Session

from learn.database import Database, dialect_insert
from learn.models import Account, Deletion, Item, MergedGuest
from learn.models.base import table_of

LIFETIME = timedelta(days=40)
"""How long an entry is kept: longer than backups, which live for 30 days."""

Deletions = Mapping[str, date]
"""The day of each deletion, by the digest of the account."""

_FILE = "deleted_accounts"
_ENTRY = re.compile(rb"([0-9]{4}-[0-9]{2}-[0-9]{2}) ([0-9a-f]{64})")
_DIGEST = re.compile("[0-9a-f]{64}")
_ROWS = 500  # in one statement
_deletion = table_of(Deletion)


class DeletionListError(Exception):
    """The file can't be read, or a line of it; the message is one line that says which."""


def digest(account: uuid.UUID) -> str:
    """Return the digest of an account id, as it is listed."""
    return hashlib.sha256(account.bytes).hexdigest()


def record(session: Session, account: uuid.UUID, now: datetime) -> Deletions:
    """Add an account that is about to be deleted, and all guests that were merged into it.

    A backup may be from before a merge, and have their rows. Returns the new entries. Expired ones
    are deleted.
    """
    guests = session.scalars(select(MergedGuest.guest_id).where(MergedGuest.account_id == account))
    new = {digest(one): now.date() for one in (account, *guests)}
    _insert(session, new)
    session.execute(delete(_deletion).where(_deletion.c.deleted_on < (now - LIFETIME).date()))
    return new


def in_database(session: Session) -> Deletions:
    """Return the list in the database, without entries that can't be anybody's."""
    rows = session.execute(select(_deletion.c.digest, _deletion.c.deleted_on))
    return {row.digest: row.deleted_on for row in rows if _DIGEST.fullmatch(row.digest)}


def in_file(folder: Path) -> Deletions:
    """Return the list in the data folder. Raises DeletionListError if it can't be read."""
    file = folder / _FILE
    try:
        lines = file.read_bytes().splitlines()
    except FileNotFoundError:
        return {}
    except OSError as error:
        raise DeletionListError(
            f"{file}: the list of deleted accounts can't be read: {error.strerror}."
        ) from error
    listed: dict[str, date] = {}
    for number, line in enumerate(lines, start=1):
        if entry := line.strip():
            try:
                key, day = parse_entry(entry)
            except ValueError as error:
                raise DeletionListError(
                    f"{file}:{number}: this line of the list of deleted accounts is damaged. "
                    "docs/operations.md says how to repair it."
                ) from error
            listed[key] = max(day, listed.get(key, day))
    return listed


def parse_entry(line: bytes) -> tuple[str, date]:
    """Return the digest and the day of a line. Raises ValueError if it has another form."""
    match = _ENTRY.fullmatch(line)
    if match is None:
        raise ValueError(line)
    return match[2].decode(), date.fromisoformat(match[1].decode())


def add_to_file(folder: Path, new: Deletions, now: datetime) -> None:
    """Add entries to the list in the data folder; expired ones go.

    The file is replaced as a whole, by one process at a time. Raises OSError or DeletionListError.
    """
    if not new and not (folder / _FILE).exists():
        return
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    with _locked(folder):
        before = in_file(folder)
        eldest = (now - LIFETIME).date()
        after = {key: day for key, day in {**before, **new}.items() if day >= eldest}
        if after != before:
            _replace(folder, "".join(f"{day} {key}\n" for key, day in sorted(after.items())))


def reconcile(database: Database, folder: Path, now: datetime) -> int:
    """Make the lists in the database and in the data folder the same; return how many came back.

    An entry that only the file has means that the database is an older copy: if it has that
    account, the account is deleted again. Raises DeletionListError, before anything is changed, if
    the file can't be read, and OSError if it can't be written.
    """
    eldest = (now - LIFETIME).date()
    with database.read_session() as session:
        known = in_database(session)
    listed = in_file(folder)
    missing = {k: day for k, day in listed.items() if k not in known and day >= eldest}
    deleted = 0
    if missing or any(day < eldest for day in known.values()):
        with database.transaction() as session:
            deleted = _replay(session, missing) if missing else 0
            session.execute(delete(_deletion).where(_deletion.c.deleted_on < eldest))
    add_to_file(folder, known, now)
    return deleted


def count_rows(session: Session) -> tuple[int, int]:
    """Return the numbers of accounts and of answers."""
    accounts = session.scalar(select(func.count()).select_from(Account))
    return accounts or 0, session.scalar(select(func.count(Item.answered_at))) or 0


def _replay(session: Session, missing: Deletions) -> int:
    """Delete the accounts of these entries, and add the entries."""
    accounts = session.scalars(select(Account.id)).yield_per(10_000)
    returned = [account for account in accounts if digest(account) in missing]
    for start in range(0, len(returned), _ROWS):
        some = returned[start : start + _ROWS]
        session.execute(delete(Item).where(Item.account_id.in_(some)))
        session.execute(delete(Account).where(Account.id.in_(some)))
    _insert(session, missing)
    return len(returned)


def _insert(session: Session, entries: Deletions) -> None:
    rows = [{"digest": key, "deleted_on": day} for key, day in entries.items()]
    session.execute(dialect_insert(session, _deletion).on_conflict_do_nothing(), rows)


@contextlib.contextmanager
def _locked(folder: Path) -> Iterator[None]:
    handle = os.open(folder, os.O_RDONLY)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX)
        yield
    finally:
        os.close(handle)


def _replace(folder: Path, text: str) -> None:
    temporary = folder / f".{_FILE}.{secrets.token_hex(4)}"
    try:
        handle = os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(handle, "w", encoding="ascii") as file:
            file.write(text)
            file.flush()
            os.fsync(handle)
        temporary.replace(folder / _FILE)
    finally:
        temporary.unlink(missing_ok=True)
