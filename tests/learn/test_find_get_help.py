"""Get help is one tap away wherever infection, fever, or bleeding is taught or asked about."""

from __future__ import annotations

import re

from tests.learn.people import Person

SIGNS = re.compile(r"fever|infection|bleed|bled|bruis|chills", re.IGNORECASE)


def test_a_lesson_that_teaches_signs_links_to_get_help(ana: Person, content):
    taught = [
        lesson.id
        for lesson in content.lessons.values()
        if SIGNS.search(" ".join(p.plain for p in lesson.text.passages))
    ]
    assert len(taught) > 8
    for lesson in taught:
        ana.open(f"/lessons/{lesson}")
        main = ana.html.split("<main")[1].split("</main>")[0]
        assert '<a class="standalone-link" href="/help">Get help</a>' in main, lesson


def test_a_question_on_a_case_with_signs_says_when_to_call(content):
    cases = [q for q in content.bank.questions.values() if SIGNS.search(q.vignette or "")]

    assert len(cases) >= 5
    assert [q.id for q in cases if not (q.safety or "without-safety" in q.exempt)] == []


def test_when_to_call_begins_with_the_buttons_of_get_help_and_names_it_as_a_link(ana):
    ana.open("/lessons/when-to-call")
    main = ana.html.split("<main")[1]
    title, emergency, team, first, link = (
        main.index(found)
        for found in ("<h1>", 'href="tel:911"', 'href="#care-now"', "Do you have ALL", "“<a href=")
    )

    assert title < emergency < team < first < link
    assert '“<a href="/help">Get help</a>” has the full ones.' in main


def test_each_lesson_with_a_place_for_numbers_can_call_911(ana, content):
    lessons = [lesson.id for lesson in content.lessons.values() if lesson.has_numbers]
    assert len(lessons) >= 4
    for lesson in lessons:
        ana.open(f"/lessons/{lesson}")
        assert ana.html.count('<a class="button call-emergency" href="tel:911">') == 1, lesson


def test_get_help_and_when_to_call_link_to_the_card(ana):
    for page in ("/help", "/lessons/when-to-call"):
        ana.open(page)
        assert '<a class="standalone-link" href="/help/card">' in ana.html


def test_the_card_has_every_sentence_of_whom_to_call_and_what_to_say(ana, content):
    ana.open("/help/card")
    card = ana.html.split("<article")[1].split("</article>")[0]
    said = " ".join(re.sub(r"<[^>]+>", " ", card).split())
    text = content.pages["help"].text
    for block in (text.lead, *text.blocks[:3]):
        assert block.heading in said
        for passage in block.passages:
            assert " ".join(passage.plain.split()) in said, passage.plain
    for words in ("Daytime", "Nights and weekends", "Allergies", "Medicines", "Treated at"):
        assert words in said


def test_the_card_is_the_same_page_for_everybody_until_there_are_numbers(ana, statements):
    first = ana.open("/help/card")
    assert first.headers["Cache-Control"] == "private, no-cache"
    assert statements == []
    ana.page = ana.browser.post(
        "/care-team/numbers",
        data={"daytime": "555-010-1234, <b>ask</b>"},
        headers={"Sec-Fetch-Site": "same-origin"},
    )
    ana.open("/help/card")

    assert ana.page.headers["Cache-Control"] == "no-store"
    assert "555-010-1234, &lt;b&gt;ask&lt;/b&gt;" in ana.html
