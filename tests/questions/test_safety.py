"""Signs of illness are found by their words, and each in our bank says what to do about it."""

from __future__ import annotations

import pytest

from questions.model import Safety
from questions.safety import signs
from tests.our_content import our_content

SIGNS = """
    a fever · feverish · febrile · her temperature · 102°F · 100.4 °F · 38.5°C · 102 degrees F ·
    chills · chilled · shivers · shaking · an infection · infected · sepsis · a sore throat ·
    a cough · coughs · a bad cold · the flu · mouth sores · a rash · pus · a stiff neck · vomits ·
    throwing up · nauseous · diarrhea · swollen · it burns when she pees · nosebleeds · bleeds ·
    bled · bleeding gums · blood in his urine · a black stool · red urine · bruises · bruised ·
    petechiae · tiny red dots · purple patches · nicks his chin · a small cut · cuts himself ·
    a heavy period · a wound · scratches · tired · tiredness · fatigue · exhausted · worn out ·
    weak · weakness · pale · paler · short of breath · shortness of breath · out of breath ·
    breathless · can’t breathe well · can't breathe · hard to breathe · trouble breathing ·
    breathing is hard · gasps · wheezing · dizzy · dizziness · light-headed · her heart races ·
    pain · painful · aches · a headache · hurts · a lump · lumps · lost weight · loses weight ·
    weight loss · no appetite · night sweats · sweating · faint · fainted · passed out ·
    blacked out · collapses · hard to wake · can’t be woken · confused · confusion · a seizure ·
    slurred · numb · drowsy · sleepy · blurred · sees double · trouble speaking · feels very ill ·
    feeling sick · unwell · symptoms
"""
NONE = """
    red blood cells · the white count · Nick is six · she teaches · he reaches the door ·
    a large number · fights infection · help against infections · The rest is cut off ·
    a microscope can’t see them · she breathes out · the heart beats for life · cold water ·
    weekly visits · an orange spot · the weight of proof · a palette · painting · ill at ease ·
    she is fine · a shake · lumping · flush
"""


def each(texts: str) -> list[str]:
    return [" ".join(text.split()) for text in texts.split("·")]


@pytest.mark.parametrize("text", each(SIGNS))
def test_a_warning_sign_is_found(text):
    assert signs(f"Ana: {text}.")
    assert signs(text.upper()) or "nick" in text


@pytest.mark.parametrize("text", each(NONE))
def test_other_words_are_no_warning_sign(text):
    assert signs(text) == ()


def test_each_word_is_found_once():
    assert signs("A fever, pain, and a fever.") == ("fever", "pain")


# our own bank


def test_each_warning_sign_in_a_vignette_has_a_safety_line_or_an_exemption():
    for question in our_content().bank.questions.values():
        if signs(question.vignette):
            assert question.safety or question.exempt["without-safety"], question.id


def test_no_fever_or_infection_waits_for_the_next_visit():
    for question in our_content().bank.questions.values():
        if question.safety is Safety.NEXT_VISIT:
            seen = " ".join([question.vignette, question.stem, *(p.text for p in question.parts)])
            for word in ("fever", "temperature", "°", "chill", "infection"):
                assert word not in seen.lower(), question.id


@pytest.mark.parametrize(
    "question",
    [
        "blood-jobs-together-low",
        "platelets-job-omar",
        "white-cells-job-throat",
        "virus-infections-mei",
        "too-few-healthy-cells-gums",
        "too-few-healthy-cells-lines",
        "too-few-healthy-cells-counts",
        "blood-jobs-together-two-low",
    ],
)
def test_bleeding_fever_and_infection_are_a_reason_to_call(question):
    assert our_content().bank.questions[question].safety is Safety.CALL_NOW


def test_being_tired_can_wait_for_the_next_visit():
    assert our_content().bank.questions["red-cells-job-lungs-fine"].safety is Safety.NEXT_VISIT


def test_each_of_our_safety_lines_names_its_signs():
    for question in our_content().bank.questions.values():
        assert bool(question.safety) is bool(question.signs), question.id
        assert question.safety == next(iter(question.signs), None), question.id


@pytest.mark.parametrize(
    "question",
    [
        "what-leukemia-cells-do-which-line",
        "low-counts-transfusion",
        "kinds-of-white-cells-nurse",
        "helping-at-home-baby",
        "safe-at-home-nausea",
        "untreated-whose",
    ],
)
def test_a_result_a_word_or_a_technique_is_no_sign_to_call_about(question):
    assert our_content().bank.questions[question].safety is None


def test_a_fever_is_never_named_as_a_reason_for_911():
    asked = our_content().bank.questions["who-to-call-two-calls"]

    assert dict(asked.signs) == {
        Safety.CALL_911: "Coughing up blood, even a little",
        Safety.CALL_NOW: "A fever",
    }
