"""Log the view of a page or file before it is shown."""

from __future__ import annotations

import uuid
from collections.abc import Iterable
from datetime import date
from zoneinfo import ZoneInfo

from learn import access, extensions
from learn.access import EducatorIdentity
from learn.access_log.actions import AccessEvent, log_access


def log_view(
    who: EducatorIdentity, group: uuid.UUID, view: str, accounts: Iterable[uuid.UUID]
) -> None:
    """Log a view of each account but the educator's own, in a transaction of its own."""
    others = {account for account in accounts if account != who.account}
    if others:
        with extensions.transaction() as session:
            log_access(session, AccessEvent(group, today(), who.name, view), others)


def today() -> date:
    """Return the day that views are logged under."""
    return access.now().astimezone(ZoneInfo(extensions.settings().time_zone)).date()
