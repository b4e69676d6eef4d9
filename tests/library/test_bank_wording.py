"""What the bank says about risk, and what may frighten: the slips found once stay mended."""

from __future__ import annotations

import re

import pytest

from learn.library.content import Content
from tests.our_content import our_content


@pytest.fixture(scope="module")
def content() -> Content:
    return our_content()


@pytest.fixture(scope="module")
def told(content) -> list[str]:
    """Return the truth about each wrong idea, and why each part of a question is as it is."""
    truths = [m.truth for m in content.bank.misconceptions.values()]
    return truths + [p.rationale for q in content.bank.questions.values() for p in q.parts]


def why(content: Content, question: str) -> str:
    """Return the rationale of the key."""
    return next(o.rationale for o in content.bank.questions[question].parts if o.right)


def test_treatment_as_a_risk_factor_comes_with_not_to_skip_it(content):
    checked = 0
    for objective in ("radiation-dose", "chemicals", "cause-unknown"):
        for question in content.bank.objectives[objective].questions:
            known = [o for o in question.parts if o.right]
            known += [r for r in question.parts if getattr(r, "target", "") == "known"]
            for part in known:
                if re.search(
                    r"radiation|chemotherapy", f"{part.text} {part.rationale}", re.IGNORECASE
                ):
                    checked += 1
                    assert re.search(r"(?:not|n’t) (?:stop or )?skip|as ordered", part.rationale), (
                        question.id
                    )

    assert checked >= 8
    assert "don’t skip it" in content.glossary.terms["radiation"].meaning


def test_stress_and_phones_are_never_a_key(content):
    for question in content.bank.questions.values():
        for part in (p for p in question.parts if p.right is not False):
            assert not re.search(r"stress|phone|microwave", part.text, re.IGNORECASE), question.id


def test_reassurance_about_vaccines_comes_with_asking_before_the_next_one(told):
    texts = [text for text in told if re.search(r"[Vv]accines (?:have|are)", text)]

    assert len(texts) == 2
    for text in texts:
        assert re.search(r"(?:not|n’t) been shown to cause leukemia", text), text
        assert re.search(r"Ask (?:the|your) (?:care )?team before any vaccine", text), text


def test_the_higher_risk_of_siblings_comes_with_reassurance(told, content):
    texts = [text for text in told if re.search(r"brothers and sisters[^.]*higher", text)]

    assert texts
    assert all("they need no routine blood test" in text for text in texts)
    says = content.ledger.added["A-down"].says
    assert "by age 30" in says[says.index("20 to 30 times") :]


def test_low_counts_in_remission_are_explained_as_a_side_effect(told, content):
    parts = {p.id: p for p in content.bank.questions["remission-belongs"].parts}

    assert "as a side effect" in parts["counts"].rationale
    assert "Later chemotherapy can make counts low again" in (
        content.bank.misconceptions["normal-counts-are-remission"].truth
    )
    assert not [text for text in told if "Sam has two of them" in text]


@pytest.mark.parametrize("question", ["too-few-healthy-cells-gums", "platelets-job-omar"])
def test_a_vignette_about_bleeding_says_when_it_is_an_emergency(content, question):
    assert "call 911" in why(content, question)


def test_details_that_a_reader_may_act_on_are_worded_safely(content):
    questions = content.bank.questions

    assert "Please don’t stop or skip chemotherapy" in why(content, "chemicals-post")
    assert "clean hands help" in why(content, "kind-of-illness-hug")
    assert "keep away when they are sick" in content.ledger.added["A-caregiver"].says
    assert "Now that he has ALL, a cough" in why(content, "virus-infections-mei")
    assert "ALL is more common" in questions["age-and-sex-young"].stem


def test_no_text_promises_a_place_in_a_support_group(told):
    for text in told:
        assert not re.search(r"CancerCare (?:runs|offers)|can (?:go|look in)\b", text), text
        if "CancerCare" in text and "meet" not in text:
            assert re.search(r"\bask\b|support group|for people with blood cancer", text), text


def test_the_note_on_mixed_leukemia_has_only_sourced_figures(content):
    (mixed,) = (n for n in content.ledger.notes if n.id == "D17")
    after = mixed.says.split("cases of ALL.", 1)[1]

    assert "2 to 3 out of 100" in after
    assert "5 out of" not in after


def test_the_share_of_t_cell_all_is_not_given_as_a_count(content):
    assert "a bigger share" in content.bank.objectives["t-cell-start"].you_can


def test_a_blast_is_a_young_cell_and_in_all_a_lymphoblast(content):
    assert content.glossary.find("blasts").id == "blast"
    assert content.glossary.find("lymphoblasts").id == "lymphoblast"


def test_no_question_asks_about_a_closed_site(content):
    for question in content.bank.questions.values():
        assert not re.search(r"Cancer\.Net (?:had|covered)", question.stem), question.id


def test_the_twin_of_a_baby_with_all_needs_the_care_team_right_away(content):
    key = next(o for o in content.bank.questions["genes-and-twins-pairs"].parts if o.right)

    assert "baby" in key.text
    assert "greatest when the first twin got sick as a baby" in key.rationale
    assert "Ask the care team right away" in key.rationale
    assert "certain" not in key.rationale


def test_normal_red_cells_explain_neither_a_pale_face_nor_short_breath(content):
    options = content.bank.questions["blood-jobs-together-two-low"].parts

    assert {o.id for o in options if o.right} == {"infections", "bruises"}


def test_no_quiz_before_or_after_opens_with_a_relapse(content):
    for question in content.bank.questions.values():
        parts = (p.text for p in question.parts)
        exhibit = question.exhibit.author_texts if question.exhibit else ()
        words = " ".join([question.vignette, question.stem, *exhibit, *parts])
        if re.search(r"relapse|refractory|recurrent", words, re.IGNORECASE):
            assert question.objective in content.bank.hard_to_hear, question.id


def test_every_objective_can_be_asked_about_twice_on_one_level(content):
    for objective in content.bank.counted.values():
        levels = {question.level for question in objective.questions}
        assert len(levels) < len(objective.questions), objective.id


def test_each_of_our_objectives_has_three_to_five_questions(content):
    counts = {o.id: len(o.questions) for o in content.bank.objectives.values()}

    assert {name: count for name, count in counts.items() if not 3 <= count <= 5} == {}
