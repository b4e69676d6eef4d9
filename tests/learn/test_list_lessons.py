"""The list of lessons."""

from __future__ import annotations

import re

import pytest

from learn.learner.queries import LessonProgress, Mastery
from questions.progress import Standing
from tests.learn.people import Person


def entry(person: Person, lesson: str) -> str:
    """Return what the list says about a lesson, with its tags."""
    before, _, after = person.html.rpartition(f'href="/lessons/{lesson}"')
    return before.rpartition("<li")[2] + after.split("</li>")[0]


def folded(person: Person) -> list[str]:
    """Headings that are folded."""
    return re.findall(r"<summary><h\d[^>]*>([^<]*)</h\d>", person.html)


@pytest.mark.parametrize(
    ("is_read", "known", "looks", "percent"),
    [(False, 0, 0, 0), (True, 0, 0, 20), (True, 0, 4, 20), (True, 3, 1, 80), (False, 4, 0, 80)],
)
def test_a_ring_fills_with_reading_and_with_each_idea(is_read, known, looks, percent):
    mastery = Mastery(Standing.GETTING_THERE, 0, known + looks, 4, looks)
    progress = LessonProgress(is_read, mastery)

    assert progress.percent == percent
    assert not progress.is_done


def test_a_ring_is_full_when_the_lesson_is_read_and_each_idea_was_right_the_last_time():
    assert LessonProgress(True, Mastery(Standing.GETTING_THERE, 0, 4, 4)).percent == 100
    assert LessonProgress(True, Mastery(Standing.NOT_STARTED, 0, 0, 0)).is_done


def test_a_lesson_that_was_not_begun_shows_its_picture_and_minutes_and_nothing_to_catch_up(
    ana, content
):
    ana.open("/lessons")
    for lesson in content.lessons.values():
        said = entry(ana, lesson.id)
        assert re.search(rf"<span>{lesson.minutes} minutes?</span>", said)
        assert 'class="lesson-picture"' in said
        for later in ('class="ring', "/quizzes/", "Not started", "entry-number"):
            assert later not in said
    assert folded(ana) == []
    assert f"{len(content.lessons)} " not in ana.text


def test_a_lesson_that_was_begun_has_a_ring_and_its_quiz_until_all_is_answered(ana):
    ana.open("/quizzes/lesson/what-is-all")
    ana.answer_wrong()
    ana.open("/lessons")
    said = entry(ana, "what-is-all")
    for now in ('class="ring"', "Quiz started", 'href="/quizzes/lesson/what-is-all"'):
        assert now in said
    assert "<span>Read</span>" not in said
    assert "Needs another look" not in said  # one answer says nothing about the lesson

    ana.take("lesson/what-is-all", right=False)
    ana.open("/lessons")
    said = entry(ana, "what-is-all")
    assert "Needs another look" in said
    assert "/quizzes/" not in said


def test_when_to_call_stands_under_the_first_heading(ana):
    ana.open("/lessons")
    first = ana.html.partition("<h2")[2].partition("<h2")[0]

    assert re.findall(r'<h3><a href="/lessons/([a-z-]+)"', first) == ["what-is-all", "when-to-call"]


def test_short_topics_next_to_one_another_share_a_heading(ana, content):
    ana.open("/lessons")
    matches = re.findall(r"<h2[^>]*>([^<]*)</h2>", ana.html)

    assert matches == [section.title for section in content.sections]
    assert len(matches) == len({*matches}) < len(content.topics)
    assert min(len(section.lessons) for section in content.sections) > 1


def test_every_lesson_of_ours_has_a_picture_of_its_own(ana, content):
    ana.open("/lessons")
    pictures = re.findall(r'(?s)<svg class="lesson-picture".*?</svg>', ana.html)

    assert len({*pictures}) == len(content.lessons)


def test_lessons_under_a_heading_fold_once_all_are_done(ana):
    ana.take("lesson/what-is-all")
    ana.open("/lessons")
    assert folded(ana) == []
    ana.take("lesson/when-to-call")
    for lesson in ("what-is-all", "when-to-call"):
        ana.open("/lessons")
        assert folded(ana) == []
        ana.read(lesson)
    ana.open("/lessons")

    assert folded(ana) == ["Start here"]
    assert "Start here Done" in ana.text
    assert 'class="ring is-done"' in entry(ana, "what-is-all")


def test_lessons_with_something_missed_stay_open(ana):
    ana.take("lesson/what-is-all", right=False)
    ana.take("lesson/when-to-call")
    ana.open("/lessons")

    assert folded(ana) == []
    assert "Needs another look" in entry(ana, "what-is-all")


def test_one_type_is_enough(ana, content):
    ana.take("lesson/t-cell-all")
    ana.read("t-cell-all")
    ana.open("/lessons")

    assert folded(ana) == [content.topics["subtypes"].choose]


def test_types_to_choose_from_are_suggested_last_and_only_until_one_is_read(content):
    types = [lesson.id for group in content.listing for lesson in group.to_choose]
    others = [name for name in content.lessons if name not in types]
    assert content.next_lesson([]).id == others[0]
    assert content.next_lesson(others[:10]).id == others[10]
    assert content.next_lesson(others).id == types[0]
    assert content.next_lesson([*others, types[2]]) is None


def test_the_list_takes_few_statements(ana, statements):
    ana.take("lesson/what-is-all")
    statements.clear()
    ana.open("/lessons")

    assert len(statements) <= 2, statements


def test_a_path_says_of_each_step_what_is_done_and_what_is_left(ana, content):
    path = content.paths["this-week"]
    ana.open(f"/quizzes/lesson/{path.lessons[0]}?path={path.id}")
    ana.answer_right()
    ana.open(f"/lessons/paths/{path.id}")
    assert "Quiz started. Lesson not read yet." in ana.text
    ana.take(f"lesson/{path.lessons[0]}")
    ana.open(f"/lessons/paths/{path.id}")
    assert "Quiz done. Lesson not read yet." in ana.text
    assert "Quiz started" not in ana.text
