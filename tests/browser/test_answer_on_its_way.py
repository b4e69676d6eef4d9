"""An answer is on the device before it is sent: leaving the page then, or the network, is fine."""

from __future__ import annotations

import contextlib
import re
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Error, expect

from tests.browser.network import Loss, Network, network_to
from tests.browser.riding import (
    COUNT_WAITING,
    HAS_WORKER,
    QUIZ,
    answered,
    begin,
    find,
    lose,
    wait_until,
)
from tests.browser.visitor import PHONE, UNSURE, Visitor
from tests.learn.people import right_answer, wrong_answer
from tests.serving import Site, serving

pytestmark = pytest.mark.browser

_DENIED = """() => { IDBFactory.prototype.open = () => {
  throw new DOMException('The user denied permission to access the database.', 'SecurityError');
}; }"""


def answer_into_silence(rider: Visitor, network: Network, fields: Any, silence: Loss) -> None:
    """Send an answer, and get no reply to it, nor any word that there is none."""
    rider.choose(fields)
    network.lose(silence)
    with rider.page.expect_request(lambda request: request.method == "POST"):
        rider.sender(fields).click()


def come_back(rider: Visitor, network: Network, path: str) -> Visitor:
    """Leave in the middle of it, and open the site again."""
    rider.page.close()
    network.lose(Loss.NOTHING)
    back = Visitor(rider.page.context.new_page())
    back.open(path)
    return back


@pytest.mark.parametrize("silence", [Loss.TIME, Loss.TIME_OF_ANSWERS])
def test_leaving_while_an_answer_is_on_its_way_loses_nothing(
    rider: Visitor, network: Network, site: Site, silence: Loss
) -> None:
    attempt = begin(rider)
    rider.go_on()
    question = rider.path
    answer_into_silence(rider, network, wrong_answer(rider.question), silence)
    rider = come_back(rider, network, question)
    expect(rider.heading).to_have_text("Not quite right")
    wait_until(rider.page, f"async () => (await ({COUNT_WAITING})()) === 0")
    assert len(answered(site, attempt)) == 2


def test_the_first_answer_of_a_quiz_survives_leaving_too(
    rider: Visitor, network: Network, site: Site
) -> None:
    rider.open(QUIZ)
    answer_into_silence(rider, network, right_answer(rider.question), Loss.TIME)
    rider = come_back(rider, network, "/")
    saved = rider.page.locator("[data-waiting]")
    expect(saved).to_contain_text("Your offline answer is saved now.")
    saved.get_by_role("link", name="See your answer").click()
    expect(rider.heading).to_have_text("That’s right")
    assert len(answered(site, rider.path.split("/")[2])) == 1


def test_a_network_lost_in_the_middle_of_sending_makes_the_answer_wait(
    rider: Visitor, network: Network, site: Site
) -> None:
    attempt = begin(rider)
    rider.go_on()
    answer_into_silence(rider, network, UNSURE, Loss.TIME_OF_ANSWERS)
    lose(rider, network)
    expect(rider.page.locator("[data-waiting]")).to_contain_text("One answer is saved")
    expect(rider.page.locator("[data-kept]")).to_be_focused()
    find(rider, network)
    expect(rider.heading).to_have_text("Not sure? Here’s the answer")  # in its place
    assert answered(site, attempt)[2]["unsure"]


def test_an_answer_that_has_arrived_leaves_nothing_on_the_device(
    rider: Visitor, site: Site
) -> None:
    attempt = begin(rider)
    rider.go_on()
    rider.answer(right_answer(rider.question))
    wait_until(rider.page, f"async () => (await ({COUNT_WAITING})()) === 0")
    expect(rider.page.locator("[data-waiting]")).to_have_count(0)
    assert len(answered(site, attempt)) == 2


def _fill_the_disk(rider: Visitor) -> None:
    origin = rider.page.evaluate("location.origin")
    session = rider.page.context.new_cdp_session(rider.page)
    session.send("Storage.overrideQuotaForOrigin", {"origin": origin, "quotaSize": 1})


def _deny_storage(rider: Visitor) -> None:
    rider.page.context.add_init_script(f"({_DENIED})()")
    rider.page.reload()


@pytest.mark.parametrize("fail", [_fill_the_disk, _deny_storage])
def test_a_device_that_keeps_nothing_sends_the_plain_form(
    rider: Visitor, network: Network, site: Site, fail: Callable[[Visitor], None]
) -> None:
    rider.open(QUIZ)
    fail(rider)
    rider.answer(right_answer(rider.question))
    expect(rider.heading).to_have_text("That’s right")
    attempt = rider.path.split("/")[2]
    rider.go_on()
    question = rider.page.url

    network.lose(Loss.EVERYTHING)
    rider.sender(UNSURE).click()
    with contextlib.suppress(Error):  # raised if the page fails while this waits for it
        rider.page.wait_for_url("chrome-error://**")
    expect(rider.page).to_have_url(re.compile("^chrome-error:"))
    network.lose(Loss.NOTHING)
    rider.page.reload()  # the browser sends the form again
    rider.page.wait_for_url(question)
    expect(rider.heading).to_have_text("Not sure? Here’s the answer")
    assert answered(site, attempt)[2]["unsure"]


@pytest.mark.parametrize("year", [1999, 2090])
def test_a_clock_that_is_years_off_loses_nothing(
    rider: Visitor, network: Network, site: Site, year: int
) -> None:
    rider.page.clock.set_system_time(f"{year}-01-01T00:00:00Z")
    attempt = begin(rider)
    rider.go_on()
    question = rider.path
    answer_into_silence(rider, network, UNSURE, Loss.TIME)
    rider = come_back(rider, network, question)
    expect(rider.heading).to_have_text("Not sure? Here’s the answer")
    assert len(answered(site, attempt)) == 2


def test_two_tabs_that_answer_at_once_record_one_answer(
    rider: Visitor, network: Network, site: Site
) -> None:
    attempt = begin(rider)
    rider.go_on()
    second = Visitor(rider.page.context.new_page())
    second.open(rider.path)
    second.choose(right_answer(second.question))
    answer_into_silence(rider, network, UNSURE, Loss.TIME_OF_ANSWERS)
    until = time.monotonic() + 10
    while len(answered(site, attempt)) < 2 and time.monotonic() < until:
        time.sleep(0.02)
    network.lose(Loss.NOTHING)
    second.page.get_by_role("button", name="Check my answer").click()
    expect(second.heading).to_have_text("Not sure? Here’s the answer")
    wait_until(second.page, f"async () => (await ({COUNT_WAITING})()) === 0")
    assert answered(site, attempt)[2]["unsure"]
    assert len(answered(site, attempt)) == 2


def test_a_service_worker_from_before_an_update_loses_nothing(
    browser: Browser, tmp_path: Path
) -> None:
    data = tmp_path / "data"
    with browser.new_context(viewport=PHONE) as context:
        context.set_default_timeout(10_000)
        rider = Visitor(context.new_page())
        with (
            serving(data, workers=1, LEARN_TIME_ZONE="Asia/Tokyo") as before,
            network_to(before.port) as network,
        ):
            rider.open(f"{network.address}{QUIZ}")
            wait_until(rider.page, HAS_WORKER)
            before.stop()
            with serving(data, workers=1) as site:
                network.lead_to(site.port)
                answer_into_silence(rider, network, right_answer(rider.question), Loss.TIME)
                rider = come_back(rider, network, f"{network.address}/")
                saved = rider.page.locator("[data-waiting]")
                saved.get_by_role("link", name="See your answer").click()
                expect(rider.heading).to_have_text("That’s right")
