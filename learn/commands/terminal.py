"""What a terminal may be given, and who sits at it."""

from __future__ import annotations

import getpass
import json


def printable(line: str) -> str:
    """`line` without control characters, which would steer the terminal."""
    return "".join(
        c if c.isprintable() else " " if c.isspace() else "\N{REPLACEMENT CHARACTER}" for c in line
    )


def as_json(value: object) -> str:
    """JSON for machines that is safe to look at on a terminal, too."""
    written = json.dumps(value, ensure_ascii=False, indent=1)
    return "".join(c if c.isprintable() or c == "\n" else json.dumps(c)[1:-1] for c in written)


def login() -> str:
    """The login name, or nothing where this system knows none."""
    try:
        return getpass.getuser()
    except (KeyError, OSError):
        return ""
