"""States of the pages about membership of groups."""

from __future__ import annotations

from collections.abc import Iterator

from tests.browser.seeding import (
    archive_group,
    give_group,
    join_before_latest_answers,
    seed_audit_log,
)
from tests.browser.visitor import Visitor
from tests.serving import Site

_JOIN = "Join the group"


def group_states(ana: Visitor, site: Site) -> Iterator[str]:
    """Yield the name of each state. The visitor has answered before, and leaves all groups."""
    code = give_group(site, "Tuesday class, fall 2026", ["Nurse Kim", "Dr. Amina El-Sayed"])
    yield from _joining(ana, code)
    yield from _as_a_member(ana, site)
    yield from _leaving(ana)


def _spoil_token(ana: Visitor) -> None:
    ana.page.locator("[name=csrf_token]").evaluate("field => field.value = 'old'")


def _joining(ana: Visitor, code: str) -> Iterator[str]:
    ana.open("/my-groups")
    yield "my-groups-empty"
    ana.open("/join")
    yield "join-by-code"
    ana.page.get_by_label("Group code").fill("dago mel")
    ana.press("Continue")
    yield "join-half-a-code"
    ana.open("/join/DAGO-MELU-ZAPO")
    yield "join-code-not-accepted"
    ana.open(f"/join/{code}")
    yield "join"
    ana.press(_JOIN)
    yield "join-nothing-chosen"
    ana.page.get_by_label("With my nickname").check()
    ana.page.locator("#nickname").fill("i" * 41)
    ana.press(_JOIN)
    yield "join-nickname-too-long"
    ana.page.locator("#nickname").fill("Ana from the second floor")
    _spoil_token(ana)
    ana.press(_JOIN)
    yield "join-expired"
    ana.press(_JOIN)
    yield "my-groups-joined"
    ana.open(f"/join/{code}")
    yield "my-groups-joined-already"


def _as_a_member(ana: Visitor, site: Site) -> Iterator[str]:
    seed_audit_log(site, 8)
    other = give_group(site, "مجموعة الدعم", ["نور"])
    ana.open(f"/join/{other}")
    ana.page.get_by_label("Only in the group’s totals").check()
    ana.press(_JOIN)
    archive_group(site, "مجموعة الدعم")
    ana.open("/my-groups")
    for summary in ana.page.locator("summary").all():
        summary.click()
    yield "my-groups-used"
    join_before_latest_answers(site)
    ana.open("/my-groups")
    yield "my-groups-asked"
    ana.press("No, keep it as it is")
    yield "my-groups-kept"
    for summary in ana.page.locator("main .card summary").all():
        summary.click()
    ana.press("Yes, they may")
    yield "my-groups-accepted"
    ana.open("/progress")
    yield "progress-in-a-group"
    ana.open("/my-groups")
    ana.follow("Change what “Tuesday class, fall 2026” sees")
    yield "group-change"
    _spoil_token(ana)
    ana.press("Save this choice")
    yield "group-change-expired"


def _leaving(ana: Visitor) -> Iterator[str]:
    ana.open("/my-groups")
    ana.follow("Leave “Tuesday class, fall 2026”")
    yield "group-leave"
    _spoil_token(ana)
    ana.press("Yes, leave")
    yield "group-leave-expired"
    ana.press("Yes, leave")
    yield "my-groups-left"
    ana.follow("Leave “مجموعة الدعم”")
    yield "group-leave-totals"
    ana.press("Yes, leave")
    ana.follow("Show groups I left")
    yield "my-groups-past"
    for _ in range(60):
        ana.page.request.get("/join/DAGO-MELU-ZAPO")
    ana.open("/join/DAGO-MELU-ZAPO")
    yield "join-wait"
