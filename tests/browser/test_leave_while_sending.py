"""An answer whose page was left before it was sent isn't called offline."""

from __future__ import annotations

import pytest
from playwright.sync_api import Route, expect

from tests.browser.riding import COUNT_WAITING, answered, begin, wait_until
from tests.browser.visitor import Visitor
from tests.learn.people import right_answer
from tests.serving import Site

pytestmark = pytest.mark.browser

_SENDING = "**/offline/sender*"
_NOTE_WHAT_WAITS = """document.addEventListener('answers-wait', ({ detail }) => {
  window.hasLooked ||= detail.length > 0;
});"""


def leave_at_once(rider: Visitor) -> str:
    """Answer a second question, and leave before the site has the answer; return the attempt."""
    attempt = begin(rider)
    rider.go_on()
    page = rider.page
    rider.choose(right_answer(rider.question))
    lost: list[Route] = []

    def lose_the_first(route: Route) -> None:
        if lost:
            route.continue_()
        else:
            lost.append(route)

    page.route("**/quizzes/*/2", lose_the_first)
    page.get_by_role("button", name="Check my answer", exact=True).click()
    wait_until(page, f"async () => await ({COUNT_WAITING})() === 1")
    page.add_init_script(_NOTE_WHAT_WAITS)
    return attempt


def hold_back(rider: Visitor) -> list[Route]:
    """Hold back what the page asks before it sends; return the list that it comes to."""
    sending: list[Route] = []

    def hold(route: Route) -> None:
        sending.append(route)

    rider.page.route(_SENDING, hold)
    return sending


def waits(rider: Visitor, words: str) -> None:
    expect(rider.page.locator("[data-waiting]")).to_contain_text(words, timeout=15_000)


def test_an_answer_that_is_still_on_its_way_is_not_called_offline(
    rider: Visitor, site: Site
) -> None:
    attempt = leave_at_once(rider)
    sending = hold_back(rider)
    rider.open("/")
    wait_until(rider.page, "() => window.hasLooked")
    rider.page.wait_for_timeout(500)  # to say what it found
    expect(rider.page.get_by_text("You’re offline")).to_have_count(0)
    sending.pop().continue_()
    waits(rider, "Your offline answer is saved now.")
    assert [*answered(site, attempt)] == [1, 2]


def test_an_answer_that_takes_long_is(rider: Visitor, site: Site) -> None:
    attempt = leave_at_once(rider)
    sending = hold_back(rider)
    rider.open("/")
    waits(rider, "You’re offline. One answer is saved on this device.")
    sending.pop().continue_()
    waits(rider, "Your offline answer is saved now.")
    assert [*answered(site, attempt)] == [1, 2]
