"""Choose a nickname that nobody has, in any script."""

from __future__ import annotations

import html
import re
import unicodedata

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from learn import nicknames
from tests.every import examples
from tests.learn.registration import (
    PASSPHRASE,
    register,
    sign_in,
    sign_ins,
    sign_out,
    try_to_keep,
)

LOOKS_LIKE_ANA = ["ana", "ANA", " Ana ", "Αna", "Аnа", "A\u200bna", "\u202eAna", "ＡＮＡ", "A n a"]


@pytest.mark.parametrize("same", LOOKS_LIKE_ANA)
def test_a_lookalike_nickname_is_taken(ana, ben, same, connection):
    register(ana, "Ana")
    try_to_keep(ben, same)

    assert ben.page.status_code == 422
    assert "Someone already has this nickname" in ben.text
    assert PASSPHRASE not in ben.html
    assert len(sign_ins(connection)) == 1


@pytest.mark.parametrize(
    ("one", "other"),
    [("Mimi", "Mlml"), ("Mimi", "M1m1"), ("Lou", "I0u"), ("Lou", "|ou"), ("Marnie", "Mamie")],
)
def test_lookalike_letters_and_letter_pairs_have_the_same_key(one, other):
    assert nicknames.skeleton(one) == nicknames.skeleton(other)


LOOKS_IN_ONE_CASE = [
    *(("nurse", "nυrse"), ("Susan", "Տusan"), ("Susan", "տusan"), ("Hanna", "Ⲏanna")),
    *(("Mia", "Ⲙia"), ("Nora", "Ⲛora"), ("Tom", "Ⲧom"), ("Ida", "Ⲓda"), ("Yan", "Ⲩan")),
    *(("river", "ꮁiver"), ("sam", "ƽam"), ("vera", "νera"), ("fay", "ſay"), ("Mo", "Ϻo")),
    *(("Ruth", "𐒴uth"), ("Jan", "Ʝan"), ("zoe", "𑣄oe"), ("Lou", "𑢲ou")),
]


@pytest.mark.parametrize(("plain", "same"), LOOKS_IN_ONE_CASE)
def test_a_letter_that_looks_latin_in_one_case_only_counts_as_that(plain, same):
    assert nicknames.skeleton(plain) in nicknames.other_skeletons(same)


def test_each_lookalike_of_a_latin_letter_counts_as_that():
    """All that the table of Unicode lists and a nickname may have; joined letters are no names."""
    assert len(nicknames._latin()) > 1000  # noqa: SLF001 - the table itself
    for letter, latin in nicknames._latin().items():  # noqa: SLF001
        named = {nicknames.skeleton(letter), *nicknames.other_skeletons(letter)}
        assert nicknames.skeleton(latin) in named, (letter, latin)


@pytest.mark.parametrize("ordinary", ["Ana", "nurse 7", "José", "Зоя", "李明", "محمد"])
def test_most_nicknames_look_like_one_thing_only(ordinary):
    assert nicknames.other_skeletons(ordinary) == []


@pytest.mark.parametrize("same", ["nυrse", "NυRSE"])
def test_a_nickname_that_looks_taken_as_it_is_typed_is_taken(ana, ben, same, connection):
    register(ana, "nurse")
    try_to_keep(ben, same)
    assert ben.page.status_code == 422
    assert "Someone already has this nickname" in ben.text

    register(ben, "Ben")
    ben.open("/account/nickname")
    ben.post("/account/nickname", ben.form(nickname=same))
    assert ben.page.status_code == 422
    assert len(sign_ins(connection)) == 2


def test_a_nickname_stays_its_owners_however_it_looks(ana):
    register(ana, "nυrse")
    ana.open("/account/nickname")
    ana.post("/account/nickname", ana.form(nickname="Nυrse"))

    assert ana.page.status_code == 303
    sign_out(ana)
    assert sign_in(ana, "NΥRSE").status_code == 303


def test_suggested_nicknames_are_free(ana, ben):
    register(ana, "Ana")
    try_to_keep(ben, "Ana")
    offers = re.findall(r"<bdi>([^<]+)</bdi>", ben.html)

    assert len(offers) == 3
    assert all(o.startswith("Ana-") for o in offers)
    register(ben, offers[0])


@pytest.mark.parametrize(
    ("nickname", "said"),
    [
        ("", "Choose a nickname"),
        ("   ", "Choose a nickname"),
        ("\u200b\u2800", "Choose a nickname"),
        ("x" * 41, "at most 40 characters"),
        ("x" * 10_000, "at most 40 characters"),
        ("a" + "\u0301\u0316" * 60, "at most 40 characters"),
        ("\u0301", "a character that we can’t save"),
        ("x\ue000", "a character that we can’t save"),
    ],
)
def test_an_invalid_nickname_is_rejected_with_a_reason(ana, nickname, said, connection):
    try_to_keep(ana, nickname)

    assert ana.page.status_code == 422
    assert said in ana.text
    assert 'href="#nickname"' in ana.html
    assert 'aria-invalid="true"' in ana.html
    assert PASSPHRASE not in ana.html
    assert sign_ins(connection) == []


def test_typed_values_are_kept_after_an_error(ana):
    try_to_keep(ana, "Ana <b>", "short")

    assert 'value="Ana &lt;b&gt;"' in ana.html


@pytest.mark.parametrize(
    "nickname",
    [
        "Ana",
        "José",
        "Мария",
        "李娜",
        "فاطمة",
        "می‌نا",
        "क्षिति",
        "אנה",
        "😀",
        "a",
        "O’Neill",
        "x" * 40,
    ],
)
def test_a_nickname_in_any_script_signs_in(ana, ben, nickname):
    register(ana, nickname)

    assert sign_in(ben, nickname).status_code == 303
    ben.open("/account")
    assert nickname in html.unescape(ben.html)


@settings(max_examples=examples(100), deadline=None)
@given(st.text(max_size=60))
def test_normalizing_a_nickname_twice_changes_nothing(text):
    try:
        found = nicknames.normalize(text)
    except nicknames.NicknameError:
        return
    key = nicknames.skeleton(found)
    assert nicknames.normalize(found) == found
    assert found == found.strip()
    assert len(found) <= 80
    assert 0 < len(key) <= 320
    assert not any(unicodedata.category(c) == "Cc" for c in found)
    assert not any(unicodedata.category(c) == "Cf" for c in found if c not in "\u200c\u200d")


@settings(max_examples=examples(100), deadline=None)
@given(st.text(st.characters(categories=["Ll", "Lu", "Lo"]), min_size=1, max_size=20))
def test_nickname_keys_ignore_case(text):
    try:
        one, other = nicknames.normalize(text), nicknames.normalize(text.casefold())
    except nicknames.NicknameError:
        return
    assert nicknames.skeleton(one) == nicknames.skeleton(other)


@pytest.mark.parametrize(
    ("one", "other"),
    [("Alice", "AIice"), ("Ben", "Вen"), ("Bob", "B0b"), ("Νina", "nina"), ("Arno", "Amo")],
)
def test_lookalike_nicknames_have_the_same_key(one, other):
    assert nicknames.skeleton(one) == nicknames.skeleton(other)


@pytest.mark.parametrize(
    ("one", "other"), [("Ana", "Ava"), ("Jose", "José"), ("Tom", "Tim"), ("Мария", "Марина")]
)
def test_different_nicknames_have_different_keys(one, other):
    assert nicknames.skeleton(one) != nicknames.skeleton(other)
