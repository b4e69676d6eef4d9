"""Somebody who walks through the site in any engine, by what selenium can do in all of them."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from urllib.parse import urlsplit

from selenium.common.exceptions import (
    JavascriptException,
    NoSuchElementException,
    StaleElementReferenceException,
    WebDriverException,
)
from selenium.webdriver.common.action_chains import ActionChains
from selenium.webdriver.common.by import By
from selenium.webdriver.remote.webdriver import WebDriver
from selenium.webdriver.remote.webelement import WebElement
from selenium.webdriver.support.wait import WebDriverWait

from tests.browser.visitor import bank
from tests.learn.people import right_answer

_HEADING = "#headline, main:not(:has(#headline)) h1"
_PATIENCE = 20.0
_INTO_VIEW = "arguments[0].scrollIntoView({ block: 'center', behavior: 'instant' })"
_HAS_RING = """const e = document.activeElement;
if (e === document.body) return true; // from the end to the beginning
const seen = e.closest('label') ?? e;
return [e, seen].map(one => getComputedStyle(one)).some(style =>
  style.outlineStyle !== 'none' && parseFloat(style.outlineWidth) >= 3);"""


class Walker:
    """A driver, and the address of the site."""

    def __init__(self, driver: WebDriver, address: str) -> None:
        self.driver = driver
        self._address = address

    @property
    def path(self) -> str:
        return urlsplit(self.driver.current_url).path

    @property
    def has_question(self) -> bool:
        """Whether the page asks a question."""
        return bool(self.driver.find_elements(By.CSS_SELECTOR, "form.question"))

    def open(self, path: str) -> None:
        self.driver.get(self._address + path)

    def run(self, script: str, *given: Any) -> Any:
        return self.driver.execute_script(script, *given)

    def run_until_done(self, script: str, *given: Any) -> Any:
        """Run a script that calls its last argument with what it found."""
        return self.driver.execute_async_script(script, *given)

    def click(self, selector: str) -> None:
        self._click(self._find(By.CSS_SELECTOR, selector))

    def follow(self, words: str) -> None:
        """Click the link with exactly these words, and wait for its page."""
        before = self.driver.current_url
        self._click(self._find(By.LINK_TEXT, words))
        self._wait(lambda: self.driver.current_url != before)

    def press(self, words: str) -> None:
        """Press the button with exactly these words."""
        self._click(self._find(By.XPATH, f"//main//button[normalize-space()='{words}']"))

    def type(self, selector: str, text: str) -> None:
        self._find(By.CSS_SELECTOR, selector).send_keys(text)

    def answer(self) -> str:
        """Answer the question on the page, right if that is a choice; return what is said then."""
        asked = self._find(By.CSS_SELECTOR, "input[name=question]")
        fields = right_answer(bank().questions[asked.get_attribute("value") or ""])
        is_choice = {*fields} == {"answer"}
        given = fields["answer"] if is_choice else ()
        for value in [given] if isinstance(given, str) else given:
            self.click(f"input[name=answer][value='{value}']")
        self.press("Check my answer" if is_choice else "I’m not sure")
        return "That’s right" if is_choice else "Not sure? Here’s the answer"

    def go_on(self) -> None:
        """Click the one button that leads on, and wait for what comes."""
        self.click("a.button")
        self.wait_until_gone("#headline")

    def key(self, key: str) -> None:
        """Press a key, wherever the focus is."""
        ActionChains(self.driver).send_keys(key).perform()

    def tab_to(self, selector: str, most: int) -> None:
        """Press Tab until the selector has the focus, which is marked all the way."""
        for _ in range(most):
            self.key("\ue004")
            assert self.run(_HAS_RING), self.run("return document.activeElement.outerHTML")
            if self.run("return document.activeElement.matches(arguments[0])", selector):
                return
        raise AssertionError(f"no Tab leads to {selector}")

    def text(self, selector: str) -> str:
        return self._find(By.CSS_SELECTOR, selector).text

    def wait_for(self, selector: str) -> None:
        self._find(By.CSS_SELECTOR, selector)

    def wait_until_gone(self, selector: str) -> None:
        self._wait(lambda: not self.driver.find_elements(By.CSS_SELECTOR, selector))

    def wait_for_text(self, selector: str, words: str) -> None:
        self._wait(lambda: words in self.driver.find_element(By.CSS_SELECTOR, selector).text)

    def wait_for_heading(self, words: str) -> None:
        self.wait_for_text(_HEADING, words)

    def wait_until(self, is_so: str) -> None:
        """Wait until an asynchronous function in the page returns something true."""
        script = f"const done = arguments[0]; ({is_so})().then(done, () => done(false));"
        self._wait(lambda: self.run_until_done(script))

    def _find(self, by: str, what: str) -> WebElement:
        found: WebElement = self._wait(lambda: self.driver.find_element(by, what))
        return found

    def _click(self, found: WebElement) -> None:
        self.run(_INTO_VIEW, found)
        found.click()

    def _wait(self, found: Callable[[], Any]) -> Any:
        passing = (NoSuchElementException, StaleElementReferenceException, JavascriptException)
        wait = WebDriverWait(self.driver, _PATIENCE, 0.05, ignored_exceptions=passing)
        return wait.until(lambda _: _found_if_there(found))


def _found_if_there(found: Callable[[], Any]) -> Any:
    """Call `found`; raises StaleElementReferenceException also where Chromium's driver doesn't."""
    try:
        return found()
    except WebDriverException as error:
        if "does not belong to the document" in str(error.msg):
            raise StaleElementReferenceException from error
        raise
