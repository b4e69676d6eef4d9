"""Coming into an account, from whichever page the way began."""

from __future__ import annotations

import uuid

from learn import access


def enter(account: uuid.UUID, nickname: str, *, stay: bool) -> None:
    """Whoever holds this browser has shown that the account is theirs.

    They are signed in for good if they `stay`, else until the browser closes.
    """
    access.become(account, nickname, stay=stay)
