"""Words of other languages: anchors, sentences, words, and lists, with any accents."""

from __future__ import annotations

import pytest

from learn.alphabet import first_letter, sort_key, unaccented
from learn.authoring.source_text import read_sentences
from learn.library.prose import count_words, sentences, slug
from tests.library.small import GLOSSARY


@pytest.mark.parametrize(
    ("heading", "anchor"),
    [
        ("What ALL is, and isn’t", "what-all-is-and-isnt"),
        ("¿Qué es la leucemia?", "que-es-la-leucemia"),
        ("Ácidos, niños y pingüinos", "acidos-ninos-y-pinguinos"),
        ("¡Llame al 911!", "llame-al-911"),
        ("Что такое ОЛЛ?", "что-такое-олл"),
    ],
)
def test_an_anchor_is_made_of_letters_of_any_alphabet(heading, anchor):
    assert slug(heading) == anchor


@pytest.mark.parametrize(
    "both",
    [
        ("It is soft.", "It makes blood."),
        ("La médula es blanda.", "Ácidos hay pocos."),
        ("Hay dos tipos.", "¿Cuál es el suyo?"),
        ("Vaya ya.", "¡No espere!"),
        ("¿Le duele?", "Él también."),
        ("Dijo «espere.»", "«Ñandú» es una palabra."),
        ("Er ist weich.", "Über ihn später mehr."),
        ("Он мягкий.", "Это мозг."),
    ],
)
def test_a_sentence_can_begin_with_an_accented_capital(both):
    split = sentences(" ".join(both))

    assert len(split) == 2
    assert split[1] == both[1]
    assert len(read_sentences(f"# A\n\n{' '.join(both)}\n")) >= 2


def test_no_sentence_begins_with_a_lowercase_letter():
    assert len(sentences("Vea la pág. única de la guía.")) == 1


def test_an_accent_is_part_of_its_word():
    assert count_words("La médula ósea está aquí") == 5
    assert count_words("It isn’t well-known") == 3


def test_lists_are_sorted_by_letter_with_accents_ignored():
    words = ["zona", "Árbol", "arbusto", "ñandú", "¿qué?", "nube", "órgano", "oasis", "Zeta"]

    assert sorted(words, key=sort_key) == [
        "Árbol", "arbusto", "ñandú", "nube", "oasis", "órgano", "¿qué?", "Zeta", "zona",
    ]  # fmt: skip
    assert [*map(first_letter, ("ácido", "¿qué?", "3-D", "—"))] == ["A", "Q", "3", ""]
    assert unaccented("Müñoz, Á.") == "Munoz, A."


def test_the_glossary_is_sorted_by_letter_with_accents_ignored(small):
    entry = 'meaning = "Una palabra."\nfacts = ["F3"]\nplain = "cosa"\n'
    names = ("zona", "ácido", "médula", "Bazo")
    more = "".join(f'\n[w-{n}]\nterm = "{term}"\n{entry}' for n, term in enumerate(names))
    small.write(GLOSSARY, small.text(GLOSSARY) + more)
    terms = [t.term for t in small.content().glossary.terms.values()]

    assert [t for t in terms if t in names] == ["ácido", "Bazo", "médula", "zona"]
