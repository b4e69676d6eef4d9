"""The tests use their own fonts on every machine."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import Page

from tests.browser.typefaces import NARROW, TYPEFACES, WIDE, always_in, shown_in
from tests.browser.visitor import Visitor

pytestmark = pytest.mark.browser

_WIDTH = """() => {
  const range = new Range();
  range.selectNodeContents(document.querySelector('h1'));
  return range.getBoundingClientRect().width;
}"""


def _used(page: Page, selector: str) -> set[str]:
    """The fonts that the browser used for an element and its descendants."""
    page.evaluate("new Promise(done => requestAnimationFrame(() => requestAnimationFrame(done)))")
    session = page.context.new_cdp_session(page)
    session.send("DOM.enable")
    session.send("CSS.enable")
    root = session.send("DOM.getDocument", {"depth": -1})["root"]["nodeId"]
    found = session.send("DOM.querySelectorAll", {"nodeId": root, "selector": selector})
    fonts = [
        font["familyName"]
        for node in found["nodeIds"]
        for font in session.send("CSS.getPlatformFontsForNode", {"nodeId": node})["fonts"]
    ]
    session.detach()
    return {*fonts}


@pytest.mark.parametrize("path", ["/", "/lessons/what-is-all", "/quizzes/topic/blood-cells"])
def test_a_page_is_drawn_in_the_font_that_is_asked_for_and_in_no_other(
    ana: Visitor, path: str
) -> None:
    ana.open(path)
    assert _used(ana.page, "body *") == {NARROW}
    with shown_in(WIDE, ana.page):
        assert _used(ana.page, "body *") == {WIDE}
    assert _used(ana.page, "body *") == {NARROW}


def test_the_same_words_are_wider_in_the_wide_font(visit: Callable[..., Visitor]) -> None:
    widths = {}
    for typeface in TYPEFACES:
        ana = visit()
        always_in(typeface, ana.page)
        ana.open("/lessons/what-is-all")
        widths[typeface] = ana.page.evaluate(_WIDTH)

    assert 1.1 < widths[WIDE] / widths[NARROW] < 1.3


def test_generic_names_of_fonts_lead_to_ours(ana: Visitor) -> None:
    ana.page.set_content("""<meta charset="utf-8"><p style="font-family: system-ui">A
      <p style="font-family: serif">B <p style="font-family: Verdana, sans-serif">C <p>D
      <pre>E</pre> <i style="font-family: Menlo, monospace">F</i>""")
    assert _used(ana.page, "p") == {NARROW}
    assert _used(ana.page, "pre, i") == {"Reader Mono"}
