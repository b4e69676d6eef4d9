"""Somebody writes in despair, wherever they write: whom to reach stands first."""

from __future__ import annotations

import pytest

from learn.library.content import Content
from learn.search.despair import Phrases
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
i feel like offing myself
how to tie a noose
mi familia estaria mejor sin mi
im scared of what i might do to myself tonite
i dont think i can go on anymore
whats the point of even being alive
i just want to sleep and not wake up
im a burden to everyone and they would be better off
my kids would be better off without me
i want to go to sleep and never wake up
no one would care if i was gone
i dont want to be alive anymore
im thinking of taking all my oxycodone
how many oxycodone would it take to die
my mom says she wants to die
my husband said he doesnt want to live anymore
i wish i wasnt alive
i wish id die in my sleep
id rather be dead than do chemo again
theres no point in going on
i cant live like this anymore
i have a plan to kill myself
i wrote a goodbye letter
i want it to be over
i just want everything to end
im done with life
life is pointless
i have nothing left
im going to end it tonight
i feel like ending it
everybody would be happier if i died
should i just give up
i dont have a reason to live
i hate being alive
i keep thinking about how to die
i bought a gun
thinking about driving my car off a bridge
i dont want live
i don t want to live
my son keeps cutting himself
the world would be better without me
maybe i should just end my life
it would be easier if i was dead
i am ready to die
i cant stand living like this
i am tired of being alive
i want to be with my mom in heaven
i dont see a future
i want to stop treatment and die
why am i still alive
i should be dead
i could just take the whole bottle
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
no quiero morirme
i dont want to die
i'm scared of dying
i am afraid i will die
will this kill me
can leukemia kill me
i'm not ready to die
scared i wont wake up from anesthesia
dont let me die
please i dont want to die
i dont want my daughter to die
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
how do white cells die
how long do i have to live
can i live with my grandchildren during chemo
end of chemo party
how many pills do i take
what if i miss a dose
lost all my hair
tired of needles
no reason for the fever
i want the nausea to stop
when does treatment end
is there hope
what kills cancer cells
can i go on a trip
goodbye to my hair
don't want to lose my hair
don't want to go to the hospital
do i have to give up my job
what is the point of a lumbar puncture
better without steroids
i want to stop chemo
can i take a bath
no way to eat
can i stop taking pills
my doctor said not to take tylenol
cut myself shaving
bleeding cut
do i have to be in the hospital
what does remission mean
risk of relapse
can't go to school
don't feel like eating
i want to go on vacation
i have a port
taking off bandage
will my kids get it
did i cause this
can i get pregnant
life after leukemia
quality of life
life expectancy
survival rate
how long will i live
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


def test_a_fear_of_dying_does_not_hide_despair_beside_it(index: SearchIndex):
    assert index.search("I don't want to die but I can't keep living like this").is_crisis
    assert index.search("i'm scared of dying. i want to end my life").is_crisis


@pytest.mark.parametrize(
    ("pattern", "said", "is_in"),
    [
        ("tired|sick of living", "I am sick of living", True),
        ("tired|sick of living", "I am sick of needles", False),
        ("want … stop", "I want all of this to stop", True),
        ("want … stop", "I want all of these many things to stop", False),
        ("want … stop", "I want it not to stop", False),
        ("give up.", "I give up now", True),
        ("give up.", "give up coffee", False),
        ("don’t want live", "i don t want 2 live", True),
    ],
)
def test_patterns_of_words(pattern, said, is_in):
    assert Phrases([pattern]).are_in(said) is is_in


def test_what_means_something_else_is_left_out():
    phrases = Phrases(["want to die"], left_out=["don’t want to die"])
    assert phrases.are_in("I want to die")
    assert not phrases.are_in("I do not want to die")


@pytest.mark.parametrize("pattern", ["", ".", "…", "to just"])
def test_a_pattern_without_a_word_is_an_error(pattern):
    with pytest.raises(ValueError, match="no word"):
        Phrases([pattern])


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
