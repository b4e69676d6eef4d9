"""Follow a path: a few lessons in a row, and questions to take along."""

from __future__ import annotations

import re
from html import unescape
from itertools import pairwise

import pytest

from tests.learn.care_list import lines
from tests.learn.people import Person
from tests.learn.registration import register
from tests.learn.saved_questions import offers, press

PATH = "/lessons/paths/this-week"


@pytest.fixture
def steps(content) -> tuple[str, ...]:
    return content.paths["this-week"].lessons


def test_the_first_door_of_the_home_page_leads_to_the_path(ana: Person, content):
    ana.open("/")
    assert f'href="{PATH}"' in ana.html
    assert "I was just diagnosed" in ana.text
    assert f"About {content.minutes(content.paths['this-week'])} minutes" in ana.text
    ana.open(PATH)
    assert "The rest can wait" in ana.text


def leads(person: Person, address: str) -> bool:
    """Whether a link of the page leads there."""
    return f'href="{address}"' in person.html


@pytest.mark.parametrize("path", ["this-week", "helping", "for-parents"])
def test_from_the_home_page_the_first_feedback_is_four_taps_away_on_every_path(ana, content, path):
    door, question = f"/lessons/paths/{path}", f"/quizzes/path/{path}"
    ana.open("/")
    assert leads(ana, door)  # the first tap
    ana.open(door)
    assert leads(ana, question)  # the second
    ana.open(question)
    assert "Question 1 of 3" in ana.text
    assert ana.question.only_key, "the third is one answer"
    ana.answer_right()  # the fourth
    assert "That’s right" in ana.text
    ana.open(door)
    assert "Or start with 3 questions" not in ana.text


def test_a_path_lists_its_lessons_in_order_and_then_its_questions(ana, content, steps):
    ana.open(PATH)
    rest = ana.html[ana.html.index("<ol") :]
    places = [rest.index(f'href="/lessons/{i}?path=this-week"') for i in steps]
    assert places == sorted(places)
    for i in steps:
        for ask in content.lessons[i].care_questions:
            assert ask in ana.text


def test_next_leads_along_the_path_if_the_lesson_was_opened_from_it(ana, steps):
    ana.open(PATH)
    for here, following in zip(steps, [*steps[1:], None], strict=True):
        ana.open(f"/lessons/{here}?path=this-week")
        nav = ana.html[ana.html.index('class="lesson-nav"') :]
        on = f"/lessons/{following}?path=this-week&amp;read={here}"
        wanted = on if following else f"{PATH}?read={here}#questions"
        assert f'rel="next" href="{wanted}"' in nav
        assert f'rel="up" href="{PATH}?read={here}"' in nav
        ana.open(f"/lessons/{here}")
        assert "path=this-week" not in ana.html


@pytest.mark.parametrize("query", ["?path=nowhere", "?path=", "?path=this-week&path=x"])
def test_a_path_that_is_not_there_or_without_the_lesson_changes_nothing(ana, query):
    plain = ana.open("/lessons/t-cell-all").get_data()
    assert ana.open(f"/lessons/t-cell-all{query}").get_data() == plain


def test_a_lesson_on_a_path_is_shared_and_has_an_etag_of_its_own(ana, ben, steps):
    alone = ana.open(f"/lessons/{steps[0]}")
    on_path = ana.open(f"/lessons/{steps[0]}?path=this-week")
    assert on_path.headers["ETag"] != alone.headers["ETag"]

    known = {"If-None-Match": on_path.headers["ETag"]}
    assert ben.browser.get(f"/lessons/{steps[0]}?path=this-week", headers=known).status_code == 304
    assert ben.browser.get(f"/lessons/{steps[0]}", headers=known).status_code == 200


def test_the_path_is_the_same_for_all_who_have_not_begun_and_reads_nothing(ana, ben, statements):
    first = ana.open(PATH)
    again = ben.browser.get(PATH, headers={"If-None-Match": first.headers["ETag"]})

    assert again.status_code == 304
    assert statements == []


def test_the_path_shows_what_is_done_and_what_is_next(ana, steps, statements):
    ana.open(PATH)
    assert "Done" not in ana.text
    assert "Start with step 1" in ana.text
    ana.open("/quizzes/lesson/what-is-all")
    ana.answer_right()
    ana.read("what-is-all?path=this-week")
    statements.clear()
    ana.open(PATH)
    assert len(statements) <= 3
    assert ana.text.count("Done") == 1
    assert "Continue with step 2" in ana.text
    assert "Next for you" in ana.text
    for lesson in steps:
        ana.read(f"{lesson}?path=this-week")
    ana.open(PATH)
    assert ana.text.count("Done") == len(steps)
    assert "Go to your questions" in ana.text


@pytest.mark.parametrize("is_right", [True, False])
def test_answers_without_the_lesson_do_not_finish_a_step(ana, steps, is_right):
    ana.open(f"/quizzes/lesson/{steps[0]}?path=this-week")
    ana.answer_right() if is_right else ana.answer_wrong()
    ana.open(PATH)

    assert "Done" not in ana.text
    assert "Quiz started" in ana.text
    assert "Continue with step 1" in ana.text
    ana.take(f"lesson/{steps[0]}", right=is_right)
    for page in (PATH, "/", "/progress"):
        ana.open(page)
        assert "Done" not in ana.text, page
        assert "lesson read" not in ana.text, page
        assert f'href="/lessons/{steps[0]}' in ana.html, page


def test_a_path_of_which_nothing_was_begun_starts_with_step_1(ana):
    ana.open("/quizzes/lesson/t-cell-all")
    ana.answer_right()
    ana.open(PATH)

    assert "Start with step 1" in ana.text


def test_a_new_visitor_who_reads_the_lesson_first_is_done_with_its_step(ana, steps):
    take_on_path(ana, steps[0], "this-week")
    ana.open(PATH)

    assert ana.text.count("Done") == 1
    assert "Continue with step 2" in ana.text


def test_the_welcome_offers_the_path_until_all_of_it_is_read(ana, steps):
    ana.open("/quizzes/lesson/what-is-all")
    ana.answer_right()
    ana.open("/")
    assert f'href="{PATH}"' in ana.html
    for lesson in steps:
        ana.read(lesson)
    ana.open("/")
    assert f'href="{PATH}"' not in ana.html


def test_a_question_saved_on_the_path_shows_there_as_saved(somebody_new, content):
    path = content.paths["this-week"]
    somebody_new.open(PATH)
    asks = [path.outlook, *content.care_questions(path)]
    alone = [offer for offer in offers(somebody_new) if len(offer["text"]) == 1]
    assert [o["text"] for o in alone] == [[ask] for ask in asks]
    press(somebody_new, alone[1])
    assert somebody_new.page.location == f"{PATH}?saved=yes#ask-2"
    somebody_new.open(somebody_new.page.location)

    assert 'id="ask-2" tabindex="-1"' in somebody_new.html
    assert "Saved · 1 question on your list" in somebody_new.text
    assert [*lines(somebody_new)] == [content.care_questions(path)[0]]


def test_parts_that_can_wait_are_folded_on_the_path_alone(ana, content, steps):
    wait = content.paths["this-week"].wait
    assert wait
    for lesson, parts in wait.items():
        ana.open(f"/lessons/{lesson}?path=this-week")
        for part in parts:
            section = ana.html.partition(f'<section id="{part}">')[2].partition("</section>")[0]
            assert "<summary>This part can wait</summary>" in section
        ana.open(f"/lessons/{lesson}")
        assert "This part can wait" not in ana.html


def test_the_doors_for_helpers_and_parents_lead_to_what_they_can_do_first(ana, content):
    for door, first in (
        ("helping", "if-you-care-for-someone"),
        ("for-parents", "if-your-child-has-all"),
    ):
        path = content.paths[door]
        ana.open("/")
        assert f'href="/lessons/paths/{door}"' in ana.html
        assert f"{path.door} {path.leads}" in ana.text
        assert path.lessons[:2] == (first, "when-to-call")
        assert "when-to-call" not in path.wait
        ana.open(f"/lessons/paths/{door}")
        assert f'href="/lessons/{first}?path={door}"' in ana.html


@pytest.mark.parametrize(
    ("door", "whom"), [("this-week", "me"), ("helping", "us"), ("for-parents", "my child")]
)
def test_a_path_answers_whether_it_can_be_cured_with_a_question_to_save(
    somebody_new, content, door, whom
):
    path = content.paths[door]
    somebody_new.open(f"/lessons/paths/{door}")
    block = somebody_new.html.split('<section id="outlook"')[1].split("</section>")[0]

    assert "“Can it be cured?”" in block
    assert "No website can tell you how it will go for you or your child." in block
    assert "more ways to reach it than in the past" in block
    assert "Yes, ALL can be cured." in block
    assert content.ledger.added["A-cure"].citation in unescape(block)
    assert "It isn’t a cure by itself" in block
    assert content.ledger.added["A-why-continue"].citation in unescape(block)
    assert f"What do you expect for {whom}, and what does it depend on?" in block
    press(somebody_new, offers(somebody_new)[0])
    assert [*lines(somebody_new)] == [path.outlook]
    first = path.lessons[0]
    somebody_new.open(f"/lessons/{first}?path={door}")
    assert f'href="/lessons/paths/{door}?read={first}#outlook"' in somebody_new.html
    somebody_new.open(f"/lessons/{first}")
    assert "#outlook" not in somebody_new.html


def test_parents_and_helpers_get_no_question_about_themselves(ana, content):
    for door in ("helping", "for-parents"):
        ana.open(f"/lessons/paths/{door}")
        for lesson in ("", *content.paths[door].lessons):
            if lesson:
                ana.open(f"/lessons/{lesson}?path={door}")
            asks = re.findall(r"<p>“([^<]+\?)”</p>", ana.html)
            assert asks
            for ask in asks:
                assert not re.search(r"\b(?:for me|my (?!child))\b", ask), (door, lesson, ask)
    asks = content.care_questions(content.paths["for-parents"])
    assert any("for my child?" in ask for ask in asks)
    ana.open("/lessons/when-to-call")
    assert "counts as a fever for me?" in ana.text


def test_a_question_in_the_words_of_a_path_shows_as_saved_in_its_lesson(somebody_new):
    here = "/lessons/when-to-call?path=for-parents"
    somebody_new.open(here)
    press(somebody_new, offers(somebody_new)[0])
    somebody_new.open(here)

    assert not offers(somebody_new)
    assert "Saved" in somebody_new.text
    somebody_new.open("/lessons/when-to-call")
    assert offers(somebody_new)


def test_parents_can_save_what_to_ask_about_telling_their_child_and_school(ana):
    ana.open("/lessons/paths/for-parents")

    assert "What can I tell my child about ALL, and who can help me find the words?" in ana.text
    assert "When can my child go to school or daycare" in ana.text


def test_a_path_ends_with_the_lessons_on_types_for_whoever_knows_theirs(ana, content):
    for door in content.paths:
        ana.open(f"/lessons/paths/{door}")
        _, _, rest = ana.html.partition("Do you know the type? Read only that one")
        for lesson in ("b-cell-all", "t-cell-all", "mixed-phenotype", "ph-positive-all"):
            assert f'href="/lessons/{lesson}"' in rest


def test_a_lesson_that_is_shorter_on_the_path_says_how_long_it_is_in_all(ana, content):
    path = content.paths["this-week"]
    ana.open(PATH)
    shorter = {
        f"{round(lesson.time(path.wait[i]))} minutes now, {lesson.minutes} with what can wait"
        for i, lesson in content.lessons.items()
        if i in path.wait and round(lesson.time(path.wait[i])) < lesson.minutes
    }

    assert shorter
    for said in shorter:
        assert said in ana.text


def test_the_path_takes_about_fifteen_minutes_and_leaves_out_nothing_urgent(ana, content, steps):
    path = content.paths["this-week"]
    assert content.minutes(path) <= 15
    assert "when-to-call" not in path.wait
    for lesson in steps:
        text = content.lessons[lesson].text
        waiting = [b for b in text.blocks if b.id in path.wait.get(lesson, ())]
        assert not {f for b in waiting for f in b.facts} & {"A-fever", "A-911", "A-t-trial"}
    ana.open(PATH)
    assert "It takes about 15 minutes" in ana.text


def test_a_path_that_does_not_exist_is_not_found(ana):
    assert ana.open("/lessons/paths/nowhere").status_code == 404


def test_the_lessons_on_types_stand_under_read_only_the_type_on_your_report(ana, content):
    ana.open("/lessons")
    topic = content.topics["subtypes"]
    first, *types = [x for x in content.lessons.values() if x.topic == topic.id]
    assert topic.choose == "Read only the type on your report"
    before, _, after = ana.html.partition(f">{topic.choose}<")
    section = after.partition("</section>")[0]
    assert topic.choose_about in section
    assert f"/lessons/{first.id}" in before
    for lesson in content.lessons.values():
        assert (f"/lessons/{lesson.id}" in section) is (lesson in types), lesson.id


ORDER = [
    "what-is-all",
    "when-to-call",
    "marrow-and-stem-cells",
    "why-blood-stem-cells-matter",
    "what-healthy-blood-cells-do",
    "what-causes-all",
    "where-all-stands",
    "how-all-is-found",
    "types-of-all",
    "treatment",
    "at-home-during-treatment",
    "b-cell-all",
    "t-cell-all",
    "mixed-phenotype",
    "ph-positive-all",
    "if-you-care-for-someone",
    "if-your-child-has-all",
    "where-to-find-help",
]


def test_lessons_come_in_the_order_in_which_they_need_each_other(ana, content):
    ana.open("/lessons")
    rest = ana.html[ana.html.index("<h2") :]
    places = [rest.index(f'href="/lessons/{i}"') for i in ORDER]
    assert [*content.lessons] == ORDER
    assert places == sorted(places)


def test_previous_and_next_follow_the_list(ana):
    for here, following in pairwise(ORDER):
        ana.open(f"/lessons/{here}")
        assert f'rel="next" href="/lessons/{following}?read={here}"' in ana.html
        ana.open(f"/lessons/{following}")
        assert f'rel="prev" href="/lessons/{here}?read={following}"' in ana.html


def test_a_lesson_between_two_of_another_topic_is_listed_with_them(ana, content):
    ana.open("/lessons")
    tests, types = content.topics["treatment"].title, content.topics["subtypes"]
    assert ana.html.count(f">{tests}</h2>") == 1
    group = ana.html.partition(f">{tests}</h2>")[2].partition("</section>")[0]
    assert '/lessons/types-of-all"' in group
    assert f">{types.title}</h2>" not in ana.html
    assert f">{types.choose}</h2>" in ana.html


def take_on_path(somebody: Person, lesson: str, path: str) -> None:
    """Take the quiz of a lesson from its end, as somebody who follows the path."""
    somebody.open(f"/lessons/{lesson}?path={path}")
    to_quiz = re.search(r'class="button" href="(/quizzes/lesson/[^"]+)"', somebody.html)
    assert to_quiz
    somebody.open(unescape(to_quiz[1]))
    somebody.address = unescape(to_quiz[1])  # where the form is sent
    while 'name="question"' in somebody.html:
        somebody.answer_right()
        somebody.go_on()


@pytest.mark.parametrize("path_id", ["this-week", "for-parents"])
def test_after_a_quiz_the_path_goes_on_everywhere(ana, content, path_id):
    path = content.paths[path_id]
    take_on_path(ana, path.lessons[0], path_id)
    step = f'class="button" href="/lessons/{path.lessons[1]}?path={path_id}"'

    assert f"Next lesson: {content.lessons[path.lessons[1]].title}" in ana.text
    assert step in ana.html
    for page in ("/", "/progress", "/lessons"):
        ana.open(page)
        assert step in ana.html, page


def test_at_the_end_of_a_path_its_questions_come_next(ana, content):
    path = content.paths["for-parents"]
    for lesson in path.lessons:
        take_on_path(ana, lesson, path.id)

    assert "Next: Questions to take along" in ana.text
    assert 'class="button" href="/lessons/paths/for-parents#questions"' in ana.html
    ana.open("/")
    assert "?path=" not in ana.html


def test_after_the_last_lesson_of_a_path_one_that_was_skipped_comes_next(ana, content):
    path = content.paths["for-parents"]
    take_on_path(ana, path.lessons[0], path.id)
    take_on_path(ana, path.lessons[2], path.id)

    assert f'class="button" href="/lessons/{path.lessons[1]}?path={path.id}"' in ana.html


def test_the_path_is_kept_when_progress_is_saved(ana, steps):
    take_on_path(ana, steps[0], "this-week")
    register(ana, "Ana")
    ana.open("/")
    assert f'href="/lessons/{steps[1]}?path=this-week"' in ana.html


def test_a_quiz_that_was_begun_elsewhere_leads_along_the_list(ana, content):
    take_on_path(ana, "if-your-child-has-all", "for-parents")
    ana.take("lesson/what-causes-all")
    following = content.following(content.lessons["what-causes-all"])

    assert f'class="button" href="/lessons/{following.id}"' in ana.html


def test_the_cookie_names_no_path_before_the_first_answer(ana, steps):
    ana.open(PATH)
    ana.open(f"/quizzes/lesson/{steps[0]}?path=this-week")
    with ana.browser.session_transaction() as session:
        assert "path" not in session
    ana.address = f"/quizzes/lesson/{steps[0]}?path=nowhere"
    ana.answer_right()
    with ana.browser.session_transaction() as session:
        assert "path" not in session
