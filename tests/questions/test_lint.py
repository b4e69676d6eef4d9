"""Rules for writing questions: a seeded error for each, and the real bank has none."""

from __future__ import annotations

from dataclasses import replace

import pytest

from questions.bank import Bank, load_bank
from questions.kinds import Choice, Choices, Match, Order, Row
from questions.lint import Lint, lint, over_budget, read_budget
from questions.model import Misconception, Objective, Question, Safety
from questions.parts import Part
from questions.reading import ContentError, InvalidContentError
from tests.questions.bank_files import ONE, errors_of, line_of, swap

F = ("F1",)
PLACE = ("bank/cells/cells.toml", 7)
TWENTY = " ".join(["word"] * 20)
LONG = f"{TWENTY} word"


def option(own: str, text: str, *, right: bool = False, why: str = "This is so.") -> Part:
    return Part(own, text, why, F, right=right, misconception="" if right else "alike")


def choice(own: str, stem: str, key: str, *wrong: str, key_at: int = 0, **more) -> Choice:
    options = [option(f"w{i}", text) for i, text in enumerate(wrong)]
    options.insert(key_at, option("key", key, right=True))
    return Choice(id=own, objective="cells", stem=stem, facts=F, parts=(*options,), **more)


def row(own: str, text: str, target: str) -> Row:
    return Row(own, text, "This is so.", F, target=target, misconception="alike")


CHOICE = choice(
    "choice",
    "What helps when Ana is short of breath?",
    "Red cells from blood",
    "Platelets in plasma",
    "White cells in a bag",
    safety=Safety.CALL_911,
)
CHOICES = Choices(
    id="choices",
    objective="cells",
    stem="What can be seen in blood? Choose all that apply.",
    facts=F,
    parts=(
        option("red", "Red cells", right=True),
        option("plate", "Platelets", right=True),
        option("nerve", "Nerve cells"),
    ),
)
MATCH = Match(
    id="match",
    objective="cells",
    stem="Which job fits?",
    facts=F,
    targets={"oxygen": "Carries oxygen", "germs": "Fights germs"},
    parts=(row("red", "Red cell", "oxygen"), row("white", "White cell", "germs")),
)
ORDER = Order(
    id="order",
    objective="cells",
    stem="Put these in order, from first to last.",
    facts=F,
    parts=tuple(Part(s, f"A {s} cell", "This is so.", F) for s in ("stem", "young", "grown")),
    misconception="alike",
)
SECOND = choice(
    "second",
    "Where do they come from?",
    "The soft marrow",
    "The warm heart",
    "The long nerves",
    key_at=1,
)
THIRD = choice(
    "third", "What do they stop?", "A bad bleed", "A high fever", "A sore throat", key_at=2
)


def bank_of(*questions: Question, truth: str = "Each kind has its own job.") -> Bank:
    misconception = Misconception("alike", "They are alike.", truth)
    objective = Objective(
        "cells", "blood", "first", "You can …", F, "What about me?", (misconception,), questions
    )
    return Bank(
        {"cells": objective},
        {q.id: q for q in questions},
        {"alike": misconception},
        {"cells": ("bank/cells/cells.toml", 1)} | {q.id: PLACE for q in questions},
    )


def with_options(question: Question, *options: Part) -> Question:
    return replace(question, parts=options)


def with_text(question: Question, own: str, text: str) -> Question:
    """`question` with another text for one of its parts."""
    parts = tuple(replace(p, text=text) if p.id == own else p for p in question.parts)
    return replace(question, parts=parts)


def with_why(question: Question, why: str) -> Question:
    return with_options(question, replace(question.parts[0], rationale=why), *question.parts[1:])


def waiting(question: Question, **more) -> Question:
    """`question` with a sign that can wait until the next visit."""
    return replace(question, safety=Safety.NEXT_VISIT, **more)


WHOLE = (CHOICE, CHOICES, MATCH, ORDER, SECOND)


def linted(*changed: Question) -> Lint:
    """Lint the whole bank with some of its questions changed."""
    new = {q.id: q for q in changed}
    return lint(bank_of(*(new.pop(q.id, q) for q in WHOLE), *new.values()))


def broken(result: Lint) -> list[str]:
    """Return the rules of the errors."""
    return [error.message.split(": ")[1] for error in result.errors]


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
        replace(SECOND, vignette="Ana has a fever.", safety=Safety.CALL_NOW),
        replace(SECOND, vignette="Ana has a fever.", safety=Safety.CALL_911),
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


# exemptions


def exempt(question: Question, *names: str) -> Question:
    return replace(question, exempt=dict.fromkeys(names, "The reason."))


def test_an_exemption_suppresses_an_error():
    changed = replace(CHOICE, stem="What does not help?")

    assert linted(exempt(changed, "negative-stem")).errors == ()


def test_an_exemption_suppresses_a_warning():
    changed = with_text(CHOICES, "nerve", "The cells of all the nerves")

    assert [*map(len, linted(changed).warnings.values())].count(1) == 1
    result = linted(exempt(changed, "option-lengths"))
    assert (result.errors, {*result.warnings.values()}) == ((), {()})


def test_a_harmless_sign_can_be_exempted_from_a_safety_line():
    assert linted(exempt(replace(SECOND, vignette="Ana is tired."), "without-safety")).errors == ()


def test_waiting_with_a_fever_cannot_be_exempted():
    changed = exempt(waiting(SECOND, vignette="Ana has a fever."), "cannot-wait")

    assert [error.message for error in linted(changed).errors] == [
        "second: cannot-wait: “fever” can’t wait for the next visit",
        "second: exempt: nothing lifts “cannot-wait”",
    ]


def test_without_an_illness_warning_signs_are_not_checked():
    tired = replace(SECOND, vignette="Ana is tired.")
    for question in (tired, exempt(tired, "without-safety")):
        bank = bank_of(*WHOLE[:4], question)

        assert lint(bank, of_an_illness=False).errors == ()
    bank = bank_of(*WHOLE[:4], waiting(SECOND, vignette="Ana has a fever."))
    assert broken(lint(bank, of_an_illness=False)) == ["cannot-wait"]


@pytest.mark.parametrize(
    ("rule", "message"),
    [
        ("negative-stem", "choice: exempt: “negative-stem” exempts nothing here"),
        ("question-count", "choice: exempt: “question-count” exempts nothing here"),
        ("negativ", "choice: exempt: unknown rule “negativ”"),
    ],
)
def test_an_exemption_without_effect_is_an_error(rule, message):
    assert linted(exempt(CHOICE, rule)).errors == (ContentError(*PLACE, message),)


def test_an_exemption_is_read_with_its_reason_and_does_not_change_the_version(folder):
    before = load_bank(folder).questions["one-choice"]
    text = swap(ONE, 'id = "one-choice"', 'id = "one-choice"\nexempt = { long-ask = "A poem." }')
    (folder / "cells" / "one.toml").write_text(text, encoding="utf-8")
    bank = load_bank(folder)
    question = bank.questions["one-choice"]

    assert dict(question.exempt) == {"long-ask": "A poem."}
    assert (dict(before.exempt), question.version) == ({}, before.version)
    with pytest.raises(TypeError):
        question.exempt["long-why"] = "Another."
    place = ("bank/cells/one.toml", line_of(text, 'id = "one-choice"'))
    assert (
        ContentError(*place, "one-choice: exempt: “long-ask” exempts nothing here")
        in lint(bank).errors
    )


@pytest.mark.parametrize(
    ("table", "message"),
    [
        ('{ long-ask = "" }', "“long-ask” is empty"),
        ("{ long-ask = true }", "“long-ask” must be a text"),
        ('"long-ask"', "“exempt” must be a table"),
    ],
)
def test_an_exemption_without_a_reason_is_an_error(folder, table, message):
    text = swap(ONE, 'id = "one-choice"', f'id = "one-choice"\nexempt = {table}')
    (folder / "cells" / "one.toml").write_text(text, encoding="utf-8")

    assert errors_of(folder) == [f"bank/cells/one.toml:{line_of(text, 'exempt =')}: {message}"]


# the budget

NONE = dict.fromkeys(lint(bank_of()).warnings, 0)


def budget_file(**changes: object) -> str:
    values = NONE | {name.replace("_", "-"): value for name, value in changes.items()}
    return "[warnings]\n" + "".join(f"{rule} = {value}\n" for rule, value in values.items())


def test_a_budget_is_read(folder):
    (folder / "budget.toml").write_text(budget_file(key_longest=3), encoding="utf-8")

    assert read_budget(folder) == NONE | {"key-longest": 3}
    assert errors_of(folder) == []


def test_without_a_file_there_is_no_budget(folder):
    result = linted(with_text(CHOICES, "nerve", "The cells of all the nerves"))

    assert over_budget(result, read_budget(folder)) == ()


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (budget_file(key_longest="true"), "2: “key-longest” must be a number, 0 or more"),
        (budget_file(key_longest=-1), "2: “key-longest” must be a number, 0 or more"),
        (budget_file(key_widest=1), "9: unknown rule “key-widest”"),
        (budget_file().replace("key-longest = 0\n", ""), "1: “key-longest” must be a number"),
        (f"more = 1\n{budget_file()}", "1: unknown key “more”"),
        ("[warnings", "1: not valid TOML"),
    ],
)
def test_a_budget_needs_a_number_for_each_rule(folder, text, message):
    (folder / "budget.toml").write_text(text, encoding="utf-8")

    with pytest.raises(InvalidContentError) as caught:
        read_budget(folder)
    (error,) = caught.value.errors
    assert str(error).startswith(f"bank/budget.toml:{message}")


def test_the_number_of_warnings_must_equal_the_budget():
    result = linted(with_text(CHOICES, "nerve", "The cells of all the nerves"))

    assert over_budget(result, NONE | {"option-lengths": 1}) == ()
    assert [str(f) for f in over_budget(result, NONE)] == [
        "bank/budget.toml:1: option-lengths: 1 found, and the budget is 0"
    ]
    assert [str(f) for f in over_budget(result, NONE | {"option-lengths": 3})] == [
        "bank/budget.toml:1: option-lengths: 1 found, and the budget is 3: it can go down to 1"
    ]


# the real one


def test_the_real_bank_follows_the_rules_and_its_budget():
    result = lint(load_bank())
    budget = read_budget()

    assert [str(f) for f in result.errors] == []
    assert {*budget} >= {*result.warnings}
    assert [str(f) for f in over_budget(result, budget)] == []
