"""States of the pages about explanations."""

from __future__ import annotations

from collections.abc import Iterator

from tests.browser.visitor import Visitor

_WORDS = "It has no stages.\n\nThere are four words. Mine is “untreated” right now."
_RUN_ON = "Acutelymphoblasticleukemia" * 20


def explanations(ana: Visitor) -> Iterator[str]:
    """Yield the name of each state: written, compared, beside an earlier one, and refused."""
    address = "/own-words/lesson/where-all-stands"
    for words in (_RUN_ON, _WORDS):
        ana.open(address)
        ana.page.locator("textarea").fill(words)
        ana.press("Save what I wrote")
    yield "own-words-compare"
    for box in ana.page.locator("[name=point]").all()[:2]:
        box.check()
    ana.page.locator("summary").click()
    yield "own-words-compare-ticked"
    stale = "field => field.value = 'old'"
    ana.page.locator("[name=csrf_token]").evaluate(stale)
    ana.press("Save my check marks")
    yield "own-words-compare-expired"
    ana.press("Save my check marks")
    ana.page.locator("summary").click()
    yield "own-words-look-back"
    ana.follow("Edit what I wrote")
    yield "own-words-change"
    ana.page.locator("textarea").evaluate("box => box.value = 'long '.repeat(1200)")
    ana.press("Save what I wrote")
    yield "own-words-write-too-long"
    ana.page.locator("textarea").fill(_WORDS)
    ana.page.locator("[name=csrf_token]").evaluate(stale)
    ana.press("Save what I wrote")
    yield "own-words-write-expired"
    ana.open("/own-words")
    yield "own-words-used"
    ana.follow(_RUN_ON[:120] + " …")
    for box in ana.page.locator("[name=point]").all():
        box.check()
    ana.press("Save my check marks")
    yield "own-words-look-back-all-said"
    ana.follow("Delete what I wrote")
    yield "own-words-delete"
    ana.page.locator("[name=csrf_token]").evaluate(stale)
    ana.press("Yes, delete it")
    yield "own-words-delete-expired"
