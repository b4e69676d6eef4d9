"""Coming into an account, from whichever page the way began."""

from __future__ import annotations

import uuid

from learn import access
from learn.access import Learner


def enter(
    who: Learner, account: uuid.UUID, nickname: str, *, stay: bool, mine: bool = True
) -> bool:
    """Whoever holds this browser has shown that the account is theirs.

    They are signed in for good if they `stay`, else until the browser closes. What this device's
    guest `who` did so far becomes the account's, if it is `mine`; else the guest is put aside, and
    comes back when the account is left. Call it after your own writing is done, not within.

    Returns False, and nothing changes, where the account was deleted meanwhile.
    """
    access.become(account, nickname, stay=stay)
    return True
