"""Tokens that say whose answers wait on a device, for when the network is back.

A token is a signed account id. It opens nothing: it only keeps an answer from being recorded for
somebody else who uses the device by then.
"""

from __future__ import annotations

import uuid
from enum import StrEnum

from itsdangerous import BadData, URLSafeSerializer
from sqlalchemy import select

from learn import accounts, extensions, signing
from learn.models import MergedGuest
from learn.visitor import Learner


class AnswerOwner(StrEnum):
    """Whose an answer that waits is, seen from the visitor."""

    YOU = "you"  # also the guest that they were before they signed in
    ELSEWHERE = "elsewhere"  # somebody who isn't signed in here now
    GONE = "gone"  # an account that was deleted, or that never had anything


def owner_token(account: uuid.UUID) -> str:
    """Return the account's token, always the same one."""
    return str(_serializer().dumps(account.hex))


def owner_of(token: str, who: Learner) -> AnswerOwner:
    """Return whose the token is. It takes statements only if it isn't the visitor's own."""
    try:
        account = uuid.UUID(hex=_serializer().loads(token))
    except (AttributeError, BadData, TypeError, ValueError):
        return AnswerOwner.GONE
    if account == who.account:
        return AnswerOwner.YOU
    session = extensions.read_session()
    merged_into = session.scalar(
        select(MergedGuest.account_id).where(MergedGuest.guest_id == account)
    )
    if merged_into is None:
        return AnswerOwner.ELSEWHERE if accounts.exists(session, account) else AnswerOwner.GONE
    is_you = who.session is not None and merged_into == who.account
    return AnswerOwner.YOU if is_you else AnswerOwner.ELSEWHERE


def _serializer() -> URLSafeSerializer:
    return signing.serializer(extensions.settings().secret_keys, "whose an answer is")
