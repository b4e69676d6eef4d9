"""Coming into an account, from whichever page the way began."""

from __future__ import annotations

import uuid

from learn import access, extensions
from learn.access import Learner
from learn.entry import actions, queries

_TRIES = 9


def enter(
    who: Learner, account: uuid.UUID, nickname: str, *, stay: bool, mine: bool = True
) -> bool:
    """Whoever holds this browser has shown that the account is theirs.

    They are signed in for good if they `stay`, else until the browser closes. What this device's
    guest `who` did so far becomes the account's, if it is `mine`; else the guest is put aside, and
    comes back when the account is left. Call it after your own writing is done, not within.

    Returns False, and nothing changes, where the account was deleted meanwhile.
    """
    guest = who.account if who.account != account and not who.nickname else None
    if guest is not None and mine:
        try:
            _join(guest, account)
        except actions.AccountGoneError:
            return False
    elif not queries.is_there(extensions.read_session(), account):
        return False
    if guest is not None and not mine:
        access.stash_guest(who)
    access.sign_in(account, nickname, stay=stay, same_person=mine and not who.nickname)
    return True


def _join(guest: uuid.UUID, account: uuid.UUID) -> None:
    """Join them, again where an answer came in at the very same moment."""
    for left in reversed(range(_TRIES)):
        try:
            with extensions.transaction() as session:
                actions.join(session, guest, account, access.now())
        except actions.BusyError:
            if not left:
                raise
        else:
            return
