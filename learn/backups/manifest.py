"""What a backup says about itself."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime
from typing import Any

from learn.backups.errors import BackupError

FORMAT = 1
"""Raised when an older version could no longer read a backup."""

SQLITE = "sqlite"
POSTGRESQL = "postgresql"
KINDS = {SQLITE: "SQLite", POSTGRESQL: "PostgreSQL"}


@dataclass(frozen=True, slots=True)
class Manifest:
    """When a backup was made, of what, and what it must contain.

    `kind` is the kind of database, `schema` its migration, `digest` and `size` those of its copy
    in the backup, and `rows` the number of rows of each table. `server` is the version of the
    PostgreSQL server.
    """

    product: str
    created_at: datetime
    kind: str
    schema: str
    digest: str
    size: int
    answers: int
    rows: Mapping[str, int] = field(default_factory=dict)
    has_key: bool = False
    server: str = ""

    @property
    def accounts(self) -> int:
        """Number of accounts, guests included."""
        return self.rows.get("account", 0)

    def to_json(self) -> str:
        """Return the manifest as it is stored."""
        values = asdict(self) | {"format": FORMAT}
        values["made_at"] = values.pop("created_at").isoformat()
        return json.dumps(values, indent=1, sort_keys=True) + "\n"


def from_json(text: bytes) -> Manifest:
    """Read a stored manifest. Raises BackupError if it isn't one, or is of a newer format."""
    try:
        values: dict[str, Any] = json.loads(text)
        number = values.pop("format")
        if number > FORMAT:
            raise BackupError(
                "The backup was made by a newer version of Learn ALL. Install that version first."
            )
        created_at = datetime.fromisoformat(values.pop("made_at")).astimezone(UTC)
        manifest = Manifest(created_at=created_at, **values)
    except (ValueError, TypeError, KeyError, AttributeError) as error:
        raise BackupError("The backup is damaged: it has no description of itself.") from error
    if manifest.kind not in KINDS:
        raise BackupError("The backup is damaged: its description names no database that we know.")
    return manifest
