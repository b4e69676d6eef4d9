"""An educator sees what to teach next: what members miss in their latest answers."""

from __future__ import annotations

import csv
import io
import random
import re
from collections import Counter, defaultdict
from datetime import timedelta

import pytest
from sqlalchemy import select, update

from learn.models import DisclosedAnswer, Item, Membership, SharingTerms
from learn.models.base import table_of
from questions.analysis import wilson95
from tests.learn.groups import BEGUN, MISSED, RIGHT, UNSURE
from tests.learn.leading import Room, join_named

ASKED = "how-all-begins-start"
OTHER = "how-all-begins-task"  # of the same objective
OBJECTIVE = "how-all-begins"
ELSEWHERE = "no-stage-lump"
DAY = timedelta(days=1)


def next_table(kim, group, choice=""):
    page = kim.browser.get(f"/groups/{group.id}/results.csv?table=next{choice}")
    assert page.status_code == 200
    rows = csv.DictReader(io.StringIO(page.data.decode("utf-8-sig")))
    return {row["Idea ID"]: row for row in rows}


def figures(kim, group, choice=""):
    return {
        id_: (int(row["Don’t know it yet"]), int(row["People"]))
        for id_, row in next_table(kim, group, choice).items()
    }


@pytest.mark.fast("results")
def test_what_people_learned_since_is_not_taught_again(kim, group):
    ana, eve = group.join(), group.join()
    group.answer(ana, {ASKED: MISSED})
    group.answer(eve, {ASKED: RIGHT})
    kim.open(f"/groups/{group.id}")
    assert "1 of 2 people don’t know this yet" in kim.text

    group.answer(ana, {OTHER: RIGHT}, quiz="review")
    assert figures(kim, group) == {OBJECTIVE: (0, 2)}
    kim.open(f"/groups/{group.id}")
    assert "Nobody misses anything now." in kim.text
    kim.open(f"/groups/{group.id}/first-answers")
    assert "Missed in 1 of 3 first answers" in kim.text


def test_people_are_counted_and_not_answers(kim, group):
    ana = group.join()
    for _ in range(4):
        group.answer(ana, {ASKED: MISSED, OTHER: MISSED})
    assert figures(kim, group) == {OBJECTIVE: (1, 1)}


def test_one_of_one_does_not_lead(kim, group):
    for how in [MISSED] * 8 + [RIGHT] * 4:
        group.answer(group.join(), {ASKED: how})
    group.answer(group.join(), {ELSEWHERE: MISSED})
    ids = [*figures(kim, group)]
    assert ids[0] == OBJECTIVE
    assert wilson95(8, 12)[0] > wilson95(1, 1)[0]
    kim.open(f"/groups/{group.id}")
    first = re.search(r'(?s)<ol class="teach-cards">.*?<p class="teach-count">(.*?)</p>', kim.html)
    assert first[1].startswith("8 of 12 people don’t know this yet (67%) <small>(latest answers)")


def test_what_two_people_missed_does_not_lead_before_what_eleven_of_many_did(kim, group):
    """The lower ends are 0.34 and 0.23, the other way around."""
    for number in range(29):
        group.answer(group.join(), {ASKED: MISSED if number < 11 else RIGHT})
    for _ in range(2):
        group.answer(group.join(), {ELSEWHERE: MISSED})
    assert wilson95(2, 2)[0] > wilson95(11, 29)[0]
    assert [*figures(kim, group)] == [OBJECTIVE, kim.content.bank.objective_of(ELSEWHERE).id]
    kim.open(f"/groups/{group.id}")
    cards = re.search(r'(?s)<ol class="teach-cards">.*?</ol>', kim.html)[0]
    first, second = cards.split("</li>")[:2]
    assert "11 of 29 people don’t know this yet (38%)" in first
    assert "so it may be chance" not in first
    assert "Only 2 people have answered this, so it could just be chance." in second
    assert "those that fewer than 5 people answered come last" in kim.text


def test_a_card_leads_to_the_question_that_people_miss_most_now(kim, group):
    """7 of 10 and 6 of 7, by the rule of all pages: more missed the first, but the second leads."""
    for number in range(10):
        group.answer(group.join(), {ASKED: MISSED if number < 7 else RIGHT})
    for number in range(7):
        group.answer(group.join(), {OTHER: MISSED if number < 6 else RIGHT})
    kim.open(f"/groups/{group.id}")
    link = re.search(r'questions/([\w-]+)">See the question people miss most right now', kim.html)
    assert link[1] == OTHER


def test_the_number_of_people_is_that_of_the_filter_on_page_and_in_files(kim, group, content):
    """Nobody in totals is counted, nor who has only agreed to first answers."""
    task = group.assign([ASKED])
    for _ in range(3):
        group.answer(group.join(), {ASKED: MISSED}, quiz=f"assignment/{task.hex}")
    group.answer(group.join(), {ELSEWHERE: MISSED, ASKED: RIGHT})
    group.join()
    group.answer(group.join("totals"), {ASKED: MISSED}, quiz=f"assignment/{task.hex}")
    early = group.join(terms=SharingTerms.FIRST)
    group.answer(early, {ASKED: MISSED}, quiz=f"assignment/{task.hex}")
    lesson = content.bank.objective_of(ELSEWHERE).lesson
    late = (group.now + 30 * DAY).date().isoformat()
    for query, people, words in [
        ("", 5, "This counts the latest answers of 5 people"),
        (f"assignment={task.hex}", 3, "With these filters, this counts the latest answers of 3"),
        (f"lesson={lesson}", 1, "this counts the latest answers of 1 person"),
        (f"from={late}", 0, "this counts the latest answers of 0 people"),
    ]:
        kim.open(f"/groups/{group.id}?{query}")
        assert words in kim.text
        about = kim.browser.get(f"/groups/{group.id}/results.csv?table=about&{query}").data.decode()
        assert f"People whose latest answers count,{people}\r\n" in about, query


def test_pages_and_files_say_where_a_quiz_before_the_lessons_counts(kim, group):
    group.answer(group.join(), {ASKED: MISSED})
    kim.open(f"/groups/{group.id}")
    assert "Answers from pre-lesson quizzes don’t count here." in kim.text
    kim.open(f"/groups/{group.id}/people")
    assert "Pre-lesson quizzes count here." in kim.text
    about = kim.browser.get(f"/groups/{group.id}/results.csv?table=about").data.decode()
    rows = dict(csv.reader(io.StringIO(about.removeprefix("\ufeff"))))
    assert "Pre-lesson quizzes don’t count." in rows["What counts in “What to teach next”"]
    assert "Pre-lesson quizzes count." in rows["What counts in the other tables"]
    assert "Ideas with fewer than 5 answers come last." in rows["Order"]


def test_answers_before_the_lessons_do_not_count(kim, group):
    ana = group.join()
    test = group.assign(kind="before-after", contents={"before": [ASKED], "after": [OTHER]})
    group.answer(ana, {ASKED: MISSED}, quiz="before")
    group.answer(ana, {ASKED: MISSED}, quiz=f"assignment/{test.hex}/before")
    assert figures(kim, group) == {}
    group.answer(ana, {OTHER: MISSED}, quiz=f"assignment/{test.hex}/after")
    group.answer(ana, {ASKED: RIGHT}, quiz=f"assignment/{test.hex}/before")
    assert figures(kim, group) == {OBJECTIVE: (1, 1)}


def test_an_unfinished_quiz_and_what_came_before_sharing_do_not_count(kim, group):
    ana = group.join()
    group.answer(ana, {ASKED: MISSED}, at=BEGUN)
    group.answer(ana, {ASKED: MISSED}, finished=False)
    assert figures(kim, group) == {}


@pytest.mark.parametrize("terms", [SharingTerms.FIRST, SharingTerms.KEPT])
def test_nothing_new_is_shown_of_who_has_not_agreed(kim, group, connection, terms):
    ana, eve = group.join(), group.join(terms=terms)
    group.answer(ana, {ASKED: MISSED})
    group.answer(eve, {ASKED: MISSED})
    group.answer(group.join("totals"), {ASKED: MISSED})
    assert figures(kim, group) == {OBJECTIVE: (1, 1)}
    kim.open(f"/groups/{group.id}")
    assert "This counts the latest answers of 1 person who shares with a nickname." in kim.text
    assert "1 more shares only first answers" in kim.text
    assert "1 person shares without a nickname. We can show their answers" in kim.text
    assert "2 of 2" not in re.search(r"(?s)<tbody>.*?</tbody>", kim.html)[0]

    connection.execute(
        update(Membership).where(Membership.account_id == eve).values(terms=SharingTerms.LATEST)
    )
    assert figures(kim, group) == {OBJECTIVE: (2, 2)}


def test_people_in_totals_have_a_column_of_their_own_once_there_are_eleven(kim, group):
    group.answer(group.join(), {ASKED: MISSED})
    for number in range(11):
        kim.open(f"/groups/{group.id}")
        assert "People without a nickname: missed on their first answer" not in kim.text
        assert "under “First answers.”" not in kim.text
        if number:
            assert "We can show their answers once there are 11." in kim.text, "not that they are"
        group.answer(group.join("totals"), {ASKED: MISSED if number < 4 else RIGHT})
    kim.open(f"/groups/{group.id}")
    assert "People without a nickname: missed on their first answer" in kim.text
    assert "11 people share without a nickname. What they answered first is under" in kim.text
    assert "once there are" not in kim.text
    cells = re.findall(r"<td>(\d+ of \d+)", re.search(r"(?s)<tbody>.*?</tbody>", kim.html)[0])
    assert cells == ["1 of 1", "4 of 11"]


@pytest.mark.parametrize("sharing", ["named", "totals"])
def test_the_page_takes_five_statements_and_one_for_a_choice(
    kim, group, content, statements, sharing
):
    question_ids = [o.questions[0].id for o in content.bank.counted.values()][:20]
    group.answer(group.join(), dict.fromkeys(question_ids, MISSED))
    for _ in range(30):
        group.answer(group.join(sharing), dict.fromkeys(question_ids, RIGHT))
    for query, count in [("", 5), ("?time=7", 6)]:
        kim.open(f"/groups/{group.id}{query}")
        statements.clear()
        kim.open(f"/groups/{group.id}{query}")
        assert len(statements) == count, statements


def test_answers_counted_in_totals_are_never_shown_with_a_name(kim, group, connection):
    ana = group.join()
    attempt = group.answer(ana, {ASKED: MISSED})
    connection.execute(
        table_of(DisclosedAnswer).insert(),
        {
            "account_id": ana,
            "group_id": group.id,
            "attempt_id": attempt,
            "position": 1,
            "block": None,
            "block_size": None,
            "disclosed_at": BEGUN,
        },
    )
    assert figures(kim, group) == {}


def test_a_wrong_idea_is_named_if_three_people_and_a_third_of_those_who_missed_it_chose_it(
    kim, group, content
):
    wrong = next(part for part in content.bank.questions[ASKED].parts if part.misconception)
    belief = content.bank.misconceptions[wrong.misconception]
    for _ in range(2):
        group.answer(group.join(), {ASKED: wrong.id})
    kim.open(f"/groups/{group.id}")
    assert belief.belief not in kim.text, "two people are too few"
    group.answer(group.join(), {ASKED: wrong.id})
    for _ in range(6):
        group.answer(group.join(), {ASKED: UNSURE})
    kim.open(f"/groups/{group.id}")
    assert "What’s true ALL starts in a young blood cell that doesn’t mature." in kim.text
    assert belief.truth not in kim.text, "it’s the other way around from what?"
    assert f"This may mean they think: “{belief.belief}”" in kim.text
    group.answer(group.join(), {ASKED: UNSURE})
    kim.open(f"/groups/{group.id}")
    assert belief.belief not in kim.text, "3 of 10 are less than a third"
    assert "Most of them weren’t sure." in kim.text


def test_filters_choose_days_an_assignment_and_a_lesson(kim, group, content):
    ana = group.join()
    task = group.assign([ASKED])
    group.answer(ana, {ASKED: MISSED}, quiz=f"assignment/{task.hex}", at=BEGUN + DAY)
    group.answer(ana, {ASKED: RIGHT}, at=BEGUN + 5 * DAY)
    group.answer(ana, {ELSEWHERE: MISSED}, at=BEGUN + 5 * DAY)
    assert figures(kim, group)[OBJECTIVE] == (0, 1)
    assert figures(kim, group, f"&assignment={task.hex}") == {OBJECTIVE: (1, 1)}
    assert figures(kim, group, f"&to={(BEGUN + 2 * DAY).date()}") == {OBJECTIVE: (1, 1)}
    lesson = content.bank.objectives[OBJECTIVE].lesson
    assert [*figures(kim, group, f"&lesson={lesson}")] == [OBJECTIVE]


def test_page_and_file_agree_with_a_count_by_hand(kim, group, content, connection):
    rng = random.Random(11)  # noqa: S311 - the same every time
    question_ids = [q.id for o in content.bank.counted.values() for q in o.questions[:2]]
    for number in range(14):
        who = group.join("named" if number < 11 else "totals")
        for _ in range(3):
            group.answer(
                who, {q: rng.choice([RIGHT, MISSED, UNSURE]) for q in rng.sample(question_ids, 25)}
            )

    latest: dict = {}
    named = {
        *connection.scalars(select(Membership.account_id).where(Membership.sharing == "named"))
    }
    for row in connection.execute(select(Item).order_by(Item.answered_at)):
        if row.account_id in named:
            latest[row.account_id, row.objective_id] = row.score
    people, missed = Counter(), defaultdict(int)
    for (_, objective), score in latest.items():
        people[objective] += 1
        missed[objective] += score < 2 / 3 - 1e-6
    assert figures(kim, group) == {o: (missed[o], n) for o, n in people.items()}

    order = [-(wilson95(m, n)[0]) for m, n in figures(kim, group).values()]
    assert order == sorted(order)
    kim.open(f"/groups/{group.id}")
    rows = re.findall(r"<tr><th scope=\"row\">.*?</th><td>(\d+) of (\d+)", kim.html)
    assert [(int(m), int(n)) for m, n in rows] == [*figures(kim, group).values()]
    assert kim.html.count('class="teach-count"') == 3


# asking members who joined before


def test_a_member_who_joined_before_is_asked_once_and_may_say_no(ana, room, connection):
    join_named(ana, room.code)
    connection.execute(update(Membership).values(terms=SharingTerms.FIRST))
    ana.open("/my-groups")
    assert "May the educators see a little more?" in ana.text
    assert "first and latest answers" not in ana.text
    form = ana.form()
    where = f"/my-groups/{room.id}/terms"

    answered = ana.post(where, form | {"accepts": "no"})
    assert answered.location.endswith("/my-groups?done=kept")
    assert connection.scalar(select(Membership.terms)) == SharingTerms.KEPT
    ana.open("/my-groups")
    assert "May the educators see a little more?" not in ana.text
    assert "Let the educators see more" in ana.text

    ana.post(where, form | {"accepts": "yes"})
    assert connection.scalar(select(Membership.terms)) == SharingTerms.LATEST
    ana.open("/my-groups")
    assert "first and latest answers" in ana.text
    assert ana.post(where, form | {"accepts": "no"}).location.endswith("/my-groups")
    assert connection.scalar(select(Membership.terms)) == SharingTerms.LATEST, (
        "once given, it stays"
    )


def test_somebody_elses_group_does_not_exist(ana, room: Room):
    ana.open("/my-groups")
    assert ana.post(f"/my-groups/{room.id}/terms", {"accepts": "yes"}).status_code in {400, 404}
