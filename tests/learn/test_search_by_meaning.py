"""Search for what people mean: everyday words, questions on how it will go, names in reports."""

from __future__ import annotations

import re
from urllib.parse import quote

import pytest

from learn.search import everyday_words
from learn.search.entries import EntryKind, entries
from learn.search.index import SearchIndex
from tests.learn.search_pages import card, links, results


@pytest.fixture(scope="module")
def index(content) -> SearchIndex:
    return SearchIndex(content)


@pytest.mark.parametrize(
    "typed",
    [
        *("101", "38.5", "38,5", "100.4 F", "100.4°F", "temp 39", "39 c", "fever 99", "hot"),
        *("i feel hot", "burning up", "my child has 102", "feverish", "40 degrees"),
    ],
)
def test_a_temperature_or_feeling_hot_is_read_as_a_fever(ana, typed):
    ana.open(f"/search?q={typed}")

    assert "A temperature of 100.4°F (38°C) or higher. If your team gave you" in card(ana)
    assert "found nothing" not in ana.text


@pytest.mark.parametrize(
    "typed",
    [
        "101 drugs",
        "42 days",
        "100 mg",
        "hot food",
        "hot white cells",
        "9 and 22",
        "chapter 39",
        "$100",
    ],
)
def test_a_number_or_heat_of_something_else_is_no_fever(ana, typed):
    ana.open(f"/search?q={typed}")

    assert not card(ana)


@pytest.mark.parametrize(
    ("typed", "sign"),
    [
        ("shivering", "Chills or shaking."),
        ("shivers", "Chills or shaking."),
        ("red port", "Redness or swelling, especially near a central line"),
        ("my port is red", "Redness or swelling, especially near a central line"),
        ("port is red", "Redness or swelling, especially near a central line"),
        ("swollen picc", "Redness or swelling, especially near a central line"),
        ("blood in stool", "bloody or black poop"),
        ("tarry stools", "bloody or black poop"),
        ("blood in urine", "Red or pink pee"),
        ("heavy period", "A heavy period."),
        ("red spots", "tiny dark-red dots on the skin"),
        ("it burns when I pee", "Burning when you pee."),
        ("throwing up", "Diarrhea or vomiting."),
        ("mouth hurts", "A rash or mouth sores."),
        ("feel awful", "You feel very sick"),
        ("cant breathe", "It’s hard to breathe."),
        ("chest hurts", "You have chest pain."),
        ("passed out", "You faint."),
        ("won't wake up", "They can’t be woken."),
        ("slurred speech", "trouble seeing or speaking"),
        ("very sleepy", "much sleepier than usual"),
        ("my son is pale and sleepy", "much sleepier than usual"),
        ("my baby is limp and pale", "much sleepier than usual"),
        ("tired and so dizzy", "You feel very sick"),
        ("hot and sweaty", "A temperature of 100.4°F"),
        ("bumped his head", "You fall or hit your head."),
    ],
)
def test_everyday_words_reach_the_sign_they_mean(ana, typed, sign):
    ana.open(f"/search?q={typed}")

    assert sign in card(ana)


def test_every_everyday_phrase_leads_to_a_sign_of_get_help(index):
    for said, _ in (*everyday_words.EVERYDAY, *everyday_words.ALONE):
        hits = index.search(said)
        assert hits.is_urgent, said
        assert hits.calls, said
        assert not hits.spelled, said


@pytest.mark.parametrize(
    "typed", ["child", "what to tell my child", "never", "cash", "head", "price"]
)
def test_a_word_that_only_looks_like_a_sign_shows_no_red_card(ana, typed):
    ana.open(f"/search?q={typed}")

    assert not card(ana)
    assert "Chills" not in ana.text


@pytest.mark.parametrize(
    "typed",
    [
        *("am I going to die", "will my child die", "survival", "survival rate", "prognosis"),
        *("life expectancy", "cure", "is all curable", "statistics", "my chances", "outlook"),
    ],
)
def test_a_question_on_how_it_will_go_gets_an_honest_and_calm_answer(ana, typed):
    ana.open(f"/search?q={typed}")

    assert "No website can tell you how it will go for you or your child." in ana.text
    for whom in ("me", "us", "my child"):
        assert f"What do you expect for {whom}, and what does it depend on?" in ana.text
    assert "988" in ana.text
    assert "there are more ways to reach it than in the past." in ana.text
    assert {"/lessons/treatment", "/lessons/where-all-stands", "/help"} <= {*links(ana)}
    assert not card(ana)
    for noise in ("Did you mean", "found nothing", "Showing", "old or damaged", "%", "out of 100"):
        assert noise not in ana.text.split("<main")[-1], noise


def test_the_question_on_how_it_will_go_can_be_saved(ana):
    ana.open("/search?q=survival")
    form = results(ana).split('action="/care-team/save">')[1].split("</form>")[0]
    fields = dict(re.findall(r'name="(\w+)" value="([^"]*)"', form))
    ana.browser.post("/care-team/save", data=fields, headers={"Sec-Fetch-Site": "same-origin"})

    ana.open("/care-team")
    assert "What do you expect for me, and what does it depend on?" in ana.text


def test_words_on_remission_or_on_cells_still_find_their_lesson(ana):
    ana.open("/search?q=is remission a cure")
    assert any(link.startswith("/lessons/where-all-stands#") for link in links(ana))
    ana.open("/search?q=why do blood cells die")
    assert "how it will go" not in ana.text


def test_a_fever_comes_before_the_question_on_how_it_will_go(ana):
    ana.open("/search?q=will I die of this fever")

    assert card(ana)
    assert results(ana).index("care-box-now") < results(ana).index("how it will go")


@pytest.mark.parametrize("typed", ["xyzzyqq", "chemothrp", "survival", "vincristine", "Ph-like"])
def test_no_result_never_reads_as_nothing_is_the_matter(ana, typed):
    ana.open(f"/search?q={typed}")

    assert "Fever, bleeding, or feeling very sick?" in ana.text
    assert re.search(r'<a class="standalone-link" href="/help">Get help</a>', results(ana))


@pytest.mark.parametrize(
    ("typed", "name"),
    [
        ("Ph-negative", "Ph-negative"),
        ("philadelphia negative", "Ph-negative"),
        ("Philadelphia chromosome negative ALL", "Ph-negative"),
        ("Ph-like", "Ph-like"),
    ],
)
def test_ph_negative_is_not_answered_as_if_it_were_ph_positive(ana, typed, name):
    ana.open(f"/search?q={typed}")

    assert f"Our lessons don’t explain “{name}.”" in ana.text
    assert "It isn’t the same as Ph-positive" in ana.text
    assert f"What does ‘{name}’ mean for my treatment?" in ana.text
    assert "/lessons/ph-positive-all" not in " ".join(links(ana))


@pytest.mark.parametrize(
    ("typed", "name"),
    [
        *(("KMT2A rearranged", "KMT2A"), ("MLL", "MLL"), ("hyperdiploid ALL", "Hyperdiploid")),
        *(("infant ALL", "Infant ALL"), ("CNS 2", "CNS 2"), ("cns3", "CNS 3")),
        *(("t(12;21)", "t(12;21)"), ("t(1;19) ALL", "t(1;19)")),
    ],
)
def test_a_finding_that_no_lesson_explains_is_said_plainly_to_be_one_to_ask_about(ana, typed, name):
    ana.open(f"/search?q={quote(typed)}")

    assert f"Our lessons don’t explain “{name}.”" in ana.text
    assert f"What does ‘{name}’ mean for my treatment?" in ana.text
    assert "In the lessons" not in ana.text


def test_the_swap_of_the_philadelphia_chromosome_is_found_by_its_numbers(ana):
    ana.open(f"/search?q={quote('t(9;22)')}")

    assert "/lessons/ph-positive-all" in links(ana)
    assert "don’t explain" not in ana.text


@pytest.mark.parametrize(
    "typed",
    [
        *("can’t poop", "cant poop", "constipation", "travel", "flying"),
    ],
)
def test_what_no_lesson_tells_is_not_answered_with_something_else(ana, typed):
    ana.open(f"/search?q={quote(typed)}")

    assert "We found nothing for" in ana.text
    assert "Did you mean" not in ana.text
    assert "Showing" not in ana.text


@pytest.mark.parametrize(
    ("typed", "leads_to", "says"),
    [
        ("work", "/lessons/if-you-care-for-someone#a-work", "unpaid leave"),
        ("will I lose my job", "/lessons/if-you-care-for-someone#a-work", "unpaid leave"),
        ("I’m scared", "/lessons/where-to-find-help#f79", "where to find support"),
        ("siblings", "/lessons/what-causes-all#a-siblings", "brothers"),
        ("liver", "/glossary#organ", "the liver, or a lung"),
        ("remision", "/lessons/treatment#f56", "first goal"),
        ("what is remission and how long does it last", "/glossary#remission", "remission"),
    ],
)
def test_an_everyday_word_finds_what_the_texts_say_about_it(ana, typed, leads_to, says):
    ana.open(f"/search?q={quote(typed)}")

    assert leads_to in links(ana)
    assert says in re.sub("</?mark>", "", results(ana))
    assert len([link for link in links(ana) if link.startswith(("/lessons/", "/glossary#"))]) <= 8


def test_a_text_with_only_the_lesser_of_two_words_is_no_answer(index):
    hits = index.search("hair blood")
    assert [lesson.lesson for lesson in hits.lessons] == ["at-home-during-treatment"]
    assert not hits.terms


@pytest.mark.parametrize("typed", ["T-ALL", "t all", "T-cell ALL"])
def test_t_all_leads_with_the_lesson_on_t_cell_all(ana, typed):
    ana.open(f"/search?q={typed}")

    assert links(ana)[0] == "/lessons/t-cell-all"


@pytest.mark.parametrize("typed", ["standard risk", "high risk ALL"])
def test_a_risk_group_is_not_answered_as_a_risk_factor(ana, typed):
    ana.open(f"/search?q={typed}")

    assert "It isn’t the same as a risk factor." in ana.text
    assert "never get ALL" not in ana.text


@pytest.mark.parametrize("typed", ["vincristine", "pegaspargase", "Methotrexate", "rituximab"])
def test_a_drug_that_no_lesson_names_is_said_plainly_to_be_one_to_ask_about(ana, typed):
    ana.open(f"/search?q={typed}")

    assert f"Our lessons don’t explain “{typed.lower()}.”" in ana.text
    assert "Your care team knows your medicines, so ask them." in ana.text
    assert "found nothing" not in ana.text


def test_a_drug_that_a_lesson_names_is_found_there(ana):
    ana.open("/search?q=imatinib")

    assert any(link.startswith("/lessons/ph-positive-all") for link in links(ana))
    assert "don’t explain" not in ana.text


@pytest.mark.parametrize(
    ("typed", "says", "ask", "leads_to"),
    [
        (
            ["pay for", "cost", "insurance", "bill", "money", "how do I pay for treatment"],
            "Our lessons don’t cover costs or insurance yet",
            "Who here can help us with costs, insurance, and bills?",
            ["/lessons/where-to-find-help#a-h-cc"],
        ),
        (
            ["job", "work", "can i work", "leave", "can I work during chemo", "boss"],
            "Our lessons don’t say much about work yet",
            "Can I work during treatment, and who can help me with time off?",
            ["/lessons/if-you-care-for-someone#a-work", "/lessons/where-to-find-help#a-h-cc"],
        ),
        (
            ["what can i eat", "food", "diet", "healthy food", "nutrition"],
            "Our lessons don’t cover food yet",
            "What should I eat and drink during treatment, and what should I avoid?",
            ["/lessons/at-home-during-treatment#a-se-mouth"],
        ),
    ],
)
def test_money_work_and_food_get_an_honest_answer_and_a_question_to_save(
    ana, typed, says, ask, leads_to
):
    for query in typed:
        ana.open(f"/search?q={quote(query)}")
        assert says in ana.text, query
        assert f'name="text" value="{ask}"' in ana.html
        assert [link for link in links(ana) if link.startswith("/lessons/")] == leads_to, query
        assert "We found nothing" not in ana.text
        assert "emergency room" not in results(ana)
        assert ("800-813-4673" in ana.text) == ('<a href="tel:8008134673">' in ana.html)


@pytest.mark.parametrize(
    "typed",
    [
        "how does chemo work",
        "does treatment work",
        "can’t eat",
        "fever at work",
        "I’m pale at work",
    ],
)
def test_what_asks_something_else_beside_them_is_not_answered_so(ana, index, typed):
    assert index.search(typed).topic is None


@pytest.mark.parametrize("typed", ["kids", "my son", "daughter", "baby", "toddler", "teens"])
def test_a_son_or_daughter_is_the_child_that_a_lesson_is_for(ana, typed):
    ana.open(f"/search?q={typed}")

    assert links(ana)[0] == "/lessons/if-your-child-has-all"
    assert "Showing" not in ana.text


def test_somebody_who_wants_to_have_a_baby_asks_something_else(index):
    lessons = [lesson.lesson for lesson in index.search("can I have a baby").lessons]
    assert lessons[:1] != ["if-your-child-has-all"]


@pytest.mark.parametrize("typed", ["wbc", "platlets", "platelets", "blood count", "blood", "chest"])
def test_a_word_that_is_no_sign_gets_no_order_to_call(ana, typed):
    ana.open(f"/search?q={typed}")

    said = re.sub("<[^>]+>", "", results(ana))
    assert "Call 911 now" not in said
    assert "Call your care team now" not in said
    assert "care-box" not in results(ana)
    first, _, last = said.partition("In Get help")
    assert "When to call" not in re.sub("(?s)In the lessons.*", "", first)
    assert "Call 911 (" not in first
    if typed in {"platelets", "chest", "blood"}:
        assert "When to call" in last


def test_an_abbreviation_is_not_taken_for_a_word_of_its_long_form(index):
    hits = index.search("wbc")
    assert hits.terms[0].entry.owner == "white-blood-cell"
    assert not hits.calls


def test_each_sign_is_found_by_its_own_words(index, content):
    signs = [e for e in entries(content) if e.kind is EntryKind.HELP and e.is_call and e.is_item]
    assert len(signs) > 25
    for sign in signs:
        found = index.search(sign.text)
        shown = {h.entry.text for call in found.calls for _, hits in call.lists for h in hits}
        assert found.is_urgent, sign.text
        assert sign.text in shown


@pytest.mark.parametrize(
    ("typed", "first"),
    [
        *((said, "You’re suddenly weak") for said in ("trouble seeing", "trouble speaking")),
        *((said, "You’re suddenly weak") for said in ("suddenly weak", "face drooping")),
        *((said, "You’re suddenly weak") for said in ("numb on one side", "blurry vision")),
        *((said, "You’re suddenly weak") for said in ("cant talk", "double vision", "paralyzed")),
        *((said, "It’s hard to breathe") for said in ("throat closing", "tongue swelling")),
        *((said, "It’s hard to breathe") for said in ("allergic reaction", "lips swollen")),
        *((said, "You cough up blood") for said in ("vomiting blood", "throwing up blood")),
        *((said, "You cough up blood") for said in ("coughing up blood", "spitting blood")),
        *((said, "They can’t be woken") for said in ("cant wake him up", "woken")),
        ("my face is swollen", "Redness or swelling"),
        ("hives", "A rash or mouth sores"),
        ("chicken pox", "You were near someone with chickenpox"),
    ],
)
def test_everyday_words_for_a_sign_show_it_first(index, typed, first):
    found = index.search(typed)
    assert found.is_urgent
    shown = [h.entry.text for call in found.calls for _, hits in call.lists for h in hits]
    assert shown[0].startswith(first)


def test_no_word_is_respelled_into_one_that_begins_otherwise(index):
    assert not any(word.shown == "gives" for word in index.search("hives").spelled)
    assert [word.shown for word in index.search("luekemia").spelled] == ["leukemia"]
    assert [word.shown for word in index.search("kemo").spelled] == ["chemo"]


@pytest.mark.parametrize(
    "typed",
    ["will i live", "will i be ok", "am I going to be okay", "can i beat this", "am i dying"],
)
def test_hope_is_found_under_its_everyday_names(index, typed):
    assert index.search(typed).is_outlook


@pytest.mark.parametrize(
    ("typed", "lesson"),
    [
        ("is it contagious", "what-is-all"),
        ("can i have kids", "treatment"),
        ("pregnant", "treatment"),
        ("sperm", "treatment"),
        ("therapist", "where-to-find-help"),
    ],
)
def test_everyday_words_find_the_lesson_that_answers(index, typed, lesson):
    assert index.search(typed).lessons[0].lesson == lesson
