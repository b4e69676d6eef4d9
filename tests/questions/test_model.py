"""Dataclasses of the model."""

from __future__ import annotations

import json
from dataclasses import FrozenInstanceError, fields, replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from questions.kinds import Choices
from questions.model import Grade, Objective, PartGrade, Response, Safety, version_of
from tests.questions.sample_questions import WRONG_B, A, choice, choices, match, order

_NAMES = st.text("aé’{", max_size=3)
_RESPONSES = st.builds(
    Response,
    unsure=st.booleans(),
    chosen=st.lists(_NAMES, max_size=4).map(tuple),
    pairs=st.dictionaries(_NAMES, _NAMES, max_size=4),
    places=st.dictionaries(_NAMES, st.integers(), max_size=4),
)


@given(_RESPONSES)
def test_a_response_survives_json_unchanged(response):
    written = json.dumps(response.to_json())

    assert Response.from_json(json.loads(written)) == response


def test_a_response_is_stored_without_empty_fields():
    assert Response().to_json() == {}
    assert Response(unsure=True).to_json() == {"unsure": True}
    assert Response(chosen=("a",)).to_json() == {"chosen": ["a"]}
    assert Response(pairs={"red": "oxygen"}).to_json() == {"pairs": {"red": "oxygen"}}
    assert Response(places={"one": 2}).to_json() == {"places": {"one": 2}}


def test_the_order_is_read_from_the_places():
    assert Response(places={"b": 2, "c": 3, "a": 1}).order == ("a", "b", "c")


def test_values_are_immutable():
    for value, name in ((Response(), "unsure"), (choice(), "stem"), (A, "right")):
        with pytest.raises(FrozenInstanceError):
            setattr(value, name, "x")


def test_parts_are_the_options_rows_or_steps():
    assert [p.id for p in choice().parts] == ["a", "b", "c"]
    assert [p.id for p in match().parts] == ["red", "white", "platelet"]
    assert [p.id for p in order().parts] == ["one", "two", "three", "four"]


def test_a_part_is_found_by_its_id():
    assert choice().part("b") is WRONG_B
    with pytest.raises(KeyError):
        choice().part("z")


def test_a_row_knows_the_misconception_of_each_wrong_target():
    red = match().parts[0]

    assert red.misconception_for("clots") == "red-cells-clot"
    assert red.misconception_for("germs") == "all-alike"


def test_a_grade_is_right_only_at_full_score():
    assert Grade(1.0, unsure=False, parts=()).right
    assert not Grade(0.99, unsure=False, parts=()).right


def test_a_grade_lists_each_misconception_once_in_the_order_of_the_parts():
    parts = tuple(
        PartGrade(str(i), idea is None, idea) for i, idea in enumerate(["y", None, "x", "y"])
    )

    assert Grade(0.25, unsure=False, parts=parts).misconceptions == ("y", "x")


# the version


def test_a_version_is_twelve_hex_digits_and_the_same_everywhere():
    assert version_of(choice()) == version_of(choice())
    assert version_of(choice()) == "2a4711e0d7f1"
    assert len({version_of(q) for q in (choice(), choices(), match(), order())}) == 4


def test_a_version_changes_with_what_a_learner_sees():
    question, matched, ordered = choice(), match(), order()
    a, *others = question.parts
    red, *rows = matched.parts
    first, *steps = ordered.parts
    changed = [
        replace(question, stem="Which one?"),
        replace(question, vignette="Ana is tired."),
        Choices(**{f.name: getattr(question, f.name) for f in fields(question)}),
        replace(question, parts=(replace(a, text="another"), *others)),
        replace(question, parts=(replace(a, id="another"), *others)),
        replace(question, parts=(a, *others[1:])),
    ]
    changed_match = [
        replace(matched, parts=(replace(red, text="another"), *rows)),
        replace(matched, targets={**matched.targets, "oxygen": "another"}),
        replace(matched, targets={**matched.targets, "more": "another"}),
    ]
    changed_order = [replace(ordered, parts=(replace(first, text="another"), *steps))]

    for before, afters in (
        (question, changed),
        (matched, changed_match),
        (ordered, changed_order),
    ):
        versions = [version_of(q) for q in (before, *afters)]
        assert len({*versions}) == len(versions)


def test_a_version_changes_with_the_key():
    question, matched, ordered = choice(), match(), order()
    a, b, *others = question.parts
    red, *rows = matched.parts
    first, two, *steps = ordered.parts

    for before, after in (
        (
            question,
            replace(question, parts=(replace(a, right=False), replace(b, right=True), *others)),
        ),
        (matched, replace(matched, parts=(replace(red, target="germs"), *rows))),
        (ordered, replace(ordered, parts=(two, first, *steps))),
    ):
        assert version_of(before) != version_of(after)


def test_a_version_does_not_depend_on_rationales_facts_and_misconceptions():
    question, matched, ordered = choice(), match(), order()
    quiet = {"rationale": "Because.", "facts": ("F9",)}

    for before, after in (
        (
            question,
            replace(
                question,
                facts=("F9",),
                parts=tuple(
                    replace(o, **quiet, misconception=o.misconception and "x")
                    for o in question.parts
                ),
            ),
        ),
        (
            matched,
            replace(
                matched,
                parts=tuple(
                    replace(r, **quiet, misconception="x", misconceptions={}) for r in matched.parts
                ),
            ),
        ),
        (
            ordered,
            replace(
                ordered,
                misconception="x",
                parts=tuple(replace(s, **quiet) for s in ordered.parts),
            ),
        ),
    ):
        assert version_of(before) == version_of(after)


@pytest.mark.parametrize("safety", [*Safety])
def test_a_version_does_not_depend_on_the_safety_line(safety):
    for question in (choice(), choices(), match(), order()):
        assert version_of(replace(question, safety=safety)) == version_of(question)


@pytest.mark.parametrize(
    ("you_can", "to_teach"),
    [
        ("You can say what platelets do.", "What platelets do."),
        ("You can say what’s known about the cause.", "What’s known about the cause."),
        ("You can tell when to call 911.", "When to call 911."),
        ("You can tell the four words for ALL apart.", "Tell the four words for ALL apart."),
        ("You can name the main kinds.", "Name the main kinds."),
        ("Du kannst sagen, was ALL ist.", "Du kannst sagen, was ALL ist."),
    ],
)
def test_a_goal_is_a_topic_for_those_who_teach_it(you_can, to_teach):
    goal = Objective("one", "topic", "lesson", you_can, (), "", (), ())
    assert goal.to_teach == to_teach
