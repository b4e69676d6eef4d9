"""Quizzes and their questions, before and after they are answered."""

from __future__ import annotations

from collections.abc import Iterator

from tests.browser.seeding import execute, mend
from tests.browser.visitor import QUESTION_LAYOUTS, UNSURE, Visitor
from tests.learn.people import right_answer, wrong_answer
from tests.serving import Site

_TONES = {"yes": right_answer, "again": wrong_answer, "unsure": lambda _: UNSURE}


def before_and_after_states(ana: Visitor) -> Iterator[str]:
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


def question_states(ana: Visitor) -> Iterator[str]:
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
    ana.go_to_question_with_terms()
    yield "question-with-terms"
    ana.page.locator(".answer-terms .term").first.click()
    yield "question-with-a-meaning-open"
    ana.page.keyboard.press("Escape")


def _asked(ana: Visitor, form: str) -> Iterator[str]:
    """A question before it is answered, and with the errors of its form."""
    address, question = ana.path, ana.question
    yield f"question-{form}"
    if form == "order":  # whatever stands there can be sent
        return
    ana.send()
    yield f"question-{form}-nothing-chosen"
    if form == "choice":
        ana.open(address)
        return
    if form == "choices":
        ana.choose(right_answer(question) | {"sure": "yes"})
        yield f"question-{form}-chosen"
        ana.open(address)
        return
    ana.choose(dict([*right_answer(question).items()][:1]))
    ana.send()
    yield f"question-{form}-half-done"
    ana.open(address)


def summary_states(ana: Visitor) -> Iterator[str]:
    ana.finish("/quizzes/topic/what-is-all")
    yield "summary"
    ana.take("lesson/where-all-stands")
    yield "summary-all-right"
    ana.take("topic/risk-factors", UNSURE)
    yield "summary-all-unsure"
    for summary in ana.page.locator("main summary").all():
        summary.click()
    yield "summary-with-all-details-open"
    begun = ana.begin("mixed")
    ana.go_on()
    ana.follow("Get help")
    yield "help-from-a-question"
    ana.open("/quizzes")
    yield "quizzes-with-an-open-quiz"
    ana.open(f"{begun}/stop")
    yield "stop"
    ana.open("/")
    yield "home-returning"
    ana.open("/lessons/paths/this-week")
    yield "path-begun"
    ana.open("/progress")
    yield "progress-with-an-open-quiz"
    ana.finish(begun)


def check_states(ana: Visitor) -> Iterator[str]:
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


def review_states(ana: Visitor, site: Site) -> Iterator[str]:
    ana.open("/quizzes/review")
    yield "review-another-look"
    execute(site, "UPDATE memory SET due_at = reviewed_at")
    execute(site, "UPDATE attempt SET finished_at = started_at WHERE finished_at IS NULL")
    ana.open("/")
    yield "home-review"
    ana.open("/quizzes/review")
    yield "question-review"
    month = 31 * 86_400 * 1_000_000
    execute(site, "UPDATE memory SET reviewed_at = reviewed_at - ?", month)
    ana.open("/")
    yield "home-after-a-while"
    ana.open("/quizzes/review")
    yield "question-review-after-a-while"
    ana.take("review")
    yield "summary-review"


def regraded_states(ana: Visitor, site: Site) -> Iterator[str]:
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
