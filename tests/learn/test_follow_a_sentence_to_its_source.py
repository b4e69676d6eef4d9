"""Follow a sentence to its source: from a lesson or a question's feedback, and back."""

from __future__ import annotations

import html
import re
from urllib.parse import urlsplit

import html5lib
import pytest

from learn.library.ledger import Ledger
from learn.library.prose import OURS
from tests.learn.people import Person, text_of, wrong_answer

HTML = "{http://www.w3.org/1999/xhtml}"


def said(person: Person) -> str:
    return " ".join(html.unescape(person.text).split())


def rows(page: str) -> list[tuple[str, str, str]]:
    """Return each sentence of a page of sources: where it leads, itself, and its source."""
    tree = html5lib.parse(page)
    found = []
    for row in (li for ul in tree.iter(f"{HTML}ul") for li in ul if ul.get("class") == "note-list"):
        link, sources = row.find(f"{HTML}a"), row.find(f"{HTML}ul")
        if link is not None and sources is not None:
            texts = (" ".join("".join(e.itertext()).split()) for e in (link, sources))
            found.append((link.get("href", ""), *texts))
    return found


def citations(page: str, ledger: Ledger) -> list[str]:
    """Return what is cited at the top of a page of sources, in the order of the numbers there."""
    first = page.partition('id="sources"')[2].partition("</ol>")[0]
    items = first.split('<li id="source-')[1:]
    texts = [html.unescape(re.sub("<[^>]+>", " ", item)) for item in items]
    known = {added.citation for added in ledger.added.values()} | {ledger.document.title}
    return [max((c for c in known if c in " ".join(t.split())), key=len) for t in texts]


def ids(page: str) -> list[str]:
    return re.findall(r'\sid="([^"]+)"', page)


@pytest.mark.fast("about")
def test_the_page_about_the_source_says_who_when_where_and_that_no_clinician_read_it(ana, content):
    ana.open("/source")
    document, main = content.ledger.document, ana.html.split("<main")[1].split("</main>")[0]

    assert f'<a href="{document.address}" rel="noreferrer">{document.title}</a>' in main
    for text in (document.publisher, "November 22, 2026", "Report a mistake", "Not yet"):
        assert text in said(ana), text
    assert "No doctor, nurse, or other clinician has reviewed this site yet." in said(ana)
    assert len(re.sub("<[^>]+>", " ", main).split()) < 300
    links = {html.unescape(link) for link in re.findall(r'href="(/source[^"#]*)', main)}
    wanted = {f"/source/lessons/{lesson}" for lesson in content.lessons}
    assert links == wanted | {"/source/added", "/source/notes"}


def test_what_was_added_stands_on_a_page_of_its_own(ana, content):
    ana.open("/source/added")
    ledger = content.ledger

    for added in ledger.added.values():
        assert added.citation in said(ana), added.id
        assert f'id="{added.id.lower()}"' in ana.html
        for address in added.addresses:
            assert f'href="{html.escape(address)}" rel="noreferrer"' in ana.html, address
    lines = ana.html.split('id="when-to-call"')[1].split('id="added"')[0]
    named = {reference.lower() for sources in ledger.safety.values() for reference in sources}
    assert {*re.findall(r'href="#([^"]+)"', lines)} == named


def test_what_was_changed_or_left_out_stands_on_a_page_of_its_own(ana, content):
    ana.open("/source/notes")
    ledger = content.ledger
    left_out = (*ledger.facts.values(), *ledger.sections.values())

    for text in (
        *(text for note in ledger.notes for text in (note.says, note.we)),
        *(one.not_taught for one in left_out),
        *ledger.not_covered,
    ):
        assert text in said(ana), text


def test_every_sentence_of_a_lesson_is_listed_with_its_source(ana, content):
    ledger = content.ledger
    for lesson in content.lessons.values():
        ana.open(f"/source/lessons/{lesson.id}")
        assert ana.page.status_code == 200
        listed, cited = rows(ana.html), citations(ana.html, ledger)
        assert len({*cited}) == len(cited), "each once"
        by_place = {urlsplit(link).fragment: (text, source) for link, text, source in listed}
        for passage, place in lesson.places.items():
            text, source = by_place[place]
            assert text == " ".join(passage.plain.split()), (lesson.id, place)
            for fact in {*passage.facts} & {*ledger.facts}:
                section = ledger.sections[ledger.facts[fact].section]
                assert f"Source 1, “{section.heading}”" in source
            for fact in {*passage.facts} & {*ledger.added}:
                number = 1 + cited.index(ledger.added[fact].citation)
                assert f"Source {number}" in source
            assert ("ur own words" in source) is (OURS in passage.facts), passage.plain
        texts = [text for _, text, _ in listed]
        assert {*lesson.care_questions, *(p.text for p in lesson.points)} <= {*texts}
        assert all(source for _, _, source in listed)
        for fact in {*lesson.anchors} - {OURS}:
            told = ledger.added.get(fact) or ledger.facts[fact]
            assert told.says in said(ana), (lesson.id, fact)


def test_the_way_back_and_the_sources_are_reached_from_the_top_and_the_way_back_from_the_end(ana):
    ana.open("/source/lessons/treatment?path=this-week")
    top, _, rest = ana.html.partition('class="note-list"')
    back = re.compile(r'href="(/lessons/treatment[^"#]*)"[^>]*>Back to the lesson</a>')

    assert len(back.findall(top)) == 1
    assert back.findall(top) == back.findall(rest)
    assert 'href="#sources">See all sources</a>' in top
    assert ana.html.count('id="sources"') == rest.count('id="sources"') == 1


def test_sentences_stand_in_the_order_of_the_lesson(ana, content):
    for lesson in content.lessons.values():
        places = [
            urlsplit(link).fragment
            for link, *_ in rows(ana.open(f"/source/lessons/{lesson.id}").get_data(as_text=True))
        ]
        ana.open(f"/lessons/{lesson.id}")
        on_page = [place for place in ids(ana.html) if place in places]
        asking = lesson.text.blocks[-1].id  # above its sentences

        assert [*dict.fromkeys(places)][:-1] == [p for p in on_page if p != asking], lesson.id


@pytest.mark.parametrize("query", ["", "?path=this-week"])
def test_each_link_back_lands_on_a_place_of_the_lesson(ana, content, query):
    lessons = content.paths["this-week"].lessons if query else content.lessons
    for lesson in lessons:
        ana.open(f"/source/lessons/{lesson}{query}")
        links = [link for link, *_ in rows(ana.html)]
        ana.open(f"/lessons/{lesson}{query}")
        assert links
        for link in links:
            address = urlsplit(link)
            assert address.path == f"/lessons/{lesson}"
            assert address.query == query.removeprefix("?")
            assert ids(ana.html).count(address.fragment) == 1, link


def test_a_lesson_leads_to_the_source_of_each_sentence_from_its_top_and_its_end(ana, content):
    document = content.ledger.document
    for lesson in content.lessons.values():
        ana.open(f"/lessons/{lesson.id}")
        top, _, rest = ana.html.split("<main")[1].partition("<h1>")
        end = rest.split('<details class="source">')[1].split("</details>")[0]

        assert f'<a href="/source/lessons/{lesson.id}">Where this comes from</a>' in top
        assert f'href="/source/lessons/{lesson.id}">See the source of each sentence</a>' in end
        assert f'<a href="{document.address}" rel="noreferrer">{document.title}</a>' in end
        for added in content.ledger.added.values():
            if added.id in lesson.anchors:
                assert added.citation.split("; ")[0] in html.unescape(end)


def test_the_notes_on_what_a_lesson_teaches_are_on_its_page_of_sources(ana, content):
    for lesson in content.lessons.values():
        ana.open(f"/source/lessons/{lesson.id}")
        for note in content.ledger.notes:
            is_about = not {*note.sections}.isdisjoint(lesson.sections)
            is_about |= not {*note.facts}.isdisjoint(lesson.anchors)
            assert (f"{note.says} {note.we}" in said(ana)) is is_about, (lesson.id, note.id)


def test_feedback_leads_to_the_source_of_what_was_asked_and_back(ana: Person, content):
    ana.open("/quizzes/lesson/what-is-all")
    question = ana.question
    ana.answer(wrong_answer(question))
    address = ana.address
    link = re.search(r'<a [^>]*href="([^"]+)">See its source</a>', ana.html)
    found = urlsplit(html.unescape(link[1]))
    lesson, anchor = content.passage(question)

    assert (found.path, found.fragment) == (f"/source/lessons/{lesson.id}", anchor)
    ana.open(f"{found.path}?{found.query}")
    assert ids(ana.html).count(anchor) == 1
    assert re.search(rf'href="{address}">Back to the question</a>', ana.html)
    assert all(f"?{found.query}#" in link for link, *_ in rows(ana.html))


def test_every_question_leads_to_a_source(ana, content):
    pages = {
        i: ids(ana.open(f"/source/lessons/{i}").get_data(as_text=True)) for i in content.lessons
    }
    for question in content.bank.questions.values():
        lesson, anchor = content.passage(question)
        assert pages[lesson.id].count(anchor) == 1, question.id


def test_each_place_that_was_once_on_the_page_leads_to_where_it_is_now(ana, content):
    ana.open("/source")
    items = re.findall(r"(?s)<li data-moved.*?</li>", ana.html)
    ledger = content.ledger
    once = {"notes", "added", "when-to-call", "not-covered"}
    once |= {one.id.lower() for one in (*ledger.notes, *ledger.added.values())}
    found = {}
    for item in items:
        (link,) = re.findall(r'href="([^"]+)"', item)
        found |= dict.fromkeys(ids(item), link)

    assert {*found} == once
    pages = {link: ids(ana.open(link).get_data(as_text=True)) for link in {*found.values()}}
    for place, link in found.items():
        assert pages[link].count(place) == 1, (place, link)


@pytest.mark.parametrize("lesson", ["no-such", "WHAT-IS-ALL", "1"])
def test_a_lesson_that_is_not_there_has_no_sources(ana, lesson):
    assert ana.open(f"/source/lessons/{lesson}").status_code == 404


PAGES = ("/source", "/source/lessons/treatment", "/source/added", "/source/notes")


@pytest.mark.parametrize("address", PAGES)
def test_pages_on_sources_are_the_same_for_everyone_and_read_nothing(ana, ben, statements, address):
    first = ana.open(address)
    again = ben.browser.get(address, headers={"If-None-Match": first.headers["ETag"]})

    assert again.status_code == 304
    assert first.headers["Cache-Control"] == "private, no-cache"
    assert statements == []


def test_an_unknown_path_makes_no_page_of_its_own(ana):
    known, unknown = (ana.open(f"/source/lessons/treatment{q}") for q in ("", "?path=x"))

    assert known.headers["ETag"] == unknown.headers["ETag"]
    assert "path=" not in text_of(unknown)
