"""Begin on the home page, and come back to it."""

from __future__ import annotations

import re

from tests.learn.care_numbers import save
from tests.learn.people import Person

PATHS = ["/lessons/paths/this-week", "/lessons/paths/helping", "/lessons/paths/for-parents"]
DOORS = [*PATHS, "/care-team", "/search"]


def doors(person: Person) -> list[str]:
    """Where the cards lead."""
    match = re.search(r'(?s)<ul class="doors">.*?</ul>', person.html)
    assert match
    return re.findall(r'href="([^"]*)"', match[0])


def cards(person: Person) -> list[str]:
    """Headings of the cards that come before the doors."""
    return re.findall(r'<h2 id="(?:continue-\d|go-on)">([^<]*)</h2>', person.html)


def begin(person: Person, quiz: str, answers: int) -> None:
    person.open(quiz)
    for _ in range(answers):
        person.answer_right()
        person.go_on()


def plain(html: str) -> str:
    return " ".join(re.sub(r"<[^>]+>", " ", html).split())


def urgent(person: Person) -> str:
    """What can't wait, with its tags: it comes before the heading of the page."""
    before = person.html.partition("<h1")[0]
    match = re.search(r'(?s)<section class="urgent".*?</section>', before)
    assert match
    return match[0]


def test_a_new_visitor_sees_a_door_for_each_situation(ana):
    ana.open("/")

    assert doors(ana) == DOORS
    assert cards(ana) == []
    for said in ("I was just diagnosed", "I’m helping someone", "My child has ALL"):
        assert said in ana.text
    assert "Questions for my care team" in ana.text


def test_what_to_do_about_fever_and_bleeding_comes_before_everything_else(ana):
    for _ in range(2):
        ana.open("/")
        said = plain(urgent(ana))
        for words in (
            "Fever or bleeding?",
            "care team now, day or night",
            "Hard to breathe",
            "911",
        ):
            assert words in said
        assert 'href="/help">Get help' in urgent(ana)
        emergency, team = urgent(ana).split('<div class="urgent-')[1:]
        assert emergency.startswith('emergency"')
        assert "911" in emergency
        assert team.startswith('now"')
        assert "care team" in team
        begin(ana, "/quizzes/lesson/what-is-all", 1)


def test_saved_numbers_of_the_care_team_can_be_called_from_home(ana, ben):
    save(ana, "555-010-9999", "ask for the ward")
    begin(ana, "/quizzes/lesson/what-is-all", 1)
    ana.open("/")
    assert 'href="tel:5550109999"' in urgent(ana)
    assert "ask for the ward" in plain(urgent(ana))
    assert ana.page.headers["Cache-Control"] == "no-store"
    ben.open("/")
    assert "tel:555" not in urgent(ben)


def test_home_says_the_name_in_full_where_it_comes_from_and_when_it_was_checked(ana, content):
    ana.open("/")

    assert "<h1>Acute lymphoblastic leukemia (ALL)" in ana.html
    assert f"From {content.ledger.document.publisher} and other sources we list" in ana.text
    day = min(lesson.reviewed_on for lesson in content.lessons.values())
    checked = f"Our editors last checked it on {day:%B} {day.day}, {day.year}."
    assert f"{checked} Not yet reviewed by a clinician." in ana.text
    assert "Not sure which leukemia you have?" in ana.text


def test_no_page_reads_as_if_the_reader_had_to_learn_everything(ana, content):
    ana.take("lesson/what-is-all")
    for page in ("/", "/lessons", "/progress"):
        ana.open(page)
        for number in (len(content.lessons), len(content.bank.objectives)):
            assert not re.search(rf"\b{number}\b", plain(ana.html.partition("<main")[2])), page
        assert "in all" not in ana.text


def test_the_first_feedback_is_three_taps_away_or_four_through_a_lesson(ana):
    ana.open("/")
    assert 'href="/quizzes/before"' in ana.html  # 1
    assert 'href="/lessons/what-is-all"' in ana.html  # 1
    ana.open("/lessons/what-is-all")
    assert 'href="/quizzes/lesson/what-is-all' in ana.html  # 2
    for first in ("/quizzes/before", "/quizzes/lesson/what-is-all"):
        ana.open(first)
        ana.answer_right()  # an answer, and the button
        assert 'id="headline"' in ana.html


def test_the_open_quiz_comes_first_with_its_name_and_what_is_left(ana):
    begin(ana, "/quizzes/lesson/what-is-all", 3)
    ana.open("/")

    assert cards(ana) == ["Quiz “What is ALL?”: 3 questions left"]
    assert "Your 3 answers are saved." in ana.text
    card = ana.html.partition("continue-1")[2].partition("</section>")[0]
    assert 'class="button button-secondary" href="/lessons/paths/this-week"' in card
    assert ana.html.index("continue-1") < ana.html.index('class="doors"')
    assert doors(ana) == DOORS[1:]


def test_who_follows_a_path_for_helpers_is_offered_to_go_on_with_it(ana):
    begin(ana, "/quizzes/lesson/if-you-care-for-someone", 1)
    ana.open("/")

    card = ana.html.partition("continue-1")[2].partition("</section>")[0]
    assert 'href="/lessons/paths/helping"' in card
    assert "/lessons/paths/helping" not in doors(ana)


def test_both_quizzes_are_offered_if_two_are_open_the_last_first(ana, clock):
    begin(ana, "/quizzes/lesson/what-is-all", 3)
    clock.forward(minutes=5)
    begin(ana, "/quizzes/mixed", 1)
    ana.open("/")

    assert cards(ana) == [
        "Quiz “A mix of everything”: 9 questions left",
        "Quiz “What is ALL?”: 3 questions left",
    ]
    links = re.findall(r'href="(/quizzes/[0-9a-f-]{36})"', ana.html)
    assert len({*links}) == 2
    ana.open(links[1])
    assert "Question 4 of 6" in ana.text


def test_nothing_open_leads_to_one_next_step(ana):
    ana.take("lesson/what-is-all")
    ana.open("/")

    assert cards(ana) == ["A good next step"]
    assert "lesson read" not in ana.text
    ana.read("what-is-all")
    ana.open("/")
    assert "1 lesson read" in ana.text


def test_home_continues_with_the_next_lesson_after_reading_and_saving_a_question(ana, content):
    ana.open("/care-team")
    objective = content.bank.of_lesson("what-is-all")[0].id
    ana.post("/care-team/add", ana.form(objective=[objective]))
    ana.open("/")
    assert cards(ana) == []
    ana.read("what-is-all")
    ana.open("/")

    assert cards(ana) == ["A good next step"]
    assert f"Read the lesson “{content.lessons['when-to-call'].title}.”" in ana.text


def test_home_takes_few_statements(ana, statements):
    ana.open("/")  # it also finds out which questions are on hold
    statements.clear()
    ana.open("/")
    assert statements == []
    begin(ana, "/quizzes/lesson/what-is-all", 1)
    statements.clear()
    ana.open("/")
    assert len(statements) <= 4, statements
