"""Checks of every page in every state: accessibility, zoom, and requests.

The states are visited once, which takes longer than any other test, by one worker.
"""

from __future__ import annotations

import re
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser

from tests.browser.inspection import Walk, walk
from tests.serving import Site

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def walked(browser: Browser, site: Site) -> Walk:
    """The records of all states."""
    return walk(browser, site)


def test_no_page_breaks_a_rule_of_accessibility_in_light_or_dark(walked: Walk) -> None:
    assert walked.states_with("rules_broken") == {}


def test_nothing_breaks_at_400_percent(walked: Walk) -> None:
    assert walked.states_with("errors_at_400") == {}


def test_nothing_breaks_in_a_narrow_window_with_text_of_twice_the_size(walked: Walk) -> None:
    assert walked.states_with("errors_with_large_text") == {}


def test_nothing_to_press_is_tiny(walked: Walk) -> None:
    assert walked.states_with("small_targets") == {}


def test_every_page_says_its_language_its_title_and_one_main_heading(walked: Walk) -> None:
    assert {seen.language for seen in walked.seen.values()} == {"en"}
    assert {seen.main_headings for seen in walked.seen.values()} == {1}
    for name, seen in walked.seen.items():
        assert re.search(r"[^.?!][.?!] Learn ALL$", seen.title), name


def test_every_page_says_that_it_is_not_advice_and_where_help_is(walked: Walk) -> None:
    for name, seen in walked.seen.items():
        assert "It is not medical advice." in seen.words, name
        assert re.search("Get help|When to call", seen.words), name


def test_no_page_asks_anybody_else(walked: Walk, site: Site) -> None:
    ours = {urlsplit(site.address).netloc, urlsplit(site.named).netloc}
    assert {host for seen in walked.seen.values() for host in seen.hosts} == ours


def test_no_page_makes_the_browser_complain(walked: Walk) -> None:
    for name, complaints in walked.states_with("complaints").items():
        # A page that says what went wrong is an answer, too, and the browser notes its status;
        # to come to some of them takes several tries.
        is_outage = name.startswith(("error-500", "error-503"))
        status = "status of [45]" if is_outage else "status of 4"
        assert all(re.search(f"the server responded with a {status}", c) for c in complaints), name


def test_only_the_cookies_of_the_privacy_page_are_left_in_the_browser(walked: Walk) -> None:
    names = {name for name in walked.cookies if not name.startswith("learn_all_room_")}
    assert {"learn_all"} <= names <= {"learn_all", "learn_all_aside"}
    kept = {key for key in walked.stored if not key.endswith(" visit")}
    assert {name for name in kept if not name.startswith("papers-")} <= {"no-voice"}
