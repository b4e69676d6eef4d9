"""Who may open what: every route, for a guest, a learner, members, former members and educators.

A cell is asserted by the answer: what is not there for somebody answers 404, never 403. Each is
tried inside a savepoint, so that what one cell does, another does not see.
"""

from __future__ import annotations

import pytest

from learn.models import (
    Membership,
)
from tests.learn.access_scene import ROLES, answer, cells, is_led_to_sign_in, may


@pytest.mark.parametrize("role", ROLES)
def test_each_route_opens_only_for_its_roles(app, scene, role):
    """Where somebody may, the answer is no 404; what it is, the tests of each page tell."""
    person, wrong = scene.people[role], []
    tried = 0
    for cell in cells(app):
        endpoint, method, guard, arguments, more = cell
        expected = may(role, endpoint, guard, arguments, more.get("part", ""))
        if arguments & {"token"}:
            continue  # 410 for all: test_become_an_educator
        page = answer(app, scene, person, cell)
        found = page.status_code
        tried += 1
        assert found < 500, f"{method} {endpoint}: {found}"
        to_door = (page.location or "").startswith("/sign-in?to=/groups")
        if is_led_to_sign_in(role, guard, method):
            expected = True
            assert (found, to_door) == (302, True), f"{method} {endpoint}: {found}"
        elif (found != 404) is not expected or to_door:
            wrong.append(f"{method} {endpoint}: {found}")

    assert not wrong
    assert tried > 120


def test_a_members_page_opens_only_while_they_share_by_name(app, scene, connection):
    kim = scene.people["educator of the group"]
    group = scene.given["group_id"]
    pages = {
        how: [
            kim.browser.get(f"/groups/{group}/people/{row.id}").status_code
            for row in connection.execute(
                Membership.__table__.select().where(condition, Membership.group_id == group)
            )
        ]
        for how, condition in (
            ("named", (Membership.sharing == "named") & Membership.until.is_(None)),
            ("totals", Membership.sharing == "totals"),
            ("former", Membership.until.is_not(None)),
        )
    }

    assert pages == {"named": [200, 200], "totals": [404], "former": [404]}
