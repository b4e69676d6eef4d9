"""Search over lessons, words, Get help, and resources."""

from __future__ import annotations

import re
from random import Random
from urllib.parse import quote

import pytest

from learn.library.prose import ElementKind
from learn.search import meanings
from learn.search.entries import EntryKind, entries
from learn.search.index import MAX_QUERY, SearchIndex
from learn.search.words import sound, words
from tests.learn.people import Person


def results(person: Person) -> str:
    return person.html.split('<div class="search-results" data-count')[1].split("</main>")[0]


def links(person: Person) -> list[str]:
    return re.findall(r'href="([^"]+)"', results(person))


@pytest.fixture(scope="module")
def index(content) -> SearchIndex:
    return SearchIndex(content)


@pytest.mark.fast("search")
@pytest.mark.parametrize(
    ("typed", "leads_to"),
    [
        ("remission", "/glossary#remission"),
        ("remision", "/glossary#remission"),
        ("Remissions", "/glossary#remission"),
        ("platlets", "/glossary#platelet"),
        ("PLATELET", "/glossary#platelet"),
        ("lukemia", "/glossary#leukemia"),
        ("leukaemia", "/glossary#leukemia"),
        ("filadelfia", "/lessons/ph-positive-all"),
        ("newtrofils", "/glossary#neutrophil"),
        ("kemo", "/glossary#chemotherapy"),
        ("médula ósea", "/glossary#bone-marrow"),
        ("medula osea", "/glossary#bone-marrow"),
        ("b-cell", "/lessons/b-cell-all"),
        ("bcell", "/glossary#b-cell"),
        ("stem cell", "/glossary#stem-cell"),
        ("stemcell", "/glossary#stem-cell"),
        ("what is all", "/lessons/what-is-all"),
        ("What is ALL?", "/lessons/what-is-all"),
        ("catch it from you", "/lessons/what-is-all#a-not-contagious"),
        ("infected", "/glossary#infection"),
        ("will my hair fall out", "/lessons/at-home-during-treatment#a-se-hair"),
        ("can my kids catch it", "/lessons/what-is-all#a-not-contagious"),
        ("988", "/lessons/where-to-find-help#a-h-988"),
        ("support group", "/lessons/where-to-find-help#resource-cancercare-support-group"),
        ("remis", "/glossary#remission"),
    ],
)
def test_a_search_leads_to_the_place_that_explains_it(ana: Person, typed, leads_to):
    ana.open(f"/search?q={typed}")

    assert leads_to in links(ana), links(ana)


def test_a_search_costs_no_statement_and_is_the_same_for_everybody(ana, statements):
    ana.open("/search?q=remission")

    assert statements == []
    assert "Set-Cookie" not in ana.page.headers


def test_every_result_leads_to_a_place_that_is_there(app, content, ana):
    pages: dict[str, str] = {}
    for entry in entries(content):
        address = {
            EntryKind.TERM: "/glossary",
            EntryKind.HELP: "/help",
        }.get(entry.kind, f"/lessons/{entry.owner}")
        if address not in pages:
            ana.open(address)
            pages[address] = ana.html
        assert not entry.anchor or f'id="{entry.anchor}"' in pages[address], entry


def test_a_sentence_is_found_by_its_own_words(content, index):
    """The link of a result leads to the sentence itself, unless another one has the place."""
    for lesson in content.lessons.values():
        blocks = lesson.text.all_blocks
        told = [e for b in blocks for e in b.elements if e.kind is ElementKind.PARAGRAPH]
        passage = max((p for e in told for p in e.rows[0]), key=lambda p: len(p.plain))
        found = index.search(passage.plain[:MAX_QUERY])
        texts = ["".join(run.text for run in one.text) for one in found.lessons]
        assert passage.plain in texts, (lesson.id, passage.plain, found.query)


def test_the_folded_answer_of_a_pause_is_not_a_result(content):
    answers = {
        passage.plain
        for lesson in content.lessons.values()
        for block in lesson.text.all_blocks
        for element in block.elements
        if element.kind is ElementKind.PAUSE
        for row in element.rows
        for passage in row
    }
    shown = {
        p.plain
        for lesson in content.lessons.values()
        for b in lesson.text.all_blocks
        for p in b.running
    }

    assert answers - shown
    assert not {entry.text for entry in entries(content)} & (answers - shown)


@pytest.mark.parametrize(
    "typed",
    ["fever", "Fever!", "fevr", "bleeding", "my gums bleed", "chest pain", "hemorrage", "fiebre"],
)
def test_a_warning_sign_puts_get_help_first(ana, typed):
    ana.open(f"/search?q={typed}")

    first = re.search(r'<section class="([\w -]+)"', results(ana))
    assert first
    assert first[1] in {"care-box care-box-emergency", "care-box care-box-now", "urgent"}
    signs, rest = results(ana).rsplit("</section>", 1)
    assert 'href="/help"' in signs + rest.partition("<h2")[0]
    assert "care-box" not in rest
    assert "found nothing" not in rest


@pytest.mark.parametrize(
    ("typed", "colors"),
    [
        ("chest pain", ["emergency"]),
        ("chills", ["now"]),
        ("fever", ["now"]),
        ("cough", ["emergency", "now"]),
    ],
)
def test_signs_stand_in_the_colors_of_get_help_with_the_emergency_first(ana, typed, colors):
    ana.open(f"/search?q={typed}")
    boxes = re.findall(
        r'(?s)<section class="care-box care-box-(\w+)" aria-label="([^"]+)">(.*?)</section>',
        results(ana),
    )

    assert [color for color, _, _ in boxes] == colors
    for color, title, box in boxes:
        assert title == {
            "emergency": "Call 911 now",
            "now": "Call your care team now, day or night",
        }.get(color)
        assert ('href="tel:911"' in box) is (color == "emergency")


def test_a_sign_without_a_list_shows_what_cannot_wait(ana):
    ana.open("/search?q=ambulance")

    shown = results(ana).split('<section class="urgent"')[1].split("</section>")[0]
    assert "Call 911." in shown
    assert "Call your care team now, day or night." in shown


@pytest.mark.parametrize("typed", ["remission", "platelets", "fee", "chest", "pain of waiting"])
def test_other_words_do_not(ana, typed):
    ana.open(f"/search?q={typed}")

    assert not card(ana)


@pytest.mark.parametrize(
    ("typed", "says"),
    [
        ("platelets", ["Call if any of these is true:", "You fall or hit your head. With low"]),
        ("chest", ["if any of these is true:", "You have chest pain."]),
    ],
)
def test_signs_stand_together_above_the_lessons_with_what_is_said_about_them(ana, typed, says):
    ana.open(f"/search?q={typed}")

    box = re.sub("</?mark>", "", results(ana).split("</section>")[0])
    assert all(said in box for said in says), box
    assert results(ana).count('<section class="care-box"') == 1
    assert results(ana).index("care-box") < (results(ana) + "In the lessons").index(
        "In the lessons"
    )


@pytest.mark.parametrize("typed", ["will my hair fall out", "what is all", "remission"])
def test_a_sign_that_has_only_some_of_the_words_is_not_shown(ana, typed):
    ana.open(f"/search?q={typed}")

    assert "care-box" not in results(ana)
    assert "hit your head" not in ana.text


def test_three_lessons_are_shown_and_the_others_at_a_tap(ana):
    ana.open("/search?q=platelets")

    shown, folded = results(ana).split("<details", 1)
    assert shown.count('<h3><a href="/lessons/') == 3
    assert folded.count('<h3><a href="/lessons/') == 3
    assert "3 more lessons" in folded


def test_a_lesson_is_linked_once_by_its_title_with_a_whole_text_below(ana, index):
    for hit in index.search("platelets").lessons:
        text = "".join(run.text for run in hit.text)
        assert text[0].isupper(), text
        assert not text.startswith(("Heavy bleeding, because", "Platelets, which")), "an item"
    ana.open("/search?q=platelets")
    assert not re.search(r"<p><a|<li><a", results(ana))


@pytest.mark.parametrize("typed", ["suicide", "I want to die", "hurt myself"])
def test_somebody_who_may_harm_themselves_sees_the_crisis_line_alone(ana, typed):
    ana.open(f"/search?q={typed}")

    assert 'href="tel:988"' in results(ana)
    assert "You don’t have to face this alone" in results(ana)
    assert "In the lessons" not in results(ana)
    assert "found nothing" not in results(ana)


def test_nothing_found_is_said_kindly_with_other_ways(ana):
    ana.open("/search?q=chemothrp")

    assert "We found nothing for “chemothrp”." in ana.text
    assert "/search?q=Chemotherapy" in links(ana)
    assert {"/glossary", "/help", "/lessons"} <= {*links(ana)}
    assert "Your care team can answer what this site can’t." in ana.text


def test_another_spelling_is_named(ana):
    ana.open("/search?q=platlets")

    assert "No results for “platlets.” Showing “platelets.”" in ana.text


@pytest.mark.parametrize(
    "typed",
    [
        "",
        "+++",
        "%20%20",
        "%00",
        "%ED%A0%80",
        "%F0%9F%98%80",
        "%3Cscript%3Ealert(1)%3C/script%3E",
        "の白血病",
        "لوكيميا",
        "%FF%FE",
        "%E2%80%AE",
        "'\"",
        "a",
        "the",
        "%0A%0D",
        "-",
        "{{7*7}}",
    ],
)
def test_any_query_gets_a_calm_page(ana, typed):
    ana.open(f"/search?q={typed}")

    assert ana.page.status_code == 200
    assert "<script>alert" not in ana.html
    assert ana.html.count("<h1>") == 1


def test_a_long_query_is_cut_and_the_page_says_so(ana):
    ana.open("/search?q=" + "remission" + "x" * 10_000)

    assert ana.page.status_code == 200
    assert f"We looked for the first {MAX_QUERY} characters." in ana.text
    assert "x" * (MAX_QUERY + 1) not in ana.html


def test_the_query_comes_back_in_the_box_as_it_was_typed(ana):
    ana.open("/search?q=%22%3E%3Cb%3Eblood")

    assert 'value="&#34;&gt;&lt;b&gt;blood"' in ana.html


def test_the_work_for_a_query_is_bounded(index):
    """Counted in what is looked at, not in seconds: each query word scans the words once."""
    random = Random(7)  # noqa: S311
    for _ in range(50):
        typed = "".join(random.choice("abcdefghij klmnop-'é") for _ in range(10_000))
        found = index.search(typed)
        assert len(found.query) <= MAX_QUERY
        assert found.count <= 40


def test_what_was_searched_for_is_not_logged(ana, log):
    ana.open("/search?q=verysecretword")

    assert log.events("request")[-1]["endpoint"] == "search.index"
    assert "verysecretword" not in log.text


def test_every_page_but_a_question_has_the_search_box(ana, content):
    for address in ("/", "/lessons", "/lessons/what-is-all", "/help", "/progress", "/nope"):
        ana.open(address)
        header = ana.html.split("<main")[0]
        assert '<form action="/search"' in header, address
    ana.open("/quizzes/lesson/what-is-all")
    assert ana.question
    assert "/search" not in ana.html


def test_words_that_sound_alike_are_spelled_alike_by_ear():
    assert sound("philadelphia") == sound("filadelfia")
    assert sound("anaemia") == sound("anemia")
    assert sound("diarrhea") == sound("diarea")
    assert words("Don’t B-CELL 100.4 Médula") == ["dont", "b", "cell", "100.4", "medula"]


def card(person: Person) -> str:
    """Return the text of the boxes with whom to call; empty if there are none."""
    found = re.findall(
        r'(?s)<section class="(?:care-box care-box-(?:now|emergency)|urgent)".*?</section>',
        results(person),
    )
    return re.sub("<[^>]+>", "", " ".join(found))


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
    "typed", ["101 drugs", "42 days", "100 mg", "hot food", "9 and 22", "chapter 39", "$100"]
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
        ("feel awful", "You feel very unwell"),
        ("cant breathe", "It’s hard to breathe."),
        ("chest hurts", "You have chest pain."),
        ("passed out", "You faint."),
        ("won't wake up", "They can’t be woken."),
        ("slurred speech", "trouble seeing or speaking"),
        ("very sleepy", "much sleepier than usual"),
        ("bumped his head", "You fall or hit your head."),
    ],
)
def test_everyday_words_reach_the_sign_they_mean(ana, typed, sign):
    ana.open(f"/search?q={typed}")

    assert sign in card(ana)


def test_every_everyday_phrase_leads_to_a_sign_of_get_help(index):
    for said, _ in (*meanings.EVERYDAY, *meanings.ALONE):
        found = index.search(said)
        assert found.is_urgent, said
        assert found.calls, said
        assert not found.spelled, said


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
        *("cost", "how much does it cost", "can’t poop", "cant poop", "constipation", "diet"),
        *("travel", "flying", "school"),
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
        ("liver", "/glossary#organ", "the liver or a lung"),
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
    found = index.search("hair blood")
    assert [lesson.lesson for lesson in found.lessons] == ["at-home-during-treatment"]
    assert not found.terms


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
