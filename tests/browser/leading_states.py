"""States of becoming an educator, and of the pages around a group."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime

from learn.database import Database
from learn.educators import actions
from tests.browser.seeding import sign_in_as
from tests.browser.visitor import Visitor, bank
from tests.learn.groups import ClassOf
from tests.serving import Site


def leading_states(ana: Visitor, site: Site) -> Iterator[str]:
    """Yield the name of each state, at the site's name: first signed out, then as an educator."""
    ana.page.context.clear_cookies(domain="localhost")
    ana.open(f"{site.named}{_invite(site)}")
    yield "invitation-to-a-guest"
    ana.open(f"{site.named}/educators/invite/none")
    yield "invitation-over"
    account = sign_in_as(ana.page.context, site, "Kim who leads")
    ana.open(f"{site.named}{_invite(site)}")
    yield "invitation"
    ana.press("Start as an educator")
    yield "groups-none"
    ana.press("Create group")
    yield "groups-no-name"
    database = Database(f"sqlite:///{site.database}")
    with database.transaction() as session:
        group = ClassOf(session.connection(), bank(), "Evening class in the library, spring 2027")
        group.lead(account, "Kim who leads")
    database.dispose()
    ana.open(f"{site.named}/groups")
    yield "groups"
    here = f"{site.named}/groups/{group.id}"
    ana.open(f"{here}/code")
    yield "group-closed"
    ana.press("Let people join with a new code")
    yield "group-code"
    for step in ("renew", "close", "leave", "archive"):
        ana.open(f"{here}/sure/{step}")
        yield f"group-sure-{step}"
    ana.open(f"{here}/settings")
    yield "group-settings"
    ana.page.get_by_label("Add another educator").fill("Nobody of that name")
    ana.press("Add")
    yield "group-settings-nobody"
    ana.open(f"{site.named}/my-groups")
    yield "my-groups-of-an-educator"
    ana.open(f"{site.named}/account")
    yield "account-of-an-educator"


def _invite(site: Site) -> str:
    """The address of a new invitation."""
    database = Database(f"sqlite:///{site.database}")
    now = datetime.now(UTC)
    token = f"token-{now.timestamp()}".replace(".", "-")
    with database.transaction() as session:
        actions.invite(session, "Nurse Kim", token, now)
    database.dispose()
    return f"/educators/invite/{token}"
