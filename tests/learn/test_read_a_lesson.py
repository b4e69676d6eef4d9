"""Read a lesson."""

from __future__ import annotations

import re
import secrets

import pytest

from tests.learn.people import Person

LESSON = "/lessons/where-all-stands"


@pytest.mark.fast("lessons")
def test_every_lesson_has_all_its_sections(ana: Person, content):
    for lesson in content.lessons.values():
        ana.open(f"/lessons/{lesson.id}")
        assert ana.page.status_code == 200
        for said in (
            lesson.title,
            *lesson.care_questions,
            "Where this comes from",
        ):
            assert said in ana.text, (lesson.id, said)
        asked = bool(content.bank.of_lesson(lesson.id))
        assert ("Check your understanding" in ana.text) is asked, lesson.id
        for anchor in lesson.anchors.values():
            assert f'id="{anchor}"' in ana.html, (lesson.id, anchor)


def test_each_term_is_explained_at_its_first_use(ana, content):
    ana.open(LESSON)
    for name in set(content.lessons["where-all-stands"].term_names):
        term = content.glossary.find(name)
        assert ana.html.count(f'id="term-{term.id}"') == 1
        assert term.meaning in ana.text


def test_a_lesson_ends_with_its_key_points_and_what_to_do(ana, content):
    for lesson in content.lessons.values():
        ana.open(f"/lessons/{lesson.id}")
        points, rest = ana.html.split("<h2>Key points</h2>")[1].split("</ul>", 1)

        assert points.count("<li>") == len(lesson.points)
        assert all(f"<li>{point.text}</li>" in points for point in lesson.points)
        assert rest.index("card-care-questions") < rest.index("Say it in your own words")


@pytest.mark.parametrize(("lesson", "filled"), [("types-of-all", 80), ("t-cell-all", 25)])
def test_the_dots_say_what_each_of_them_stands_for(ana, lesson, filled):
    ana.open(f"/lessons/{lesson}")

    assert f"Each dot is 1 of 100 people. {filled} dots are filled." in ana.text


def test_a_pause_asks_and_folds_its_answer_away(ana, content):
    for lesson in content.lessons.values():
        ana.open(f"/lessons/{lesson.id}")
        elements = (e for block in lesson.text.all_blocks for e in block.elements)
        pauses = [element for element in elements if element.prompt]
        assert pauses, lesson.id
        for pause in pauses:
            _, shown, rest = ana.html.partition(pause.prompt.replace("'", "&#39;"))
            assert shown, pause.prompt
            asked, _, folded = rest.partition("<details")
            assert folded, pause.prompt
            answer = " ".join(p.plain for p in pause.rows[0])
            assert answer not in asked
            assert answer in ana.text


def test_the_page_is_the_same_for_everyone_and_revalidates(ana, ben):
    first = ana.open(LESSON)
    again = ben.browser.get(LESSON, headers={"If-None-Match": first.headers["ETag"]})

    assert again.status_code == 304
    assert again.get_data() == b""
    assert first.headers["Cache-Control"] == "private, no-cache"


def test_the_page_is_compressed(ana):
    plain = ana.open(LESSON).get_data()
    packed = ana.browser.get(LESSON, headers={"Accept-Encoding": "gzip"})

    assert packed.headers["Content-Encoding"] == "gzip"
    assert len(packed.get_data()) < len(plain) / 2


def test_reading_before_the_first_answer_stores_nothing(ana, statements):
    ana.open(LESSON)

    assert statements == []


def entry_of(person: Person, lesson: str) -> str:
    """Return what the list of lessons says about one."""
    person.open("/lessons")
    return person.html.split(f'href="/lessons/{lesson}"')[1].split("</li>")[0]


@pytest.fixture
def begun(ana) -> Person:
    """Ana, after her first answer."""
    ana.open("/quizzes/lesson/what-is-all")
    ana.answer_right()
    return ana


def test_opening_a_lesson_notes_nothing(begun, statements):
    statements.clear()
    begun.open(LESSON)

    assert statements == []
    assert "Read" not in entry_of(begun, "where-all-stands")


def test_a_lesson_is_read_once_its_end_came_into_view(begun, statements):
    begun.open(LESSON)
    statements.clear()
    begun.read("where-all-stands")
    assert len(statements) == 1, statements
    statements.clear()
    begun.read("where-all-stands")
    assert statements == []

    assert "Read" in entry_of(begun, "where-all-stands")


def test_a_lesson_is_read_by_whoever_follows_any_link_at_its_end(begun, statements):
    links = re.findall(r'href="(/[^"]*[?]read=[^"]*)"', begun.open(LESSON).get_data(as_text=True))
    assert len(links) == 4  # its quiz, own words, and the lessons before and after
    for link in links:
        begun.open(link)
        assert begun.page.status_code == 200
    statements.clear()
    begun.open(links[-1])

    assert statements == []
    assert "Read" in entry_of(begun, "where-all-stands")


@pytest.mark.parametrize("headers", [{}, {"Sec-Fetch-Site": "cross-site"}])
def test_another_site_cannot_mark_a_lesson_as_read(begun, headers):
    begun.browser.post(LESSON, headers=headers)

    assert "Read" not in entry_of(begun, "where-all-stands")


@pytest.mark.parametrize("read", ["no-such", "", "what-is-all/../x"])
def test_a_link_from_no_lesson_changes_nothing(begun, read, statements):
    statements.clear()
    assert begun.open(f"{LESSON}?read={read}").status_code == 200
    assert statements == []
    assert begun.browser.post("/lessons/no-such").status_code == 404


def test_of_who_only_reads_nothing_is_kept(ana, statements):
    ana.read("where-all-stands")

    assert [s for s in statements if not s.startswith("SELECT withheld")] == []


def test_the_cookie_stays_small_after_reading_many_lessons(begun):
    """Browsers drop one of more than 4 KB, and with it the guest's progress."""
    with begun.browser.session_transaction() as session:
        session["read"] = [secrets.token_hex(40) for _ in range(50)]  # ids have 80 letters at most
    begun.read("where-all-stands")

    cookie = begun.browser.get_cookie("learn_all")
    assert len(f"{cookie.key}={cookie.value}") < 4000
    with begun.browser.session_transaction() as session:
        assert session["read"][-1] == "where-all-stands"


def test_the_list_leads_to_the_first_unread_lesson(ana, content):
    ana.open("/quizzes/lesson/what-is-all")
    ana.answer_right()
    ana.read("what-is-all")
    ana.open("/lessons")

    second = [*content.lessons.values()][1]
    assert f"Continue with “{second.title}”" in ana.text
    assert "Next for you" in ana.text


@pytest.mark.parametrize("address", ["/lessons/no-such", "/lessons/WHAT-IS-ALL", "/lessons/1"])
def test_an_unknown_lesson_is_not_found(ana, address):
    assert ana.open(address).status_code == 404
    assert "We can’t find that page" in ana.text
    main = ana.html.partition("<main")[2].partition("</main>")[0]
    assert 'href="/">Go to the home page</a>' in main
    assert 'href="/help">Get help</a>' in main
