"""A bank of two objectives without errors, for the tests to change."""

from __future__ import annotations

from pathlib import Path

from questions.bank import read_bank

ONE = """\
id = "one"
topic = "cells"
lesson = "first"
you_can = "You can tell blood cells apart."
facts = ["F1"]
ask_care_team = "Which of my cells are low?"

[misconceptions.all-alike]
belief = "All blood cells are alike."
truth = "Each kind has its own job."

[misconceptions.upside-down]
belief = "Blood cells start in the blood."
truth = "They start in the marrow."

[[question]]
id = "one-choice"
kind = "choice"
case = "Ana is tired."
ask = "Which cell carries oxygen?"
facts = ["F1"]
[[question.option]]
id = "red"
text = "The red cell"
right = true
why = "Red cells carry oxygen."
[[question.option]]
id = "white"
text = "The white cell"
why = "White cells fight germs."
misconception = "all-alike"
facts = ["F2"]

[[question]]
id = "one-choices"
kind = "choices"
ask = "Which are blood cells?"
facts = ["F1"]
[[question.option]]
id = "red"
text = "A red cell of the blood"
right = true
why = "It is."
[[question.option]]
id = "nerve"
text = "A nerve cell"
why = "It is not in the blood."
misconception = "all-alike"

[[question]]
id = "one-match"
kind = "match"
ask = "Which job fits?"
facts = ["F1"]
[question.targets]
oxygen = "Carries oxygen"
germs = "Fights germs"
[[question.row]]
id = "red-row"
text = "Red cell"
target = "oxygen"
why = "It carries oxygen."
misconception = "all-alike"
misconceptions = { germs = "upside-down" }
[[question.row]]
id = "white-row"
text = "White cell"
target = "germs"
why = "It fights germs."
misconception = "all-alike"

[[question]]
id = "one-order"
kind = "order"
ask = "What comes first?"
facts = ["F1"]
misconception = "upside-down"
[[question.step]]
id = "stem"
text = "Stem cell"
why = "It is the start."
[[question.step]]
id = "blast"
text = "Young cell"
why = "It comes next."
[[question.step]]
id = "grown"
text = "Grown cell"
why = "It comes last."
"""

TWO = """\
id = "two"
topic = "cells"
lesson = "second"
you_can = "You can name the marrow."
facts = ["F2"]
ask_care_team = "What is marrow?"

[misconceptions.no-marrow]
belief = "Bones are solid."
truth = "They hold marrow."

[[question]]
id = "two-choice"
kind = "choice"
ask = "Where is blood made?"
facts = ["F2"]
[[question.option]]
id = "marrow"
text = "In the marrow"
right = true
why = "It is."
[[question.option]]
id = "heart"
text = "In the heart"
why = "It pumps blood."
misconception = "no-marrow"
"""


def swap(text: str, old: str, new: str) -> str:
    assert text.count(old) == 1, f"{text.count(old)} times: {old}"
    return text.replace(old, new)


def line_of(text: str, snippet: str) -> int:
    assert text.count(snippet) == 1, f"{text.count(snippet)} times: {snippet}"
    return text[: text.index(snippet)].count("\n") + 1


def errors_of(folder: Path) -> list[str]:
    return [str(error) for error in read_bank(folder)[1]]
