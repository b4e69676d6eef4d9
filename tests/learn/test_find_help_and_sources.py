"""Get help, the glossary, and the page about the source."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest

from learn.config import Settings, texts
from learn.library.read_content import load_content
from tests.learn.people import Person, text_of


def test_get_help_says_when_to_call_and_whom(ana: Person):
    ana.open("/help")

    for said in ("100.4°F (38°C)", "Chills or shaking", "day or night", "911", "988"):
        assert said in ana.text, said
    assert "not yet reviewed by a clinician" in ana.text


def test_emergency_signs_are_in_the_box_with_the_emergency_number(ana):
    ana.open("/help")
    emergency, team, crisis = ana.html.split('<section class="care-box ')[1:]

    assert emergency.startswith('care-box-emergency"')
    assert team.startswith('care-box-now"')
    for box, number, other in ((emergency, "911", "988"), (crisis, "988", "911")):
        assert f'class="button" href="tel:{number}"' in box
        assert f'class="button" href="tel:{other}"' not in box
    assert "Bleeding won’t stop" in emergency
    assert "tel:" not in team
    assert "harming yourself" in crisis


def test_the_way_to_the_emergency_room_stands_in_the_first_lines_of_get_help(ana):
    ana.open("/help")
    before = ana.html.partition('<section class="care-box')[0]

    assert "Can’t reach them, or have no number yet? Go to the emergency room." in before


def test_get_help_begins_with_two_buttons_to_call_and_saves_numbers_below_the_lists(ana: Person):
    ana.open("/help")
    title, emergency, team, lead, red, amber, save, card, rest = (
        ana.html.index(found)
        for found in (
            "<h1>",
            '<a class="button call-emergency" href="tel:911">',
            '<a class="button" href="#care-now">',
            "Can’t reach them, or have no number yet?",
            'care-box-emergency"',
            'care-box-now"',
            "Save your care team’s numbers here",
            "Print a card for the fridge",
            "If you go to the emergency room</h2>",
        )
    )

    assert title < emergency < team < lead < red < amber < save < card < rest


def test_911_is_one_tap_away_on_the_home_page(ana: Person):
    ana.open("/")
    urgent = ana.html.split('<section class="urgent"')[1].split("</section>")[0]

    assert '<a href="tel:911">Call 911</a>.' in urgent


def test_what_is_not_urgent_is_folded_on_get_help_and_no_sign_is(ana, content):
    ana.open("/help")
    page = content.pages["help"]
    folded = re.findall(r'(?s)<details class="fold".*?</details>', ana.html)

    assert len(folded) == len(page.folded) == 4
    for block in page.text.blocks:
        shown = [part for part in folded if f'<div id="{block.id}">' in part]
        assert len(shown) == (block.id in page.folded), block.heading
    assert not {block.id for block in page.text.blocks[:4]} & {*page.folded}


@pytest.mark.parametrize("address", ["/", "/quizzes/mixed", "/lessons/paths/this-week", "/offline"])
def test_get_help_has_one_name_wherever_it_is_linked(ana, content, address):
    ana.open(address)
    links = re.findall(r'(?s)<a [^>]*href="/help[^"]*"[^>]*>(.*?)</a>', ana.html)

    assert links
    for link in links:
        assert " ".join(re.sub("<[^>]+>", "", link).split()) == content.pages["help"].title


def test_get_help_lists_its_sources_once(ana, content):
    ana.open("/help")
    sources = ana.html.split("Where this comes from")[1].split("</details>")[0]

    assert "American College of Emergency Physicians" in sources
    assert content.ledger.added["A-911"].says not in ana.text


def test_phone_numbers_come_from_the_settings(settings: Settings, another_app):
    env = {
        "LEARN_EMERGENCY_NUMBER": "112",
        "LEARN_EMERGENCY_NAME": "the emergency line",
        "LEARN_CRISIS_NUMBER": "116123",
        "LEARN_CRISIS_LINE": "call 116 123",
    }
    elsewhere = another_app(replace(settings, texts=texts(env)), content=load_content(texts(env)))
    response = elsewhere.test_client().get("/help")
    page, raw = text_of(response), response.get_data(as_text=True)

    assert "112" in page
    assert "116 123" in page
    assert "911" not in page
    assert "988" not in page
    assert 'href="tel:112"' in raw
    assert 'href="tel:116123"' in raw


@pytest.mark.parametrize(
    "address", ["/", "/lessons", "/quizzes", "/progress", "/help", "/glossary", "/source", "/nope"]
)
def test_every_page_has_the_disclaimer_and_a_link_to_get_help(ana, address):
    ana.open(address)

    assert "It is not medical advice. Ask your care team about your own care." in ana.text
    header = ana.html.split("</header>")[0]
    link = header.partition('<a class="call-link')[2].partition("</a>")[0]
    assert 'href="/help"' in link
    assert link.endswith("Get help")


def test_the_glossary_has_every_term(ana, content):
    ana.open("/glossary")

    for term in content.glossary.terms.values():
        assert f'id="{term.id}"' in ana.html
        assert term.meaning in ana.text


@pytest.mark.fast("about")
def test_privacy_says_what_is_stored(ana):
    ana.open("/privacy")

    assert "cookie" in ana.text


def test_get_help_leads_from_its_top_to_what_stands_far_below(ana):
    ana.open("/help")
    top = ana.html.partition('care-box-emergency"')[0]

    for part in ("If you’re thinking about harming yourself", "If you go to the emergency room"):
        assert re.search(rf'<a [^>]*href="#[a-z-]+">{part}</a>', top), part


def test_a_page_on_safety_says_at_its_top_that_no_clinician_has_reviewed_it(ana, content):
    for lesson in content.lessons.values():
        ana.open(f"/lessons/{lesson.id}")
        top = ana.html.partition("<h1")[0]
        assert ("Not yet reviewed by a clinician" in top) is lesson.is_safety, lesson.id
    ana.open("/help")
    assert "not yet reviewed by a clinician" in ana.html.partition('care-box-emergency"')[0]
