"""Save a question for the care team where it stands, and stay there."""

from __future__ import annotations

import threading
import uuid

import pytest
from sqlalchemy import func, insert, select

from learn.care_team.actions import MAX_LINES
from learn.models import Account, CareLine
from tests.learn.care_list import lines, write
from tests.learn.conftest import DAWN
from tests.learn.people import Person
from tests.learn.registration import ANOTHER, PASSPHRASE, register, sign_in
from tests.learn.saved_questions import offers, press

LESSON = "/lessons/treatment"


def test_each_question_of_a_lesson_has_its_button(ana, content):
    ana.open(LESSON)

    asks = content.lessons["treatment"].care_questions
    assert len(asks) == 6
    assert [o["text"] for o in offers(ana)] == [[ask] for ask in asks]
    assert ana.text.count("Save this question") == 6


def test_a_guest_saves_a_question_and_comes_back_to_it(somebody_new, content):
    somebody_new.open(LESSON)
    third = offers(somebody_new)[2]
    press(somebody_new, third)
    assert somebody_new.page.status_code == 303
    assert somebody_new.page.location == f"{LESSON}?saved=yes#ask-3"
    somebody_new.open(somebody_new.page.location)

    assert somebody_new.page.headers["Cache-Control"] == "no-store"
    assert 'id="ask-3" tabindex="-1"' in somebody_new.html
    assert "Saved · 1 question on your list" in somebody_new.text
    assert "See my list" in somebody_new.text
    assert len(offers(somebody_new)) == 5
    assert [*lines(somebody_new)] == [content.lessons["treatment"].care_questions[2]]


def test_what_comes_back_without_leaving_the_page_is_the_same_part_of_it(ana):
    ana.open(LESSON)
    first, second = offers(ana)[:2]
    press(ana, first)
    press(ana, second, part="yes")

    assert ana.page.status_code == 200
    assert ana.page.headers["Cache-Control"] == "no-store"
    assert "<!doctype" not in ana.html
    assert "Saved · 2 questions on your list" in ana.text
    part = ana.html.strip()
    ana.open(f"{LESSON}?saved=yes")
    assert part in ana.html


def test_a_question_that_is_saved_twice_is_on_the_list_once(ana):
    ana.open(LESSON)
    first = offers(ana)[0]
    for _ in range(3):
        assert press(ana, first, part="yes").page.status_code == 200
        assert "1 question on your list" in ana.text

    assert len(lines(ana)) == 1


def test_two_taps_at_once_save_once(pooled_app, content):
    people = [Person(pooled_app, content) for _ in range(2)]
    people[0].open("/care-team")
    cookie = people[0].browser.get_cookie("learn_all")
    people[1].browser.set_cookie("learn_all", cookie.value)
    fields = {"text": "Why?", "to": LESSON, "at": "ask-1"}
    both = [threading.Thread(target=press, args=(one, fields)) for one in people]
    for one in both:
        one.start()
    for one in both:
        one.join()

    assert [one.page.status_code for one in people] == [303, 303]
    assert [*lines(people[0])] == ["Why?"]


def test_a_saved_question_is_shown_as_saved_without_a_statement(somebody_new, content, statements):
    asks = content.lessons["treatment"].care_questions
    somebody_new.open(LESSON)
    press(somebody_new, offers(somebody_new)[2], part="yes")
    somebody_new.open(LESSON)
    statements.clear()
    somebody_new.open(LESSON)

    assert statements == []
    assert [o["text"] for o in offers(somebody_new)] == [[a] for a in asks if a != asks[2]]
    assert 'id="ask-3" tabindex="-1"' in somebody_new.html
    assert somebody_new.text.count("Saved") == 1
    assert "on your list" not in somebody_new.text


def test_it_is_shown_as_saved_until_it_is_off_the_list(ana):
    ana.open(LESSON)
    first, second = offers(ana)[:2]
    press(ana, first)
    press(ana, second)
    for _ in range(2):
        ana.open(LESSON)
        assert len(offers(ana)) == 4
    ana.post("/care-team/lines/" + lines(ana)[first["text"][0]] + "/remove", ana.form())
    ana.open("/care-team")
    ana.open(LESSON)

    assert first in offers(ana)
    assert second not in offers(ana)


def test_a_question_saved_after_a_quiz_is_saved_in_its_lesson_too(ana, content):
    of_lessons = {a for x in content.lessons.values() for a in x.care_questions}
    objective = next(o for o in content.bank.objectives.values() if o.ask_care_team in of_lessons)
    lesson = next(
        x for x in content.lessons.values() if objective.ask_care_team in x.care_questions
    )
    press(ana, {"objective": objective.id})
    ana.open(f"/lessons/{lesson.id}")

    assert [objective.ask_care_team] not in [o["text"] for o in offers(ana)]


def test_people_who_saved_the_same_share_a_cached_page(ana, ben):
    plain = ana.open(LESSON).headers["ETag"]
    first, second = offers(ana)[:2]
    for one in (ana, ben):
        press(one, first)
    page = ana.open(LESSON)

    assert page.headers["Cache-Control"] == "private, no-cache"
    assert page.headers["ETag"] == ben.open(LESSON).headers["ETag"] != plain
    press(ben, second)
    assert ben.open(LESSON).headers["ETag"] not in {plain, page.headers["ETag"]}


def test_questions_in_other_lessons_leave_a_lesson_as_it_is(ana, statements):
    plain = ana.open("/lessons/what-is-all").headers["ETag"]
    ana.open(LESSON)
    press(ana, offers(ana)[0])
    ana.open("/lessons/what-is-all")
    statements.clear()
    again = ana.browser.get("/lessons/what-is-all", headers={"If-None-Match": plain})

    assert again.status_code == 304
    assert statements == []


def test_the_page_with_saved_questions_is_checked_without_a_statement(ana, statements):
    ana.open(LESSON)
    press(ana, offers(ana)[0])
    etag = ana.open(LESSON).headers["ETag"]
    statements.clear()
    again = ana.browser.get(LESSON, headers={"If-None-Match": etag})

    assert again.status_code == 304
    assert statements == []
    ana.open(f"{LESSON}?saved=yes")
    assert len(statements) == 1, statements


def test_on_a_path_the_reader_comes_back_to_the_path(somebody_new):
    somebody_new.open(f"{LESSON}?path=this-week")
    first = offers(somebody_new)[0]
    press(somebody_new, first)
    assert somebody_new.page.location == f"{LESSON}?path=this-week&saved=yes#ask-1"
    somebody_new.open(somebody_new.page.location)
    assert "Saved · 1 question on your list" in somebody_new.text
    nav = somebody_new.html[somebody_new.html.index('class="lesson-nav"') :]
    assert 'href="/lessons/paths/this-week' in nav

    somebody_new.post("/care-team/save", first)
    assert f'value="{LESSON}?path=this-week"' in somebody_new.html


@pytest.mark.parametrize("query", ["path=", "path=A", "path=a%26b", "x=1&y=2", "xpath=a", "path"])
def test_only_a_path_comes_back_with_the_address(ana, query):
    press(ana, {"text": "Why?", "to": f"{LESSON}?{query}"})
    assert ana.page.location == f"{LESSON}?saved=yes"


def test_a_browser_that_does_not_say_where_the_form_stood_is_asked_to_press_again(ana):
    ana.open(LESSON)
    first = offers(ana)[0]
    ana.post("/care-team/save", first)
    assert ana.page.status_code == 400
    assert first["text"][0] in ana.text
    assert lines(ana) == {}
    ana.post("/care-team/save", first)
    again = ana.form()
    ana.post("/care-team/save", again)

    assert ana.page.location == f"{LESSON}?saved=yes#ask-1"
    assert [*lines(ana)] == first["text"]


@pytest.mark.parametrize("site", ["same-site", "cross-site"])
def test_another_site_saves_nothing(ana, site, connection):
    ana.page = ana.browser.post(
        "/care-team/save", data={"text": "Why?"}, headers={"Sec-Fetch-Site": site}
    )

    assert ana.page.status_code == 403
    assert connection.scalar(select(func.count()).select_from(CareLine)) == 0


def test_an_older_browser_that_names_its_origin_saves_at_once(ana):
    ana.page = ana.browser.post(
        "/care-team/save", data={"text": "Why?"}, headers={"Origin": "http://localhost"}
    )

    assert ana.page.status_code == 303
    assert [*lines(ana)] == ["Why?"]


@pytest.mark.parametrize(
    "to", ["//elsewhere.example", "https://elsewhere.example/", "/../x", "javascript:alert(1)", ""]
)
def test_it_comes_back_to_pages_of_this_site_only(ana, to):
    press(ana, {"text": "Why?", "to": to, "at": '"><b>'})

    assert ana.page.location == "/care-team"


def test_an_anchor_that_is_none_is_left_out(ana):
    press(ana, {"text": "Why?", "to": f"{LESSON}?x=1", "at": "A b"})

    assert ana.page.location == f"{LESSON}?saved=yes"


@pytest.mark.parametrize("fields", [{}, {"text": " "}, {"text": "x" * 301}, {"objective": "no"}])
def test_nothing_to_save_leads_to_the_list(ana, fields, connection):
    press(ana, fields)

    assert ana.page.location == "/care-team"
    assert connection.scalar(select(func.count()).select_from(Account)) == 0


def test_a_full_list_says_so_and_takes_no_more(ana, connection):
    write(ana, "Question 0?", "Question 1?")
    written = {"account_id": ana.account, "ticked": False, "added_at": DAWN}
    connection.execute(
        insert(CareLine),
        [
            {**written, "id": uuid.uuid4(), "text": f"Question {n}?", "position": n + 1}
            for n in range(2, MAX_LINES - 1)
        ],
    )
    write(ana, f"Question {MAX_LINES - 1}?")
    assert len(lines(ana)) == MAX_LINES
    press(ana, {"text": "One more?", "to": LESSON, "at": "ask-1", "part": "yes"})

    assert ana.page.status_code == 422
    assert "It has room for 50 questions" in ana.text
    assert len(lines(ana)) == MAX_LINES


def test_after_all_was_deleted_in_another_tab_it_is_saved_for_somebody_new(ana):
    write(ana, "Why?")
    cookie = ana.browser.get_cookie("learn_all").value
    ana.open("/my-data/delete")
    ana.post("/my-data/delete", ana.form())
    ana.browser.set_cookie("learn_all", cookie)
    press(ana, {"text": "When?", "to": LESSON, "at": "ask-1"})
    assert ana.page.status_code == 400
    assert "When?" in ana.text
    ana.post("/care-team/save", ana.form())

    assert [*lines(ana)] == ["When?"]


def test_what_was_missed_is_saved_on_the_summary_one_by_one(ana, content):
    summary = ana.take("lesson/what-is-all", right=False)
    objectives = content.bank.of_lesson("what-is-all")
    to_take_home, *each, every = offers(ana)
    assert [o["objective"] for o in each] == [[o.id] for o in objectives]
    assert to_take_home["objective"] in [o["objective"] for o in each[1:]]
    assert every["objective"] == [o.id for o in objectives]
    press(ana, each[0])
    assert ana.page.location == f"{summary}?saved=yes#ask-1"
    ana.open(ana.page.location)
    assert "Saved · 1 question on your list" in ana.text
    assert len(offers(ana)) == len(objectives) + 1
    press(ana, every)
    assert ana.page.location == f"{summary}?saved=yes#ask-all"
    ana.open(summary)

    assert offers(ana) == []
    assert [*lines(ana)] == [o.ask_care_team for o in objectives]


def test_a_question_of_a_lesson_that_is_an_objectives_too_is_on_the_list_once(ana, content):
    objective = next(iter(content.bank.objectives.values()))
    press(ana, {"text": objective.ask_care_team})
    press(ana, {"objective": objective.id})

    assert [*lines(ana)] == [objective.ask_care_team]


def test_signing_in_shows_lines_saved_elsewhere_with_one_query(ana, ben, statements):
    ana.open(LESSON)
    press(ana, offers(ana)[0])
    register(ana)
    sign_in(ben)
    for count in (True, False):
        statements.clear()
        ben.open(LESSON)
        looked = [s for s in statements if "FROM care_line" in s]
        assert bool(looked) is count, statements
        assert len(offers(ben)) == 5


def test_a_session_that_was_ended_elsewhere_shows_nothing_as_saved(ana, ben):
    register(ana)
    ana.open(LESSON)
    press(ana, offers(ana)[0])
    sign_in(ben)
    ben.open(LESSON)
    assert len(offers(ben)) == 5
    ana.open("/account/passphrase")
    ana.post("/account/passphrase", ana.form(current=PASSPHRASE, passphrase=ANOTHER))
    ben.open(LESSON)

    assert len(offers(ben)) == 6


def test_all_questions_of_a_path_are_saved_with_one_tap(somebody_new, content):
    page = "/lessons/paths/this-week"
    asks = content.care_questions(content.paths["this-week"])
    somebody_new.open(page)
    every = offers(somebody_new)[1]
    assert f"Save all {len(asks)}" in somebody_new.text
    assert every["text"] == [*asks]
    press(somebody_new, every)
    assert somebody_new.page.location == f"{page}?saved=yes#ask-all"
    somebody_new.open(page)
    assert len(offers(somebody_new)) == 1, "all but the one of the other box"
    assert {*lines(somebody_new)} == {*asks}
