"""Measures of the bank: each finds what was seeded, and the real bank keeps its budget."""

from __future__ import annotations

from dataclasses import replace
from itertools import permutations, product
from statistics import fmean

import pytest

from questions.bank import Bank
from questions.exhibits.letter import Letter
from questions.guessing import by_words, guesses
from questions.kinds import Choice, Choices, Match, Order
from questions.lint import read_budget
from questions.measures import measure, names, over_limit
from questions.model import Level, Objective, Response
from questions.reading import InvalidContentError
from tests.our_content import our_content
from tests.questions.linting import CHOICES, MATCH, ORDER, PLACE, budget_file, choice

MAIN = ("classification", "risk-factors", "blood-cells")
LETTER = Letter(
    title="", note="", is_made_up=True, sender="Lee", paragraphs=("Come in.",), is_spoken=False
)


def bank(*topics) -> Bank:
    """A bank in which each list of questions is a topic with one objective."""
    objectives, questions = {}, {}
    for number, asked in enumerate(topics):
        own = f"t{number}"
        moved = tuple(replace(q, objective=own) for q in asked)
        objectives[own] = Objective(own, own, "first", "You can …", (), "What?", (), moved)
        questions |= {q.id: q for q in moved}
    return Bank(objectives, questions, {}, dict.fromkeys([*objectives, *questions], PLACE))


def found(name, *topics, main=()):
    """Return the messages of one measure, without its name."""
    (one,) = (m for m in measure(bank(*topics), main) if m.name == name)
    return [f.message.split(f"{name}: ")[1] for f in one.found]


def says(name, *topics):
    (one,) = (m for m in measure(bank(*topics)) if m.name == name)
    return one.summary


def leveled(**counts):
    levels = [Level(name) for name, count in counts.items() for _ in range(count)]
    return [choice(f"q{i}", "Why?", "Yes", "No", level=v) for i, v in enumerate(levels)]


def test_a_question_without_a_level_is_named_with_its_file_and_line():
    (one,) = (m for m in measure(bank([choice("plain", "Why?", "A", "B")])) if m.name == "no-level")

    assert [str(f) for f in one.found] == ["bank/cells/cells.toml:7: plain: no-level: give “level”"]


@pytest.mark.parametrize(
    ("counts", "main", "messages"),
    [
        ({"recall": 7, "understand": 6, "apply": 7}, (), []),
        ({"recall": 8, "understand": 5, "apply": 7}, (), ["“t0”: recall 8 of 20 (40%)"]),
        ({"recall": 7, "understand": 7, "apply": 6}, (), ["“t0”: apply 6 of 20 (30%)"]),
        ({"recall": 7, "understand": 6, "apply": 7}, ["t0"], ["“t0”: apply 7 of 20 (35%)"]),
        ({"recall": 7, "understand": 5, "apply": 8}, ["t0"], []),
        ({"recall": 20}, (), ["“t0”: recall 20 of 20 (100%)", "“t0”: apply 0 of 20 (0%)"]),
    ],
)
def test_a_topic_with_too_much_recall_or_too_little_use_is_found(counts, main, messages):
    said = found("levels", leveled(**counts), main=main)

    assert [m.partition(", at")[0] for m in said] == messages


def test_a_topic_is_judged_when_all_its_questions_have_levels():
    assert found("levels", [*leveled(recall=5), choice("x", "Why?", "A", "B")]) == []


@pytest.mark.parametrize(("with_one", "missing"), [(29, 1), (30, 0), (31, 0)])
def test_exhibits_that_are_missing_are_counted(with_one, missing):
    shown = [choice(f"q{i}", "Why?", "A", "B", exhibit=LETTER) for i in range(with_one)]

    assert len(found("few-exhibits", shown)) == missing
    assert f"letter {with_one}" in says("few-exhibits", shown)


def test_a_word_in_six_wrong_options_and_in_no_right_one_is_found():
    asked = [choice(f"q{i}", "Why?", f"Cell {i}", f"A luck{'s' * (i % 2)} {i}") for i in range(6)]
    assert found("wrong-words", asked) == ["“luck” stands in 6 wrong options and in no right one"]

    assert found("wrong-words", asked[:5]) == []
    assert found("wrong-words", [*asked, choice("r", "Why?", "Good luck", "Bad cell")]) == []


def test_options_that_agree_with_a_speaker_must_be_right_a_third_of_the_time():
    wrong = [choice(f"w{i}", "Is he right?", "No, it’s old", "Yes, it’s new") for i in range(4)]
    right = [choice("r", "Is he right?", "Yes, it’s red", "No, it’s blue")]

    assert len(found("agreeing", [*wrong, *right])) == 1
    assert found("agreeing", [*wrong[:2], *right]) == []
    assert found("agreeing", [choice("x", "Why?", "Yesterday", "Noon")]) == []


def test_wrong_options_that_repeat_what_is_asked_too_often_are_found():
    asked = "Which cells carry oxygen?"
    giving = [
        choice(f"g{i}", asked, "The red ones", "Oxygen cells", "Carry nothing") for i in range(2)
    ]
    fair = [choice("f", asked, "Oxygen ones", "Oxygen cells", "The white ones")]

    assert found("wrong-repeats", giving, fair) == [
        "“t0”: 100% of wrong options and 0% of right ones repeat what is asked"
    ]


def test_words_that_tell_keys_in_other_topics_are_found_and_chance_words_are_not():
    telling = [
        [
            choice(f"a{t}{i}", "Why?", f"Usually thing{t}{i}", f"Always other{t}{i}")
            for i in range(8)
        ]
        for t in range(3)
    ]
    for group in ("topic", "objective"):
        (message,) = found(f"words-by-{group}", *telling)
        assert message.startswith(f"each {group} left out: 100% of 24 guessed")

    balanced = [
        [
            choice(f"b{t}{i}", "Why?", *(("hope", "fear") if i % 2 else ("fear", "hope")))
            for i in range(8)
        ]
        for t in range(3)
    ]
    assert found("words-by-topic", *balanced) == []
    assert "50% of 24" in says("words-by-topic", *balanced)


def test_what_is_left_out_teaches_nothing():
    own = [choice(f"q{i}", "Why?", "Usually so", "Always so") for i in range(9)]

    assert by_words(own, lambda _: "one group").share == 0.5
    assert by_words(own, lambda q: q.id).share == 1.0


def test_the_interval_of_guesses_is_that_of_the_mean_difference():
    result = guesses([(1.0, 0.25)] * 6 + [(0.0, 0.25)] * 6)

    assert (result.n, result.share, result.chance) == (12, 0.5, 0.25)
    assert result.low == pytest.approx(0.5 - 1.96 * (3 / 11) ** 0.5 / 12**0.5)
    assert result.high == pytest.approx(0.5 + 1.96 * (3 / 11) ** 0.5 / 12**0.5)
    assert not result.beat_chance
    assert guesses([(1.0, 0.25)] * 12).beat_chance
    assert guesses([]) is None


def test_a_kind_that_chance_answers_too_well_is_found():
    two = [choice("q", "Why?", "A", "B")]
    assert found("random-score", two) == ["choice 0.50, and at most 0.35 wanted"]
    assert found("random-score", [choice("q", "Why?", "A", "B", "C")]) == []
    assert found("random-score", [MATCH]) == ["match 0.50, and at most 0.35 wanted"]


def by_hand(question):
    """Return the mean grade of all responses that somebody can give."""
    ids = [p.id for p in question.parts]
    match question:
        case Choice():
            responses = [Response(chosen=(o,)) for o in ids]
        case Choices():
            ticked = product([True, False], repeat=len(ids))
            chosen = [tuple(o for o, t in zip(ids, row, strict=True) if t) for row in ticked]
            responses = [Response(chosen=c) for c in chosen if c]
        case Match():
            rows = product(question.targets, repeat=len(ids))
            responses = [Response(pairs=dict(zip(ids, row, strict=True))) for row in rows]
        case Order():
            orders = permutations(range(1, len(ids) + 1))
            responses = [Response(places=dict(zip(ids, row, strict=True))) for row in orders]
    return fmean(question.grade(r).score for r in responses)


@pytest.mark.parametrize("kind", [Choice, Choices, Match, Order])
def test_the_random_score_is_the_mean_of_all_responses(kind):
    every = [q for q in our_content().bank.questions.values() if isinstance(q, kind)]
    for question in sorted(every, key=lambda q: len(q.parts))[:12]:
        assert question.random_score() == pytest.approx(by_hand(question))


def test_questions_that_ask_almost_the_same_are_found():
    stem = "Ana is tired and pale. Which cells are low in her blood now?"
    first, second = choice("first", stem, "A", "B"), choice("second", stem, "A", "B")
    other = choice("other", "Which cells does Ben need before his surgery, and why?", "A", "B")

    assert found("alike", [first, other]) == []
    assert found("alike", [first, replace(second, stem=stem.replace("Ana", "Ben"))]) == [
        "92% the same words as “first”, in the same order"
    ]


def test_a_measure_over_its_budget_is_an_error_with_what_was_found():
    measures = measure(bank([choice("plain", "Why?", "A", "B")]))

    assert [str(f) for f in over_limit(measures, {"no-level": 0})] == [
        "bank/budget.toml:1: no-level: 1 found, and the budget is 0",
        "bank/cells/cells.toml:7: plain: no-level: give “level”",
    ]
    assert [*over_limit(measures, {"no-level": 1})] == []
    assert [*over_limit(measures, {"no-level": 5})] == []
    assert [*over_limit(measures, {})] == []


@pytest.mark.parametrize(
    ("line", "message"),
    [
        ("no-levels = 1", "unknown measure “no-levels”: no-level, levels"),
        ("no-level = -1", "“no-level” must be a number, 0 or more"),
        ('no-level = "many"', "“no-level” must be a whole number"),
    ],
)
def test_a_budget_for_a_measure_must_be_a_number(folder, line, message):
    text = f"{budget_file()}\n[measures]\n{line}\n"
    (folder / "budget.toml").write_text(text, encoding="utf-8")

    with pytest.raises(InvalidContentError) as caught:
        read_budget(folder)
    assert message in str(caught.value.errors[0])


def test_a_bank_without_questions_that_can_be_guessed_is_measured(folder):
    small = bank([CHOICES, ORDER])

    assert [m.name for m in measure(small)] == [*names()]
    assert says("words-by-topic", [CHOICES, ORDER]) == "none"


def test_the_real_bank_keeps_its_budget():
    measures = measure(our_content().bank, MAIN)

    assert [str(f) for f in over_limit(measures, read_budget())] == []
