"""Verify that a passkey was used just now: to sign in, or to confirm."""

from __future__ import annotations

import hashlib
import hmac
import uuid
from dataclasses import dataclass
from datetime import datetime

from flask import request
from sqlalchemy.orm import Session

from learn import access, accounts, extensions, logs
from learn.access import Learner
from learn.passkeys import actions, ceremony, queries
from learn.passkeys.actions import UsePasskeyResult
from learn.passkeys.ceremony import Claim, RefusedError
from learn.passkeys.challenges import current_party, pop_challenge
from learn.passkeys.forms import UseForm
from learn.sign_in.verified_account import VerifiedAccount

_USE_ERRORS = {
    UsePasskeyResult.REPLAYED: "expired",
    UsePasskeyResult.COUNTER_WENT_BACK: "went-back",
    UsePasskeyResult.GONE: "unknown",
}


class NotVerifiedError(Exception):
    """The passkey was refused; `error` is a code for the page, and `status` that of the page."""

    def __init__(self, error: str) -> None:
        super().__init__(error)
        self.error = error
        self.status = 400 if error in {"expired", "unread"} else 422


@dataclass(frozen=True, slots=True)
class VerifiedUse:
    """A response that was verified, and isn't recorded yet."""

    claim: Claim
    nickname: str
    sign_count: int
    challenged_at: datetime

    @property
    def verified_account(self) -> VerifiedAccount:
        """Whose passkey it is."""
        claim = self.claim
        return VerifiedAccount(claim.account, self.nickname, credential=claim.credential)


def verify(form: UseForm, owner: uuid.UUID | None = None) -> VerifiedUse:
    """Verify the browser's response; call `record` before you trust it.

    Raises NotVerifiedError; also if it isn't the `owner`'s.
    """
    challenge, party = pop_challenge("use"), current_party()
    if party is None or challenge is None or not form.has_valid_token:
        raise NotVerifiedError("expired")
    sent = form.credential.data or ""
    try:
        claim = ceremony.parse_claim(sent)
        key = queries.stored_key(extensions.read_session(), claim.account, claim.credential)
        if key is None or owner not in {None, claim.account}:
            raise NotVerifiedError(log_refusal("unknown", "unknown"))
        count = ceremony.verify_use(sent, challenge.value, party, key.public_key)
    except RefusedError as refused:
        raise NotVerifiedError(log_refusal("unread", refused)) from refused
    return VerifiedUse(claim, key.nickname, count, challenge.created_at)


def record(session: Session, use: VerifiedUse) -> VerifiedAccount:
    """Record the use, and return whose passkey it is. Raises NotVerifiedError if it was replayed.

    It locks the account's row before the passkey's, as a removal does.
    """
    accounts.lock(session, use.claim.account)
    used = actions.use(
        session,
        use.claim,
        use.sign_count,
        challenged_at=use.challenged_at,
        now=access.now(),
    )
    if used is not UsePasskeyResult.ACCEPTED:
        raise NotVerifiedError(log_refusal(_USE_ERRORS[used], used.value))
    return use.verified_account


def session_id(form: UseForm, account: uuid.UUID) -> uuid.UUID:
    """Return the id of the session that this response starts: the same if it is sent twice.

    It follows from the response and the site's key. The response has a signature, which a copy of
    the cookie hasn't; and it starts no session again, since it is recorded as used.
    """
    key = f"passkey session {extensions.settings().secret_keys[0]}".encode()
    text = account.bytes + (form.credential.data or "").encode()
    return uuid.UUID(bytes=hmac.digest(key, text, hashlib.sha256)[:16])


def started_session_of(who: Learner, form: UseForm) -> bool:
    """Return whether this very response has started the visitor's session, which is current."""
    return who.account is not None and who.session == session_id(form, who.account)


def log_refusal(error: str, reason: object) -> str:
    """Log why a passkey was refused, without saying whose it is; return `error`."""
    logs.log_failure("passkey", request.remote_addr, reason=str(reason))
    return error
