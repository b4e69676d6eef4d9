"""The list of questions for the care team, and the team’s numbers."""

from __future__ import annotations

from collections.abc import Iterator

from tests.browser.networks import OFFLINE, ONLINE
from tests.browser.visitor import UNSURE, Visitor


def number_states(ana: Visitor) -> Iterator[str]:
    """The care team's own numbers: typed, kept, on the device alone, and removed; and the card."""
    ana.open("/help/card")
    yield "card-empty"
    ana.open("/help")
    ana.page.locator("[href='#care-now']").first.click()
    yield "help-type-numbers"
    ana.press("Save the numbers")
    yield "care-numbers-empty"
    ana.page.get_by_label("Daytime").fill("(555) 010-1234 ext. 22, the day clinic")
    ana.page.get_by_label("Nights and weekends").fill("1-800-555-HELP" + " " + "x" * 80)
    ana.press("Save the numbers")
    yield "help-with-numbers"
    ana.open("/lessons/when-to-call")
    yield "lesson-with-numbers"
    ana.open("/help/card")
    yield "card"
    cookies = ana.page.context.cookies()
    ana.page.context.clear_cookies()
    ana.open("/help")
    yield "help-with-numbers-of-the-device"
    ana.page.context.add_cookies(cookies)
    ana.open("/care-team/numbers")
    yield "care-numbers"
    ana.page.get_by_label("Daytime").fill("206 555 01")
    ana.press("Save the numbers")
    yield "help-with-a-number-to-check"
    ana.open("/")
    yield "home-with-a-number-to-check"
    ana.open("/care-team/numbers")
    yield "care-numbers-to-check"
    ana.press("Remove the numbers, here and on this device")
    yield "help-numbers-removed"


def saved_question_states(ana: Visitor) -> Iterator[str]:
    """A question saved without leaving the page, offline, and as the page comes back."""
    ana.open("/lessons/treatment")
    buttons = ana.page.locator(".save-question button")
    ana.page.evaluate(OFFLINE)
    buttons.nth(1).click()
    ana.page.locator(".save-question .note").wait_for()
    ana.page.evaluate(ONLINE)
    buttons.first.click()
    ana.page.locator(".question-saved").wait_for()
    yield "lesson-question-saved"
    ana.page.locator(".save-question form").first.evaluate("form => form.submit()")
    ana.page.wait_for_url("**/lessons/treatment?saved=yes#ask-2")
    yield "lesson-question-saved-without-a-script"
    ana.open("/care-team")
    for _ in range(2):
        ana.page.locator(".care-sheet summary").last.click()
        with ana.page.expect_navigation():
            ana.page.get_by_role("button", name="Remove from list").last.click()


def own_question_states(ana: Visitor) -> Iterator[str]:
    """The sheet with the visitor's own lines: open, asked, and suggested."""
    write(ana, "When can I see my grandchildren again?")
    write(ana, "متى يمكنني العودة إلى العمل؟")
    line = ana.page.locator(".care-sheet > li").last
    line.locator("summary").click()
    with ana.page.expect_navigation():
        line.get_by_role("button", name="Move up").click()
    with ana.page.expect_navigation():
        ana.page.locator(".tick-button").first.click()
    ana.take("topic/classification", UNSURE)
    ana.open("/care-team")
    for summary in ana.page.locator("summary").all():
        summary.click()
    yield "care-team-own-questions"
    ana.page.locator("[name=csrf_token]").evaluate_all("all => all.forEach(f => f.value = 'old')")
    write(ana, "Who may visit me?")
    yield "care-team-expired"
    ana.open("/care-team")
    ana.page.locator(".care-sheet summary").last.click()
    with ana.page.expect_navigation():
        ana.page.locator(".care-sheet").get_by_role("link", name="Edit the question").last.click()
    yield "care-team-edit"
    ana.page.locator("#text").fill("Why? " * 100)
    ana.press("Save")
    yield "care-team-edit-too-long"
    taken = Visitor(ana.page.context.new_page())
    taken.open("/care-team")
    taken.page.locator(".care-sheet summary").last.click()
    with taken.page.expect_navigation():
        taken.page.locator(".care-sheet").get_by_role(
            "button", name="Remove from list"
        ).last.click()
    taken.page.close()
    ana.page.locator("#text").fill("Who may visit me?")
    ana.press("Save")
    yield "care-team-gone"


def write(ana: Visitor, question: str) -> None:
    """Write a question on the sheet for the care team."""
    ana.page.locator("#text").fill(question)
    with ana.page.expect_navigation():
        ana.page.locator("form.field button").click()
