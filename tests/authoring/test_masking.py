"""Masked questions have a made-up word for each medical one."""

from __future__ import annotations

import re

import pytest

from learn.authoring.masking import masker
from learn.config import texts
from learn.library.content import load_content


@pytest.fixture(scope="module")
def content():
    return load_content(texts({}))


@pytest.fixture(scope="module")
def mask(content):
    return masker(content.glossary)


def test_a_word_has_the_same_made_up_word_everywhere(mask):
    one, many = mask("A platelet helps."), mask("His platelets help.")

    assert "platelet" not in one
    assert many == f"His {one.split()[1]}s help."


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("bone marrow", "marrow"),
        ("red blood cell", "red cell"),
        ("bleeding", "bled"),
        ("chemo", "chemotherapy"),
        ("ALL", "acute lymphoblastic leukemia"),
    ],
)
def test_other_names_of_the_same_have_the_same_word(mask, one, other):
    assert mask(one).casefold() == mask(other).casefold()
    assert mask(one).casefold() != one.casefold()


def test_different_things_have_different_words(mask):
    words = ["platelet", "red cell", "white cell", "marrow", "immature", "mature", "oxygen", "germ"]

    assert len({mask(word) for word in words}) == len(words)


def test_the_word_all_is_no_illness(mask):
    assert mask("Choose all that fit. All of us can.") == "Choose all that fit. All of us can."
    assert mask("ALL") not in {"ALL", "all"}


def test_a_sentence_keeps_its_capital_and_its_other_words(mask):
    said = mask("Platelets, she says, don’t carry oxygen.")

    assert re.fullmatch(r"[A-Z][a-z]+s, she says, don’t carry [a-z]+\.", said)


def test_no_name_of_the_glossary_is_left_in_the_bank(content, mask):
    names = {n for t in content.glossary.terms.values() for n in (t.term, *t.also) if n.islower()}
    left = re.compile(rf"(?<!\w)(?:{'|'.join(map(re.escape, names))})(?!\w)")
    for question in content.bank.questions.values():
        for text in (question.stem, question.vignette, *(p.text for p in question.parts)):
            assert not left.search(mask(text)), mask(text)
