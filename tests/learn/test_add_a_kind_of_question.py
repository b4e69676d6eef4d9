"""A kind of question is one class and one folder of templates: nothing else knows of it."""

from __future__ import annotations

import csv
import io
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from random import Random
from types import MappingProxyType

import pytest
from jinja2 import ChoiceLoader, FileSystemLoader

from learn.authoring.coverage import coverage
from learn.demo.answers import answer, traits
from learn.library.content import Content
from questions.bank import load_bank, read_bank
from questions.kinds import KINDS
from questions.lint import lint
from tests.learn.groups import BEGUN, ClassOf, sign_in_as_educator
from tests.number.kind import Number
from tests.questions.bank_files import line_of

LESSON = "what-is-all"
TEMPLATES = Path(__file__).parents[1] / "number" / "templates"
OBJECTIVE = """\
id = "{id}"
topic = "{topic}"
lesson = "{lesson}"
you_can = "You can count bones."
facts = ["{fact}"]
ask_care_team = "How many bones do I have?"

[misconceptions.fewer]
belief = "People have few bones."
truth = "A grown-up has 206."

[[question]]
id = "how-many-bones"
kind = "number"
ask = "How many bones does a grown-up have?"
facts = ["{fact}"]
misconception = "fewer"
[question.number]
id = "bones"
text = "206"
why = "A grown-up has 206 of them."
"""


@pytest.fixture(autouse=True)
def _registered(app, monkeypatch):
    monkeypatch.setitem(KINDS, "number", Number)
    loader = ChoiceLoader([app.jinja_env.loader, FileSystemLoader(TEMPLATES)])
    monkeypatch.setattr(app.jinja_env, "loader", loader)


@pytest.fixture
def file(content: Content, tmp_path: Path) -> Path:
    """An objective in place of one of ours, with a single question."""
    objective = content.bank.of_lesson(LESSON)[0]
    path = tmp_path / "bank" / objective.topic / f"{objective.id}.toml"
    path.parent.mkdir(parents=True)
    path.write_text(
        OBJECTIVE.format(
            id=objective.id,
            topic=objective.topic,
            lesson=LESSON,
            fact=objective.questions[0].facts[0],
        ),
        encoding="utf-8",
    )
    return path


@pytest.fixture
def bones(app, ana, file: Path) -> Number:
    """Return the only question of the lesson's quiz."""
    bank, now = load_bank(file.parents[1]), app.extensions["learn.content"]
    (objective,) = bank.objectives.values()
    kept = {k: o for k, o in now.bank.objectives.items() if o.lesson != LESSON}
    changed = replace(
        now.bank,
        objectives=MappingProxyType({**kept, objective.id: objective}),
        questions=MappingProxyType({**now.bank.questions, **bank.questions}),
        misconceptions=MappingProxyType({**now.bank.misconceptions, **bank.misconceptions}),
    )
    ana.content = app.extensions["learn.content"] = replace(now, bank=changed)
    return bank.questions["how-many-bones"]


def test_a_new_kind_is_read_and_its_errors_have_file_and_line(file):
    text = file.read_text(encoding="utf-8")
    file.write_text(text.replace('text = "206"', 'text = "many"'), encoding="utf-8")

    (error,) = read_bank(file.parents[1])[1]
    assert error.line == line_of(text, 'text = "206"')
    assert error.message == "“many” is not a number"


@pytest.mark.usefixtures("bones")
@pytest.mark.parametrize(("given", "score"), [("206", 1), ("205", 0.5), ("12", 0)])
def test_a_new_kind_is_answered_and_graded(ana, rows, given, score):
    ana.open(f"/quizzes/lesson/{LESSON}")
    assert "Type a number." in ana.text
    ana.answer({"number-bones": given})

    assert ("That’s right" if score == 1 else "Not quite") in ana.text
    assert "It is 206. A grown-up has 206 of them." in ana.text
    (row,) = rows(ana)
    assert (row.score, row.response) == (score, {"pairs": {"bones": given}})


def test_text_that_is_not_a_number_is_asked_for_again_and_kept(ana, bones, rows):
    ana.open(f"/quizzes/lesson/{LESSON}")
    ana.answer({"number-bones": "many"})

    assert ana.page.status_code == 422
    assert 'value="many"' in ana.html
    assert rows(ana) == []


def test_educators_see_a_new_kind_on_pages_in_files_and_on_paper(ben, bones, app, connection):
    group = ClassOf(connection, app.extensions["learn.content"].bank)
    kim = sign_in_as_educator(ben, group)
    zoe = group.join(nickname="Zoe")
    group.answer(zoe, {bones.id: bones.near_miss(None, None)}, at=BEGUN + timedelta(days=1))
    task = group.assign([bones.id])
    here = f"/groups/{group.id}"

    kim.open(f"{here}/questions/{bones.id}")
    assert "Mean score 0.50 of 1" in kim.text
    assert "0 of 1 put it in the right place" in kim.text
    page = kim.browser.get(f"{here}/results.csv?table=questions")
    (row,) = csv.DictReader(io.StringIO(page.data.decode("utf-8-sig")))
    assert (row["Question"], row["Mean score"]) == (bones.stem, "0.5")
    kim.open(f"{here}/assignments/{task}/quiz")
    assert "Your number: ____" in kim.text
    kim.open(f"{here}/assignments/{task}/key")
    assert "The number is 206. The myth behind it: “People have few bones.”" in kim.text


def test_checks_and_demo_data_work_with_a_new_kind(app, bones, file):
    content = app.extensions["learn.content"]
    objective = content.bank.objective_of(bones.id)

    assert coverage(content).figures["questions of kind number"] == "1"
    assert [f.message for f in lint(load_bank(file.parents[1])).errors] == [
        f"{objective.id}: question-count: 1 questions, and 3 to 5 are wanted"
    ]
    like = traits(objective, bones, is_miskeyed=False)
    assert like.popular == "fewer"
    rng = Random(1)  # noqa: S311 - the same every time
    answers = {answer(bones, like, 0, rng).response.pairs.get("bones") for _ in range(30)}
    assert answers == {"206", "207", None}
