"""Search over lessons, words, Get help, and resources."""

from __future__ import annotations

import re
from random import Random

import pytest

from learn.library.prose import ElementKind
from learn.search.entries import EntryKind, entries
from learn.search.index import MAX_QUERY, SearchIndex
from learn.search.words import sound, words
from tests.learn.care_numbers import save
from tests.learn.people import Person
from tests.learn.search_pages import card, links, results


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


@pytest.mark.parametrize(
    "typed",
    ["booklet", "print", "how do I print this?", "Handouts for my class", "a pdf of remission"],
)
def test_who_looks_for_something_to_print_is_led_there(ana, typed):
    ana.open(f"/search?q={typed}")
    for address in ("/booklet", "/handouts", "/help/card"):
        assert f'<a href="{address}">' in ana.html
    assert "We found nothing" not in ana.text
    assert "No results for" not in ana.text
    if "remission" not in typed:
        assert 'href="/lessons/' not in ana.html.split("<main")[1]
    ana.open("/search?q=remission")
    assert "/booklet" not in ana.html


def test_every_result_leads_to_a_place_that_is_there(app, content, ana):
    pages: dict[str, str] = {}
    for entry in entries(content):
        address = {
            EntryKind.TERM: "/glossary",
            EntryKind.HELP: "/help",
            EntryKind.QUESTION: f"/lessons/paths/{entry.owner}",
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
        hits = index.search(passage.plain[:MAX_QUERY])
        texts = ["".join(run.text for run in one.text) for one in hits.lessons]
        assert passage.plain in texts, (lesson.id, passage.plain, hits.query)


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
    assert ">Call 911</a>." in shown
    assert "Call your care team now, day or night." in shown


@pytest.mark.parametrize("typed", ["remission", "platelets", "fee", "chest", "pain of waiting"])
def test_other_words_do_not(ana, typed):
    ana.open(f"/search?q={typed}")

    assert not card(ana)


@pytest.mark.parametrize(
    ("typed", "says"),
    [
        ("platelets", ["Call if you notice any of these:", "You fall or hit your head. With low"]),
        ("chest", ["if you notice any of these:", "You have chest pain."]),
    ],
)
def test_signs_stand_together_below_the_lessons_with_what_is_said_about_them(ana, typed, says):
    ana.open(f"/search?q={typed}")

    lessons, _, box = re.sub("</?mark>", "", results(ana)).partition("In Get help")
    assert all(said in box for said in says), box
    assert "In the lessons" in lessons


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


@pytest.mark.parametrize("typed", ["suicide", "end my life", "kill myself"])
def test_somebody_who_may_harm_themselves_sees_the_crisis_line_alone(ana, typed):
    ana.open(f"/search?q={typed}")

    assert 'href="tel:988"' in results(ana)
    assert "You don’t have to face this alone" in results(ana)
    assert "In the lessons" not in results(ana)
    assert "found nothing" not in results(ana)


def test_nothing_found_is_said_kindly_with_other_ways(ana):
    ana.open("/search?q=chemothrp")

    assert "We found nothing for “chemothrp.”" in ana.text
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
        hits = index.search(typed)
        assert len(hits.query) <= MAX_QUERY
        assert hits.count <= 40


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


def test_the_illness_itself_leads_to_the_lesson_that_says_what_it_is(ana, content):
    first = next(iter(content.lessons))
    for query in ("leukemia", "luekemia", "leukaemia", "ALL"):
        ana.open(f"/search?q={query}")
        links = re.findall(r'<h3><a href="/lessons/([a-z-]+)', ana.html)
        assert links[0] == first, query


def test_a_question_that_only_a_path_has_is_found(ana):
    ana.open("/search?q=school")

    assert "When can my child go to" in ana.text
    assert 'href="/lessons/paths/for-parents#questions"' in ana.html
    assert "We found nothing" not in ana.text


def test_the_box_to_call_the_care_team_has_their_numbers_or_the_way_to_add_them(somebody_new):
    somebody_new.open("/search?q=fever")
    box = somebody_new.html.partition('aria-label="Call your care team now')[2]
    assert 'href="/help#care-now">Add your care team’s number</a>' in box.partition("</section>")[0]

    save(somebody_new, daytime="206-555-0142", nights="206-555-0199 ask for oncology")
    for query in ("fever", "bleeding gums"):
        somebody_new.open(f"/search?q={query}")
        box = somebody_new.html.partition('aria-label="Call your care team now')[2]
        box = box.partition("</section>")[0]
        assert 'href="tel:2065550142"' in box, query
        assert 'href="tel:2065550199"' in box, query
        assert "Add your care team" not in somebody_new.text
    somebody_new.open("/search?q=remission")
    assert "tel:206" not in somebody_new.html
