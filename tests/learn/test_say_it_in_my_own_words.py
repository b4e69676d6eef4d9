"""Explain a lesson in my own words, and compare it with the lesson’s points."""

from __future__ import annotations

import re
import uuid

import pytest
from sqlalchemy import select, text
from sqlalchemy.exc import DBAPIError

from learn.models import Account, Explanation
from tests.learn.own_words import (
    LESSON,
    PRIVATE,
    WORDS,
    WRITE,
    link,
    part,
    say,
    send,
    texts_of,
    tick,
    ticked,
)

# Write


def test_the_lesson_ends_with_a_link_to_explain_it(ana):
    ana.open(f"/lessons/{LESSON}")
    ana.open(link(ana, "Say it in your own words"))

    assert ana.address == WRITE
    assert "Imagine a friend asks you about this. What would you say?" in ana.text
    assert PRIVATE in ana.text
    assert 'autocomplete="off"' in ana.html


def test_viewing_the_form_stores_nothing(somebody_new, connection):
    somebody_new.open(WRITE)

    assert connection.execute(select(Account.id)).all() == []
    assert connection.execute(select(Explanation.id)).all() == []


def test_the_first_text_of_a_new_visitor_creates_a_guest(somebody_new, connection):
    say(somebody_new)

    assert [*connection.scalars(select(Account.id))] == [somebody_new.account]
    (row,) = texts_of(somebody_new)
    assert (row.lesson_id, row.text, row.ticked) == (LESSON, WORDS, None)
    assert row.written_at.isoformat() == "2026-11-22T02:00:00+00:00"
    somebody_new.open("/progress")
    assert link(somebody_new, "In my own words") == "/own-words"


def test_a_text_is_shown_beside_the_points_with_none_ticked(ana, content):
    say(ana)

    assert WORDS in ana.text
    for point in content.lessons[LESSON].points:
        assert f'<input type="checkbox" name="point" value="{point.id}">' in ana.html
        assert point.text in ana.text
    assert ticked(ana) == set()


def test_each_point_links_to_an_existing_passage(ana, content):
    for lesson in content.lessons.values():
        ana.open(f"/own-words/lesson/{lesson.id}")
        page = ana.post(f"/own-words/lesson/{lesson.id}", ana.form(text=WORDS))
        ana.open(page.headers["Location"])
        matches = re.findall(rf'href="/lessons/{lesson.id}#([^"]+)"', ana.html)
        assert len(matches) == len(lesson.points)
        passages = ana.open(f"/lessons/{lesson.id}").get_data(as_text=True)
        assert all(f'id="{address}"' in passages for address in matches), lesson.id


# Compare


@pytest.mark.fast("explanations")
def test_ticked_points_are_listed_apart_from_the_others(ana, content):
    say(ana)
    tick(ana, "no-stage", "untreated")
    points = {p.id: p.text for p in content.lessons[LESSON].points}

    assert ana.address.endswith("/look-back")
    said, more = part(ana, "What you covered"), part(ana, "What you could add")
    assert [t for t in points.values() if t in said] == [points["no-stage"], points["untreated"]]
    assert all(t in more for i, t in points.items() if i not in ("no-stage", "untreated"))
    assert f'href="/lessons/{LESSON}#a-why-continue"' in more
    assert WORDS in ana.text
    assert texts_of(ana)[0].ticked == {"points": ["no-stage", "untreated"]}


def test_the_comparison_counts_and_judges_nothing(ana, content):
    every = [p.id for p in content.lessons[LESSON].points]
    for points in ([], every[:1], every):
        address = say(ana)
        html = ana.html
        tick(ana, *points)
        for page in (html, ana.html):
            body = re.sub(r"<[^>]+>", " ", page.partition("<main")[2].partition("</main>")[0])
            assert not re.search(r"\d+ of \d+|\d+/\d+|%|\b(score|right|missed|points?)\b", body)
            assert not re.search(
                r'class="[^"]*\b(tone-yes|tone-again|standing-solid|progress-segments)\b', page
            )
        ana.open(address)
        assert ticked(ana) == {*points}


def test_all_or_no_points_ticked_gets_a_kind_message(ana, content):
    say(ana)
    tick(ana)
    assert "that’s a good start." in ana.text
    assert "What you covered" not in ana.text

    ana.open(link(ana, "Change my check marks"))
    tick(ana, *(p.id for p in content.lessons[LESSON].points))
    assert "You covered all the main ideas in your own words." in ana.text
    assert "What you could add" not in ana.text


def test_ticks_can_be_changed_and_unknown_ones_are_ignored(ana):
    address = say(ana)
    tick(ana, "no-stage")
    ana.open(address)
    assert ticked(ana) == {"no-stage"}
    tick(ana, "remission", "not-there", "x" * 900)

    assert texts_of(ana)[0].ticked == {"points": ["remission"]}


def test_ticks_with_an_expired_token_are_shown_again(ana):
    address = say(ana)
    page = ana.post(address, {"point": ["remission"], "csrf_token": "old"})

    assert page.status_code == 400
    assert "Your check marks aren’t saved yet" in ana.text
    assert ticked(ana) == {"remission"}
    assert texts_of(ana)[0].ticked is None
    tick(ana, "remission")
    assert texts_of(ana)[0].ticked == {"points": ["remission"]}


def test_a_text_not_yet_compared_opens_at_its_points(ana):
    address = say(ana)
    ana.open(f"{address}/look-back")

    assert ana.address == address


# Earlier texts


def test_earlier_texts_are_listed_by_date_newest_first(ana, clock):
    say(ana, "The first time.")
    clock.forward(days=3)
    say(ana, "The second time. " + "And more. " * 30)
    tick(ana, "no-stage")

    assert "What else you wrote about this lesson" in ana.text
    assert "The first time." in ana.text
    ana.open(WRITE)
    assert "November 25, 2026" in ana.text
    assert ana.text.index("The second time.") < ana.text.index("The first time.")
    assert "…" in ana.text


def test_all_texts_are_listed_in_the_order_of_lessons(ana):
    ana.open("/own-words")
    assert "You haven’t written anything yet." in ana.text
    say(ana, "About stages.")
    ana.open("/own-words/lesson/what-is-all")
    ana.post("/own-words/lesson/what-is-all", ana.form(text="About blood."))
    ana.open("/own-words")

    assert "About blood." in part(ana, "What is ALL?")
    assert "About stages." in part(ana, "Words doctors use to describe your ALL")
    assert ana.text.index("About blood.") < ana.text.index("About stages.")
    assert PRIVATE in ana.text


# Whose


@pytest.mark.parametrize("page", ["", "/look-back", "/change", "/delete"])
def test_another_learners_explanation_is_not_found(ana, ben, somebody_new, page):
    address = say(ana)
    say(ben, "Mine.")
    for other in (ben, somebody_new):
        assert other.open(address + page).status_code == 404
        assert WORDS not in other.open("/own-words").get_data(as_text=True)
        assert WORDS not in other.open(WRITE).get_data(as_text=True)


def test_another_learners_explanation_cannot_be_changed_or_deleted(ana, ben):
    address = say(ana)
    before = texts_of(ana)
    hers = address.rpartition("/")[2]
    say(ben, "Mine.")
    ana_seen = ana.open(f"{address}/change") and ana.hidden("seen")
    assert ben.post(address, ben.form(point=["no-stage"])).status_code == 404
    ben.open(WRITE)
    token = ben.hidden("csrf_token")
    ben.post(f"{address}/delete", {"csrf_token": token})
    ben.open(WRITE)
    send(ben, "Taken over.", earlier=hers, seen=ana_seen)

    assert texts_of(ana) == before
    assert {row.text for row in texts_of(ben)} == {"Mine.", "Taken over."}


def test_pages_of_explanations_are_not_cached(ana):
    address = say(ana)
    tick(ana)
    for page in ("/own-words", WRITE, address, f"{address}/look-back", f"{address}/change"):
        assert ana.open(page).headers["Cache-Control"] == "no-store", page


def test_explanations_are_never_logged(app):
    engine = app.extensions["learn.database"].engine
    with engine.connect() as own, pytest.raises(DBAPIError) as caught:
        own.execute(text("SELECT 1 FROM explanation WHERE nowhere = :words"), {"words": WORDS})

    assert "nowhere" in str(caught.value)
    assert WORDS not in str(caught.value)


# With the rest


def test_my_data_counts_the_texts_and_links_to_them(ana):
    say(ana)
    say(ana, "More.")
    ana.open("/my-data")

    assert "2 explanations you wrote" in ana.text
    assert link(ana, "In my own words") == "/own-words"
    copy = ana.open("/my-data/copy.json").get_json()["tables"]["explanation"]["rows"]
    assert {row["text"] for row in copy} == {WORDS, "More."}


def test_no_other_page_shows_a_text(ana):
    say(ana)
    for page in ("/", "/lessons", f"/lessons/{LESSON}", "/progress", "/care-team", "/my-data"):
        assert WORDS not in ana.open(page).get_data(as_text=True), page


@pytest.mark.parametrize("address", [f"/own-words/{uuid.UUID(int=1)}", "/own-words/lesson/nope"])
def test_an_unknown_address_is_not_found(ana, address):
    say(ana)

    assert ana.open(address).status_code == 404
    assert ana.post(address, {}).status_code == 404
