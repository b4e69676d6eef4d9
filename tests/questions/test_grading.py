"""A question and a response give a grade."""

from __future__ import annotations

from itertools import permutations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from questions.grading import InvalidResponse, error_in, grade
from questions.model import Question, Response, ResponseError
from tests.questions.sample_questions import choice, choices, match, order

ALL_RIGHT = {"red": "oxygen", "white": "germs", "platelet": "clots"}
STEPS = ("one", "two", "three", "four")
QUESTIONS = [choice(), choices(), match(), order()]


def ticked(*chosen: str) -> Response:
    return Response(chosen=chosen)


def paired(**pairs: str) -> Response:
    return Response(pairs=ALL_RIGHT | pairs)


def placed(*steps: str) -> Response:
    return Response(places={step: place for place, step in enumerate(steps, 1)})


def right_parts(question: Question, response: Response) -> dict[str, bool]:
    return {p.part: p.right for p in grade(question, response).parts}


def kind_of(question: Question) -> str:
    return question.kind


# choice


@pytest.mark.parametrize(("chosen", "score"), [("a", 1), ("b", 0), ("c", 0)])
def test_a_choice_scores_one_or_zero(chosen, score):
    result = grade(choice(), ticked(chosen))

    assert (result.score, result.right, result.unsure) == (score, score == 1, False)


def test_a_wrong_choice_shows_its_own_misconception():
    assert grade(choice(), ticked("b")).misconceptions == ("all-alike",)
    assert grade(choice(), ticked("c")).misconceptions == ("one-cause",)


def test_a_right_choice_shows_no_misconception():
    assert grade(choice(), ticked("a")).misconceptions == ()


def test_the_parts_of_a_choice_keep_the_order_of_the_file():
    assert right_parts(choice(), ticked("b")) == {"a": False, "b": False, "c": True}
    assert [p.part for p in grade(choice(), ticked("b")).parts] == ["a", "b", "c"]


def test_the_same_answer_ticked_twice_counts_once():
    assert grade(choice(), ticked("a", "a")).score == 1
    assert grade(choices(), ticked("a", "a", "c")).score == 0


# choices


@pytest.mark.parametrize(
    ("chosen", "score"),
    [
        ("ab", 1),
        ("a", 0.5),
        ("b", 0.5),
        ("abc", 0.5),
        ("ac", 0),
        ("abcd", 0),
        ("c", 0),
        ("cd", 0),
        ("acd", 0),
    ],
)
def test_choices_score_is_right_minus_wrong_but_at_least_zero(chosen, score):
    assert grade(choices(), ticked(*chosen)).score == score


def test_ticking_everything_earns_nothing_if_half_is_right():
    assert grade(choices(), ticked("a", "b", "c", "d")).score == 0


def test_each_wrong_tick_shows_its_misconception():
    result = grade(choices(), ticked("a", "b", "c", "d"))

    assert result.misconceptions == ("one-cause", "all-alike")
    assert [p.misconception for p in result.parts] == [None, None, "one-cause", "all-alike"]


def test_a_missed_right_option_is_marked_and_shows_no_misconception():
    result = grade(choices(), ticked("a"))

    assert right_parts(choices(), ticked("a")) == {"a": True, "b": False, "c": True, "d": True}
    assert result.misconceptions == ()
    assert not result.right


@given(st.lists(st.sampled_from("abcd"), min_size=1), st.integers(0))
def test_the_order_of_ticking_does_not_matter(chosen, turn):
    turn %= len(chosen)
    for other in (chosen[turn:] + chosen[:turn], chosen[::-1], sorted(chosen)):
        assert grade(choices(), ticked(*chosen)) == grade(choices(), ticked(*other))


@given(st.sets(st.sampled_from("abcd"), min_size=1))
def test_choices_score_one_only_for_the_key(chosen):
    result = grade(choices(), ticked(*chosen))

    assert 0 <= result.score <= 1
    assert (result.score == 1) == (chosen == {"a", "b"}) == all(p.right for p in result.parts)


# match


def test_a_match_scores_the_share_of_right_rows():
    assert grade(match(), paired()).score == 1
    assert grade(match(), paired(red="clots")).score == pytest.approx(2 / 3)
    assert grade(match(), paired(red="clots", platelet="oxygen")).score == pytest.approx(1 / 3)
    assert grade(match(), paired(red="germs", white="clots", platelet="oxygen")).score == 0


def test_one_target_can_be_given_to_several_rows():
    assert grade(match(), Response(pairs=dict.fromkeys(ALL_RIGHT, "germs"))).score == (
        pytest.approx(1 / 3)
    )


def test_a_wrong_pair_shows_its_own_misconception_or_that_of_its_row():
    assert grade(match(), paired(red="clots")).misconceptions == ("red-cells-clot",)
    assert grade(match(), paired(red="germs")).misconceptions == ("all-alike",)


def test_a_misconception_shown_twice_is_reported_once():
    result = grade(match(), paired(white="clots", platelet="germs"))

    assert [p.misconception for p in result.parts] == [None, "all-alike", "all-alike"]
    assert result.misconceptions == ("all-alike",)


@given(st.fixed_dictionaries(dict.fromkeys(ALL_RIGHT, st.sampled_from([*ALL_RIGHT.values()]))))
def test_a_match_scores_one_only_for_the_key(pairs):
    result = grade(match(), Response(pairs=pairs))

    assert 0 <= result.score <= 1
    assert (result.score == 1) == (pairs == ALL_RIGHT) == all(p.right for p in result.parts)
    assert all((p.misconception is None) == p.right for p in result.parts)


# order


@pytest.mark.parametrize(
    ("steps", "score"),
    [
        (("one", "two", "three", "four"), 1),
        (("two", "one", "three", "four"), 2 / 3),
        (("one", "three", "two", "four"), 2 / 3),
        (("four", "one", "two", "three"), 2 / 3),
        (("two", "one", "four", "three"), 1 / 3),
        (("four", "three", "two", "one"), 0),
    ],
)
def test_an_order_scores_the_share_of_neighbors_in_the_right_order(steps, score):
    assert grade(order(), placed(*steps)).score == pytest.approx(score)


def test_each_misplaced_step_shows_the_misconception_of_the_question():
    result = grade(order(), placed("two", "one", "three", "four"))

    assert [(p.part, p.right, p.misconception) for p in result.parts] == [
        ("one", False, "upside-down"),
        ("two", False, "upside-down"),
        ("three", True, None),
        ("four", True, None),
    ]


@pytest.mark.parametrize("steps", [*permutations(STEPS)], ids=" ".join)
def test_an_order_scores_one_only_if_all_of_it_is_right(steps):
    result = grade(order(), placed(*steps))

    assert 0 <= result.score <= 1
    assert (result.score == 1) == (steps == STEPS) == all(p.right for p in result.parts)


def test_the_order_in_which_places_were_filled_in_does_not_matter():
    forward, backward = (
        placed(*STEPS),
        Response(places=dict(reversed(placed(*STEPS).places.items()))),
    )

    assert grade(order(), backward) == grade(order(), forward)


# "I'm not sure"


@pytest.mark.parametrize("question", QUESTIONS, ids=kind_of)
def test_not_sure_scores_zero_and_is_reported_as_unsure(question):
    result = grade(question, Response(unsure=True))

    assert (result.score, result.unsure, result.right) == (0, True, False)
    assert result.misconceptions == ()
    assert [(p.part, p.right) for p in result.parts] == [(p.id, False) for p in question.parts]


def test_not_sure_wins_over_other_fields():
    for question, given_too in ((match(), paired()), (order(), placed(*STEPS))):
        unsure = Response(unsure=True, pairs=given_too.pairs, places=given_too.places)
        assert error_in(question, unsure) is None
        assert grade(question, unsure) == grade(question, Response(unsure=True))


# what cannot be graded yet


@pytest.mark.parametrize("question", QUESTIONS, ids=kind_of)
def test_an_empty_response_is_an_error(question):
    assert error_in(question, Response()) is ResponseError.NOTHING


@pytest.mark.parametrize(
    ("question", "response"),
    [
        (choice(), ticked("z")),
        (choice(), ticked("a", "z")),
        (choice(), Response(unsure=True, chosen=("z",))),
        (choices(), ticked("a", "z")),
        (match(), Response(pairs={"green": "oxygen"})),
        (match(), paired(red="luck")),
        (match(), Response(unsure=True, pairs={"red": "luck"})),
        (order(), Response(places={"five": 1})),
        (order(), Response(places={"one": 0})),
        (order(), Response(places={"one": 5})),
        (order(), Response(unsure=True, places={"five": 1})),
    ],
)
def test_an_unknown_part_is_an_error(question, response):
    assert error_in(question, response) is ResponseError.UNKNOWN


def test_two_answers_to_a_choice_are_an_error():
    assert error_in(choice(), ticked("a", "b")) is ResponseError.TOO_MANY
    assert error_in(choices(), ticked("a", "b")) is None


@pytest.mark.parametrize("question", [choice(), choices()], ids=kind_of)
def test_not_sure_together_with_an_answer_is_an_error(question):
    assert error_in(question, Response(unsure=True, chosen=("a",))) is ResponseError.UNSURE_AND_MORE


def test_an_incomplete_response_is_an_error():
    assert error_in(match(), Response(pairs={"red": "oxygen"})) is ResponseError.HALF_DONE
    assert error_in(order(), Response(places={"one": 1, "two": 2})) is ResponseError.HALF_DONE


def test_a_place_given_to_two_steps_is_an_error():
    everywhere = Response(places=dict.fromkeys(STEPS, 1))

    assert error_in(order(), everywhere) is ResponseError.DOUBLED
    assert error_in(order(), Response(places={"one": 2, "two": 2})) is ResponseError.DOUBLED


@pytest.mark.parametrize(
    ("question", "response", "found"),
    [
        (choice(), Response(), "nothing"),
        (choice(), ticked("z"), "unknown"),
        (choice(), ticked("a", "b"), "too-many"),
        (choices(), Response(unsure=True, chosen=("a",)), "unsure-and-more"),
        (match(), Response(pairs={"red": "oxygen"}), "half-done"),
        (order(), Response(places=dict.fromkeys(STEPS, 1)), "doubled"),
    ],
)
def test_an_invalid_response_is_not_graded(question, response, found):
    with pytest.raises(InvalidResponse, match=f"{question.id}: {found}"):
        grade(question, response)


_LOOSE = st.builds(
    Response,
    unsure=st.booleans(),
    chosen=st.lists(st.sampled_from("abcz"), max_size=3).map(tuple),
    pairs=st.dictionaries(
        st.sampled_from([*ALL_RIGHT, "green"]), st.sampled_from([*ALL_RIGHT.values(), "luck"])
    ),
    places=st.dictionaries(st.sampled_from([*STEPS, "five"]), st.integers(0, 5)),
)


@given(st.sampled_from(QUESTIONS), _LOOSE)
def test_every_response_is_invalid_or_scores_from_zero_to_one(question, response):
    if error_in(question, response):
        with pytest.raises(InvalidResponse):
            grade(question, response)
    else:
        result = grade(question, response)
        assert 0 <= result.score <= 1
        assert result.right == (result.score == 1) == all(p.right for p in result.parts)
        assert grade(question, Response.from_json(response.to_json())) == result
