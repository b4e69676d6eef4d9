"""Questions that are exempt from a rule, with a reason."""

from __future__ import annotations

from dataclasses import replace

import pytest

from questions.bank import load_bank
from questions.lint import lint
from questions.model import Question
from questions.reading import ContentError
from tests.questions.bank_files import ONE, errors_of, line_of, swap
from tests.questions.linting import (
    CHOICE,
    CHOICES,
    PLACE,
    SECOND,
    WHOLE,
    bank_of,
    broken,
    linted,
    waiting,
    with_text,
)


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
