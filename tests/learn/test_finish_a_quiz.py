"""The summary of a quiz."""

from __future__ import annotations

import html
import re

import pytest

from learn.quizzes.outcomes.summary import PassageLink, ReviewSuggestion
from questions.kinds import KINDS
from tests.learn.people import Person


def test_the_summary_shows_what_is_known_now(ana: Person, content):
    ana.take("lesson/what-is-all")

    assert "What you know now" in ana.text
    assert "to look at again" not in ana.text
    for objective in content.bank.of_lesson("what-is-all"):
        idea = ReviewSuggestion(objective, ()).idea
        assert objective.you_can in ana.text or f"{idea} You got " in ana.text


def test_the_summary_links_to_the_passages(ana, content, rows):
    ana.take("lesson/what-is-all", right=False)

    assert "What you know now" not in ana.text
    for row in rows(ana):
        lesson, anchor = content.passage(content.bank.questions[row.question_id])
        assert f"/lessons/{lesson.id}#{anchor}" in ana.html
    assert "You got" not in ana.text
    assert "Nobody knows all of this at first." in ana.text


def test_the_next_step_comes_before_what_is_folded(ana, content):
    ana.take("lesson/what-is-all", right=False)

    main = ana.html.partition("<main")[2]
    parts = ("<h1>", "Next lesson: ", "ideas to look at again", "questions to take with you")
    places = [main.index(part) for part in (*parts, "See your answers again")]
    assert places == sorted(places)
    assert main.count('<details class="fold"') == 3
    assert main.index('id="take-home"') < main.index("Next lesson: ")
    assert "open>" not in main
    assert main.index("Next lesson: ") < main.index("<details")


def test_what_to_look_at_again_is_said_in_words(ana, content):
    ana.take("lesson/what-is-all", right=False)

    assert "How leukemia cells crowd out healthy blood cells Not quite right" in ana.text
    assert "You can say how leukemia cells" not in ana.text
    for objective in content.bank.objectives.values():
        idea = ReviewSuggestion(objective, ()).idea
        assert not idea.startswith("You can")
        assert not idea.endswith(".")


def test_each_missed_question_leads_to_its_own_passage(ana, content, rows):
    ana.take("lesson/if-your-child-has-all", right=False)

    questions = [content.bank.questions[row.question_id] for row in rows(ana)]
    assert len({q.objective for q in questions}) < len(questions)
    for question in questions:
        lesson, anchor = content.passage(question)
        heading = PassageLink(lesson, anchor).heading
        link = f'href="/lessons/{lesson.id}#{anchor}">Read: “{heading}”</a>'
        assert ana.html.count(link) == 1, question.id


def test_a_passage_is_named_by_the_heading_that_a_link_to_it_lands_under(ana, content):
    for lesson in content.lessons.values():
        ana.open(f"/lessons/{lesson.id}")
        for anchor in sorted({*lesson.anchors.values()}):
            before = ana.html.split(f' id="{anchor}"')[0]
            over = re.findall(r"<h2>(.*?)</h2>", before)
            heading = html.unescape(over[-1]) if over else ""
            assert lesson.heading_over(anchor) == heading, (lesson.id, anchor)


def test_a_heading_in_quotes_is_quoted_once(content):
    lesson = content.lessons["if-your-child-has-all"]
    headings = [block.heading for block in lesson.text.blocks]
    assert "“Did we do something?”" in headings
    assert PassageLink(lesson, "a-before-birth").heading == "Did we do something?"


def test_a_question_saved_without_a_script_is_in_sight_when_the_page_comes_back(ana):
    summary = ana.take("lesson/what-is-all", right=False)
    ana.open(f"{summary}?saved=yes")
    assert '<details class="fold" open>' in ana.html


def test_the_summary_links_to_the_next_lesson(ana, content):
    ana.take("lesson/what-is-all")
    following = content.neighbors(content.lessons["what-is-all"])[1]

    assert f"Next lesson: {following.title}" in ana.text


@pytest.mark.parametrize("lesson", ["at-home-during-treatment", "b-cell-all", "ph-positive-all"])
def test_no_other_type_is_the_next_lesson(ana, content, lesson):
    ana.take(f"lesson/{lesson}")

    following = content.lessons["if-you-care-for-someone"].title
    assert f"Next lesson: {following}" in ana.text


def test_the_last_summary_links_to_the_list_of_lessons(ana, content):
    ana.take(f"lesson/{[*content.lessons][-1]}")

    assert "Next lesson" not in ana.text
    assert "Go to the lessons" in ana.text


def test_answers_can_be_reopened_from_the_summary(ana, content, rows):
    summary = ana.take("lesson/what-is-all")
    for row in rows(ana):
        ana.open(f"{summary}/{row.position}")
        assert "That’s right" in ana.text


@pytest.mark.parametrize("kind", [*KINDS])
def test_each_kind_can_be_answered_right_and_wrong(ana, content, kind, app):
    """Every page of the real bank: shown, answered both ways, and its feedback read."""
    from learn.quizzes.taking.feedback import feedback
    from questions.grading import grade
    from questions.model import Response

    questions = [q for q in content.bank.questions.values() if q.kind == kind]
    assert questions
    for question in questions:
        shown_feedback = feedback(question, question.version, Response(unsure=True))
        assert shown_feedback.marks
        assert grade(question, Response(unsure=True)).score == 0


def test_every_quiz_can_be_finished(ana, content):
    from learn.quizzes.planning import catalog

    quizzes = [*catalog.all_quizzes(content)]
    assert len(quizzes) == len(content.lessons_with_questions) + len(content.topics) + 1
    for quiz in quizzes:
        ana.take(str(quiz.ref))
        assert "You’ve finished this quiz" in ana.text, quiz.ref
        assert f"You got {quiz.length} of {quiz.length}" in ana.text, quiz.ref


def test_the_quiz_on_when_to_call_ends_with_the_missed_signs_and_the_list(ana):
    ana.take("lesson/when-to-call", right=False)
    main = ana.html.partition("<main")[2]
    before, after = main.split("See when to call</a>")

    assert "Signs to know" in before
    assert "<details" not in before
    assert before.index('class="button" href="/lessons/when-to-call"') < before.index("/help")
    assert "Read “When to call”" in before
    assert "call 911 right away." in before or "call your care team now" in before
    assert 'class="button button-secondary" href="/lessons/' in after


@pytest.mark.parametrize("lesson", ["when-to-call", "treatment", "what-is-all"])
def test_after_misses_the_first_button_leads_to_the_lesson(ana, content, lesson):
    ana.take(f"lesson/{lesson}", right=False)
    title = content.lessons[lesson].title
    first = r'class="button" href="/lessons/([a-z-]+)"'

    assert re.findall(first, ana.html) == [lesson]
    assert f"Read “{title}”" in ana.text
    summary = ana.address
    ana.read(lesson)
    ana.open(summary)
    assert (f"Read “{title}” again" in ana.text) is content.lessons[lesson].is_safety


@pytest.mark.parametrize("quiz", ["lesson/when-to-call", "lesson/what-is-all"])
def test_no_sign_is_named_where_none_was_missed(ana, quiz):
    ana.take(quiz, right=quiz == "lesson/when-to-call")

    assert "Signs to know" not in ana.text


def test_what_is_known_says_no_more_than_the_questions_asked(ana, content, rows):
    ana.take("lesson/what-is-all")
    known = ana.html.split('id="know"')[1].split("</details>")[0]
    asked = [content.bank.questions[row.question_id] for row in rows(ana)]

    said = html.unescape(known)
    for question in asked:
        objective = content.bank.objectives[question.objective]
        facts = {f for q in asked if q.objective == objective.id for f in q.facts}
        if " and " in objective.you_can and not facts & {*objective.facts[1:]}:
            assert objective.you_can not in said, question.id
    assert "on this right." in known


@pytest.mark.parametrize("right", [True, False])
def test_every_lesson_s_quiz_ends_with_one_true_sentence_and_one_question(ana, content, right):
    for name, lesson in content.lessons_with_questions.items():
        ana.take(f"lesson/{name}", right=right)
        home = html.unescape(ana.html.partition('id="take-home"')[2].partition("</section>")[0])
        sentence = re.findall(r"<p><strong>(.*?)</strong></p>", home)
        asks = re.findall(r"<p>“(.*?)”</p>", home)

        assert len(asks) == 1, name
        assert asks[0] in {o.ask_care_team for o in content.bank.objectives.values()}
        assert ana.html.index('id="take-home"') < ana.html.index("<details")
        assert ana.text.count("That’s enough for today") == 1
        points = [point.text for x in content.lessons.values() for point in x.points]
        assert [s in points and not s.startswith(("It", "They", "This")) for s in sentence] in (
            [True],
            [],
        ), name
        assert sentence or lesson.id in {"how-all-is-found", "treatment"}, name


def test_after_practice_it_is_enough_for_today_and_then_the_path_goes_on(ana, content):
    ana.open("/quizzes/lesson/what-is-all?path=this-week")
    ana.address = "/quizzes/lesson/what-is-all?path=this-week"  # where the form is sent
    while 'name="question"' in ana.html:
        ana.answer_wrong()
        ana.go_on()
    ana.read("what-is-all?path=this-week")
    ana.take("practice")
    title = content.lessons["when-to-call"].title
    buttons = re.findall(r'<a class="button[^"]*" href="[^"]*">([^<]*)</a>', ana.html)

    assert buttons[:2] == ["That’s enough for today", f"Next lesson: {title}"]
    ana.go_on()
    assert 'class="button" href="/lessons/paths/this-week">Back to “This week”' in ana.html


@pytest.mark.parametrize(
    ("query", "back"),
    [("?path=this-week", "/lessons/paths/this-week"), ("", "/lessons/what-is-all")],
)
def test_whoever_stops_is_led_back_to_where_they_came_from_first(ana, query, back):
    ana.open(f"/quizzes/lesson/what-is-all{query}")
    ana.address = f"/quizzes/lesson/what-is-all{query}"  # where the form is sent
    ana.answer_right()
    ana.open(ana.address.rpartition("/")[0] + "/stop")
    main = ana.html.partition("<h1")[2]

    first = re.findall(r'<a class="button[^>]*href="([^"]+)"', main)[0]
    assert first == back
    assert "Continue with question 2" in main
