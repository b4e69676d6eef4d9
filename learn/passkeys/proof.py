"""Verify that a passkey was used just now: to sign in, or to confirm."""

from __future__ import annotations

import uuid

from flask import request

from learn import access, extensions, logs
from learn.account_merge.sign_in import ProvenAccount
from learn.passkeys import actions, ceremony, queries
from learn.passkeys.actions import UsePasskeyResult
from learn.passkeys.ceremony import RefusedError
from learn.passkeys.challenges import current_party, pop_challenge
from learn.passkeys.forms import UseForm

_USE_ERRORS = {
    UsePasskeyResult.REPLAYED: "expired",
    UsePasskeyResult.COUNTER_WENT_BACK: "went-back",
    UsePasskeyResult.GONE: "unknown",
}


class NotProvenError(Exception):
    """The passkey was refused; `error` is a code for the page, and `status` that of the page."""

    def __init__(self, error: str) -> None:
        super().__init__(error)
        self.error = error
        self.status = 400 if error in {"expired", "unread"} else 422


def prove(form: UseForm, owner: uuid.UUID | None = None) -> ProvenAccount:
    """Verify the browser's response, record the use, and return whose passkey it is.

    Raises NotProvenError; also if it isn't the `owner`'s.
    """
    challenge, party = pop_challenge("use"), current_party()
    if party is None or challenge is None or not form.has_valid_token:
        raise NotProvenError("expired")
    sent = form.credential.data or ""
    try:
        claim = ceremony.parse_claim(sent)
        key = queries.stored_key(extensions.read_session(), claim.account, claim.credential)
        if key is None or owner not in {None, claim.account}:
            raise NotProvenError(log_refusal("unknown", "unknown"))
        count = ceremony.verify_use(sent, challenge.value, party, key.public_key)
    except RefusedError as refused:
        raise NotProvenError(log_refusal("unread", refused)) from refused
    with extensions.transaction() as session:
        used = actions.use(
            session, claim, count, challenged_at=challenge.created_at, now=access.now()
        )
    if used is not UsePasskeyResult.ACCEPTED:
        raise NotProvenError(log_refusal(_USE_ERRORS[used], used.value))
    return ProvenAccount(claim.account, key.nickname, credential=claim.credential)


def log_refusal(error: str, reason: object) -> str:
    """Log why a passkey was refused, without saying whose it is; return `error`."""
    logs.log_failure("passkey", request.remote_addr, reason=str(reason))
    return error
