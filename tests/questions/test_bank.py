"""The bank: read from files once, then immutable."""

from __future__ import annotations

from pathlib import Path

import pytest

from questions.bank import load_bank, read_bank
from questions.kinds import KINDS
from questions.model import Level, Safety, Turn, version_of
from tests.questions.bank_files import ONE, TWO, errors_of, line_of, swap

# what is read


def test_a_bank_without_errors_is_read(folder):
    bank = load_bank(folder)

    assert [*bank.objectives] == ["one", "two"]
    assert [*bank.questions] == [
        "one-choice",
        "one-choices",
        "one-match",
        "one-order",
        "two-choice",
    ]
    assert [*bank.misconceptions] == ["all-alike", "upside-down", "no-marrow"]


def test_an_objective_is_read_with_all_its_fields(folder):
    objective = load_bank(folder).objectives["one"]

    assert (objective.topic, objective.lesson, objective.facts) == ("cells", "first", ("F1",))
    assert objective.you_can == "You can tell blood cells apart."
    assert objective.ask_care_team == "Which of my cells are low?"
    assert [(m.id, m.truth) for m in objective.misconceptions] == [
        ("all-alike", "Each kind has its own job."),
        ("upside-down", "They start in the marrow."),
    ]
    assert [q.kind for q in objective.questions] == [*KINDS]


def test_a_question_is_read_with_all_its_fields(folder):
    question = load_bank(folder).questions["one-choice"]
    red, white = question.parts

    assert (question.objective, question.vignette) == ("one", "Ana is tired.")
    assert question.version == version_of(question)
    assert (red.right, red.misconception, red.facts) == (True, "", ("F1",))
    assert (white.right, white.misconception, white.facts) == (False, "all-alike", ("F2",))


def test_match_and_order_questions_are_read_with_all_their_fields(folder):
    bank = load_bank(folder)
    red, white = bank.questions["one-match"].parts

    assert dict(bank.questions["one-match"].targets) == {
        "oxygen": "Carries oxygen",
        "germs": "Fights germs",
    }
    assert (red.target, red.misconception_for("germs")) == ("oxygen", "upside-down")
    assert (white.target, white.misconception_for("oxygen")) == ("germs", "all-alike")
    assert bank.questions["one-order"].misconception == "upside-down"
    assert [s.id for s in bank.questions["one-order"].parts] == ["stem", "blast", "grown"]


def test_each_objective_and_question_knows_its_file_and_line(folder):
    locations = load_bank(folder).locations

    assert locations["one"] == ("bank/cells/one.toml", 1)
    assert locations["one-match"] == ("bank/cells/one.toml", line_of(ONE, 'id = "one-match"'))
    assert locations["two-choice"] == ("bank/cells/two.toml", line_of(TWO, 'id = "two-choice"'))


def test_objectives_are_found_by_lesson_topic_and_question(folder):
    bank = load_bank(folder)

    assert [o.id for o in bank.of_lesson("second")] == ["two"]
    assert [o.id for o in bank.of_topic("cells")] == ["one", "two"]
    assert bank.of_lesson("none") == bank.of_topic("none") == ()
    assert bank.objective_of("one-order").id == "one"
    with pytest.raises(KeyError):
        bank.objective_of("none")


def test_a_bank_is_immutable(folder):
    bank = load_bank(folder)

    for mapping in (bank.objectives, bank.questions, bank.misconceptions, bank.locations):
        with pytest.raises(TypeError):
            mapping["x"] = None


def test_windows_line_endings_make_no_difference(folder):
    before = load_bank(folder)
    for path in folder.glob("*/*.toml"):
        path.write_bytes(path.read_bytes().replace(b"\n", b"\r\n"))

    assert load_bank(folder) == before


# versions


def version(folder: Path, question: str, old: str = "", new: str = "") -> str:
    text = swap(ONE, old, new) if old else ONE
    (folder / "cells" / "one.toml").write_text(text, encoding="utf-8")
    return load_bank(folder).questions[question].version


@pytest.mark.parametrize(
    ("question", "old", "new"),
    [
        ("one-choice", "Ana is tired.", "Ana rests."),
        ("one-choice", "carries oxygen?", "brings oxygen?"),
        ("one-choice", "The white cell", "The pale cell"),
        ("one-match", "Carries oxygen", "Brings oxygen"),
        ("one-match", 'text = "Red cell"', 'text = "Red blood cell"'),
        ("one-order", "Young cell", "New cell"),
    ],
)
def test_a_version_changes_with_what_a_learner_sees(folder, question, old, new):
    assert version(folder, question, old, new) != version(folder, question)


def test_a_version_changes_with_the_key(folder):
    old = ONE[ONE.index('right = true\nwhy = "Red') : ONE.index('\nfacts = ["F2"]')]
    new = (
        'misconception = "all-alike"\nwhy = "x"\n[[question.option]]\nid = "white"\n'
        'text = "The white cell"\nwhy = "x"\nright = true'
    )

    assert version(folder, "one-choice", old, new) != version(folder, "one-choice")


@pytest.mark.parametrize(
    ("question", "old", "new"),
    [
        ("one-choice", "White cells fight germs.", "They do not."),
        ("one-choice", 'facts = ["F2"]', 'facts = ["F3"]'),
        (
            "one-choice",
            'misconception = "all-alike"\nfacts',
            'misconception = "upside-down"\nfacts',
        ),
        ("one-choice", "Each kind has its own job.", "They differ."),
        ("one-match", '{ germs = "upside-down" }', "{ }"),
        ("one-order", "It comes next.", "It is second."),
    ],
)
def test_a_version_does_not_depend_on_rationales_facts_and_misconceptions(
    folder, question, old, new
):
    assert version(folder, question, old, new) == version(folder, question)


def test_a_version_does_not_depend_on_the_safety_line(folder):
    new = 'safety = "call-now"\ncase = "Ana is tired."'

    assert version(folder, "one-choice", 'case = "Ana is tired."', new) == version(
        folder, "one-choice"
    )


# what to do about a sign


@pytest.mark.parametrize("question", ["one-choice", "one-choices", "one-match", "one-order"])
@pytest.mark.parametrize("safety", [*Safety])
def test_a_question_is_read_with_its_safety_line(folder, question, safety):
    text = swap(ONE, f'id = "{question}"\n', f'id = "{question}"\nsafety = "{safety}"\n')
    (folder / "cells" / "one.toml").write_text(text, encoding="utf-8")
    loaded = load_bank(folder)

    assert {q.id: q.safety for q in loaded.questions.values() if q.safety} == {question: safety}
    assert loaded.objectives["one"].questions == tuple(
        loaded.questions[q.id] for q in loaded.objectives["one"].questions
    )


# languages


def test_a_file_in_the_language_is_used_and_english_otherwise(folder):
    text = swap(ONE, "Which cell carries oxygen?", "¿Qué célula lleva oxígeno?")
    (folder / "cells" / "one.es.toml").write_text(text, encoding="utf-8")
    spanish, english = load_bank(folder, "es"), load_bank(folder)

    assert spanish.questions["one-choice"].stem == "¿Qué célula lleva oxígeno?"
    assert spanish.questions["two-choice"] == english.questions["two-choice"]
    assert english.questions["one-choice"].stem == "Which cell carries oxygen?"
    assert [*spanish.questions] == [*english.questions]


def test_an_error_in_a_translated_file_names_that_file(folder):
    (folder / "cells" / "one.es.toml").write_text("id = ", encoding="utf-8")

    assert [f.file for f in read_bank(folder, "es")[1]] == ["bank/cells/one.es.toml"]
    assert errors_of(folder) == []


SAFE = swap(ONE, 'id = "one-choice"', 'id = "one-choice"\nsafety = "call-now"')


def test_a_translation_keeps_the_english_safety_line(folder):
    (folder / "cells" / "one.toml").write_text(SAFE, encoding="utf-8")
    for sibling in (ONE, SAFE):
        (folder / "cells" / "one.es.toml").write_text(sibling, encoding="utf-8")
        spanish = load_bank(folder, "es")

        assert spanish.questions["one-choice"].safety is Safety.CALL_NOW
        assert spanish.objectives["one"].questions[0].safety is Safety.CALL_NOW
        assert spanish.questions["one-choices"].safety is None


@pytest.mark.parametrize(
    ("english", "says"),
    [(SAFE, "call-now"), (ONE, "none")],
)
def test_a_translation_cannot_change_the_safety_line(folder, english, says):
    (folder / "cells" / "one.toml").write_text(english, encoding="utf-8")
    sibling = SAFE.replace("call-now", "next-visit")
    (folder / "cells" / "one.es.toml").write_text(sibling, encoding="utf-8")
    place = f"bank/cells/one.es.toml:{line_of(sibling, 'next-visit')}"

    assert [str(f) for f in read_bank(folder, "es")[1]] == [
        f"{place}: “safety” must be that in English: {says}"
    ]


# the real one


def test_the_real_bank_has_no_errors():
    bank = load_bank()

    assert {q.kind for q in bank.questions.values()} == {*KINDS}
    assert all(q.version == version_of(q) for q in bank.questions.values())


# levels


def leveled(folder: Path, level: str) -> None:
    text = swap(ONE, 'case = "Ana is tired."', f'case = "Ana is tired."\nlevel = "{level}"')
    (folder / "cells" / "one.toml").write_text(text, encoding="utf-8")


def test_a_question_can_have_a_level_that_is_not_part_of_its_version(folder):
    before = load_bank(folder).questions["one-choice"]
    leveled(folder, "apply")
    after = load_bank(folder).questions["one-choice"]

    assert (before.level, after.level) == (None, Level.APPLY)
    assert after.version == before.version


def test_an_unknown_level_is_an_error(folder):
    leveled(folder, "guess")

    assert [f.message for f in read_bank(folder)[1]] == [
        "unknown level “guess”: recall, understand, apply"
    ]


def test_a_question_can_have_a_turn_that_is_not_part_of_its_version(folder):
    before = load_bank(folder).questions["one-choice"]
    text = swap(ONE, 'case = "Ana is tired."', 'case = "Ana is tired."\nturn = "last"')
    (folder / "cells" / "one.toml").write_text(text, encoding="utf-8")
    after = load_bank(folder).questions["one-choice"]
    assert (before.turn, after.turn) == (None, Turn.LAST)
    assert after.version == before.version


def test_a_translation_has_the_level_of_the_english_question(folder):
    leveled(folder, "apply")
    sibling = folder / "cells" / "one.es.toml"
    sibling.write_text(ONE, encoding="utf-8")
    assert load_bank(folder, "es").questions["one-choice"].level is Level.APPLY

    other = swap(ONE, 'case = "Ana is tired."', 'case = "Ana is tired."\nlevel = "recall"')
    sibling.write_text(other, encoding="utf-8")
    assert [f.message for f in read_bank(folder, "es")[1]] == [
        "“level” must be that in English: apply"
    ]
