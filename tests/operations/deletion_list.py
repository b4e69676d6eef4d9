"""The list of deleted accounts: who was deleted is on it, in the database and beside it."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from learn import deletions
from tests.operations.ledger import Person, Tally
from tests.operations.snapshot import Snapshot


def judge(now: Snapshot, people: Sequence[Person], folders: Sequence[Path], tally: Tally) -> None:
    """Compare the list with the people, whose accounts are known from the time before."""
    in_database = {row["digest"] for row in now.rows["deletion"]}
    in_file = {digest for folder in folders for digest in deletions.in_file(folder)}
    for person in people:
        for account in person.accounts & now.accounts:
            if deletions.digest(account) in in_database:
                tally.add_failure(f"{person.name} is there, and on the list of deleted accounts")
        if not person.is_gone:
            continue
        for account in person.accounts:
            where = {"database": in_database, "file": in_file}
            for name, found in where.items():
                if deletions.digest(account) not in found:
                    tally.add_failure(
                        f"the list in the {name} misses {person.name}, who was deleted"
                    )
            tally.add_once("deleted people on the list", person.name)
