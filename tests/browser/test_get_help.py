"""Whom to call, told apart by color: the same on Get help, on the home page, and in the search."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Literal

import pytest
from playwright.sync_api import expect

from tests.browser.visitor import Visitor

pytestmark = pytest.mark.browser

BANDS = {
    "/help": (".care-box-emergency h2", ".care-box-now h2", "backgroundColor"),
    "/search?q=cough": (".care-box-emergency h2", ".care-box-now h2", "backgroundColor"),
    "/": (".urgent-emergency", ".urgent-now", "borderInlineStartColor"),
}


def _luminance(color: tuple[int, ...]) -> float:
    linear = [
        c / 12.92 if c <= 0.03928 else ((c + 0.055) / 1.055) ** 2.4
        for c in (part / 255 for part in color)
    ]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def _color(ana: Visitor, selector: str, name: str) -> tuple[int, ...]:
    place = ana.page.locator(f"main {selector}").first
    found = place.evaluate("(it, name) => getComputedStyle(it)[name]", name)
    return tuple(map(int, re.findall(r"\d+", found)[:3]))


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_emergency_number_is_red_and_the_care_team_amber_everywhere(
    visit: Callable[..., Visitor], scheme: Literal["light", "dark"]
) -> None:
    ana = visit(color_scheme=scheme)
    emergency, team = set[tuple[int, ...]](), set[tuple[int, ...]]()
    for address, (first, second, name) in BANDS.items():
        ana.open(address)
        emergency.add(_color(ana, first, name))
        team.add(_color(ana, second, name))
    ((red, green, blue),) = emergency
    assert red > 2 * max(green, blue)
    ((red, green, blue),) = team
    assert red > green > 2 * blue


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_whom_to_call_is_easy_to_read_on_its_color(
    visit: Callable[..., Visitor], scheme: Literal["light", "dark"]
) -> None:
    ana = visit(color_scheme=scheme)
    ana.open("/help")
    for place in (".care-box-emergency h2", ".care-box-emergency .button", ".care-box-now h2"):
        lights = [_luminance(_color(ana, place, n)) for n in ("color", "backgroundColor")]
        darker, lighter = sorted(lights)
        assert (lighter + 0.05) / (darker + 0.05) >= 4.5, place


@pytest.mark.parametrize(("width", "height", "seen"), [(360, 740, 3), (320, 568, 1)])
def test_the_buttons_to_call_are_in_sight_with_and_without_numbers(
    visit: Callable[..., Visitor], width: int, height: int, seen: int
) -> None:
    ana = visit(viewport={"width": width, "height": height}, timezone_id="America/New_York")
    ana.page.clock.set_system_time("2026-11-30T15:00:00Z")  # a Monday morning
    ana.open("/help")
    buttons = ana.page.locator(".call-buttons a.button:visible")
    expect(buttons).to_have_text(["Call 911", re.compile("No care team number saved")])
    for button in buttons.all():
        expect(button).to_be_in_viewport(ratio=1)
    buttons.last.click()
    now = ana.page.get_by_role("region", name="Don’t have the number?")
    for words in (
        "A fever, or can’t reach anyone? Go to the emergency room.",
        "Or call the hospital’s main number. Say “I have leukemia,” or who has it",
    ):
        expect(now.get_by_text(words)).to_be_in_viewport(ratio=1)
    expect(buttons.first).to_be_in_viewport(ratio=1)
    assert ana.page.evaluate("document.activeElement.localName") != "input", "a keyboard hides it"
    ana.page.get_by_label("Daytime").fill("206-555-0134")
    ana.page.get_by_label("Nights and weekends").fill("206-555-0142 ask for heme on call")
    ana.press("Save the numbers")
    for clear in (False, True):  # of the account, and of the device
        if clear:
            ana.page.context.clear_cookies()
        ana.open("/help")
        expect(buttons).to_have_count(3)
        assert [b.get_attribute("href") for b in buttons.all()] == [
            "tel:911",
            "tel:2065550134",
            "tel:2065550142",
        ]
        for button in buttons.all()[:seen]:
            expect(button).to_be_in_viewport(ratio=1)


@pytest.mark.parametrize(("width", "screens"), [(360, 7.5), (1280, 5.5)])
def test_get_help_is_short(visit: Callable[..., Visitor], width: int, screens: float) -> None:
    """What isn't urgent is folded; the way to the emergency room is on the first screen."""
    ana = visit(viewport={"width": width, "height": 740})
    ana.open("/help")
    assert ana.page.evaluate("document.documentElement.scrollHeight / innerHeight") <= screens
    lead = ana.page.get_by_text("Can’t reach them, or have no number yet?")
    box = lead.bounding_box()
    assert box
    assert box["y"] + box["height"] <= 740
