"""Store every version of a question that the site asks, and those of the archive."""

from __future__ import annotations

from datetime import datetime

from learn.database import Database
from learn.versions import actions, queries
from questions.bank import Bank
from questions.versions import Archive, versions_of


def store_versions(database: Database, bank: Bank, archive: Archive, now: datetime) -> None:
    """Store the versions in the bank and in the archive that are not stored yet.

    A question of the bank replaces its stored text, since a correction of a rationale makes no new
    version.
    """
    current = {version.key: version for version in versions_of(bank)}
    with database.read_session() as session:
        stored = queries.texts(session)
    missing = [
        version for key, version in archive.kept.items() if key not in stored and key not in current
    ]
    missing += [version for key, version in current.items() if stored.get(key) != version.text]
    if missing:
        with database.transaction() as session:
            actions.store(session, missing, now)
