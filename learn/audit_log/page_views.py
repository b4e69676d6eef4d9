"""Log the view of a page or file before it is shown."""

from __future__ import annotations

import uuid
from collections.abc import Iterable
from datetime import date
from zoneinfo import ZoneInfo

from learn import access, extensions
from learn.access import EducatorIdentity
from learn.audit_log.actions import AuditEvent, log_event


def log_view(
    who: EducatorIdentity, group: uuid.UUID, view: str, accounts: Iterable[uuid.UUID]
) -> None:
    """Log a view of each account but the educator's own, in a transaction of its own."""
    others = {account for account in accounts if account != who.account}
    if others:
        with extensions.transaction() as session:
            log_event(session, AuditEvent(group, today(), who.name, view), others)


def today() -> date:
    """Return the day that views are logged under."""
    return access.now().astimezone(ZoneInfo(extensions.settings().time_zone)).date()
