"""An objective whose questions show one exhibit each, and two pictures, for the tests to change."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from types import MappingProxyType

from learn.library.content import Content
from questions.bank import Bank, load_bank

LESSON = "what-is-all"

_HEAD = """\
id = "{objective}"
topic = "{topic}"
lesson = "what-is-all"
you_can = "You can read what is shown."
facts = ["{fact}"]
ask_care_team = "What does my report show?"

[misconceptions.looks]
belief = "It is what it looks like."
truth = "It is what it says."
"""
_QUESTION = """
[[question]]
id = "shows-{name}"
kind = "choice"
case = "Nina looks at this."
ask = "What does it show?"
facts = ["{fact}"]
{exhibit}
[[question.option]]
id = "key"
text = "What it says"
right = true
why = "It says so."
{figure}
[[question.option]]
id = "other"
text = "What it looks like"
misconception = "looks"
why = "Looks can mislead."
"""
EXHIBITS = {
    "lab": """\
[question.exhibit]
kind = "lab-report"
note = "Made up. Your lab’s ranges may differ."
rows = [
  { name = "Neutrophils", value = "0.6", unit = "thousand/µL", range = "1.8–7.7", flag = "low" },
  { name = "Hemoglobin", value = "13.1", unit = "g/dL", range = "12–16" },
  { name = "Glucose", value = "210", unit = "mg/dL", range = "below 140", flag = "high" },
]
""",
    "chart": """\
[question.exhibit]
kind = "chart"
title = "Platelets"
unit = "thousand/µL"
points = [
  { day = 2026-03-02, value = 41 },
  { day = 2026-03-09, value = 95.5 },
  { day = 2026-03-23, value = 160 },
]
""",
    "letter": """\
[question.exhibit]
kind = "letter"
from = "Dr. Lee"
spoken = true
text = "Your counts are back to normal."
""",
    "icons": """\
[question.exhibit]
kind = "icon-array"
count = 3
of = 20
text = "3 of 20 people have it."
""",
    "figure": """\
[question.exhibit]
kind = "figure"
figure = "bone"
places = { 1 = "the outer layer", 2 = "the space inside" }
""",
    "options": "",
}
BONE = """\
<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 320 90" role="img" aria-labelledby="bone-t">
  <title id="bone-t">A bone with two numbers</title>
  <desc>A bone, cut open. Number 1 is on its shell, number 2 in its middle.</desc>
  <rect class="fig-bone" x="10" y="10" width="300" height="70" rx="30"/>
  <text class="fig-text" x="30" y="35" data-place="1">1</text>
  <text class="fig-text" x="160" y="55" data-place="2">2</text>
</svg>
"""
SPOT = """\
<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 90 30" role="img">
  <title>A spot</title>
  <desc>One round spot.</desc>
  <circle class="fig-red" cx="15" cy="15" r="12"/>
</svg>
"""


def write(folder: Path, content: Content, *names: str) -> Path:
    """Write the bank, or these questions of it, and its pictures; returns the objective's file."""
    objective = content.bank.of_lesson(LESSON)[0]
    fact = objective.questions[0].facts[0]
    path = folder / "bank" / objective.topic / f"{objective.id}.toml"
    path.parent.mkdir(parents=True)
    path.write_text(
        _HEAD.format(objective=objective.id, topic=objective.topic, fact=fact)
        + "".join(
            _QUESTION.format(
                name=name,
                fact=fact,
                exhibit=exhibit,
                figure='figure = "spot"' if name == "options" else "",
            )
            for name, exhibit in EXHIBITS.items()
            if name in (names or EXHIBITS)
        ),
        encoding="utf-8",
    )
    (folder / "figures").mkdir()
    (folder / "figures" / "bone.svg").write_text(BONE, encoding="utf-8")
    (folder / "figures" / "spot.svg").write_text(SPOT, encoding="utf-8")
    return path


def merged(content: Content, file: Path) -> Content:
    """Return the content, in which the objective in `file` is all that its lesson asks about."""
    return with_objectives(content, load_bank(file.parents[1]))


def with_objectives(content: Content, bank: Bank) -> Content:
    """Return the content with the objectives of `bank` as the only ones of their lessons."""
    lessons = {o.lesson for o in bank.objectives.values()}
    kept = {k: o for k, o in content.bank.objectives.items() if o.lesson not in lessons}
    changed = replace(
        content.bank,
        objectives=MappingProxyType({**kept, **bank.objectives}),
        questions=MappingProxyType({**content.bank.questions, **bank.questions}),
        misconceptions=MappingProxyType({**content.bank.misconceptions, **bank.misconceptions}),
    )
    return replace(content, bank=changed)
