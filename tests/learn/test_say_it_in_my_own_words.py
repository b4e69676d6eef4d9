"""Explain a lesson in my own words, and compare it with the lesson’s points."""

from __future__ import annotations

import re
import uuid
from dataclasses import replace
from types import MappingProxyType
from typing import Any

import pytest
from sqlalchemy import select, text
from sqlalchemy.exc import DBAPIError

from learn.explanations.forms import MAX_LENGTH, MAX_TYPED
from learn.library.content import Content
from learn.models import Account, Explanation
from learn.models.base import table_of
from tests.learn.people import Person
from tests.learn.signing_in import add_credentials, sign_in

LESSON = "where-all-stands"
WRITE = f"/own-words/lesson/{LESSON}"
WORDS = "ALL has no stage. There are four words, and mine is “untreated”."
PRIVATE = "Only you can see this. Nobody scores it, and educators never see it."


@pytest.fixture
def kept(connection):
    """Return the texts of a person, as rows, the oldest first."""

    def found(person: Person) -> list[Any]:
        table = table_of(Explanation)
        mine = select(table).where(table.c.account_id == person.account)
        return [*connection.execute(mine.order_by(table.c.written_at, table.c.text))]

    return found


def say(person: Person, words: str = WORDS, lesson: str = LESSON) -> str:
    """Write a text; the address at which it is compared."""
    person.open(f"/own-words/lesson/{lesson}")
    return send(person, words)


def send(person: Person, words: str, **more: Any) -> str:
    """Send the box on the page, and go where it leads."""
    page = person.post(WRITE, person.form(text=words, **more))
    assert page.status_code == 303, person.text
    person.open(page.headers["Location"])
    return person.address


def tick(person: Person, *points: str) -> None:
    """Tick points on the page, and look back."""
    page = person.post(person.address, person.form(point=[*points]))
    assert page.status_code == 303
    person.open(page.headers["Location"])


def box(person: Person) -> str:
    found = re.search(r"<textarea[^>]*>\n(.*?)</textarea>", person.html, re.DOTALL)
    assert found
    return found.group(1)


def link(person: Person, words: str) -> str:
    found = re.search(rf'<a [^>]*href="([^"]+)"[^>]*>{words}', person.html)
    assert found, f"no link {words}"
    return found.group(1)


def part(person: Person, heading: str) -> str:
    """What stands under a heading of the second level."""
    return person.html.partition(f"<h2>{heading}</h2>")[2].partition("<h2>")[0]


def ticked(person: Person) -> set[str]:
    return {*re.findall(r'name="point" value="([^"]+)" checked', person.html)}


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


def test_the_first_text_of_a_new_visitor_creates_a_guest(somebody_new, connection, kept):
    say(somebody_new)

    assert [*connection.scalars(select(Account.id))] == [somebody_new.account]
    (row,) = kept(somebody_new)
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
        found = re.findall(rf'href="/lessons/{lesson.id}#([^"]+)"', ana.html)
        assert len(found) == len(lesson.points)
        passages = ana.open(f"/lessons/{lesson.id}").get_data(as_text=True)
        assert all(f'id="{address}"' in passages for address in found), lesson.id


# Compare


@pytest.mark.fast("explanations")
def test_ticked_points_are_listed_apart_from_the_others(ana, content, kept):
    say(ana)
    tick(ana, "no-stage", "untreated")
    points = {p.id: p.text for p in content.lessons[LESSON].points}

    assert ana.address.endswith("/look-back")
    said, more = part(ana, "What you covered"), part(ana, "What you could add")
    assert [t for t in points.values() if t in said] == [points["no-stage"], points["untreated"]]
    assert all(t in more for i, t in points.items() if i not in ("no-stage", "untreated"))
    assert f'href="/lessons/{LESSON}#a-why-continue"' in more
    assert WORDS in ana.text
    assert kept(ana)[0].ticked == {"points": ["no-stage", "untreated"]}


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


def test_ticks_can_be_changed_and_unknown_ones_are_ignored(ana, kept):
    address = say(ana)
    tick(ana, "no-stage")
    ana.open(address)
    assert ticked(ana) == {"no-stage"}
    tick(ana, "remission", "not-there", "x" * 900)

    assert kept(ana)[0].ticked == {"points": ["remission"]}


def test_ticks_with_an_expired_token_are_shown_again(ana, kept):
    address = say(ana)
    page = ana.post(address, {"point": ["remission"], "csrf_token": "old"})

    assert page.status_code == 400
    assert "Your check marks aren’t saved yet" in ana.text
    assert ticked(ana) == {"remission"}
    assert kept(ana)[0].ticked is None
    tick(ana, "remission")
    assert kept(ana)[0].ticked == {"points": ["remission"]}


def test_a_text_not_yet_compared_opens_at_its_points(ana):
    address = say(ana)
    ana.open(f"{address}/look-back")

    assert ana.address == address


# Twice, in two tabs, resent


def test_a_double_click_stores_one_text(ana, kept):
    ana.open(WRITE)
    form = ana.form(text=WORDS)
    addresses = {ana.post(WRITE, form).headers["Location"] for _ in range(3)}

    assert len(addresses) == 1
    assert [row.text for row in kept(ana)] == [WORDS]


def test_different_texts_from_one_page_are_both_stored(ana, kept):
    ana.open(WRITE)
    form = ana.form(text="First.")
    for words in ("First.", "Second.", "First.", "Second.\r\n"):
        ana.post(WRITE, form | {"text": words})

    assert [row.text for row in kept(ana)] == ["First.", "Second."]


def test_equal_texts_from_two_tabs_are_both_stored(ana, kept):
    ana.open(WRITE)
    first = ana.form(text="Same.")
    ana.open(WRITE)
    second = ana.form(text="Same.")
    for form in (first, second):
        ana.post(WRITE, form)

    assert [row.text for row in kept(ana)] == ["Same.", "Same."]


@pytest.mark.parametrize("page", ["", "x", "0" * 400])
def test_a_form_without_its_id_loses_no_text(ana, kept, page):
    ana.open(WRITE)
    send(ana, WORDS, page=page)

    assert [row.text for row in kept(ana)] == [WORDS]


# Change


def test_a_text_can_be_edited_and_keeps_its_ticks(ana, kept, clock):
    say(ana)
    tick(ana, "no-stage")
    clock.forward(days=2)
    ana.open(link(ana, "Edit what I wrote"))
    assert box(ana) == WORDS
    send(ana, "Better now.")

    (row,) = kept(ana)
    assert (row.text, row.ticked) == ("Better now.", {"points": ["no-stage"]})
    assert row.written_at == clock.now
    assert "Better now." in ana.text
    assert ticked(ana) == {"no-stage"}


def test_two_tabs_editing_one_text_lose_no_edit(ana, kept):
    address = say(ana)
    ana.open(f"{address}/change")
    first = ana.form(text="From one tab.")
    second = first | {"text": "From the other."}
    for form in (first, second, first, second):
        assert ana.post(WRITE, form).status_code == 303

    assert {row.text for row in kept(ana)} == {"From one tab.", "From the other."}


def test_an_edit_sent_twice_is_one_text(ana, kept):
    address = say(ana)
    ana.open(f"{address}/change")
    form = ana.form(text="Changed.")

    assert {ana.post(WRITE, form).headers["Location"] for _ in range(2)} == {address}
    assert [row.text for row in kept(ana)] == ["Changed."]


def test_an_edit_of_a_text_deleted_meanwhile_is_stored(ana, kept):
    address = say(ana)
    ana.open(f"{address}/change")
    form = ana.form(text="Still here.")
    ana.open(f"{address}/delete")
    ana.post(f"{address}/delete", ana.form())
    assert kept(ana) == []
    ana.post(WRITE, form)

    assert [row.text for row in kept(ana)] == ["Still here."]


# What comes in


@pytest.mark.parametrize("words", ["", "   \r\n ", "\u200b\u2060", "\x00\x07", "\u202e"])
def test_an_empty_text_is_rejected(ana, kept, words):
    ana.open(WRITE)
    page = ana.post(WRITE, ana.form(text=words))

    assert page.status_code == 422
    assert "Not saved yet" in ana.text
    assert "Write a sentence or two first." in ana.text
    assert kept(ana) == []


def test_a_text_that_is_too_long_stays_whole_in_its_field(ana, kept):
    ana.open(WRITE)
    words = "e" * MAX_TYPED
    page = ana.post(WRITE, ana.form(text=words))

    assert page.status_code == 422
    assert f"What you wrote has {MAX_TYPED} characters. The limit is {MAX_LENGTH}." in ana.text
    assert box(ana) == words
    assert kept(ana) == []
    send(ana, words[:MAX_LENGTH])
    assert kept(ana)[0].text == words[:MAX_LENGTH]


@pytest.mark.parametrize("sent_as", ["multipart/form-data", "application/x-www-form-urlencoded"])
def test_the_longest_allowed_text_fits_in_any_script(ana, kept, sent_as):
    ana.open(WRITE)
    words = "\U00020bb7" * MAX_LENGTH
    page = ana.browser.post(WRITE, data=ana.form(text=words), content_type=sent_as)

    assert page.status_code == 303
    assert kept(ana)[0].text == words


def test_typed_text_comes_back_unchanged_in_any_script(ana):
    ana.open(WRITE)
    assert f'maxlength="{MAX_TYPED}"' in ana.html
    assert 'enctype="multipart/form-data"' in ana.html
    words = "\u8840" * MAX_TYPED
    ana.page = ana.browser.post(
        WRITE, data=ana.form(text=words), content_type="multipart/form-data"
    )

    assert ana.page.status_code == 422
    assert box(ana) == words


def test_an_expired_form_keeps_the_text_in_its_field(ana, kept):
    ana.open(WRITE)
    page = ana.post(WRITE, ana.form(text=WORDS, csrf_token="old"))

    assert page.status_code == 400
    assert "What you wrote is still in the box." in ana.text
    assert box(ana) == WORDS
    assert kept(ana) == []
    send(ana, box(ana))
    assert [row.text for row in kept(ana)] == [WORDS]


def test_an_edit_with_an_expired_token_is_still_an_edit(ana, kept):
    address = say(ana)
    ana.open(f"{address}/change")
    ana.post(WRITE, ana.form(text="Changed.", csrf_token="old"))
    send(ana, box(ana))

    assert [row.text for row in kept(ana)] == ["Changed."]


@pytest.mark.parametrize(
    ("words", "shown"),
    [
        ("<b>bold</b> & “so”", "&lt;b&gt;bold&lt;/b&gt; &amp; “so”"),
        ("سرطان الدم \u200f!", "سرطان الدم \u200f!"),
        ("न\u200dमस्ते 👩‍👧", "न\u200dमस्ते 👩‍👧"),
        ("one\r\ntwo\rthree", "one\ntwo\nthree"),
        ("nothing\x00 hid\x1bden", "nothing hidden"),
        ("  {{ 7 * 7 }} %(x)s ", "{{ 7 * 7 }} %(x)s"),
    ],
)
def test_texts_are_shown_escaped_as_they_were_written(ana, words, shown):
    say(ana, words)

    assert f'<p dir="auto">{shown}</p>' in ana.html


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


# Delete


def test_a_text_is_deleted_after_confirmation(ana, kept):
    address = say(ana)
    say(ana, "Another.")
    ana.open(f"{address}/delete")
    assert WORDS in ana.text
    assert len(kept(ana)) == 2
    form = ana.form()
    for _ in range(2):
        page = ana.post(f"{address}/delete", form)
        assert (page.status_code, page.headers["Location"]) == (303, "/own-words")

    assert [row.text for row in kept(ana)] == ["Another."]
    assert ana.open(address).status_code == 404


def test_without_a_valid_token_no_text_is_deleted(ana, kept):
    address = say(ana)
    page = ana.post(f"{address}/delete", {})

    assert page.status_code == 400
    assert "Not deleted yet" in ana.text
    assert len(kept(ana)) == 1


# Whose


@pytest.mark.parametrize("page", ["", "/look-back", "/change", "/delete"])
def test_another_learners_explanation_is_not_found(ana, ben, somebody_new, page):
    address = say(ana)
    say(ben, "Mine.")
    for other in (ben, somebody_new):
        assert other.open(address + page).status_code == 404
        assert WORDS not in other.open("/own-words").get_data(as_text=True)
        assert WORDS not in other.open(WRITE).get_data(as_text=True)


def test_another_learners_explanation_cannot_be_changed_or_deleted(ana, ben, kept):
    address = say(ana)
    before = kept(ana)
    hers = address.rpartition("/")[2]
    say(ben, "Mine.")
    ana_seen = ana.open(f"{address}/change") and ana.hidden("seen")
    assert ben.post(address, ben.form(point=["no-stage"])).status_code == 404
    ben.open(WRITE)
    token = ben.hidden("csrf_token")
    ben.post(f"{address}/delete", {"csrf_token": token})
    ben.open(WRITE)
    send(ben, "Taken over.", earlier=hers, seen=ana_seen)

    assert kept(ana) == before
    assert {row.text for row in kept(ben)} == {"Mine.", "Taken over."}


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


# An account that is gone


def delete_all(person: Person) -> None:
    person.open("/my-data/delete")
    person.post("/my-data/delete", person.form())


def test_a_text_sent_for_a_deleted_account_is_shown_again_to_a_new_guest(ana, connection, kept):
    say(ana)
    account = ana.account
    ana.open(WRITE)
    cookie, form = ana.browser.get_cookie("learn_all").value, ana.form(text="Written meanwhile.")
    delete_all(ana)
    ana.browser.set_cookie("learn_all", cookie)  # what was on its way still has the old one
    page = ana.post(WRITE, form)

    assert page.status_code == 400
    assert box(ana) == "Written meanwhile."
    assert connection.execute(select(Account.id)).all() == []
    send(ana, box(ana))
    assert ana.account != account
    assert [row.text for row in kept(ana)] == ["Written meanwhile."]
    assert [*connection.scalars(select(Account.id))] == [ana.account]


def test_a_text_in_another_tab_survives_deleting_the_account(ana, kept):
    say(ana)
    ana.open(WRITE)
    form = ana.form(text="Written meanwhile.")
    delete_all(ana)
    page = ana.post(WRITE, form)

    assert page.status_code == 400
    send(ana, box(ana))
    assert [row.text for row in kept(ana)] == ["Written meanwhile."]


def test_late_requests_restore_no_deleted_text(ana, app, connection):
    address = say(ana)
    cookie, token = ana.browser.get_cookie("learn_all").value, ana.hidden("csrf_token")
    delete_all(ana)
    for path, status in ((address, 404), (f"{address}/delete", 303)):
        late = app.test_client()
        late.set_cookie("learn_all", cookie)
        data = {"csrf_token": token, "point": ["no-stage"]}
        assert late.post(path, data=data).status_code == status

    assert connection.execute(select(Explanation.id)).all() == []
    assert connection.execute(select(Account.id)).all() == []


def test_a_guest_whose_first_response_was_lost_finds_their_texts(ana):
    say(ana)
    with ana.browser.session_transaction() as session:
        del session["known"]
    ana.open("/own-words")
    assert "ALL has no stage." in ana.text
    say(ana, "More.")
    ana.open("/own-words")

    assert "More." in ana.text
    assert "ALL has no stage." in ana.text


# Signing in


@pytest.mark.parametrize("wrote_before", [True, False])
def test_a_text_sent_while_signing_in_belongs_to_the_account(
    ana, app, connection, kept, wrote_before
):
    account = add_credentials(app, uuid.uuid4())
    if wrote_before:
        say(ana, "Before.")
    ana.open(WRITE)
    form, cookie = ana.form(text="On the way."), ana.browser.get_cookie("learn_all").value
    sign_in(ana, account)
    late = app.test_client()
    late.set_cookie("learn_all", cookie)
    page = late.post(WRITE, data=form)

    assert page.status_code == 303
    assert ana.account == account
    assert {row.text for row in kept(ana)} == {"On the way.", *(["Before."] * wrote_before)}
    assert [*connection.scalars(select(Account.id))] == [account]
    assert late.get_cookie("learn_all").value == cookie
    assert ana.open(page.headers["Location"]).status_code == 200


def copy_of(person: Person) -> Person:
    """Somebody with a copy of the person's cookie of now."""
    copy = Person(person.browser.application, person.content)
    copy.browser.set_cookie("learn_all", person.browser.get_cookie("learn_all").value)
    return copy


def test_a_copied_guest_cookie_replaces_no_text_of_the_account(ana, app, kept):
    account = add_credentials(app, uuid.uuid4())
    say(ana, "Mine.")
    copy = copy_of(ana)
    copy.open(f"{ana.address}/change")
    sign_in(ana, account)
    form = copy.form(text="Not mine.")
    addresses = {copy.post(WRITE, form).headers["Location"] for _ in range(2)}

    assert len(addresses) == 1
    assert {row.text for row in kept(ana)} == {"Mine.", "Not mine."}
    copy.post(WRITE, form | {"text": "Mine."})
    assert [row.text for row in kept(ana)].count("Mine.") == 1


def test_a_copied_guest_cookie_stores_no_text_after_the_merge(ana, ben, app, kept, clock):
    account = add_credentials(app, uuid.uuid4())
    say(ana, "Mine.")
    copy, early = copy_of(ana), copy_of(ana)
    early.open(WRITE)
    ben.open(WRITE)
    sign_in(ana, account)
    clock.forward(minutes=1)
    value = copy.browser.get_cookie("learn_all").value
    copy.open(WRITE)
    form = copy.form(text="Not mine.")
    for opened in (form["opened"], "", "x", ben.hidden("opened")):
        copy.browser.set_cookie("learn_all", value)
        page = copy.post(WRITE, form | {"opened": opened})
        assert (page.status_code, box(copy)) == (400, "Not mine.")

    assert [row.text for row in kept(ana)] == ["Mine."]
    assert early.post(WRITE, early.form(text="On the way.")).status_code == 303
    assert [row.text for row in kept(ana)] == ["Mine.", "On the way."]


def test_a_form_opened_before_signing_in_is_stored_for_the_account(ana, app, kept):
    account = add_credentials(app, uuid.uuid4())
    ana.open(WRITE)
    form = ana.form(text=WORDS)
    sign_in(ana, account)

    assert ana.post(WRITE, form).status_code == 303
    assert ana.account == account
    assert [row.text for row in kept(ana)] == [WORDS]


# Lessons change


def with_points(content: Content, *points: Any) -> Content:
    """Return the content after the points of the lesson were edited."""
    lesson = replace(content.lessons[LESSON], points=tuple(points))
    lessons = MappingProxyType({**content.lessons, LESSON: lesson})
    return replace(content, lessons=lessons)


def test_a_lesson_without_points_has_no_form(ana, content, app, kept):
    address = say(ana)
    app.extensions["learn.content"] = with_points(content)

    assert ana.open(WRITE).status_code == 404
    assert ana.open(f"{address}/change").status_code == 404
    assert WORDS in ana.open(f"{address}/look-back").get_data(as_text=True)
    assert "What you wrote is still yours." in ana.text
    assert "Write about a lesson" not in ana.open("/own-words").get_data(as_text=True)
    ana.open(f"{address}/delete")
    assert ana.post(address, ana.form(point=["no-stage"])).status_code == 303
    assert kept(ana)[0].ticked is None


def test_a_lesson_page_without_points_has_no_link(another_app, content, settings):
    app = another_app(settings, content=with_points(content))
    page = app.test_client().get(f"/lessons/{LESSON}").get_data(as_text=True)
    other = app.test_client().get("/lessons/what-is-all").get_data(as_text=True)

    assert "own words</a>" not in page
    assert "own words</a>" in other


def test_a_tick_for_a_removed_point_stays_stored(ana, content, app, kept):
    address = say(ana)
    tick(ana, "no-stage", "remission")
    rest = [p for p in content.lessons[LESSON].points if p.id != "remission"]
    app.extensions["learn.content"] = with_points(content, *rest)
    ana.open(address)
    assert ticked(ana) == {"no-stage"}
    tick(ana, "untreated")

    assert kept(ana)[0].ticked == {"points": ["untreated", "remission"]}
    assert content.lessons[LESSON].points[2].text not in ana.text


def test_a_text_on_a_removed_lesson_stays_readable(ana, content, app, kept):
    address = say(ana)
    tick(ana, "no-stage")
    lessons = {k: v for k, v in content.lessons.items() if k != LESSON}
    app.extensions["learn.content"] = replace(content, lessons=MappingProxyType(lessons))
    ana.open("/own-words")
    assert "ALL has no stage." in part(ana, "From lessons that are no longer on the site")
    ana.open(link(ana, "<bdi>ALL has"))

    assert ana.address == address
    assert WORDS in ana.text
    assert "This lesson is no longer on the site." in ana.text
    assert ana.open(f"{address}/change").status_code == 404
    ana.open(f"{address}/delete")
    ana.post(f"{address}/delete", ana.form())
    assert kept(ana) == []


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
