"""Write a question that names a sign of an emergency, for which the page says what to do."""

from __future__ import annotations

import pytest

from tests.learn.care_list import lines, write
from tests.learn.people import Person

FEVER = "I have a fever of 101 and chills. What should I do?"


def land(person: Person) -> str:
    """Go where the page sends on to, and return what comes before the list."""
    assert person.page is not None
    person.open(person.page.location)
    return person.html.partition("<main")[2].partition('<ol class="care-sheet')[0]


def test_the_box_says_that_no_one_answers_and_whom_to_call(ana):
    ana.open("/care-team")
    before = ana.text.partition("What would you like to ask?")[0]

    assert "no one answers here. Fever or bleeding? Call your care team now" in before


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (FEVER, "Is this happening now?"),
        (f"My mother asked me to write down what {'else ' * 12}matters. {FEVER}", "Is this"),
        ("I want to kill myself", "You don’t have to face this alone"),
        ("I don’t know what to do any more at night, I want to kill myself", "You don’t have to"),
    ],
)
def test_a_question_that_names_a_sign_is_saved_below_whom_to_call(ana, words, said):
    write(ana, words)
    shown = land(ana)

    assert said in shown
    assert 'href="/help"' in shown
    assert words in lines(ana)
    assert said not in ana.text, "it is said once"


def test_another_question_is_saved_as_it_was(ana):
    write(ana, "Can I see my dog?")
    assert ana.page.location.startswith("/care-team#line-")


def test_a_sign_that_is_written_later_counts_too(ana):
    write(ana, "Can I see my dog?")
    line = lines(ana)["Can I see my dog?"]
    ana.open(f"/care-team/lines/{line}")
    ana.post(f"/care-team/lines/{line}", ana.form(text=FEVER))

    assert "Is this happening now?" in land(ana)


def test_nobody_elses_question_is_looked_at(ana, ben):
    write(ana, FEVER)
    ben.open("/care-team")
    ben.open(ana.page.location)

    assert "Is this happening now?" not in ben.text
