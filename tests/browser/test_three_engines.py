"""From the first page to the saved progress in Chromium, Firefox, and WebKit, as on iPhones.

What all browsers share is tested in Chromium alone, in the other modules. Here each engine walks
the same way once: by touch, by keyboard, without a network, and without scripts.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from axe_playwright_python.sync_playwright import Axe
from selenium.webdriver.common.keys import Keys
from selenium.webdriver.remote.webdriver import WebDriver

from tests.browser.engines import CHROMIUM, ENGINES, Engine, opened
from tests.browser.network import Loss, Network, network_to
from tests.browser.riding import COUNT_WAITING, IS_AHEAD, QUIZ
from tests.browser.walker import Walker
from tests.serving import Site

_AXE = """const [done] = arguments;
const said = ({ id, nodes }) => `${id}: ${nodes.map(node => node.target).join(', ')}`;
axe.run({ resultTypes: ['violations'] })
  .then(found => done(found.violations.map(said)), error => done([`${error}`]));"""
_IS_WIDER = "return document.documentElement.scrollWidth > innerWidth"
_TABS = 60
_PASSPHRASE = "four small brown birds"


@pytest.fixture(scope="module", params=ENGINES, ids=lambda engine: engine.name)
def engine(request: pytest.FixtureRequest) -> Engine:
    found: Engine = request.param
    if not found.is_here:
        pytest.skip(f"no {found.name} to drive: to walk in it, too, apt install {found.packages}")
    return found


@pytest.fixture(scope="module")
def road(site: Site) -> Iterator[Network]:
    with network_to(site.port) as found:
        yield found


@pytest.fixture(scope="module")
def driver(engine: Engine) -> Iterator[WebDriver]:
    with opened(engine) as found:
        yield found


@pytest.fixture
def ana(driver: WebDriver, road: Network) -> Walker:
    return Walker(driver, road.address)


@contextmanager
def without_scripts(engine: Engine, address: str) -> Iterator[Walker]:
    with opened(engine, scripts=False) as driver:
        yield Walker(driver, address)


def check(ana: Walker) -> None:
    """Check the page that is open."""
    assert not ana.run(_IS_WIDER), f"{ana.path} is wider than the window"
    if not ana.run("return 'axe' in window"):
        ana.run(Axe().axe_script)
    assert ana.run_until_done(_AXE) == [], ana.path


def test_a_lesson_its_quiz_the_search_and_saving_progress(ana: Walker, engine: Engine) -> None:
    ana.open("/")
    check(ana)
    ana.follow("Start with the first lesson")
    assert ana.path == "/lessons/what-is-all"
    ana.click("main button.term")
    ana.wait_for(":popover-open")
    check(ana)
    ana.click(":popover-open button")
    ana.wait_until_gone(":popover-open")

    ana.open(QUIZ)
    while ana.has_question:
        check(ana)
        expected = ana.answer()
        ana.wait_for_heading(expected)
        assert ana.run("return document.activeElement.id") == "headline"
        check(ana)
        ana.go_on()
    check(ana)

    ana.open("/progress")
    check(ana)
    ana.click(".search-button")
    ana.type("#site-query", "remision" + Keys.ENTER)
    ana.wait_for_heading("Search")
    assert "remission" in ana.text("main")
    check(ana)

    ana.open("/keep")
    check(ana)
    ana.type("[name=nickname]", f"ana {engine.name}")
    ana.type("[name=passphrase]", _PASSPHRASE)
    ana.press("Save my progress")
    ana.wait_for_heading(f"Your progress is saved, ana {engine.name}")
    check(ana)


def test_a_quiz_by_keyboard(ana: Walker) -> None:
    ana.open("/quizzes/topic/blood-cells")
    for _ in range(2):
        ana.tab_to("form.question .actions button[name=answer]", _TABS)
        ana.key(Keys.ENTER)
        ana.wait_for("#headline")
        ana.tab_to("a.button", _TABS)
        ana.key(Keys.ENTER)
        ana.wait_for("form.question")


def test_an_answer_waits_on_the_device_until_the_network_is_back(
    ana: Walker, road: Network
) -> None:
    ana.open("/quizzes/topic/classification")
    ana.answer()
    ana.wait_for("#headline")
    ana.wait_until(IS_AHEAD)
    ana.wait_until(f"async () => (await ({COUNT_WAITING})()) === 0")
    ana.go_on()
    road.lose(Loss.EVERYTHING)
    ana.answer()
    ana.wait_for_text("[data-waiting]", "You’re offline. One answer is saved on this device.")
    road.lose(Loss.NOTHING)
    ana.run("dispatchEvent(new Event('online'))")
    ana.wait_for("#headline")  # in its place
    ana.wait_until(f"async () => (await ({COUNT_WAITING})()) === 0")


def test_a_quiz_the_search_and_saving_progress_without_scripts(
    engine: Engine, road: Network
) -> None:
    if engine is CHROMIUM:
        pytest.skip("its driver never returns without scripts; test_without_javascript.py does it")
    with without_scripts(engine, road.address) as ben:
        ben.open(QUIZ)
        while ben.has_question:
            ben.wait_for_heading(ben.answer())
            ben.go_on()
        ben.open("/progress")
        assert "What is ALL?" in ben.text("main")
        ben.open("/search")
        ben.type("main [name=q]", "platlets" + Keys.ENTER)
        ben.wait_for_text("main", "Platelets")
        ben.open("/keep")
        ben.type("[name=nickname]", f"ben {engine.name}")
        ben.type("[name=passphrase]", _PASSPHRASE)
        ben.press("Save my progress")
        ben.wait_for_heading(f"Your progress is saved, ben {engine.name}")
