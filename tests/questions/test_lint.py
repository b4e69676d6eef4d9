"""Rules for writing questions: a seeded error for each, and the real bank has none."""

from __future__ import annotations

from dataclasses import replace

import pytest

from questions.bank import Bank
from questions.lint import lint, over_budget, read_budget
from questions.model import Safety
from tests.our_content import our_content
from tests.questions.linting import (
    CHOICE,
    CHOICES,
    LONG,
    MATCH,
    ORDER,
    PLACE,
    SECOND,
    THIRD,
    TWENTY,
    WHOLE,
    bank_of,
    broken,
    choice,
    linted,
    row,
    signed,
    waiting,
    with_options,
    with_text,
    with_why,
)


def test_a_bank_that_follows_the_rules_has_no_errors():
    result = linted()

    assert (result.errors, dict(result.warnings)) == ((), dict.fromkeys(result.warnings, ()))


# errors


ERRORS = [
    ("one-key", with_options(CHOICE, *(replace(o, right=True) for o in CHOICE.parts))),
    ("doubled", with_text(CHOICES, "nerve", "“Red cells!”")),
    ("doubled", with_text(MATCH, "white", "RED  cell.")),
    ("doubled", with_text(ORDER, "grown", "A stem-cell")),
    ("doubled", replace(MATCH, targets={"oxygen": "Fights germs", "germs": "Fights germs."})),
    ("options-together", with_text(CHOICES, "nerve", "All of the above")),
    ("options-together", with_text(CHOICES, "nerve", "None of the above")),
    ("options-together", with_text(CHOICES, "nerve", "Both of them")),
    ("options-together", with_text(CHOICES, "nerve", "Both are right")),
    ("options-together", with_text(CHOICES, "nerve", "A and B")),
    (
        "options-together",
        choice("choice", "What helps?", "Red cells", "Platelets", "Red cells, platelets"),
    ),
    ("negative-stem", replace(CHOICE, stem="What does not help?")),
    ("negative-stem", replace(CHOICE, stem="What doesn’t help?")),
    ("negative-stem", replace(CHOICE, stem="What helps Ana, except sleep?")),
    ("negative-stem", replace(CHOICE, stem="What never helps?")),
    (
        "absolute-words",
        choice("choice", "What is so?", "Some cells grow", "All cells grow", "Cells never grow"),
    ),
    ("long-ask", replace(CHOICE, stem=f"{LONG}?")),
    ("long-case", replace(CHOICE, vignette=f"{TWENTY}. {TWENTY}. {' '.join(['word'] * 6)}.")),
    ("long-part", with_text(CHOICES, "nerve", "it is as it is as it is as it is as it")),
    ("long-part", with_text(ORDER, "grown", "it is as it is as it is as it is")),
    ("long-part", with_text(MATCH, "red", f"{' '.join(['word'] * 16)}")),
    ("long-part", replace(MATCH, targets={"oxygen": "it is as it is as it", "germs": "Germs"})),
    ("long-why", with_why(CHOICES, f"{TWENTY}. {TWENTY}. {TWENTY}. More.")),
    ("long-sentence", with_why(CHOICES, f"{LONG} and two more.")),
    ("long-sentence", replace(CHOICE, vignette=f"{LONG} and two more.")),
    ("verdict", with_why(CHOICES, "Yes, it is.")),
    ("verdict", with_why(CHOICES, "No. It is so.")),
    ("verdict", with_why(CHOICES, "Right! It is so.")),
    ("verdict", with_why(CHOICES, "Correct: it is so.")),
    ("verdict", with_why(CHOICES, "That’s right and so on.")),
    ("verdict", with_why(CHOICES, "Not quite so.")),
    ("verdict", with_why(CHOICES, "Exactly.")),
    ("ask-ends", replace(CHOICE, stem="What helps Ana")),
    ("choose-all", replace(CHOICES, stem="What can be seen in blood?")),
    ("choose-all", replace(CHOICE, stem="What helps? Choose all that apply.")),
    ("choose-all", replace(CHOICE, stem="What helps? Choose all that fit.")),
    ("tired-stem", replace(CHOICE, stem="What did the lesson say of Ana?")),
    ("tired-stem", replace(CHOICE, stem="Which of the following helps Ana?")),
    ("disputed-figure", with_text(CHOICE, "key", "For 80 out of 100")),
    ("disputed-figure", with_text(CHOICES, "red", "For 14%")),
    ("disputed-figure", with_text(CHOICE, "key", "For 1 in 4 adults")),
    ("disputed-figure", replace(CHOICE, stem="What helps one in four adults?")),
    ("disputed-figure", replace(CHOICE, stem="What helps 2–5 out of 100 people?")),
    ("disputed-figure", replace(MATCH, targets={"oxygen": "75 percent", "germs": "Germs"})),
    (
        "asked-twice",
        replace(CHOICE, id="second", stem="what helps, when Ana is short of breath?"),
    ),
    ("without-safety", replace(SECOND, vignette="Ana is tired.")),
    ("without-safety", replace(MATCH, vignette="Omar has been pale and weak for a week.")),
    ("without-safety", replace(ORDER, stem="Put what Ana does with a fever in order.")),
    ("without-safety", replace(CHOICE, safety=None)),
    ("without-safety", replace(CHOICE, signs={})),
    ("without-safety", with_text(replace(SECOND, vignette="Ana has ALL."), "key", "A fever")),
    ("without-safety", with_why(replace(SECOND, vignette="Ana has ALL."), "She may have a fever.")),
    ("without-safety", with_text(replace(ORDER, vignette="Ana has ALL."), "grown", "An infection")),
    (
        "without-safety",
        replace(
            MATCH,
            stem="What follows when too few are left?",
            targets={"oxygen": "Heavy bleeding", "germs": "Fights germs"},
        ),
    ),
    ("cannot-wait", waiting(SECOND, vignette="Ana has a fever.")),
    ("cannot-wait", waiting(SECOND, vignette="Ana’s temperature is up.")),
    ("cannot-wait", waiting(SECOND, vignette="It says 102.4°F.")),
    ("cannot-wait", waiting(SECOND, vignette="Ana has chills.")),
    ("cannot-wait", waiting(SECOND, vignette="Ana has had one infection after another.")),
    ("cannot-wait", waiting(SECOND, stem="Ana feels feverish. Where do they come from?")),
    ("cannot-wait", waiting(with_text(CHOICES, "nerve", "A fever"), vignette="Ana is tired.")),
    ("cannot-wait", waiting(with_text(MATCH, "red", "“I shiver.”"), vignette="Ana is tired.")),
    ("cannot-wait", waiting(with_text(ORDER, "grown", "A fever"), vignette="Ana is tired.")),
    (
        "cannot-wait",
        waiting(MATCH, targets={"oxygen": "A fever", "germs": "Germs"}, vignette="Ana is tired."),
    ),
]


@pytest.mark.parametrize(("rule", "changed"), ERRORS)
def test_a_seeded_error_is_found_with_its_file_and_line(rule, changed):
    result = linted(changed)

    assert broken(result) == [rule]
    assert [(f.file, f.line) for f in result.errors] == [PLACE]
    assert result.errors[0].message.startswith(f"{changed.id}: {rule}: ")


def test_a_stem_that_the_answers_complete_breaks_two_rules():
    assert broken(linted(replace(CHOICE, stem="What helps Ana is:"))) == ["ask-ends", "tired-stem"]


@pytest.mark.parametrize("questions", [WHOLE[:2], (*WHOLE, THIRD)])
def test_an_objective_needs_three_to_five_questions(questions):
    result = lint(bank_of(*questions))

    assert [(f.file, f.line) for f in result.errors] == [("bank/cells/cells.toml", 1)]
    assert result.errors[0].message.startswith(f"cells: question-count: {len(questions)} questions")


def test_the_correction_of_a_misconception_must_be_short():
    result = lint(bank_of(*WHOLE, truth=f"{TWENTY}. {TWENTY}. More."))

    assert broken(result) == ["long-truth"]
    assert result.errors[0].line == 1


@pytest.mark.parametrize(
    "changed",
    [
        replace(CHOICE, stem=f"{TWENTY}?"),
        replace(CHOICES, stem=f"{TWENTY}? Choose all that apply."),
        replace(CHOICES, stem=f"{TWENTY}? Choose all that fit."),
        replace(CHOICE, stem="What helps before ALL is not yet treated?"),
        replace(CHOICE, stem="What does “notable” mean?"),
        replace(CHOICE, stem="Ana asks: “What helps?”"),
        replace(CHOICE, vignette="Ana is tired.", stem="What can be seen in blood?"),
        replace(CHOICE, vignette=f"{TWENTY} and more. {LONG} more."),
        with_text(CHOICES, "nerve", " ".join(["word"] * 12)),
        waiting(SECOND, vignette="Ana is tired."),
        waiting(SECOND, vignette="Ana is tired.", stem="Which cells fight infection?"),
        signed(SECOND, Safety.CALL_NOW, vignette="Ana has a fever."),
        signed(SECOND, Safety.CALL_911, vignette="Ana has a fever."),
        replace(SECOND, vignette="Nick has ALL. His count is normal."),
        with_text(replace(SECOND, vignette="Ana has ALL."), "w0", "A warm fever"),
        with_why(
            replace(SECOND, vignette="Ana has ALL."), "It makes no lump and fights infection."
        ),
        with_text(SECOND, "key", "A nosebleed"),
        with_why(CHOICES, "No cells are left."),
        with_why(CHOICES, "Right now it is so."),
        with_why(CHOICES, f"{TWENTY}. {TWENTY}. {TWENTY}."),
        with_text(CHOICES, "nerve", "Both stand for one and the same"),
        with_text(CHOICES, "nerve", "About 80 out of 100"),
        with_text(CHOICE, "key", "At 25 hospitals"),
        choice("choice", "What is so?", "All people", "Every person", "Only persons"),
        choice("choice", "What is so?", "Some cells", "Every cell", "A few cells"),
        choice("choice", "What is so?", "Blood cells", "ALL begins", "ALL ends"),
    ],
)
def test_text_that_only_resembles_an_error_passes(changed):
    assert linted(changed).errors == ()


# warnings


WARNINGS = [
    ("key-longest", choice("choice", "What?", "The red blood cells", "A nerve", "The heart")),
    ("option-lengths", choice("choice", "What?", "Red cells", "Platelets", "White cells in blood")),
    ("option-lengths", with_text(CHOICES, "nerve", "The cells of all the nerves")),
    ("stem-and-key", replace(CHOICE, vignette="Ana hears of red cells in blood.")),
    ("stem-and-key", choice("choice", "Which illness?", "Some illness", "Some fever", "Some ache")),
    ("gives-away", replace(SECOND, vignette="Ana gets “red cells from blood”.", stem="Why?")),
    (
        "two-target-skew",
        replace(MATCH, parts=(*(row(s, s, "oxygen") for s in "abcd"), row("e", "e", "germs"))),
    ),
]


@pytest.mark.parametrize(("rule", "changed"), WARNINGS)
def test_a_seeded_warning_is_found_with_its_file_and_line(rule, changed):
    result = linted(changed)

    assert result.errors == ()
    (error,) = result.warnings[rule]
    assert (error.file, error.line) == PLACE
    assert error.message.startswith(f"{changed.id}: {rule}: ")


def many(key: str, *places: int) -> Bank:
    """A choice for each place of its key in the file; each with a case of its own."""
    return bank_of(
        *(
            choice(f"q{i}", "What?", key, "Heart", "Nerve", key_at=place, vignette=f"Case {i}.")
            for i, place in enumerate(places)
        )
    )


def test_keys_that_are_the_longest_too_often_give_one_warning():
    warnings = lint(many("Marrow", 0, 1, 2)).warnings["key-longest-in-bank"]

    assert [str(f) for f in warnings] == [
        "bank:1: key-longest-in-bank: the right option is the longest in 3 of 3, by chance 1"
    ]
    assert lint(many("Blood", 0, 1, 2)).warnings["key-longest-in-bank"] == ()


def test_keys_at_one_place_too_often_give_one_warning():
    warnings = lint(many("Blood", 0, 1, 1, 1)).warnings["key-first-in-file"]

    assert [str(f) for f in warnings] == [
        "bank:1: key-first-in-file: the right option stands at place 2 in 3 of 4, by chance 1"
    ]
    assert lint(many("Blood", 0, 1, 2, 1)).warnings["key-first-in-file"] == ()


@pytest.mark.parametrize(
    ("rule", "changed"),
    [
        ("stem-and-key", replace(CHOICE, vignette="Ana hears of white cells, and where they are.")),
        ("gives-away", replace(SECOND, vignette="Ana needs red cells.", stem="From where?")),
        ("key-longest", with_text(CHOICE, "w0", "Platelets in the plasma of blood")),
    ],
)
def test_text_that_only_resembles_a_warning_passes(rule, changed):
    assert linted(changed).warnings[rule] == ()


# the real one


def test_the_real_bank_follows_the_rules_and_its_budget():
    result = lint(our_content().bank)
    budget = read_budget()

    assert [str(f) for f in result.errors] == []
    assert {*budget} >= {*result.warnings}
    assert [str(f) for f in over_budget(result, budget)] == []
