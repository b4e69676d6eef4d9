"""Errors of a move: each is one line, without the password of any database."""

from __future__ import annotations

from sqlalchemy.exc import DBAPIError


class MoveError(Exception):
    """The move isn't possible, or stopped half way; the message says what to do."""


class TargetRefusedError(MoveError):
    """What `--to` names can't be used; nothing was changed there."""


def reason_of(error: BaseException) -> str:
    """Return what the database or the system says, in one line.

    Only the first line of each part: what follows may repeat a row, which is private.
    """
    found = error.orig if isinstance(error, DBAPIError) and error.orig else error
    primary = getattr(getattr(found, "diag", None), "message_primary", None)
    lines = [line.strip(" -") for line in str(primary or found).splitlines() if line.strip()]
    if len(lines) > 1 and lines[0].endswith(":"):  # of several hosts: what the last one said
        lines = [line for line in lines if "failed" in line][-1:] or lines
    line = " ".join(lines[0].split()) if lines else type(found).__name__
    return line.rsplit("FATAL: ", 1)[-1].strip().rstrip(".")
