"""Safe output to a terminal, and the login name."""

from __future__ import annotations

import getpass
import json


def printable(line: str) -> str:
    """Return `line` without control characters, which would control the terminal."""
    return "".join(
        c if c.isprintable() else " " if c.isspace() else "\N{REPLACEMENT CHARACTER}" for c in line
    )


def as_json(value: object) -> str:
    """Return JSON that is safe to print on a terminal, too."""
    written = json.dumps(value, ensure_ascii=False, indent=1)
    return "".join(c if c.isprintable() or c == "\n" else json.dumps(c)[1:-1] for c in written)


def login() -> str:
    """Return the login name; empty if the system knows none."""
    try:
        return getpass.getuser()
    except (KeyError, OSError):
        return ""
