"""Make a reminder: the file comes as a download, with and without a script."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from playwright.sync_api import expect

from tests.browser.visitor import Visitor

pytestmark = pytest.mark.browser

DAY = (datetime.now(UTC) + timedelta(days=30)).date().isoformat()


@pytest.mark.parametrize("scripts", [True, False])
def test_a_reminder_is_made_from_the_list_for_the_care_team(
    visit: Callable[..., Visitor], scripts: bool
) -> None:
    ana = visit(java_script_enabled=scripts)
    ana.open("/care-team")
    ana.follow("Remind me of my next visit")
    expect(ana.page.get_by_label("Visit with my care team")).to_be_checked()
    ana.page.get_by_label("Day").fill(DAY)
    ana.page.get_by_label("Time").fill("14:30")
    with ana.page.expect_download() as coming:
        ana.page.get_by_role("button", name="Make the reminder").click()
    file = coming.value
    assert file.suggested_filename == "reminder.ics"
    text = Path(file.path()).read_text()
    assert f"DTSTART:{DAY.replace('-', '')}T143000" in text
    expect(ana.heading).to_have_text("Remind me")  # the page stays


def test_a_day_that_is_missing_is_named_and_the_rest_stays(ana: Visitor) -> None:
    ana.open("/remind-me?what=review")
    ana.page.get_by_label("Time").fill("09:00")
    ana.page.get_by_label("Name this site in the reminder").check()
    ana.page.keyboard.press("Tab")
    ana.page.keyboard.press("Enter")
    expect(ana.page.get_by_role("alert")).to_be_focused()
    ana.page.get_by_role("alert").get_by_role("link", name="Choose a day.").click()
    expect(ana.page.get_by_label("Day")).to_be_focused()
    expect(ana.page.get_by_label("Time")).to_have_value("09:00")
    expect(ana.page.get_by_label("Name this site in the reminder")).to_be_checked()
