"""Masked questions have only the commonest words of English, and made-up ones for all others."""

from __future__ import annotations

import re
from itertools import pairwise

import pytest

from learn.authoring.item_sheets import exhibit_lines
from learn.authoring.masking import NAMES, is_everyday, masked_lines
from questions.exhibits.chart import Chart
from questions.exhibits.lab_report import LabReport
from tests.our_content import our_content

WORD = re.compile(r"[^\W\d_]+")
CONTRACTED = re.compile(r"\b(?:can’t|won’t|[ap]\.m\.)|n’t|’(?:s|ll|re|ve|d|m)\b")
_MASKED = {}  # by the id of the question; masking the bank takes seconds


@pytest.fixture(scope="module")
def bank():
    return our_content().bank


def words(text):
    return WORD.findall(CONTRACTED.sub("", text))


def plain(question):
    lines = [question.vignette, *exhibit_lines(question), question.stem]
    return [line for line in lines if line], [part.text for part in question.parts]


def masked(question):
    if question.id not in _MASKED:
        options = [part.text for part in question.parts]
        _MASKED[question.id] = masked_lines(question, options, "7")
    return _MASKED[question.id]


def written(lines):
    above, options = lines
    return "\n".join([*above, *options])


def in_its_own_words(question, term):
    """Return the made-up words that stand where the question has the term."""
    return {
        other.casefold()
        for line, other_line in zip(
            written(plain(question)).split(), written(masked(question)).split(), strict=False
        )
        for own, other in zip(WORD.findall(line), WORD.findall(other_line), strict=False)
        if own.casefold() == term
    }


def test_only_everyday_words_and_names_of_people_come_through(bank):
    for question in bank.questions.values():
        own = {word.casefold() for word in words(written(plain(question)))}
        for word in words(written(masked(question))):
            through = word.casefold() in own
            assert is_everyday(word) or word in NAMES or not through, (question.id, word)


@pytest.mark.parametrize(
    "told",
    [
        *("t(9;22)", "BCR", "imatinib", "Tylenol", "lymphoblast", "emoglobin", "acute"),
        *("hematopoietic", "shingles", " flu ", "µL", "per dL", "4.5–11", "150–450", "911"),
        *("bruis", "breath", "bleed", "vaccin", "tablet", "spleen", "gums", "rectum", "fever"),
        *("blood", " cell", "platelet", "marrow", "Philadelphia", "Down ", " red ", " white "),
    ],
)
def test_nothing_in_the_whole_bank_tells_the_subject(bank, told):
    assert any(told in written(plain(q)) for q in bank.questions.values())
    for question in bank.questions.values():
        assert told not in written(masked(question)), question.id


def test_the_same_question_is_masked_the_same_way_by_the_same_seed(bank):
    for question in bank.questions.values():
        options = [part.text for part in question.parts]
        assert masked_lines(question, options, "7") == masked(question)
        assert masked_lines(question, options, "8") != masked(question)


def test_two_questions_have_different_words_for_the_same_term(bank):
    asked = [q for q in bank.questions.values() if "latelets" in written(plain(q))]
    made_up = [in_its_own_words(q, "platelets") for q in asked]

    assert len(asked) > 20
    for one, other in pairwise(made_up):
        assert not one & other


def test_within_a_question_a_term_has_one_word_with_the_endings_that_it_had(bank):
    question = next(
        q
        for q in bank.questions.values()
        if q.exhibit is None and written(plain(q)).count(" cells") > 2
    )
    (one,) = in_its_own_words(question, "cells")

    assert one.endswith("s")
    assert written(masked(question)).count(one) == written(plain(question)).count("cells")


def test_options_that_differ_still_differ_from_each_other_and_from_the_ask(bank):
    for question in bank.questions.values():
        above, options = masked(question)
        own_above, own_options = plain(question)
        assert len(set(options)) == len(set(own_options)), question.id
        assert not set(options) & set(above) or set(own_options) & set(own_above), question.id


def test_names_of_people_dates_and_times_stay(bank):
    dated = re.compile(r"[A-Z][a-z]+ \d{1,2}, \d{4}|\d{1,2}:\d\d|\b(?:19|20)\d\d\b|Monday|January")
    for question in bank.questions.values():
        before, after = written(plain(question)), written(masked(question))
        assert dated.findall(before) == dated.findall(after), question.id
        assert {n for n in NAMES if re.search(rf"\b{n}\b", before)} == {
            n for n in NAMES if re.search(rf"\b{n}\b", after)
        }, question.id


def test_results_have_other_numbers_that_still_fit_their_flags(bank):
    reports = [q for q in bank.questions.values() if isinstance(q.exhibit, LabReport)]
    row = re.compile(r": ([\d,.]+) ?[a-z]*(, low|, high)? \([a-z]+ ([\d,.]+)–([\d,.]+)\)")
    for question in reports:
        rows = row.findall("\n".join(masked(question)[0]))
        assert len(rows) == len(question.exhibit.rows)
        for (value, flag, low, high), own in zip(rows, question.exhibit.rows, strict=True):
            number, *limits = (float(n.replace(",", "")) for n in (value, low, high))
            assert value != own.value
            assert (number < limits[0], number > limits[1]) == (flag == ", low", flag == ", high")
            assert flag.removeprefix(", ") == own.flag


def test_a_chart_keeps_its_shape(bank):
    charts = [q for q in bank.questions.values() if isinstance(q.exhibit, Chart)]
    point = re.compile(r"^[A-Z][a-z]+ \d+, \d{4}: ([\d,.]+)", re.MULTILINE)
    for question in charts:
        own = [p.value for p in question.exhibit.points]
        values = [float(v.replace(",", "")) for v in point.findall("\n".join(masked(question)[0]))]
        assert len(values) == len(own)
        assert values != own
        assert [a < b for a, b in pairwise(values)] == [a < b for a, b in pairwise(own)]


@pytest.mark.parametrize(
    "word", ["carried", "bigger", "Mostly", "stories", "putting", "OK", "years"]
)
def test_forms_of_everyday_words_count(word):
    assert is_everyday(word)


@pytest.mark.parametrize("word", ["ALL", "liver", "shoulder", "cells", "tested", "red", "bled"])
def test_words_of_medicine_do_not_count_however_common(word):
    assert not is_everyday(word)
