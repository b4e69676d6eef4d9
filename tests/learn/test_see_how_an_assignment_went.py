"""An educator sees who has started an assignment, how it went, and who answered what."""

from __future__ import annotations

import csv
import html
import io
import re
import subprocess
import sys
from datetime import date, timedelta

import html5lib
import pytest
from sqlalchemy import insert, select, update

from learn.models import AuditLog, DisclosedAnswer, Item, Membership, SharingTerms
from learn.models.base import table_of
from learn.spreadsheets import attachment
from questions.kinds import KINDS
from questions.model import Response
from tests.learn.groups import BEGUN, MISSED, RIGHT, UNSURE, ClassOf

DAY = timedelta(days=1)
AUDIT_LOG = table_of(AuditLog)


@pytest.fixture
def question_ids(content):
    """Return three questions, one with more than one part to get right."""
    partial = next(q for q in content.bank.questions.values() if q.partial_credit)
    whole = [q for q in content.bank.questions.values() if not q.partial_credit][:2]
    return [*(q.id for q in whole), partial.id]


@pytest.fixture
def quiz(group, question_ids):
    return group.assign(question_ids)


def address(group, quiz, more=""):
    return f"/groups/{group.id}/assignments/{quiz}{more}"


def take(group, quiz, nickname="", how=(RIGHT, RIGHT, RIGHT), part="", **more):
    """Somebody joins by name and takes the quiz; fewer answers leave questions out."""
    terms = more.pop("terms", SharingTerms.LATEST)
    who = group.join(nickname=nickname, terms=terms)
    give(group, quiz, who, how, part, **more)
    return who


def give(group, quiz, who, how, part="", **more):
    questions = more.pop("questions")
    name = f"assignment/{quiz.hex}" + (f"/{part}" if part else "")
    group.answer(who, dict(zip(questions, how, strict=False)), name, **more)


def membership_of(connection, account):
    return connection.scalar(
        select(Membership.id).where(Membership.account_id == account, Membership.until.is_(None))
    )


def listed(person, where):
    """Return the nicknames listed under a heading with that id."""
    if f'id="{where}"' not in person.html:
        return []
    return re.findall(r"<bdi>(.*?)</bdi>", person.html.split(f'id="{where}"')[1].split("</ul>")[0])


def grid(person):
    body = html5lib.parse(person.html, namespaceHTMLElements=False)
    return [
        [" ".join("".join(cell.itertext()).split()) for cell in row]
        for row in body.iterfind(".//div[@role='region']//tr")
    ]


def dots(person):
    return [
        (int(right), int(people))
        for right, people in re.findall(r"(\d+) right: (\d+) (?:person|people)", person.html)
    ]


@pytest.mark.fast("results")
def test_it_says_who_has_finished_begun_and_not_begun(kim, group, quiz, question_ids):
    take(group, quiz, "Zoe", questions=question_ids)
    take(group, quiz, "ana", questions=question_ids)
    take(group, quiz, "Mo", (RIGHT,), questions=question_ids, finished=False)
    group.join(nickname="Lee")
    group.join("totals")

    kim.open(address(group, quiz))

    assert listed(kim, "finished") == ["ana", "Zoe"]
    assert listed(kim, "started") == ["Mo"]
    assert listed(kim, "not-started") == ["Lee"]
    ids = re.findall(r'<h3 id="(not-started|started|finished)"', kim.html)
    assert ids == ["not-started", "started", "finished"], "whom to ask comes first"
    assert "learn analyse" not in kim.text, "no commands on an educator's page"
    assert (
        "1 person shares without a nickname, so you don’t see whether they’ve started." in kim.text
    )
    kim.open(f"/groups/{group.id}/assignments")
    assert f'<a href="{address(group, quiz)}">' in kim.html


def test_the_grid_has_an_outcome_for_each_person_and_question(
    kim, group, quiz, question_ids, content
):
    partial = content.bank.questions[question_ids[2]]
    take(group, quiz, "Ana", (RIGHT, MISSED, RIGHT), questions=question_ids)
    take(group, quiz, "Bo", (UNSURE, RIGHT), questions=question_ids)
    take(group, quiz, "Cy", (RIGHT,), questions=question_ids, finished=False)

    kim.open(address(group, quiz))

    head, totals, *rows = grid(kim)
    assert head == ["Person", "1", "2", "3", "Right"]
    assert totals == ["People who got it right", "1", "1", "1", ""]
    assert rows == [
        ["Ana", "Right", "Not quite right", "Right", "2"],
        ["Bo", "Not sure", "Right", "–Not reached", "1"],
    ]
    assert dots(kim) == [(0, 0), (1, 1), (2, 1), (3, 0)]
    assert partial.stem in kim.text
    assert "1 of 2 right" in kim.text


def test_almost_right_is_told_apart(kim, group, quiz, question_ids, connection):
    who = take(group, quiz, "Ana", questions=question_ids)
    connection.execute(
        update(Item)
        .where(Item.account_id == who, Item.question_id == question_ids[2])
        .values(score=0.75)
    )
    kim.open(address(group, quiz))

    assert grid(kim)[2] == ["Ana", "Right", "Right", "Almost right", "2"]
    assert dots(kim) == [(0, 0), (1, 0), (2, 1), (3, 0)]


@pytest.mark.parametrize("terms", [SharingTerms.FIRST, SharingTerms.KEPT])
def test_who_has_not_agreed_is_only_counted_once_finished(kim, group, quiz, question_ids, terms):
    connection = group.connection
    done = take(group, quiz, "Old", questions=question_ids, terms=terms)
    take(group, quiz, "Open", (RIGHT,), questions=question_ids, terms=terms, finished=False)
    group.join(nickname="Idle", terms=terms)

    kim.open(address(group, quiz))

    for name in ("Old", "Open", "Idle"):
        assert name not in re.sub(r"<title>.*?</title>", "", kim.html)
    assert "3 more people share only first answers. 1 of them has finished." in kim.text
    assert not grid(kim)
    assert dots(kim) == []
    one = address(group, quiz, f"/answers/{membership_of(connection, done)}/{question_ids[0]}")
    assert kim.open(one).status_code == 404
    assert kim.open(address(group, quiz, "/scores.csv")).get_data(as_text=True).count("\n") == 1

    connection.execute(update(Membership).values(terms=SharingTerms.LATEST))
    kim.open(address(group, quiz))
    assert listed(kim, "finished") == ["Old"]
    assert listed(kim, "not-started") == ["Idle"]
    assert kim.open(one).status_code == 200


def test_answers_of_an_unfinished_quiz_are_never_shown(kim, group, quiz, question_ids, connection):
    who = take(group, quiz, "Mo", (MISSED,), questions=question_ids, finished=False)
    kim.open(address(group, quiz))

    assert not grid(kim)
    one = address(group, quiz, f"/answers/{membership_of(connection, who)}/{question_ids[0]}")
    assert kim.open(one).status_code == 404


def test_an_answer_counted_in_totals_is_never_shown_with_a_name(
    kim, group, quiz, question_ids, connection
):
    take(group, quiz, "Bo", questions=question_ids)
    who = take(group, quiz, "Ana", questions=question_ids)
    row = connection.execute(
        select(Item).where(Item.account_id == who, Item.question_id == question_ids[1])
    ).one()
    other = ClassOf(connection, kim.content.bank, "Another class")
    connection.execute(
        insert(DisclosedAnswer),
        {"account_id": who, "group_id": other.id, "attempt_id": row.attempt_id, "block": None}
        | {"position": row.position, "block_size": None, "disclosed_at": BEGUN},
    )
    kim.open(address(group, quiz))

    assert grid(kim)[2] == ["Ana", "Right", "·Not shown", "Right", "2"]
    assert sum(people for _right, people in dots(kim)) == 1, "her number says too much"
    one = address(group, quiz, f"/answers/{membership_of(connection, who)}/{question_ids[1]}")
    assert kim.open(one).status_code == 404
    rows = list(csv.reader(io.StringIO(scores(kim, group, quiz))))
    assert rows[1] == ["Ana", "1.0", "", "1.0"]


def test_answers_from_before_sharing_are_not_shown(kim, group, quiz, question_ids):
    who = group.join("totals")
    give(group, quiz, who, (RIGHT, RIGHT, RIGHT), questions=question_ids)
    group.now += DAY
    group.join(account=who, nickname="Ana")

    kim.open(address(group, quiz))

    assert listed(kim, "not-started") == ["Ana"]
    assert not grid(kim)


@pytest.mark.parametrize("kind", [*KINDS])
def test_a_cell_opens_the_answer_with_its_reasons(kim, group, content, connection, kind):
    question = next(q for q in content.bank.questions.values() if q.kind == kind)
    quiz = group.assign([question.id])
    who = take(group, quiz, "Zoe", (MISSED,), questions=[question.id])
    kim.open(address(group, quiz))
    link = address(group, quiz, f"/answers/{membership_of(connection, who)}/{question.id}")
    assert f'href="{link}"' in kim.html

    kim.open(link)

    assert "Zoe" in kim.text
    assert question.stem in kim.text
    assert "Not quite right" in kim.text
    given = [m for m in question.marks(response_of(connection, who)) if m.given]
    for mark in given:
        assert mark.part.text in kim.text
        if mark.part.rationale:
            assert mark.part.rationale in kim.text
    if question.counts_chosen:
        assert kim.text.count("Their answer") == len(given)
        for part in question.parts:
            assert (part.rationale in kim.text) is (bool(part.right) or part in given_parts(given))


def given_parts(marks):
    return [mark.part for mark in marks]


def response_of(connection, who):
    stored = connection.scalar(select(Item.response).where(Item.account_id == who))
    return Response.from_json(stored)


def test_not_sure_is_shown_with_the_right_answer(kim, group, quiz, question_ids):
    connection, content = group.connection, kim.content
    who = take(group, quiz, "Zoe", (UNSURE,), questions=question_ids)
    kim.open(address(group, quiz, f"/answers/{membership_of(connection, who)}/{question_ids[0]}"))

    assert "Their answer: “I’m not sure”" in kim.text
    right = next(p for p in content.bank.questions[question_ids[0]].parts if p.right)
    assert right.rationale in kim.text


def test_before_and_after_have_a_grid_each(kim, group, content):
    pairs = [o.questions[:2] for o in content.bank.counted.values() if len(o.questions) > 1][:2]
    parts = {"before": [a.id for a, _ in pairs], "after": [b.id for _, b in pairs]}
    test = group.assign(kind="before-after", contents=parts)
    who = take(group, test, "Ana", (MISSED, RIGHT), "before", questions=parts["before"])
    take(group, test, "Bo", (MISSED, MISSED), "before", questions=parts["before"])
    give(group, test, who, (RIGHT, RIGHT), "after", questions=parts["after"])

    kim.open(address(group, test))

    assert listed(kim, "finished") == ["Ana"]
    assert listed(kim, "started") == ["Bo"]
    assert "Before: how it went" in kim.text
    assert "After: how it went" in kim.text
    rows = [row for row in grid(kim) if row[0] in {"Ana", "Bo"}]
    assert [row[-1] for row in rows] == ["1", "0", "2"]
    for part, first in (("before", "0.0"), ("after", "1.0")):
        table = [*csv.reader(io.StringIO(scores(kim, group, test, part)))]
        assert table[0] == ["Person", *parts[part]]
        assert table[1][:2] == ["Ana", first]


def test_lessons_are_finished_with_their_quizzes(kim, group):
    reading = group.assign(kind="lessons", contents={"lessons": ["what-is-all", "types-of-all"]})
    one, both = group.join(nickname="One"), group.join(nickname="Both")
    group.answer(one, {}, "lesson/what-is-all")
    for lesson in ("what-is-all", "types-of-all"):
        group.answer(both, {}, f"lesson/{lesson}")

    kim.open(address(group, reading))

    assert listed(kim, "finished") == ["Both"]
    assert listed(kim, "started") == ["One"]
    assert not grid(kim)
    assert kim.open(address(group, reading, "/scores.csv")).status_code == 404


def test_people_in_totals_are_shown_in_whole_blocks_only(kim, group, quiz, question_ids):
    for _ in range(10):
        give(group, quiz, group.join("totals"), (RIGHT, MISSED, MISSED), questions=question_ids)
    kim.open(address(group, quiz))
    assert "answers from people without a nickname" not in kim.text
    for _ in range(1):
        give(group, quiz, group.join("totals"), (RIGHT, MISSED, MISSED), questions=question_ids)

    kim.open(address(group, quiz))

    assert "11 of 33 answers from people without a nickname were right." in kim.text
    assert not grid(kim)
    assert dots(kim) == []


def scores(kim, group, quiz, part=""):
    page = kim.open(address(group, quiz, f"/scores.csv?part={part}"))
    assert page.status_code == 200
    return page.get_data().decode("utf-8-sig")


def test_the_file_of_scores_is_one_for_learn_analyse(kim, group, quiz, question_ids, tmp_path):
    take(group, quiz, "Ana", (RIGHT, MISSED, RIGHT), questions=question_ids)
    take(group, quiz, "Ana", (UNSURE, RIGHT), questions=question_ids)
    take(group, quiz, "Bo", (MISSED, RIGHT, RIGHT), questions=question_ids)
    text = scores(kim, group, quiz)

    rows = [*csv.reader(io.StringIO(text))]
    assert rows[0] == ["Person", *question_ids]
    assert sorted(row[0] for row in rows[1:]) == ["Ana", "Ana (2)", "Bo"]
    file = tmp_path / "scores.csv"
    file.write_bytes(text.encode("utf-8-sig"))
    command = [sys.executable, "-m", "learn", "analyse", str(file)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert '"n": 3' in done.stdout


def test_looks_are_logged_before_anything_is_shown(kim, group, quiz, question_ids, connection):
    zoe = take(group, quiz, "Zoe", questions=question_ids)
    group.join("totals")
    kim.open(address(group, quiz))
    kim.open(address(group, quiz, f"/answers/{membership_of(connection, zoe)}/{question_ids[0]}"))
    scores(kim, group, quiz)

    rows = {(r.account_id, r.view) for r in connection.execute(select(AUDIT_LOG))}
    assert rows == {(zoe, "group"), (zoe, "person"), (zoe, "file")}


def test_another_groups_assignment_or_member_is_not_found(
    kim, group, quiz, question_ids, connection
):
    other = ClassOf(connection, kim.content.bank, "Another class")
    theirs = other.assign(question_ids)
    stranger = take(other, theirs, "Stranger", questions=question_ids)
    membership = membership_of(connection, stranger)

    assert kim.open(address(group, theirs)).status_code == 404
    assert kim.open(address(other, theirs)).status_code == 404
    assert (
        kim.open(address(group, quiz, f"/answers/{membership}/{question_ids[0]}")).status_code
        == 404
    )
    assert kim.open(address(group, theirs, "/scores.csv")).status_code == 404


def test_the_list_of_assignments_promises_nothing_that_their_pages_break(kim, group, quiz):
    group.join(nickname="Liu Wei")
    kim.open(f"/groups/{group.id}/assignments")
    assert "no list of who" not in kim.text
    assert "They can’t see who has finished. You can, for people who share" in kim.text
    kim.open(address(group, quiz))
    assert listed(kim, "not-started") == ["Liu Wei"]


def test_a_page_of_forty_takes_six_statements(kim, group, quiz, question_ids, statements):
    for number in range(40):
        take(group, quiz, f"N{number}", questions=question_ids)
    kim.open(address(group, quiz))
    statements.clear()
    kim.open(address(group, quiz))

    assert len(statements) == 6, statements


# who answered a question how


def sections(person):
    """Return each heading of the page with the nicknames below it, answer by answer."""
    return [
        (
            html.unescape(heading),
            [re.findall(r"<bdi>(.*?)</bdi>", names) for names in re.split("</ul>", below)[:-1]],
        )
        for heading, below in re.findall(
            r'(?s)<section aria-labelledby="[\w-]+">\s*<h2 id="[\w-]+">(.*?)</h2>(.*?)</section>',
            person.html.split("<h1>")[1],
        )
    ]


def names_of(person):
    return [(heading, [some for some in names if some]) for heading, names in sections(person)]


def test_a_column_leads_to_who_missed_it_by_the_answer_they_chose(
    kim, group, quiz, question_ids, content
):
    question = content.bank.questions[question_ids[0]]
    first, second = [part for part in question.parts if not part.right][:2]
    for name, how in [
        ("Ana", first.id),
        ("Bo", RIGHT),
        ("Cy", second.id),
        ("Di", second.id),
        ("Ed", UNSURE),
    ]:
        take(group, quiz, name, (how, RIGHT), questions=question_ids)
    take(group, quiz, "Open", (first.id,), questions=question_ids, finished=False)
    kim.open(address(group, quiz))
    link = address(group, quiz, f"/questions/{question_ids[0]}")
    assert f'<a href="{link}" aria-label="Question 1"' in kim.html

    kim.open(link)

    assert names_of(kim) == [
        ("Not quite right (3)", [["Cy", "Di"], ["Ana"]]),
        ("Not sure (1)", [["Ed"]]),
        ("Right (1)", [["Bo"]]),
    ]
    text = html.unescape(kim.text)
    assert question.stem in text
    for part in (first, second, *(p for p in question.parts if p.right)):
        assert part.text in text
        assert part.rationale in text
    assert "Open" not in kim.text


@pytest.mark.parametrize("kind", [*KINDS])
def test_who_answered_shows_each_kind_of_question(kim, group, content, kind):
    question = next(q for q in content.bank.questions.values() if q.kind == kind)
    quiz = group.assign([question.id])
    take(group, quiz, "Zoe", (MISSED,), questions=[question.id])
    take(group, quiz, "Mo", (RIGHT,), questions=[question.id])

    kim.open(address(group, quiz, f"/questions/{question.id}"))

    assert [(h.split(" (")[0], names) for h, names in names_of(kim)] == [
        ("Not quite right", [["Zoe"]]),
        ("Right", [["Mo"]]),
    ]


def test_who_answered_shows_nobody_in_totals_and_nobody_who_has_not_agreed(
    kim, group, quiz, question_ids, connection
):
    link = address(group, quiz, f"/questions/{question_ids[0]}")
    for _ in range(11):
        give(group, quiz, group.join("totals"), (MISSED,) * 3, questions=question_ids)
    for terms in (SharingTerms.FIRST, SharingTerms.KEPT):
        take(group, quiz, "Old", (MISSED,) * 3, questions=question_ids, terms=terms)
    kim.open(link)
    assert "No answers can be shown for this question." in kim.text
    assert "Old" not in kim.text

    who = take(group, quiz, "Ana", (MISSED,) * 3, questions=question_ids)
    kim.open(link)
    assert names_of(kim) == [("Not quite right (1)", [["Ana"]])]
    row = connection.execute(
        select(Item).where(Item.account_id == who, Item.question_id == question_ids[0])
    ).one()
    other = ClassOf(connection, kim.content.bank, "Another class")
    connection.execute(
        insert(DisclosedAnswer),
        {"account_id": who, "group_id": other.id, "attempt_id": row.attempt_id, "block": None}
        | {"position": row.position, "block_size": None, "disclosed_at": BEGUN},
    )
    kim.open(link)
    assert "Ana" not in kim.text, "it was counted in totals"


def test_answers_from_before_sharing_and_after_leaving_are_not_there(
    kim, group, quiz, question_ids, connection
):
    early = group.join("totals")
    give(group, quiz, early, (MISSED,) * 3, questions=question_ids)
    group.now += DAY
    group.join(account=early, nickname="Early")
    gone = take(group, quiz, "Gone", (MISSED,) * 3, questions=question_ids)
    connection.execute(
        update(Membership).where(Membership.account_id == gone).values(until=group.now)
    )

    kim.open(address(group, quiz, f"/questions/{question_ids[0]}"))

    assert "No answers can be shown for this question." in kim.text


def test_who_answered_is_logged_for_those_who_are_shown(kim, group, quiz, question_ids, connection):
    zoe = take(group, quiz, "Zoe", questions=question_ids)
    take(group, quiz, "Short", (RIGHT,), questions=question_ids[1:2])
    kim.open(address(group, quiz, f"/questions/{question_ids[0]}"))

    rows = {(r.account_id, r.view) for r in connection.execute(select(AUDIT_LOG))}
    assert rows == {(zoe, "person")}


def test_who_answered_of_another_group_part_or_question_is_not_found(
    kim, group, quiz, question_ids
):
    other = ClassOf(group.connection, kim.content.bank, "Another class")
    theirs = other.assign(question_ids)
    take(other, theirs, "Stranger", questions=question_ids)
    reading = group.assign(kind="lessons", contents={"lessons": ["what-is-all"]})
    for where in (
        address(group, theirs, f"/questions/{question_ids[0]}"),
        address(other, theirs, f"/questions/{question_ids[0]}"),
        address(group, quiz, "/questions/not-there"),
        address(group, quiz, f"/questions/{question_ids[0]}?part=before"),
        address(group, reading, f"/questions/{question_ids[0]}"),
    ):
        assert kim.open(where).status_code == 404, where


def test_each_part_shows_its_own_answers(kim, group, content):
    question = next(iter(content.bank.counted.values())).questions[0].id
    test = group.assign(kind="before-after", contents={"before": [question], "after": [question]})
    who = take(group, test, "Ana", (MISSED,), "before", questions=[question])
    give(group, test, who, (RIGHT,), "after", questions=[question])
    for part, heading in (("before", "Not quite right (1)"), ("after", "Right (1)")):
        kim.open(address(group, test))
        link = address(group, test, f"/questions/{question}?part={part}")
        assert f'href="{link}"' in kim.html
        kim.open(link)
        assert names_of(kim) == [(heading, [["Ana"]])]


def test_who_answered_takes_seven_statements_for_forty(kim, group, quiz, question_ids, statements):
    for number in range(40):
        take(
            group,
            quiz,
            f"N{number}",
            (MISSED if number % 2 else RIGHT,) * 3,
            questions=question_ids,
        )
    link = address(group, quiz, f"/questions/{question_ids[0]}")
    kim.open(link)
    statements.clear()
    kim.open(link)

    assert len(statements) == 7, statements


# order, and files


def test_people_stand_by_nickname_or_by_right_answers_with_links(kim, group, quiz, question_ids):
    for name, how in [("Ana", (RIGHT,) * 3), ("Bo", (MISSED,) * 3), ("Cy", (RIGHT, MISSED))]:
        take(group, quiz, name, how, questions=question_ids)
    kim.open(address(group, quiz))
    assert [row[0] for row in grid(kim)[2:]] == ["Ana", "Bo", "Cy"]
    before = dots(kim)
    assert f'<a href="{address(group, quiz)}?sort=right#table">fewest right first</a>' in kim.html

    kim.open(address(group, quiz, "?sort=right"))

    assert [(row[0], row[-1]) for row in grid(kim)[2:]] == [("Bo", "0"), ("Cy", "1"), ("Ana", "3")]
    assert dots(kim) == before


def test_files_are_named_by_class_quiz_and_day(kim, group, question_ids):
    quiz = group.assign(question_ids, title="Week 2: „Blut“ / *basics*")
    take(group, quiz, "Ana", questions=question_ids)
    chosen = f"assignment={quiz.hex}"
    for file, name in [
        (address(group, quiz, "/scores.csv"), "Tuesday-class-Week-2-Blut-basics-scores"),
        (address(group, quiz, "/questions.csv"), "Tuesday-class-Week-2-Blut-basics-questions"),
        (f"/groups/{group.id}/results.csv?table=next", "Tuesday-class-results-next"),
        (f"/groups/{group.id}/results.xlsx?{chosen}", "Tuesday-class-Week-2-Blut-basics-results"),
        (f"/groups/{group.id}/scores.csv", "Tuesday-class-first-scores"),
        (f"/groups/{group.id}/people.csv", "Tuesday-class-people"),
    ]:
        header = kim.open(file).headers["Content-Disposition"]
        assert re.fullmatch(rf'attachment; filename="{name}-2026-11-\d\d\.(csv|xlsx)"', header)


def test_a_name_that_is_not_ascii_is_kept_for_browsers_that_know_it():
    found = attachment(["Größe\r\nX: 1", "日本"], date(2026, 11, 30), "csv")
    assert found == (
        'attachment; filename="Groe-X-1-2026-11-30.csv"; '
        "filename*=UTF-8''Gr%C3%B6%C3%9Fe-X-1-%E6%97%A5%E6%9C%AC-2026-11-30.csv"
    )
    assert attachment(["…"], date(2026, 11, 30), "csv") == 'attachment; filename="2026-11-30.csv"'


def test_a_file_says_what_the_columns_of_the_scores_are(kim, group, quiz, question_ids, content):
    take(group, quiz, "Ana", questions=question_ids)
    page = kim.open(address(group, quiz, "/questions.csv"))
    rows = [*csv.DictReader(io.StringIO(page.get_data().decode("utf-8-sig")))]

    assert [row["Question ID"] for row in rows] == scores(kim, group, quiz).split("\r")[0].split(
        ","
    )[1:]
    for number, row in enumerate(rows, 1):
        question = content.bank.questions[row["Question ID"]]
        assert (row["Number"], row["Question"]) == (str(number), question.stem)
        right = [part.text for part in question.parts if part.right]
        assert all(text in row["Right answer"] for text in right)
    assert "Ana" not in page.get_data(as_text=True)
