"""Sign a visitor in to an account, however they proved that it is theirs."""

from __future__ import annotations

import uuid

from learn import access, accounts, extensions
from learn.access import Learner
from learn.account_merge import actions
from learn.accounts import AccountGoneError

_ATTEMPTS = 9


def complete_sign_in(
    who: Learner, account: uuid.UUID, nickname: str, *, stay: bool, merge: bool = True
) -> bool:
    """Sign the visitor in to `account`: permanently if they `stay`, else for this browser session.

    The work of a guest is merged into the account; without `merge`, the guest is stashed until
    the account is signed out of. Call it after your own transaction, not inside.

    Returns False, and changes nothing, if the account was deleted meanwhile.
    """
    guest = who.account if who.account != account and not who.nickname else None
    if guest is not None and merge:
        try:
            _merge(guest, account)
        except AccountGoneError:
            return False
    elif not accounts.exists(extensions.read_session(), account):
        return False
    if guest is not None and not merge:
        access.stash_guest(who)
    access.sign_in(account, nickname, stay=stay, same_person=merge and not who.nickname)
    return True


def _merge(guest: uuid.UUID, account: uuid.UUID) -> None:
    """Merge the guest, and retry after a conflict with an answer that came in at the same time."""
    for left in reversed(range(_ATTEMPTS)):
        try:
            with extensions.transaction() as session:
                actions.merge_guest(session, guest, account, access.now())
        except actions.MergeConflictError:
            if not left:
                raise
        else:
            return
