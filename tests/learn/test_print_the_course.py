"""Print the whole course as a booklet."""

from __future__ import annotations

import html
import re

import pytest

from tests.learn.people import Person
from tests.learn.printed_text import tight


@pytest.fixture
def booklet(ana: Person) -> Person:
    ana.open("/booklet")
    return ana


def test_the_booklet_has_every_lesson_picture_pause_and_question(booklet, content):
    said = tight(booklet.text)
    places = []
    for lesson in content.lessons.values():
        places.append(booklet.html.index(f'<h2 id="lesson-{lesson.id}">'))
        for point in lesson.points:
            assert tight(point.text) in said
        for block in lesson.text.all_blocks:
            assert tight(block.heading) in said
            for passage in block.passages:
                assert tight(passage.plain) in said, lesson.id
            for element in block.elements:
                assert tight(element.prompt) in said
                drawn = content.steps(element.name) if element.kind == "steps" else ()
                if element.kind == "figure":
                    drawn = (content.figures[element.name],)
                for figure in drawn:
                    assert f'id="{figure.id}-title-{lesson.id}"' in booklet.html
                    assert tight(figure.title) in said
        for ask in lesson.care_questions:
            assert tight(ask) in said
    assert places == sorted(places)


def test_the_booklet_has_get_help_the_glossary_and_the_sources(booklet, content):
    for passage in content.pages["help"].text.passages:
        assert tight(passage.plain) in tight(booklet.text)
    for term in content.glossary.terms.values():
        assert term.meaning in booklet.text
    cited: dict[str, set[int]] = {}
    for number, lesson in enumerate(content.lessons.values(), 1):
        for added in content.ledger.added.values():
            for source in added.citation.split("; ") if added.id in lesson.anchors else ():
                cited.setdefault(source, set()).add(number)
    assert cited
    listed = html.unescape(booklet.html.partition("booklet-sources")[2])
    for source, lessons in cited.items():
        (line,) = re.findall(
            rf'<li>{re.escape(source)} <span class="muted">\((.*?)\)</span></li>', listed
        )
        assert [*map(int, re.findall(r"\d+", line))] == sorted(lessons), source
    assert content.ledger.document.title in booklet.text


def test_the_booklet_says_from_when_it_is(booklet, content):
    newest = max(lesson.reviewed_on for lesson in content.lessons.values())
    assert f"As of {newest:%B} {newest.day}, {newest.year}." in booklet.text


def test_the_booklet_has_nothing_for_editors_and_nothing_to_press(booklet, content):
    course = booklet.html[booklet.html.index("<article") : booklet.html.index("</article>")]
    for note in content.ledger.notes:
        assert note.we not in booklet.text
    for pressed in ("<button", "<form", "<details", "/quizzes/", "popover"):
        assert pressed not in course
    for said in ("Check your understanding", "Report a mistake", "Save this question"):
        assert said not in booklet.text


def test_the_contents_lead_to_each_part(booklet, content):
    listed = re.findall(r'<a href="#([\w-]+)"', booklet.html[booklet.html.index("<article") :])
    assert len(listed) == len(content.lessons) + 4
    for part in listed:
        assert f'id="{part}"' in booklet.html


def test_the_booklet_is_the_same_for_everybody_and_revalidates(booklet, ben, statements):
    statements.clear()
    known = {"If-None-Match": booklet.page.headers["ETag"]}
    again = ben.browser.get("/booklet", headers=known)

    assert again.status_code == 304
    assert booklet.page.headers["Cache-Control"] == "private, no-cache"
    assert statements == []


def test_the_booklet_stays_light_enough_for_bad_wifi(booklet):
    packed = booklet.browser.get("/booklet", headers={"Accept-Encoding": "gzip"})
    assert len(packed.get_data()) <= 60 * 1024


def test_the_booklet_is_linked_from_the_lessons_and_never_fetched_ahead(ana):
    ana.open("/help")
    assert 'href="/booklet"' not in ana.html, "forty pages are no help now"
    ana.open("/lessons")
    assert 'href="/booklet"' in ana.html
    assert "prefetch" not in ana.html
