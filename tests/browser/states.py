"""Every page of the site in every state, one after the other, in one browser."""

from __future__ import annotations

import contextlib
import fcntl
import sqlite3
import time
from collections.abc import Iterator
from uuid import UUID, uuid4

from playwright.sync_api import Page

from tests.browser.account_states import account_states
from tests.browser.classroom_states import assignment_states
from tests.browser.explanations import explanations
from tests.browser.group_states import group_states
from tests.browser.leading_states import leading_states
from tests.browser.people_states import people_states
from tests.browser.results_states import results_states
from tests.browser.seeding import confirm_everybody, give_passkeys, mend, sign_in_as
from tests.browser.test_save_a_question import OFFLINE, ONLINE
from tests.browser.visitor import QUESTION_LAYOUTS, UNSURE, Visitor
from tests.browser.voices import voices
from tests.learn.people import right_answer, wrong_answer
from tests.serving import Site

_STANDING = ("help", "glossary", "source", "privacy", "booklet")
_TONES = {"yes": right_answer, "again": wrong_answer, "unsure": lambda _: UNSURE}


def states(page: Page, site: Site) -> Iterator[str]:
    """The name of each state, with the page in it.

    The page must be new. The caller may change how it is shown, and not where it is.
    """
    page.add_init_script(voices())  # as on most phones
    ana = Visitor(page)
    yield from _before_the_first_answer(ana)
    yield from _before_and_after(ana)
    yield from _questions(ana)
    yield from _summaries(ana)
    yield from _check(ana)
    yield from _review(ana, site)
    yield from _mended(ana, site)
    yield from _afterwards(ana)
    yield from account_states(ana, site)
    yield from group_states(ana, site)
    yield from _passkeys(ana, site)
    yield from results_states(ana, site)
    yield from leading_states(ana, site)
    yield from assignment_states(ana, site)
    yield from people_states(ana, site)
    yield from _errors(ana, site)


def _before_the_first_answer(ana: Visitor) -> Iterator[str]:
    ana.open("/")
    yield "home-new"
    lessons = ana.lessons()
    yield "lessons-new"
    for lesson in lessons:
        ana.open(lesson)
        yield lesson.strip("/").replace("/", "-")
    ana.open("/lessons/paths/this-week")
    yield "path-new"
    ana.open("/lessons/treatment?path=this-week")
    yield "lesson-on-a-path"
    yield from _parts_of_a_lesson(ana, lessons[0])
    ana.open("/quizzes")
    yield "quizzes"
    ana.open("/progress")
    yield "progress-empty"
    ana.open("/care-team")
    yield "care-team-empty"
    _write(ana, " ")
    yield "care-team-nothing-written"
    ana.open("/own-words")
    yield "own-words-empty"
    ana.open("/own-words/lesson/where-all-stands")
    yield "own-words-write"
    ana.press("Save what I wrote")
    yield "own-words-write-nothing"
    ana.open("/my-data")
    yield "my-data-empty"
    ana.open("/my-data/deleted")
    yield "my-data-deleted"
    for name in _STANDING:
        ana.open(f"/{name}")
        yield name
    yield from _saved_in_a_lesson(ana)
    yield from _numbers(ana)


def _numbers(ana: Visitor) -> Iterator[str]:
    """The care team's own numbers: typed, kept, on the device alone, and removed; and the card."""
    ana.open("/help/card")
    yield "card-empty"
    ana.open("/help")
    ana.page.locator("#care-numbers summary").click()
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
    ana.press("Remove the numbers, here and on this device")
    yield "help-numbers-removed"


def _before_and_after(ana: Visitor) -> Iterator[str]:
    ana.open("/quizzes/review")
    yield "review-before-anything"
    ana.open("/before-and-after")
    yield "before-and-after-new"
    ana.open("/quizzes/before")
    yield "question-before"
    ana.answer_over_http("/quizzes/before")
    ana.answer_over_http("/quizzes/before")
    ana.open("/quizzes/review")
    yield "review-all-fresh"
    ana.finish("/quizzes/before", UNSURE)
    yield "before-and-after-begun"
    ana.open("/quizzes/after")
    yield "question-after"
    ana.answer_over_http("/quizzes/after", UNSURE)
    ana.finish("/quizzes/after")
    yield "before-and-after"


def _check(ana: Visitor) -> Iterator[str]:
    ana.open("/quizzes/check")
    yield "check"
    ana.choose({"about": "some"})
    yield "check-some-lessons"
    ana.press("Start")
    yield "check-no-lesson-chosen"
    ana.choose({"lesson": "where-to-find-help", "length": "20"})
    ana.press("Start")
    yield "question-check-fewer"
    begun = ana.begin("check/questions?about=some&lesson=where-to-find-help&length=5")
    ana.open("/quizzes/check")
    yield "check-open"
    ana.answer_over_http(begun, UNSURE)
    ana.answer_over_http(begun, {"sure": "no"} | right_answer(ana.asked_at(begun)))
    ana.finish(begun)
    yield "check-summary"


def _review(ana: Visitor, site: Site) -> Iterator[str]:
    ana.open("/quizzes/review")
    yield "review-another-look"
    _execute(site, "UPDATE memory SET due_at = reviewed_at")
    _execute(site, "UPDATE attempt SET finished_at = started_at WHERE finished_at IS NULL")
    ana.open("/")
    yield "home-review"
    ana.open("/quizzes/review")
    yield "question-review"
    month = 31 * 86_400 * 1_000_000
    _execute(site, "UPDATE memory SET reviewed_at = reviewed_at - ?", month)
    ana.open("/")
    yield "home-after-a-while"
    ana.open("/quizzes/review")
    yield "question-review-after-a-while"
    ana.take("review")
    yield "summary-review"


def _mended(ana: Visitor, site: Site) -> Iterator[str]:
    mend(site, [(0, 1), (1, 0)])
    ana.open("/")
    yield "home-notices"
    ana.page.locator("section.card a").first.click()
    yield "feedback-mended"
    ana.open("/progress")
    yield "progress-notices"
    for _ in range(2):
        with ana.page.expect_navigation():
            ana.page.locator("form[action*=notices] button").first.click()


def _parts_of_a_lesson(ana: Visitor, lesson: str) -> Iterator[str]:
    ana.open(lesson)
    ana.page.locator("button.term").first.click()
    yield "lesson-with-a-meaning-open"
    ana.page.keyboard.press("Escape")
    for summary in ana.page.locator("summary:visible").all():
        summary.click()
    yield "lesson-with-all-details-open"
    passage = ana.page.locator("span.passage").first.get_attribute("id")
    ana.open(f"{lesson}#{passage}")
    yield "lesson-at-a-passage"
    ana.open(lesson)
    ana.page.locator(".read-aloud button").first.click()
    for _ in range(5):
        ana.page.evaluate("sayOne()")
    yield "lesson-read-aloud"


def _saved_in_a_lesson(ana: Visitor) -> Iterator[str]:
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


def _questions(ana: Visitor) -> Iterator[str]:
    """Quizzes, until every form of question was met with every kind of error and feedback."""
    ana.open("/quizzes/topic/what-is-all")
    yield "question-first"
    asked = {*QUESTION_LAYOUTS}
    wanted = {(form, tone) for form in QUESTION_LAYOUTS for tone in _TONES}
    while wanted:
        form = ana.go_to_question_of_layout({form for form, _ in wanted})
        if form in asked:
            asked.remove(form)
            yield from _asked(ana, form)
        tone = next(t for t in _TONES if (form, t) in wanted)
        wanted.remove((form, tone))
        ana.answer(_TONES[tone](ana.question))
        yield f"feedback-{form}-{tone}"


def _asked(ana: Visitor, form: str) -> Iterator[str]:
    """A question before it is answered, and with the errors of its form."""
    address, question = ana.path, ana.question
    yield f"question-{form}"
    ana.send()
    yield f"question-{form}-nothing-chosen"
    if form == "choice":
        ana.open(address)
        return
    right = right_answer(question)
    if form == "choices":
        ana.choose(right | {"sure": "yes"})
        ana.choose(UNSURE)  # and the two can't both be meant
    elif form == "order":
        ana.choose(dict.fromkeys([*right][:2], "1"))
    else:
        ana.choose(dict([*right.items()][:1]))
    ana.send()
    yield f"question-{form}-half-done"
    ana.open(address)


def _summaries(ana: Visitor) -> Iterator[str]:
    ana.finish("/quizzes/topic/what-is-all")
    yield "summary"
    ana.take("lesson/where-all-stands")
    yield "summary-all-right"
    ana.take("topic/risk-factors", UNSURE)
    yield "summary-all-unsure"
    begun = ana.begin("mixed")
    ana.open(f"{begun}/stop")
    yield "stop"
    ana.open("/")
    yield "home-returning"
    ana.open("/lessons/paths/this-week")
    yield "path-begun"
    ana.open("/progress")
    yield "progress-with-an-open-quiz"
    ana.finish(begun)


def _afterwards(ana: Visitor) -> Iterator[str]:
    ana.open("/progress")
    for summary in ana.page.locator("summary").all():
        summary.click()
    yield "progress-used"
    ana.open("/lessons/what-is-all")
    ana.open("/lessons")
    yield "lessons-used"
    ana.take("topic/risk-factors", UNSURE)
    ana.save_questions()
    yield "care-team-used"
    yield from _own_questions(ana)
    yield from explanations(ana)
    ana.open("/my-data")
    yield "my-data-used"
    ana.open("/my-data/delete")
    yield "my-data-delete"
    ana.page.locator("[name=csrf_token]").evaluate("field => field.value = 'old'")
    ana.press("Yes, delete everything")
    yield "my-data-delete-expired"


def _own_questions(ana: Visitor) -> Iterator[str]:
    """The sheet with the visitor's own lines: open, asked, and suggested."""
    _write(ana, "When can I see my grandchildren again?")
    _write(ana, "متى يمكنني العودة إلى العمل؟")
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
    _write(ana, "Who may visit me?")
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


def _write(ana: Visitor, question: str) -> None:
    """Write a question on the sheet for the care team."""
    ana.page.locator("#text").fill(question)
    with ana.page.expect_navigation():
        ana.page.locator("form.field button").click()


def _passkeys(ana: Visitor, site: Site) -> Iterator[str]:
    """Passkeys, at the site's name, where somebody else is signed in."""
    ana.open("/passkeys")
    yield "passkeys-not-at-this-address"
    here = f"{site.named}/passkeys"
    ana.open(f"{site.named}/sign-in")
    yield "sign-in-or-with-a-passkey"
    ana.open(f"{here}/sign-in")
    yield "passkeys-sign-in"
    for name in ("waiting", "cancelled", "there", "unable", "other"):
        ana.page.locator(f"[data-says={name}]").evaluate("words => { words.hidden = false }")
    yield "passkeys-sign-in-all-that-is-said"
    with ana.page.expect_navigation():
        ana.page.locator("form").evaluate("form => form.submit()")
    yield "passkeys-sign-in-expired"
    account = sign_in_as(ana.page.context, site, "Ana")
    ana.open(f"{here}/sign-in")
    yield "passkeys-signed-in-already"
    ana.open(here)
    yield "passkeys-none"
    with ana.page.expect_navigation():
        ana.page.locator("form").evaluate("form => form.submit()")
    yield "passkeys-not-added"
    give_passkeys(site, account, ["My phone", "The computer in the living room", "M" * 40])
    ana.open(f"{here}?done=new")
    yield "passkeys-used"
    confirm_everybody(site)
    ana.follow("Rename “My phone”")
    yield "passkeys-rename"
    confirm_everybody(site)
    ana.page.get_by_label("New name").fill("")
    ana.press("Save")
    yield "passkeys-rename-empty"
    ana.open(here)
    confirm_everybody(site)
    ana.follow("Remove “My phone”")
    yield "passkeys-remove"
    yield from _confirming(ana, site)
    give_passkeys(site, account, [f"Phone {n}" for n in range(4, 11)])
    ana.open(here)
    yield "passkeys-full"


def _confirming(ana: Visitor, site: Site) -> Iterator[str]:
    """Five minutes later, at the site's name: she is asked for her passphrase or a passkey."""
    confirm_everybody(site, minutes_ago=6)
    ana.open(f"{site.named}/account/nickname")
    yield "confirm"
    ana.page.get_by_label("Your passphrase").fill("not this one")
    ana.press("Continue")
    yield "confirm-other"
    ana.follow("Use a passkey instead")
    yield "confirm-with-a-passkey"
    with ana.page.expect_navigation():
        ana.page.locator("form").evaluate("form => form.submit()")
    yield "confirm-with-a-passkey-expired"
    ana.open(f"{site.named}/passkeys")
    yield "passkeys-to-confirm-first"
    confirm_everybody(site)


def _errors(ana: Visitor, site: Site) -> Iterator[str]:
    ana.open("/lessons/not-there")
    yield "error-404"
    ana.open("/care-team/add")
    yield "error-405"
    ana.open("/care-team")
    forged = ana.page.locator("form:has(.care-sheet)")
    forged.locator("[name=csrf_token]").evaluate("field => field.value = 'x'.repeat(99999)")
    with ana.page.expect_navigation():
        forged.locator(".tick-button").first.click()
    yield "error-413"
    ana.open("/care-team")
    forged.locator("[name=csrf_token]").evaluate("field => field.value = 'old'")
    with ana.page.expect_navigation():
        forged.locator(".tick-button").first.click()
    yield "error-expired"
    yield from _too_many_reports(ana, site)
    yield from _database_away(ana, site)

    attempt = ana.begin("topic/blood-cells")
    ana.go_on()
    ana.page.locator("[name=csrf_token]").evaluate("field => field.value = 'old'")
    ana.choose(right_answer(ana.question))
    ana.send()
    yield "question-expired"
    ana.open(f"{attempt}/2")
    ana.page.locator("[name=version]").evaluate("field => field.value = 'older'")
    ana.send()
    yield "question-changed"

    _keep_earlier_words(site, attempt)
    ana.open(f"{attempt}/1")
    yield "feedback-earlier"
    _alter(site, attempt, "version = 'oldest', response = '{\"chosen\": [\"not-there\"]}'", 1)
    ana.open(f"{attempt}/1")
    yield "feedback-changed"
    _alter(site, attempt, "question_id = 'not-there'", 2)
    ana.open(f"{attempt}/2")
    yield "question-gone"
    ana.open(f"{attempt}/3")
    yield "question-after-one-is-gone"
    _alter(site, attempt, "response = '[]'", 1)
    ana.open(f"{attempt}/1")
    yield "error-500"

    attempt = ana.begin("mixed")
    _sign_in_elsewhere(site, attempt)
    ana.open(f"{attempt}/2")
    yield "question-of-an-account-by-now"


def _database_away(ana: Visitor, site: Site) -> Iterator[str]:
    """Another process holds the lock for writing until the site gives up, and answers 503."""
    ana.open("/care-team")
    ana.page.locator("#text").fill("Which of my tests is next,\nand why?")
    with _held(site), ana.page.expect_navigation():
        ana.page.locator("form.field").evaluate("form => form.submit()")
    yield "error-503-with-the-form"
    _wait_until_it_is_back(ana)
    ana.begin("topic/risk-factors")
    ana.go_on()
    ana.choose(right_answer(ana.question))
    with _held(site), ana.page.expect_navigation():
        ana.page.locator("form:has([name=question])").evaluate("form => form.submit()")
    yield "error-503-with-the-answer"
    _wait_until_it_is_back(ana)


@contextlib.contextmanager
def _held(site: Site) -> Iterator[None]:
    """Hold the lock that the site takes to write."""
    with site.database.with_suffix(".gate").open("r+") as gate:
        fcntl.flock(gate, fcntl.LOCK_EX)
        yield


def _wait_until_it_is_back(ana: Visitor) -> None:
    """Write until that works again in each process, which tries once a second."""
    for _ in range(20):
        time.sleep(0.5)
        ana.open("/care-team")
        with ana.page.expect_navigation():
            ana.page.locator("form.field").evaluate("form => form.submit()")
        if "That isn’t saved yet" not in ana.page.content():
            return
    raise AssertionError("the site did not come back")


def _too_many_reports(ana: Visitor, site: Site) -> Iterator[str]:
    for _ in range(2):
        ana.open("/mistake/lesson/what-is-all")
        _write(ana, "The picture shows\ntoo many cells.")
        _execute(site, "UPDATE rate_limit SET hits = 100000")
    yield "error-429"
    _execute(site, "DELETE FROM rate_limit")


def _alter(site: Site, attempt: str, change: str, position: int) -> None:
    """Change an item in the database, as an upgrade of the questions or a bug would."""
    key = UUID(attempt.rpartition("/")[2]).bytes
    statement = f"UPDATE item SET {change} WHERE attempt_id = ? AND position = ?"  # noqa: S608
    assert _execute(site, statement, key, position) == 1


def _keep_earlier_words(site: Site, attempt: str) -> None:
    """Make the first answer one to an archived version of its question."""
    _alter(site, attempt, "version = 'older'", 1)
    statement = """
    INSERT INTO question_version
    SELECT question_id, 'older', replace(text, '"ask":"', '"ask":"Earlier: '), kept_at
    FROM question_version JOIN item USING (question_id)
    WHERE attempt_id = ? AND position = 1 AND item.version = 'older'
    LIMIT 1
    """
    assert _execute(site, statement, UUID(attempt.rpartition("/")[2]).bytes) == 1


def _execute(site: Site, statement: str, *values: object) -> int:
    """Execute a statement in the site's database; return the number of rows changed."""
    database = sqlite3.connect(site.database, isolation_level=None)
    try:
        return database.execute(statement, values).rowcount
    finally:
        database.close()


def _sign_in_elsewhere(site: Site, attempt: str) -> None:
    """Merge the guest of that attempt into an account, as another tab could at any time."""
    with contextlib.closing(sqlite3.connect(site.database)) as database, database:
        key = UUID(attempt.rpartition("/")[2]).bytes
        (guest,) = database.execute(
            "SELECT account_id FROM attempt WHERE id = ?", (key,)
        ).fetchone()
        account = uuid4().bytes
        now = int(time.time() * 1_000_000)
        database.execute("INSERT INTO account VALUES (?, ?)", (account, now))
        database.execute(
            "INSERT INTO joined (account_id, guest_id, joined_at) VALUES (?, ?, ?)",
            (account, guest, now),
        )
        for table in ("attempt", "item"):
            database.execute(
                f"UPDATE {table} SET account_id = ? WHERE account_id = ?",  # noqa: S608
                (account, guest),
            )
