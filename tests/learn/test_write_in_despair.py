"""Somebody writes in despair, wherever they write: whom to reach stands first."""

from __future__ import annotations

import pytest

from learn.library.content import Content
from learn.search.index import SearchIndex
from tests.learn.care_list import write
from tests.learn.people import Person

REACH = "Please reach out now: "
CRISIS = """
i dont want to live
I don’t want to live anymore
i do not want to live like this
I just don't want to be here anymore
dont wanna be here
i dont want to wake up tomorrow
I don't want to go on
i no longer want to live
i'm tired of living
sick of living like this
I'm so tired of life
done with life
no reason to live
i have nothing to live for
there's no point in living
what is the point of living
life isn't worth it
life is not worth living
it's not worth it.
my family is better off without me
they would be better off if I died
I'd be better off dead
wish i was dead
I wish I were dead
wish I could just disappear
I wish I had never been born
i hope i die
I hope I don't wake up
I'd rather die than do more chemo
i wanna die
ready to die
want to end it
I want it all to be over. I want this to be over
end it all
thinking about ending my life
i will take my own life
killing myself
kms
unalive
self-harm
cutting myself
jump off a bridge
overdose
i could take all my pills
I took too many pills
go to sleep and never wake up
I want to disappear
i cant go on
I can't go on like this
I can’t keep going
cannot live like this
i cant do this anymore
I can't take it any more
can't face another day
i want to give up
I feel like giving up
I give up
giving up on life
there is no hope
I lost all hope
no way out
sucide
suicidal thoughts
i keep hurting myself
hurt my self
i dont wanna do this no more. i cant do this no more
I dont see the point anymore
nobody would miss me
everyone would be happier without me
i cant fight anymore
whats the use of living
can i od on my meds
no future for me
I cannot bear this any longer
i've had enough of life
id be better off gone
i want to stop existing
thinking of ending things
my daughter wants to kill herself
my son said he wants to die
he talks about killing himself
my wife doesn't want to live
my husband talks about ending it
she keeps hurting herself
suicde
suicdal
i wnat to die
how much tylenol to die
how many pills to die
lethal dose
slit my wrists
dont want 2 live
i want to be gone
i just want it all to stop
i wish i didnt wake up
i dont see a reason to keep going
i have no will to live
I lost the will to live
i dont deserve to live
goodbye everyone
should i just die
i think about dying all the time
i cannot take this pain anymore
quiero suicidarme
quiero morir
""".strip().splitlines()
DISTRESS = """
hopeless
I feel worthless
i feel like a burden
can't cope
i cant handle this
I can't do this
can't stop crying
depressed
so scared
panic attacks
overwhelmed
so lonely
what's the point
I hate my life
falling apart
im so afraid
im freaking out
depresed
so anxous
everything is too much
i feel lost
im losing it
i cry all the time
nobody understands me
im done fighting
i don't want to fight anymore
nothing matters anymore
estoy muy triste
""".strip().splitlines()
NEITHER = """
give up smoking
should I give up coffee
can I go on vacation
can't go on a cruise
can I take all my vitamins
is it worth getting a second opinion
I want to live
where do cells die
will i die
live vaccines
how long do platelets live
end of treatment
what happens at the end
last day of chemo
face mask
face swelling
wake up at night
sleep
point mutation
one in a hundred
jumping
cut on my finger
pills
missed a pill
no hope for a match
can i live alone during chemo
can't handle spicy food
afraid of needles
home alone
i dont want to wake up my baby
i dont want to be here in the hospital
rather die hair or wear a wig
jump off the couch
can i jump off a diving board
take my life insurance
i hurt my self falling
i want the pain to stop
kill the pain
changing my mind
hanging the IV bag
hope
born with it
burden of disease
disappearing rash
point of care test
dead skin
tired
tired of chemo
tired all the time
hair loss
fever
pain
cure
stem cell
hope for remission
kill cancer cells
natural killer cells
""".strip().splitlines()


@pytest.fixture(scope="module")
def index(content: Content) -> SearchIndex:
    return SearchIndex(content)


@pytest.mark.parametrize("typed", CRISIS)
def test_the_crisis_line_comes_first(index: SearchIndex, typed):
    assert index.search(typed).is_crisis


@pytest.mark.parametrize("typed", DISTRESS)
def test_the_line_stands_above_what_was_found(index: SearchIndex, typed):
    found = index.search(typed)
    assert (found.is_crisis, found.is_distress) == (False, True)


@pytest.mark.parametrize("typed", NEITHER)
def test_other_words_frighten_nobody(index: SearchIndex, typed):
    found = index.search(typed)
    assert (found.is_crisis, found.is_distress) == (False, False)


def test_a_warning_sign_beside_despair_is_answered_too(index: SearchIndex):
    found = index.search("i have a fever and i want to give up")
    assert found.is_crisis
    assert found.is_urgent


@pytest.mark.parametrize("typed", ["i hurt my self falling", "I tripped and hurt myself"])
def test_a_fall_is_answered_as_one(index: SearchIndex, typed):
    assert index.search(typed).is_urgent


def test_the_pages_of_a_search_say_it(ana: Person):
    ana.open("/search?q=i+dont+want+to+live")
    assert REACH in ana.text
    assert "<details><summary>I’m looking for something else</summary>" in ana.html
    ana.open("/search?q=hopeless")
    assert "You don’t have to carry this alone" in ana.text
    assert "please reach out now: " in ana.text
    for query in ("hopeless", "platelets"):
        ana.open(f"/search?q={query}")
        assert "Are you feeling very sick? Get help" in ana.text


SAID = f"{'I wrote a lot before this. ' * 4}I don’t want to live like this."


def test_a_question_for_the_care_team(ana: Person):
    ana.open("/care-team")
    write(ana, SAID)
    ana.open(ana.page.location)
    assert REACH in ana.text


@pytest.mark.parametrize("page", ["own-words", "mistake"])
@pytest.mark.parametrize(("said", "is_told"), [(SAID, True), ("A fever means a call.", False)])
def test_own_words_and_a_report_of_a_mistake(ana: Person, page, said, is_told):
    ana.open(f"/{page}/lesson/what-is-all")
    ana.post(f"/{page}/lesson/what-is-all", ana.form(text=said))
    ana.open(ana.page.location)
    assert (REACH in ana.text) is is_told
    assert "Is this happening now?" not in ana.text, "they tell what the lesson says"
