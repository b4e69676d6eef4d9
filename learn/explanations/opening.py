"""When a visitor opened the page that a text is written on, signed in a field of its form."""

from __future__ import annotations

import uuid
from datetime import UTC, datetime
from typing import Any

from itsdangerous import BadData, URLSafeSerializer

from learn import extensions, signing


def signed(account: uuid.UUID | None, now: datetime, earlier: str | None) -> str:
    """Return the field for a page of this visitor; `earlier` itself if it is theirs."""
    if account is None:
        return ""
    if earlier and opened_at(earlier, account):
        return earlier
    return str(_serializer().dumps([account.hex, now.isoformat()]))


def opened_at(field: str | None, account: uuid.UUID) -> datetime | None:
    """Return when this visitor opened the page; None if the field is malformed or another's."""
    try:
        payload: Any = _serializer().loads(field or "")
        whose, opened = payload
        return datetime.fromisoformat(opened).astimezone(UTC) if whose == account.hex else None
    except (BadData, TypeError, ValueError):
        return None


def _serializer() -> URLSafeSerializer:
    return signing.serializer(extensions.settings().secret_keys, "a page of own words")
