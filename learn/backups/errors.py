"""The error of all that fails here for a reason that the user can correct."""

from __future__ import annotations


class BackupError(Exception):
    """The backup or the restore isn't possible; the message is one line that says why."""
