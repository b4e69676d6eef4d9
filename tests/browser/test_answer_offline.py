"""A quiz that was begun goes on without a network; each answer is recorded once, when it's back."""

from __future__ import annotations

import re
from typing import Any

import pytest
from playwright.sync_api import expect

from questions.model import Safety
from tests.browser.network import Loss, Network
from tests.browser.riding import (
    COUNT_NEWS,
    COUNT_WAITING,
    HAS_WORKER,
    IS_AHEAD,
    QUIZ,
    answered,
    begin,
    find,
    lose,
    wait_until,
)
from tests.browser.visitor import UNSURE, Visitor
from tests.learn.people import right_answer, wrong_answer
from tests.serving import Site

pytestmark = pytest.mark.browser

PASSPHRASE = "four small brown birds"
_CACHED = """async () => {
  const texts = [];
  for (const name of await caches.keys()) {
    const cache = await caches.open(name);
    for (const key of await cache.keys()) texts.push(await (await cache.match(key)).text());
  }
  return texts;
}"""
_IS_OVER = "location.href !== before || !document.querySelector('form.question')"
_IS_KEPT_HERE = "document.querySelector('[data-kept]')"
_QUIZ_PAGES = """async () => {
  const names = (await caches.keys()).filter(name => name.endsWith(' quiz'));
  const kept = await Promise.all(names.map(async name => (await caches.open(name)).keys()));
  return kept.flat().length;
}"""

_SINCE = """async days => {
  const stores = await new Promise(done => {
    const asked = indexedDB.open(`learn-all ${document.documentElement.dataset.home}`);
    asked.onsuccess = () => done(asked.result);
  });
  const answers = stores.transaction('answers', 'readwrite').objectStore('answers');
  const [item] = await new Promise(done => {
    answers.getAll().onsuccess = ({ target }) => done(target.result);
  });
  await new Promise(done => {
    answers.put({ ...item, since: item.since - days }).onsuccess = done;
  });
  stores.close();
  return item.since ?? 0;
}"""  # when an answer was first seen to wait for somebody else, put back by so many days


def answer_offline(rider: Visitor, fields: Any) -> None:
    rider.choose(fields)
    before = rider.page.url
    waiting = rider.page.locator("[data-waiting]")
    sends = re.compile("^(Check|Save) my answer$" if fields != UNSURE else "^I’m not sure$")
    rider.page.get_by_role("button", name=sends).click()
    expect(waiting).to_be_visible()
    kept = rider.page.locator("[data-kept]")  # until it was the last one
    rider.page.wait_for_function(f"before => {_IS_OVER} || {_IS_KEPT_HERE}", arg=before)
    if kept.count():
        expect(kept).to_contain_text("You’re offline. Your answer is saved on this device.")
        rider.page.get_by_role("link", name="Next question").click()
    rider.page.wait_for_function(f"before => {_IS_OVER}", arg=before)


def waits(rider: Visitor, words: str) -> None:
    expect(rider.page.locator("[data-waiting]")).to_contain_text(words)


def save_progress(rider: Visitor, nickname: str) -> None:
    rider.open("/keep")
    rider.page.locator("[name=nickname]").fill(nickname)
    rider.page.locator("[name=passphrase]").fill(PASSPHRASE)
    rider.press("Save my progress")


def test_a_quiz_goes_on_offline_and_its_answers_are_recorded_once(
    rider: Visitor, network: Network, site: Site
) -> None:
    attempt = begin(rider)
    lose(rider, network)
    rider.go_on()
    given = 1
    while rider.has_question:
        says = "Check my answer" if given == 1 else "Save my answer"
        expect(rider.page.get_by_role("button", name=says, exact=True)).to_be_visible()
        answer_offline(rider, wrong_answer(rider.question) if given % 2 else UNSURE)
        given += 1
        waits(rider, "One answer is" if given == 2 else f"{given - 1} answers are")
    expect(rider.heading).to_have_text("Your answer is saved on this device")
    assert len(answered(site, attempt)) == 1

    find(rider, network)
    waits(rider, "Your offline answers are saved now.")
    found = answered(site, attempt)
    assert len(found) == given
    rider.page.locator("[data-waiting]").get_by_role("link").click()
    for number in range(2, given + 1):
        assert rider.path.endswith(f"/{number}")
        rider.page.reload()
        expect(rider.heading).to_have_text(re.compile("Not quite right|Not sure"))
        last = number == given
        if last:  # the page notes a moment after it is shown that it was seen
            wait_until(rider.page, f"async () => await ({COUNT_NEWS})() === 0")
        rider.follow("Finish" if last else "See your next answer")
    expect(rider.page.locator("[data-waiting]")).to_have_count(0)
    assert answered(site, attempt) == found


def test_each_answer_offline_says_that_it_is_kept(rider: Visitor, network: Network) -> None:
    begin(rider)
    lose(rider, network)
    rider.go_on()
    for _ in range(2):
        rider.page.get_by_role("button", name="I’m not sure", exact=True).click()
        expect(rider.page.locator("[data-kept]")).to_be_focused()
        rider.page.get_by_role("link", name="Next question").click()
        expect(rider.page.locator("[data-kept]")).to_have_count(0)


def test_from_get_help_and_pages_that_are_not_here_the_way_leads_back_to_the_quiz(
    rider: Visitor, network: Network
) -> None:
    attempt = begin(rider)
    lose(rider, network)
    rider.go_on()
    answer_offline(rider, UNSURE)
    assert rider.path == f"/quizzes/{attempt}/3"
    third = rider.question.id
    rider.page.get_by_role("link", name="Get help").first.click()
    expect(rider.page.get_by_text("You’re offline.")).to_have_count(1)
    rider.page.wait_for_timeout(1000)  # what is kept is gone through once the page is shown
    rider.page.go_back()
    expect(rider.page.locator("form.question")).to_be_visible()
    assert rider.question.id == third

    rider.page.get_by_role("link", name="Get help").first.click()
    rider.page.get_by_role("link", name="Back to the question").click()
    expect(rider.page.locator("form.question")).to_be_visible()
    assert rider.question.id == third

    rider.open("/progress")
    rider.page.locator("main li a:visible", has_text="Continue the quiz at question 3").wait_for()
    assert rider.page.locator("main li a:visible").first.inner_text().startswith("Continue")
    rider.follow("Continue the quiz at question 3")
    assert rider.question.id == third
    answer_offline(rider, UNSURE)
    rider.open("/progress")
    rider.page.locator("main li a", has_text="Continue the quiz at question 4").wait_for()


@pytest.mark.parametrize("quiz", [f"{QUIZ}?path=this-week", "/quizzes/path/this-week"])
def test_the_first_question_of_a_quiz_opens_again_before_it_has_an_answer(
    rider: Visitor, network: Network, quiz: str
) -> None:
    rider.open("/lessons/what-is-all")
    wait_until(rider.page, f"async () => (await ({_CACHED})()).length > 40")
    rider.open(quiz)
    wait_until(rider.page, f"async () => (await ({_QUIZ_PAGES})()) === 1")
    first = rider.question.id
    lose(rider, network)
    rider.page.get_by_role("link", name="Get help").first.click()
    rider.page.get_by_role("link", name="Back to the question").click()
    expect(rider.page.locator("form.question")).to_be_visible()
    assert rider.question.id == first

    rider.open("/progress")
    rider.follow("Continue the quiz at question 1")
    assert rider.question.id == first
    rider.sender().click()
    rider.page.get_by_role("alert").wait_for()
    answer_offline(rider, right_answer(rider.question))
    expect(rider.heading).to_have_text("Your answer is saved on this device")
    find(rider, network)
    waits(rider, "Your offline answer is saved now.")
    rider.page.locator("[data-waiting]").get_by_role("link", name="See your answer").click()
    expect(rider.heading).to_have_text("That’s right")
    wait_until(rider.page, IS_AHEAD)  # and the first question isn't kept anymore


def test_pages_that_say_that_there_is_no_network_go_away_by_themselves(
    rider: Visitor, network: Network
) -> None:
    begin(rider)
    rider.open("/lessons/what-is-all")
    wait_until(rider.page, f"async () => (await ({_CACHED})()).length > 40")
    lose(rider, network)
    rider.open("/progress")
    expect(rider.heading).to_have_text("You’re offline")
    find(rider, network)
    expect(rider.heading).to_have_text("Your progress", timeout=15_000)  # it asks now and then

    lose(rider, network)
    rider.open("/help")
    line = rider.page.get_by_text("You’re offline. This page was saved on")
    expect(line).to_be_visible()
    find(rider, network)
    expect(line).to_be_hidden(timeout=15_000)


def test_an_answer_kept_offline_on_a_sign_says_whom_to_call(
    rider: Visitor, network: Network
) -> None:
    rider.open("/quizzes/lesson/when-to-call")
    rider.answer(right_answer(rider.question))
    wait_until(rider.page, IS_AHEAD)
    lose(rider, network)
    rider.go_on()
    says = rider.page.locator(".safety")
    team = re.compile(
        "For a fever: call your care team now, day or night. "
        "Can’t reach them\\? Go to the emergency room."
    )
    emergency = re.compile(r"^\s*Call 911 now.*trouble seeing or speaking.*seizure", re.DOTALL)
    lines: dict[Safety | None, list[re.Pattern[str]]] = {
        Safety.CALL_911: [emergency, team],
        Safety.CALL_NOW: [team],
    }
    seen = set[Safety | None]()
    while rider.has_question:
        safety = rider.question.safety
        seen.add(safety)
        expect(says).to_have_count(0)
        rider.page.get_by_role("button", name="I’m not sure", exact=True).click()
        rider.page.locator("[data-kept], [data-until-sent]").wait_for()
        expect(says).to_have_text(lines.get(safety, []))
        if rider.page.locator("[data-kept]").count():
            rider.page.get_by_role("link", name="Next question").click()
        expect(rider.page.locator("[data-kept]")).to_have_count(0)
    assert seen >= lines.keys()
    rider.page.locator("main").get_by_role("link", name="Get help").click()
    expect(rider.heading).to_have_text("Get help")
    rider.page.go_back()
    find(rider, network)


def test_a_question_page_can_be_loaded_again_and_its_first_answer_counts(
    rider: Visitor, network: Network, site: Site
) -> None:
    attempt = begin(rider)
    lose(rider, network)
    rider.go_on()
    second = rider.page.url
    answer_offline(rider, UNSURE)
    rider.open(second)
    waits(rider, "One answer is saved")
    answer_offline(rider, right_answer(rider.question))
    assert rider.path.endswith("/3")
    find(rider, network)
    rider.page.evaluate("() => { dispatchEvent(new Event('online')); }")  # a new page missed it
    waits(rider, "Your offline answer is saved now.")
    assert answered(site, attempt)[2]["unsure"]


def test_the_first_question_waits_too(rider: Visitor, network: Network) -> None:
    rider.open(QUIZ)
    wait_until(rider.page, HAS_WORKER)
    lose(rider, network)
    answer_offline(rider, right_answer(rider.question))
    expect(rider.heading).to_have_text("Your answer is saved on this device")
    find(rider, network)
    waits(rider, "Your offline answer is saved now.")
    rider.page.locator("[data-waiting]").get_by_role("link", name="See your answer").click()
    expect(rider.heading).to_have_text("That’s right")


def test_answers_outlive_saving_progress(rider: Visitor, network: Network, site: Site) -> None:
    attempt = begin(rider)
    lose(rider, network)
    rider.go_on()
    answer_offline(rider, UNSURE)
    network.lose(Loss.NOTHING)
    rider.page.context.route("**/offline/sender*", lambda route: route.abort())
    rider.page.context.set_offline(False)
    save_progress(rider, f"ana {attempt[:8]}")
    rider.page.goto("about:blank")  # so that no page is left that sends them, and tells it, first
    rider.page.context.unroute("**/offline/sender*")
    rider.open("/progress")
    waits(rider, "Your offline answer is saved now.")
    assert len(answered(site, attempt)) == 2


def _answer_two_offline(rider: Visitor, network: Network) -> None:
    """Give two answers offline, and come back online without a look at how they were."""
    begin(rider)
    lose(rider, network)
    rider.go_on()
    for _ in range(2):
        answer_offline(rider, UNSURE)
    find(rider, network)
    rider.page.evaluate("() => { dispatchEvent(new Event('online')); }")  # a new page missed it
    waits(rider, "Your offline answers are saved now.")


def test_another_quiz_goes_on_with_its_own_next_question(rider: Visitor, network: Network) -> None:
    _answer_two_offline(rider, network)
    rider.open("/quizzes/lesson/when-to-call")
    rider.answer(right_answer(rider.question))
    waits(rider, "Your offline answers are saved now.")
    action = rider.page.locator(".sticky-action a")
    expect(action).to_have_text("Next question")
    rider.go_on()
    assert rider.has_question
    expect(rider.page.locator(".quiz-name")).to_have_text("When to call")


def test_news_of_answers_stays_below_whom_to_call_and_can_be_hidden(
    rider: Visitor, network: Network
) -> None:
    _answer_two_offline(rider, network)
    note = rider.page.locator("[data-waiting]")
    for page in ("/lessons/what-is-all", "/help", "/care-team"):
        rider.open(page)
        rider.page.wait_for_timeout(1000)  # it is shown a moment after the page
        expect(note).to_have_count(0)
    rider.open("/")
    waits(rider, "Your offline answers are saved now.")
    assert rider.page.evaluate(
        "() => document.querySelector('.urgent').nextElementSibling.matches('[data-waiting]')"
    )
    note.get_by_role("button", name="Hide this").click()
    expect(note).to_be_empty()
    rider.open("/progress")
    rider.page.wait_for_timeout(1000)
    expect(note).to_have_count(0)


def test_a_page_in_use_tells_the_news_and_is_not_loaded_again(
    rider: Visitor, network: Network
) -> None:
    begin(rider)
    rider.open("/lessons/what-is-all")
    wait_until(rider.page, f"async () => (await ({_CACHED})()).length > 40")
    rider.page.go_back()
    rider.go_on()
    lose(rider, network)
    answer_offline(rider, UNSURE)
    rider.open("/")
    waits(rider, "One answer is saved")
    link = rider.page.locator("main a").first
    link.focus()
    find(rider, network)
    waits(rider, "Your offline answer is saved now.")
    expect(link).to_be_focused()


def test_signing_out_asks_first_and_leaves_nothing_on_the_device(
    rider: Visitor, network: Network
) -> None:
    attempt = begin(rider)
    save_progress(rider, f"ben {attempt[:8]}")
    rider.open(f"/quizzes/{attempt}")
    wait_until(rider.page, IS_AHEAD)
    leaving = rider.page.context.new_page()
    leaving.goto("/sign-out")
    lose(rider, network)
    answer_offline(rider, UNSURE)
    leaving.bring_to_front()
    find(rider, network)
    network.lose(Loss.EVERYTHING)  # but the browser takes itself for online
    leaving.reload()
    leaving.context.route("**/offline/sender*", lambda route: route.abort())
    network.lose(Loss.NOTHING)
    leaving.goto("/sign-out")
    expect(leaving.locator("[data-waiting]")).to_contain_text("One answer is saved")
    leaving.get_by_role("button", name="Sign out").click()
    expect(leaving.get_by_text("If you press the button again, they’re deleted.")).to_be_visible()
    leaving.get_by_role("button", name="Sign out").click()
    expect(leaving.locator("h1")).to_have_text("You’re signed out")
    assert leaving.evaluate(_QUIZ_PAGES) == 0
    leaving.goto("/lessons")
    leaving.wait_for_timeout(500)
    expect(leaving.locator("[data-waiting]")).to_have_count(0)


def test_nothing_personal_is_in_the_caches(rider: Visitor, network: Network) -> None:
    attempt = begin(rider)
    save_progress(rider, "Zebulon")
    rider.open(f"/quizzes/{attempt}")
    wait_until(rider.page, IS_AHEAD)
    wait_until(rider.page, f"async () => (await ({_CACHED})()).length > 40")
    lose(rider, network)
    answer_offline(rider, UNSURE)
    texts: list[str] = rider.page.evaluate(_CACHED)
    for text in texts:
        assert "Zebulon" not in text
        assert not re.search(r"<(input|option)[^>]* (checked|selected)\b", text), "an answer"
        assert "<main" not in text or "part-feedback" not in text, "what is right, and why"
    rider.page.context.set_offline(False)


def test_nothing_chosen_is_said_above_the_button_without_a_network_too(
    rider: Visitor, network: Network
) -> None:
    begin(rider)
    rider.go_on()
    while rider.question.kind == "order":  # which is sent as it stands
        rider.answer(UNSURE)
        rider.go_on()
    lose(rider, network)
    rider.sender().click()
    said = rider.page.get_by_role("alert")
    expect(said).to_have_text("Choose an answer, or “I’m not sure.”")
    expect(said).to_be_focused()
    expect(said).to_be_in_viewport(ratio=1)


def test_when_the_quiz_is_finished_its_questions_are_let_go(rider: Visitor) -> None:
    attempt = begin(rider)
    rider.finish(f"/quizzes/{attempt}")
    rider.open(f"/quizzes/{attempt}/1")
    wait_until(rider.page, f"async () => (await ({_QUIZ_PAGES})()) === 0")


def save_progress_on_a_shared_computer(rider: Visitor, nickname: str) -> None:
    rider.open("/keep")
    rider.page.locator("[name=nickname]").fill(nickname)
    rider.page.locator("[name=passphrase]").fill(PASSPHRASE)
    rider.page.locator("[name=shared]").check()
    rider.press("Save my progress")


def test_a_shared_computer_keeps_no_answer_and_says_so(
    rider: Visitor, network: Network, site: Site
) -> None:
    attempt = begin(rider)
    save_progress_on_a_shared_computer(rider, f"cara {attempt[:8]}")
    rider.open(f"/quizzes/{attempt}")
    wait_until(rider.page, f"async () => (await ({_QUIZ_PAGES})()) === 0")
    lose(rider, network)
    rider.sender(UNSURE).click()
    expect(rider.page.get_by_role("alert")).to_contain_text("no answers are kept on this device")
    assert rider.page.evaluate(COUNT_WAITING) == 0

    find(rider, network)
    rider.sender(UNSURE).click()
    expect(rider.page.locator("form.question")).to_have_count(0)
    assert len(answered(site, attempt)) == 2


def test_another_tab_keeps_nothing_after_signing_out(rider: Visitor, network: Network) -> None:
    attempt = begin(rider)
    save_progress(rider, f"dora {attempt[:8]}")
    rider.open(f"/quizzes/{attempt}")
    wait_until(rider.page, IS_AHEAD)
    leaving = rider.page.context.new_page()
    leaving.goto("/sign-out")
    leaving.get_by_role("button", name="Sign out").click()
    expect(leaving.locator("h1")).to_have_text("You’re signed out")
    rider.page.bring_to_front()
    lose(rider, network)
    rider.sender(UNSURE).click()
    expect(rider.page.get_by_role("alert")).to_contain_text("no answers are kept on this device")
    assert rider.page.evaluate(COUNT_WAITING) == 0
    rider.page.context.set_offline(False)


def test_what_waits_for_somebody_who_never_comes_is_deleted_in_time(
    rider: Visitor, network: Network
) -> None:
    begin(rider)
    lose(rider, network)
    rider.go_on()
    answer_offline(rider, UNSURE)
    rider.page.context.clear_cookies()
    find(rider, network)
    rider.open("/lessons")
    waits(rider, "wait for the person who gave them")
    wait_until(rider.page, f"async () => (await ({_SINCE})(0)) > 0")
    assert rider.page.evaluate(COUNT_WAITING) == 1

    rider.page.evaluate(_SINCE, 31)  # days ago
    rider.open("/lessons")
    wait_until(rider.page, f"async () => (await ({COUNT_WAITING})()) === 0")
