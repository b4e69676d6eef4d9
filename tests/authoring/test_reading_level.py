"""How hard the lessons are to read."""

from __future__ import annotations

import importlib.util
import sys

import pytest

from learn.authoring import reading_level as level
from tests.library.small import FIRST, GLOSSARY, Small

needs_textstat = pytest.mark.skipif(
    importlib.util.find_spec("textstat") is None, reason="textstat is for development"
)

SHORT = "Ask your team. "  # 3 words


@pytest.fixture
def small(small: Small) -> Small:
    """Tiny content without passive sentences in its first lesson."""
    small.change(FIRST, "Blood is made in the [[marrow]]", "Blood comes from the [[marrow]]")
    return small


def errors(small: Small) -> list[str]:
    found = level.reading_level(small.content())
    return [str(f) for f in found if f.file == FIRST and "a lesson has 180" not in f.message]


def body(small: Small, text: str) -> None:
    """Put `text` into the middle of the first lesson."""
    small.change(FIRST, "It makes blood. {F1}", text)


# lengths


@pytest.mark.parametrize(("words", "amiss"), [(179, 1), (180, 0), (400, 0), (401, 1)])
def test_a_lesson_has_180_to_400_words(small, words, amiss):
    more = words - small.content().lessons["first"].text.words + 3  # in place of “It makes blood.”
    body(small, f"I{' x' * (more - 1)}. {{us}}")
    messages = [str(f) for f in level.reading_level(small.content()) if "a lesson" in f.message]

    assert messages[:-1] == [f"{FIRST}:1: {words} words: a lesson has 180 to 400"] * amiss


@pytest.mark.parametrize(("sentences", "amiss"), [(24, False), (25, True)])
def test_a_block_has_at_most_80_words(small, sentences, amiss):
    body(small, f"{SHORT * sentences}{{us}}")  # beside 8 words that stand there
    error = small.at(FIRST, "## The soft middle", f"{sentences * 3 + 8} words: a block has at most")

    assert [f.removesuffix(" 80") for f in errors(small)] == ([error] if amiss else [])


@pytest.mark.parametrize(("words", "amiss"), [(22, False), (23, True)])
def test_a_sentence_has_at_most_22_words(small, words, amiss):
    body(small, f"I{' x' * (words - 1)}. {{us}}")
    error = small.at(FIRST, "I x x", "23 words, 22 at most in a sentence: “I x x x x x x x …”")

    assert errors(small) == ([error] if amiss else [])


def test_a_list_item_counts_as_a_sentence(small):
    body(small, f"\n\n- One{' x' * 14} {{us}}\n- Two{' x' * 14} {{us}}\n")

    assert errors(small) == []


def test_sentences_of_a_lesson_have_14_words_on_average_at_most(small):
    body(small, f"{'I' + ' x' * 21 + '. '}{'I' + ' x' * 21 + '. '} {{us}}")
    assert errors(small) == []

    small.change(FIRST, "Marrow is soft. {F2}", f"{'I' + ' x' * 21 + '. '} {{F2}}")
    small.change(FIRST, "Flat bones hold a lot.", f"{'I' + ' x' * 21 + '. '}")
    assert any("words a sentence: at most 14 on average" in f for f in errors(small))


# terms


def test_a_term_is_marked_at_its_first_use(small):
    small.change(FIRST, "Blood comes from the [[marrow]].", "Blood comes from bones.")
    assert errors(small) == []  # a lesson that explains no term may name it

    small.change(FIRST, "You can ask about your marrow.", "You can ask about your [[marrow]].")
    assert errors(small) == [
        small.at(FIRST, "Marrow is soft", "“Marrow” stands here before [[Marrow]] is marked")
    ]


def test_a_name_inside_a_longer_name_is_not_that_term(small):
    small.change(GLOSSARY, '"RBC"]', '"RBC", "red cell marrow"]')
    small.change(FIRST, "Blood comes from the [[marrow]].", "A red cell marrow. [[marrow]] here.")

    assert errors(small) == []


def test_a_capitalized_name_is_matched_case_sensitively(small):
    small.change(FIRST, "Blood comes from the [[marrow]].", "A rbc. [[marrow]] and [[RBC]].")
    assert errors(small) == []

    small.change(FIRST, "A rbc.", "An RBC.")
    assert errors(small) == [
        small.at(FIRST, "An RBC", "“RBC” stands here before [[red cell]] is marked")
    ]


def test_a_block_explains_at_most_three_new_terms(small):
    extra = "".join(
        f'\n[x{i}]\nterm = "xx{i}"\nmeaning = "y"\nfacts = ["us"]\nplain = "y"\n' for i in range(4)
    )
    small.write(GLOSSARY, small.text(GLOSSARY) + extra)
    body(small, "[[xx1]] [[marrow]] [[xx2]] [[xx3]]. {us}")
    assert errors(small) == []

    small.change(FIRST, "[[xx3]].", "[[xx3]] **[[xx0]]**.")
    assert errors(small) == [
        small.at(FIRST, "## The soft middle", "4 new terms: a block explains at most 3")
    ]


# passive voice


@pytest.mark.parametrize(
    "sentence",
    [
        *("It is called ALL.", "Cells were damaged.", "It’s often found there."),
        *(
            "They get crowded out.",
            "It has been taken away.",
            "It is not yet said that it is seen.",
        ),
    ],
)
def test_passive_sentences_are_recognized(sentence):
    assert level.is_passive(sentence)


@pytest.mark.parametrize(
    "sentence",
    [
        *("You may be tired.", "These are red blood cells.", "It is related to that."),
        *("The cells are soft.", "It has come back.", "You are scared.", "They found it."),
        *("Is there a need?", "It is in need of rest."),
    ],
)
def test_active_sentences_are_not_taken_for_passive(sentence):
    assert not level.is_passive(sentence)


def test_at_most_one_sentence_in_ten_is_passive(small):
    body(small, SHORT * 4 + "It is called ALL. {us}")  # beside five more
    assert errors(small) == []

    small.change(FIRST, "You can ask about your marrow.", "You are asked.")
    assert errors(small) == [
        small.at(
            FIRST,
            "It is called",
            "2 of 10 sentences are passive, 1 in 10 at most: "
            f"line {small.line(FIRST, 'It is called')} “It is called ALL.”; "
            f"line {small.line(FIRST, 'You are asked')} “You are asked.”",
        )
    ]


# the grade


def prepared(small: Small) -> str:
    content = small.content()
    return level.plain_text(content.lessons["first"], level.TermMatcher(content.glossary))


def test_headings_and_list_items_get_a_period_before_measuring(small):
    body(small, "\n\n- One thing {us}\n- “Two things?” {us}\n\n")

    assert prepared(small).splitlines()[1:] == [
        "The soft middle.",
        "bone is soft.",
        "One thing.",
        "“Two things?”",
        "Flat bones hold a lot.",
        "What this means for you.",
        "You can ask about your bone.",
        "How is my bone?",
    ]


def test_only_explained_terms_are_replaced_by_plain_words(small):
    body(small, "Red cells and marrow. {us}")

    assert "Red cells and bone." in prepared(small)
    assert "Red cells and marrow." in level.as_text(small.content().lessons["first"])


@needs_textstat
def test_replacements_have_as_many_syllables_as_the_words_they_replace():
    import textstat

    for syllables, word in level.STAND_INS.items():
        assert textstat.syllable_count(word) == syllables
    for word in level.SYLLABLES:
        assert textstat.syllable_count(word) != level.SYLLABLES[word], f"{word}: no need"
        assert textstat.syllable_count(level.for_textstat(word)) == level.SYLLABLES[word]


@needs_textstat
def test_a_dot_inside_a_word_ends_no_sentence():
    assert (
        level.for_textstat("On Example.Net, 2.5 of them don’t.")
        == "On ExampleNet, 25 of them don't."
    )


@needs_textstat
def test_grades_are_measured_with_and_without_plain_words(small):
    content = small.content()
    grades = level.measure(content)

    assert grades is not None
    assert [g.lesson for g in grades.lessons] == ["first", "second"]
    assert grades.lessons[0].prepared < grades.lessons[0].raw
    assert level.too_hard(content, grades) == []


@needs_textstat
def test_a_lesson_that_is_too_hard_is_an_error(small):
    hard = "Considerable hematopoietic differentiation necessitates extraordinary regulation"
    body(small, f"{hard} continuously. {hard} universally. {hard} everywhere. {{us}}")
    content = small.content()
    grades = level.measure(content)
    assert grades is not None
    messages = [str(f) for f in level.too_hard(content, grades)]

    assert messages[0].startswith(f"{FIRST}:1: Flesch-Kincaid grade 1")
    assert messages[0].endswith("with plain words for its terms: at most 6.5")
    assert messages[1].endswith("as it stands: at most 9")
    assert messages[2].startswith("learn/library/lessons:1: SMOG grade 1")


@pytest.mark.parametrize(
    ("prepared", "raw", "smog", "count"), [(6.5, 9, 8, 0), (6.6, 9.1, 8.1, 3), (6.5, 9.1, 8, 1)]
)
def test_the_limits_of_reading_grades_apply(small, prepared, raw, smog, count):
    grades = level.ReadingGrades((level.ReadingGrade("first", prepared, raw),), smog, 20)

    assert len(level.too_hard(small.content(), grades)) == count


def test_without_textstat_nothing_is_measured(small, monkeypatch):
    monkeypatch.setitem(sys.modules, "textstat", None)

    assert level.measure(small.content()) is None
