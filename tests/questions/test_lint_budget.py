"""How many warnings of each rule the bank may have."""

from __future__ import annotations

import pytest

from questions.lint import over_budget, read_budget
from questions.reading import InvalidContentError
from tests.questions.bank_files import errors_of
from tests.questions.linting import CHOICES, NONE, budget_file, linted, with_text


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
