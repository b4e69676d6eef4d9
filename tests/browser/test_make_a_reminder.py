"""Make a reminder: the file comes as a download, with and without a script."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

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
    ana.page.get_by_role("button", name="Make the reminder").click()
    expect(ana.heading).to_have_text("Your reminder is ready")
    with ana.page.expect_download() as coming:
        ana.page.get_by_role("link", name="Add it to my calendar").click()
    file = coming.value
    assert file.suggested_filename == "reminder.ics"
    text = Path(file.path()).read_text()
    assert f"DTSTART:{DAY.replace('-', '')}T143000" in text
    expect(ana.heading).to_have_text("Your reminder is ready")  # the page stays


def test_a_day_that_is_missing_is_named_and_the_rest_stays(ana: Visitor) -> None:
    ana.open("/remind-me?what=review")
    ana.page.get_by_label("Time").fill("09:00")
    ana.page.get_by_label("Name this site in the reminder").check()
    ana.page.keyboard.press("Enter")
    expect(ana.page.get_by_role("alert")).to_be_focused()
    ana.page.get_by_role("alert").get_by_role("link", name="Choose a day.").click()
    expect(ana.page.get_by_label("Day")).to_be_focused()
    expect(ana.page.get_by_label("Time")).to_have_value("09:00")
    expect(ana.page.get_by_label("Name this site in the reminder")).to_be_checked()


@pytest.mark.parametrize("scripts", [True, False])
def test_a_day_is_chosen_with_one_tap_and_the_rest_stays(
    visit: Callable[..., Visitor], scripts: bool
) -> None:
    ana = visit(java_script_enabled=scripts, timezone_id="America/New_York")
    ana.open("/remind-me?what=visit")
    ana.page.get_by_label("Time").fill("09:00")
    ana.page.get_by_role("button", name="In 3 days").click()
    expect(ana.page.get_by_label("Time")).to_have_value("09:00")
    today = datetime.now(ZoneInfo("America/New_York")).date()
    day = date.fromisoformat(ana.page.get_by_label("Day").input_value())
    assert abs((day - today).days - 3) <= (0 if scripts else 1)
    expect(ana.page.get_by_label("Visit with my care team")).to_be_checked()


@pytest.mark.parametrize("scripts", [True, False])
def test_a_time_comes_with_the_day_that_is_tapped(
    visit: Callable[..., Visitor], scripts: bool
) -> None:
    ana = visit(java_script_enabled=scripts, timezone_id="America/New_York")
    ana.open("/remind-me?what=review")
    ana.page.get_by_role("button", name="Make the reminder").click()
    ana.page.get_by_role("button", name="Tomorrow").click()
    expect(ana.page.get_by_label("Time")).to_have_value("10:00")
    expect(ana.page.get_by_role("alert")).to_have_count(0)
    ana.page.get_by_role("button", name="Make the reminder").click()
    expect(ana.heading).to_have_text("Your reminder is ready")


def test_a_time_comes_with_the_day_that_is_filled_in(ana: Visitor) -> None:
    ana.open("/remind-me?what=review")
    ana.page.get_by_label("Day").fill(DAY)
    expect(ana.page.get_by_label("Time")).to_have_value("10:00")


def test_an_error_goes_once_something_is_chosen(ana: Visitor) -> None:
    ana.open("/remind-me?what=review")
    ana.page.get_by_role("button", name="Make the reminder").click()
    box = ana.page.get_by_role("alert")
    expect(box.get_by_role("link")).to_have_count(2)
    ana.page.get_by_label("Time").fill("09:00")
    expect(box.get_by_role("link")).to_have_text(["Choose a day."])
    ana.page.get_by_role("button", name="Tomorrow").click()
    expect(ana.page.get_by_label("Time")).to_have_value("09:00")
    expect(box).to_have_count(0)
    expect(ana.page.get_by_text("Choose a time.")).to_have_count(0)
    expect(ana.page.locator("[aria-invalid]")).to_have_count(0)
