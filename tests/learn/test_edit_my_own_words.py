"""Send, edit, and delete an explanation: what is typed, twice, and in two tabs."""

from __future__ import annotations

import pytest

from learn.explanations.forms import MAX_LENGTH, MAX_TYPED
from tests.learn.own_words import WORDS, WRITE, box, link, say, send, texts_of, tick, ticked

# Twice, in two tabs, resent


def test_a_double_click_stores_one_text(ana):
    ana.open(WRITE)
    form = ana.form(text=WORDS)
    addresses = {ana.post(WRITE, form).headers["Location"] for _ in range(3)}

    assert len(addresses) == 1
    assert [row.text for row in texts_of(ana)] == [WORDS]


def test_different_texts_from_one_page_are_both_stored(ana):
    ana.open(WRITE)
    form = ana.form(text="First.")
    for words in ("First.", "Second.", "First.", "Second.\r\n"):
        ana.post(WRITE, form | {"text": words})

    assert [row.text for row in texts_of(ana)] == ["First.", "Second."]


def test_equal_texts_from_two_tabs_are_both_stored(ana):
    ana.open(WRITE)
    first = ana.form(text="Same.")
    ana.open(WRITE)
    second = ana.form(text="Same.")
    for form in (first, second):
        ana.post(WRITE, form)

    assert [row.text for row in texts_of(ana)] == ["Same.", "Same."]


@pytest.mark.parametrize("page", ["", "x", "0" * 400])
def test_a_form_without_its_id_loses_no_text(ana, page):
    ana.open(WRITE)
    send(ana, WORDS, page=page)

    assert [row.text for row in texts_of(ana)] == [WORDS]


# Change


def test_a_text_can_be_edited_and_keeps_its_ticks(ana, clock):
    say(ana)
    tick(ana, "no-stage")
    clock.forward(days=2)
    ana.open(link(ana, "Edit what I wrote"))
    assert box(ana) == WORDS
    send(ana, "Better now.")

    (row,) = texts_of(ana)
    assert (row.text, row.ticked) == ("Better now.", {"points": ["no-stage"]})
    assert row.written_at == clock.now
    assert "Better now." in ana.text
    assert ticked(ana) == {"no-stage"}


def test_two_tabs_editing_one_text_lose_no_edit(ana):
    address = say(ana)
    ana.open(f"{address}/change")
    first = ana.form(text="From one tab.")
    second = first | {"text": "From the other."}
    for form in (first, second, first, second):
        assert ana.post(WRITE, form).status_code == 303

    assert {row.text for row in texts_of(ana)} == {"From one tab.", "From the other."}


def test_an_edit_sent_twice_is_one_text(ana):
    address = say(ana)
    ana.open(f"{address}/change")
    form = ana.form(text="Changed.")

    assert {ana.post(WRITE, form).headers["Location"] for _ in range(2)} == {address}
    assert [row.text for row in texts_of(ana)] == ["Changed."]


def test_an_edit_of_a_text_deleted_meanwhile_is_stored(ana):
    address = say(ana)
    ana.open(f"{address}/change")
    form = ana.form(text="Still here.")
    ana.open(f"{address}/delete")
    ana.post(f"{address}/delete", ana.form())
    assert texts_of(ana) == []
    ana.post(WRITE, form)

    assert [row.text for row in texts_of(ana)] == ["Still here."]


# What comes in


@pytest.mark.parametrize("words", ["", "   \r\n ", "\u200b\u2060", "\x00\x07", "\u202e"])
def test_an_empty_text_is_rejected(ana, words):
    ana.open(WRITE)
    page = ana.post(WRITE, ana.form(text=words))

    assert page.status_code == 422
    assert "Not saved yet" in ana.text
    assert "Write a sentence or two first." in ana.text
    assert texts_of(ana) == []


def test_a_text_that_is_too_long_stays_whole_in_its_field(ana):
    ana.open(WRITE)
    words = "e" * MAX_TYPED
    page = ana.post(WRITE, ana.form(text=words))

    assert page.status_code == 422
    assert f"What you wrote has {MAX_TYPED} characters. The limit is {MAX_LENGTH}." in ana.text
    assert box(ana) == words
    assert texts_of(ana) == []
    send(ana, words[:MAX_LENGTH])
    assert texts_of(ana)[0].text == words[:MAX_LENGTH]


@pytest.mark.parametrize("sent_as", ["multipart/form-data", "application/x-www-form-urlencoded"])
def test_the_longest_allowed_text_fits_in_any_script(ana, sent_as):
    ana.open(WRITE)
    words = "\U00020bb7" * MAX_LENGTH
    page = ana.browser.post(WRITE, data=ana.form(text=words), content_type=sent_as)

    assert page.status_code == 303
    assert texts_of(ana)[0].text == words


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


def test_an_expired_form_keeps_the_text_in_its_field(ana):
    ana.open(WRITE)
    page = ana.post(WRITE, ana.form(text=WORDS, csrf_token="old"))

    assert page.status_code == 400
    assert "What you wrote is still in the box." in ana.text
    assert box(ana) == WORDS
    assert texts_of(ana) == []
    send(ana, box(ana))
    assert [row.text for row in texts_of(ana)] == [WORDS]


def test_an_edit_with_an_expired_token_is_still_an_edit(ana):
    address = say(ana)
    ana.open(f"{address}/change")
    ana.post(WRITE, ana.form(text="Changed.", csrf_token="old"))
    send(ana, box(ana))

    assert [row.text for row in texts_of(ana)] == ["Changed."]


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


# Delete


def test_a_text_is_deleted_after_confirmation(ana):
    address = say(ana)
    say(ana, "Another.")
    ana.open(f"{address}/delete")
    assert WORDS in ana.text
    assert len(texts_of(ana)) == 2
    form = ana.form()
    for _ in range(2):
        page = ana.post(f"{address}/delete", form)
        assert (page.status_code, page.headers["Location"]) == (303, "/own-words")

    assert [row.text for row in texts_of(ana)] == ["Another."]
    assert ana.open(address).status_code == 404


def test_without_a_valid_token_no_text_is_deleted(ana):
    address = say(ana)
    page = ana.post(f"{address}/delete", {})

    assert page.status_code == 400
    assert "Not deleted yet" in ana.text
    assert len(texts_of(ana)) == 1
