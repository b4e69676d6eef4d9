"""An educator sees first answers, idea by idea, and each question, on a page and in files."""

from __future__ import annotations

import csv
import html
import io
import random
import re
from dataclasses import replace
from datetime import timedelta

import pytest
from openpyxl import load_workbook

from learn.results.export import TABLES, ExportTable, as_xlsx
from learn.results.report import by_need
from learn.spreadsheets import as_csv
from questions.analysis import analyze, wilson95
from questions.model import version_of
from tests.learn.edits import edited, without
from tests.learn.groups import BEGUN, MISSED, RIGHT, UNSURE
from tests.learn.results_pages import QUESTION, about, shown_questions, table, workbook

OBJECTIVE = "how-all-begins"


def a_full_group(group, content, people=31, seed=5):
    """Most answer most; every kind of question is asked, and some are not sure."""
    rng = random.Random(seed)  # noqa: S311 - the same every time
    question_ids = [q.id for o in content.bank.objectives.values() for q in o.questions[:2]]
    for n in range(people):
        who = group.join("named" if n < people - 11 else "totals")
        how = {q: rng.choice([RIGHT, RIGHT, MISSED, UNSURE]) for q in rng.sample(question_ids, 60)}
        group.answer(who, how | {question_ids[0]: RIGHT})


def test_an_empty_group_says_what_to_do_next(kim, group):
    kim.open(f"/groups/{group.id}")
    assert "Nobody is in this group yet." in kim.text
    assert f'href="/groups/{group.id}/code"' in kim.html
    group.join()
    kim.open(f"/groups/{group.id}")
    assert "There are no answers to count yet." in kim.text
    assert f'href="/groups/{group.id}/assignments"' in kim.html
    for name in ("objectives", "next", "questions", "options"):
        assert table(kim, group, name) == []
    assert about(kim, group)["People who share with a nickname"] == "1"
    assert kim.open(f"/groups/{group.id}/questions").status_code == 200
    assert kim.open(f"/groups/{group.id}/questions/{QUESTION}").status_code == 200


@pytest.mark.fast("results")
def test_the_most_missed_objective_comes_first_with_its_misconception(kim, group, content):
    for how in ("mature-white", "mature-white", "young-red", RIGHT, UNSURE):
        group.answer(group.join(), {QUESTION: how, "how-all-begins-task": RIGHT})
    for how in (RIGHT, MISSED, MISSED):
        group.answer(group.join(), {"no-stage-lump": how})
    kim.open(f"/groups/{group.id}/first-answers")

    assert "The totals include 8 people who share with a nickname." in kim.text
    assert "Missed in 4 of 10 first answers (40%), 1 of these said “I’m not sure”" in kim.text
    assert (
        "Of the 5 answers that could show this idea, which isn’t true, 2 did: "
        "“ALL comes from blood cells that are old and worn out.”" in kim.text
    )
    first, second = re.findall(r"<li><h2>([^<]+)</h2>", kim.html)
    assert "Which cell ALL starts in" in first, second
    assert f"/groups/{group.id}/questions/{QUESTION}" in kim.html
    assert 'href="/lessons/what-is-all"' in kim.html
    kim.open(f"/groups/{group.id}/questions/{QUESTION}")
    assert f"<title>{content.bank.questions[QUESTION].stem}" in html.unescape(kim.html)
    assert f'href="/groups/{group.id}/room/ask/{QUESTION}"' in kim.html
    assert "2 of 5 chose it" in kim.text
    assert "Most people who missed it chose" not in kim.text, "two of four are not most"


def test_pages_and_files_show_the_same_figures(kim, group, content):
    a_full_group(group, content)
    objectives, questions = table(kim, group, "objectives"), table(kim, group, "questions")
    options, book = table(kim, group, "options"), workbook(kim, group)

    for name, rows in (("Ideas", objectives), ("Questions", questions), ("Options", options)):
        head, *body = book[name].iter_rows(values_only=True)
        assert [*head] == [*rows[0]]
        shares = {column for column in head if "share" in column.casefold() or "ange: " in column}
        for written, row in zip(body, rows, strict=True):
            for column, cell in zip(head, written, strict=True):
                if column in shares and cell is not None:
                    assert row[column] == f"{round(100 * cell)}%"
                else:
                    assert _figure(cell) == _figure(row[column])
        assert all(isinstance(row[head.index("First answers")], int) for row in body)
    kim.open(f"/groups/{group.id}/first-answers")
    need = [by_need(int(row["Missed"]), int(row["First answers"])) for row in objectives]
    assert need == sorted(need)
    shown = re.findall(r"<li><h\d>([^<]+)</h\d>\s*<p>Missed in (\d+) of (\d+) first", kim.html)
    assert shown == [
        (row["Idea"], row["Missed"], row["First answers"])
        for row in objectives
        if row["Missed"] != "0"
    ]
    kim.open(f"/groups/{group.id}/questions")
    assert sorted(shown_questions(kim)) == sorted(
        (row["Question ID"], row["Missed"], row["Right"], row["First answers"]) for row in questions
    )
    _each_question_page_says_it(kim, group, questions, options)


def _figure(cell):
    """A cell as a number where it is one; a workbook keeps 16 digits of 17."""
    try:
        return f"{float(cell):.13g}"
    except (TypeError, ValueError):
        return cell or ""


def _each_question_page_says_it(kim, group, questions, options):
    for row in questions[::9]:
        kim.open(f"/groups/{group.id}/questions/{row['Question ID']}")
        n, missed, right = (int(row[c]) for c in ("First answers", "Missed", "Right"))
        figures = re.search(r"Missed (\d+) of (\d+).*?ight (\d+) of (\d+)", kim.text)
        assert [int(figure) for figure in figures.groups()] == [missed, n, right, n]
        counts = re.findall(r"(\d+) of (\d+) (?:chose it|put it in the right place)", kim.text)
        own = [o for o in options if o["Question ID"] == row["Question ID"]]
        assert counts == [(o["Count"], o["First answers"]) for o in own]
        assert kim.html.count("(right)") == sum(o["Right answer"] == "yes" for o in own)
        low, high = wilson95(int(row["Right"]), int(row["First answers"]))
        assert (row["Likely range: low end"], row["Likely range: high end"]) == (
            f"{round(100 * low)}%",
            f"{round(100 * high)}%",
        )


def test_only_the_first_answer_of_each_member_counts(kim, group):
    who = group.join()
    group.answer(who, {QUESTION: MISSED})
    group.answer(who, {QUESTION: RIGHT})
    early = group.join(at=BEGUN + timedelta(days=3))
    group.answer(early, {QUESTION: MISSED}, at=BEGUN + timedelta(days=1))  # before they shared
    group.answer(early, {QUESTION: RIGHT}, at=BEGUN + timedelta(days=4))
    group.answer(group.join(), {QUESTION: MISSED}, finished=False)
    group.leave(gone := group.join())
    group.answer(gone, {QUESTION: MISSED})

    (row,) = table(kim, group, "questions")
    assert (row["First answers"], row["Right"]) == ("1", "0")
    kim.open(f"/groups/{group.id}/first-answers")
    assert "1 quiz isn’t finished. Its answers don’t count yet." in kim.text


def test_ten_members_in_totals_are_hidden_until_the_eleventh(kim, group):
    for _ in range(10):
        group.answer(group.join("totals"), {QUESTION: RIGHT})
    group.answer(group.join(), {QUESTION: MISSED})
    kim.open(f"/groups/{group.id}/first-answers")
    assert "Missed in 1 of 1 first answer" in kim.text
    assert "They also include" not in kim.text
    assert "10 people share without a nickname." in kim.text
    assert "Their answers aren’t counted yet. We add them once 11 people have" in kim.text
    kim.open(f"/groups/{group.id}/first-answers?from=2026-11-01")
    assert "aren’t counted yet" not in kim.text, "days say nothing about people in totals"
    group.answer(group.join("totals"), {QUESTION: RIGHT})
    kim.open(f"/groups/{group.id}/first-answers")
    assert "Missed in 1 of 12 first answers (8%)" in kim.text
    assert "They also include 11 answers from people who share without a nickname." in kim.text
    assert not re.search(r"Ana \d", kim.html)


def test_an_item_that_everyone_answered_alike_says_so(kim, group, content):
    question_ids = {q.id: RIGHT for q in content.bank.objectives[OBJECTIVE].questions}
    for _ in range(30):
        group.answer(group.join(), question_ids)
    kim.open(f"/groups/{group.id}/first-answers")
    assert "Nobody missed anything." in kim.text
    kim.open(f"/groups/{group.id}/questions")
    assert "They all have the same result" in kim.text
    kim.open(f"/groups/{group.id}/questions/{QUESTION}")
    assert "Nobody missed it." in kim.text
    assert "all 30 people gave the same answers" in kim.text


def test_an_item_that_everyone_missed_suggests_checking_the_key(kim, group):
    for _ in range(3):
        group.answer(group.join(), {QUESTION: "mature-white"})
    kim.open(f"/groups/{group.id}/questions/{QUESTION}")
    assert (
        "Everybody missed it. Teach it again, and check the answer key and the wording." in kim.text
    )
    assert "This may mean they think: “ALL comes from blood cells that are old" in kim.text


def test_earlier_versions_and_removed_questions_are_listed_separately(kim, group):
    group.answer(
        group.join(), {QUESTION: MISSED, "not-there": RIGHT}, versions={QUESTION: "0" * 12}
    )
    group.answer(group.join(), {QUESTION: RIGHT})
    rows = {(r["Question ID"], r["Asked"]): r for r in table(kim, group, "questions")}
    assert rows[QUESTION, "as asked now"]["Missed"] == "0"
    assert rows[QUESTION, "an earlier version"]["Missed"] == "1"
    assert rows["not-there", "no longer asked"]["Question"] == ""
    kim.open(f"/groups/{group.id}/first-answers")
    assert "Missed in 1 of 2 first answers" in kim.text, "an older wording asked for the same"
    kim.open(f"/groups/{group.id}/questions/not-there")
    assert "Question not-there, no longer asked" in kim.text
    assert kim.open(f"/groups/{group.id}/questions/never-there").status_code == 404


def test_earlier_versions_and_removed_questions_show_their_text(app, kim, group, content):
    question = content.bank.questions[QUESTION]
    key = next(o for o in question.parts if o.right)
    group.answer(group.join(), {QUESTION: RIGHT})
    parts = tuple(replace(p, id=f"{p.id}-2", text=f"{p.text}, now") for p in question.parts)
    now = replace(question, stem="What is asked now?", parts=parts)
    for there, status, heading in (
        (
            edited(content, replace(now, version=version_of(now))),
            "an earlier version",
            "An earlier",
        ),
        (without(content, QUESTION), "no longer asked", "As it was asked"),
    ):
        app.extensions["learn.content"] = there
        (row,) = table(kim, group, "questions")
        assert (row["Question"], row["Asked"]) == (question.stem, status)
        options = {r["Part ID"]: r for r in table(kim, group, "options")}
        assert {o.id: o.text for o in question.parts} == {i: r["Part"] for i, r in options.items()}
        assert (options[key.id]["Count"], options[key.id]["Right answer"]) == ("1", "yes")
        assert all(r["Myth behind it"] for r in options.values() if r["Right answer"] == "no")
        kim.open(f"/groups/{group.id}/questions/{QUESTION}")
        assert question.stem in kim.text[kim.text.index(heading) :]
        assert f"{key.text} (right)" in kim.text
        assert "We don’t have its wording" not in kim.text


def test_texts_of_earlier_versions_cost_one_statement(app, kim, group, content, statements):
    group.answer(group.join(), {QUESTION: RIGHT})
    found = []
    for there in (content, without(content, QUESTION)):
        app.extensions["learn.content"] = there
        kim.open(f"/groups/{group.id}/questions")
        statements.clear()
        kim.browser.get(f"/groups/{group.id}/questions")
        found.append(sum("question_version" in s for s in statements))
    kim.open(f"/groups/{group.id}/first-answers")
    assert found == [0, 1]


def test_discrimination_is_shown_from_thirty_learners_on(kim, group, content):
    question_ids = [q.id for o in content.bank.objectives.values() for q in o.questions[:1]][:8]
    test, scores = group.assign(question_ids), {q: [] for q in question_ids}
    rng = random.Random(3)  # noqa: S311 - the same every time
    for n in range(30):
        who, skill = group.join(), rng.random()
        given = {q: RIGHT if rng.random() < skill else UNSURE for q in question_ids}
        for q, how in given.items():
            scores[q].append(float(how == RIGHT))
        group.answer(who, given, quiz=f"assignment/{test.hex}")
        if n == 28:
            kim.open(f"/groups/{group.id}/questions?assignment={test.hex}")
            assert "Shown once 30 people share with a nickname." in kim.text
            assert "29 people have answered all of the same questions" in kim.text
            assert table(kim, group, "questions")[0]["Item discrimination"] == ""
    group.answer(group.join(), {question_ids[0]: RIGHT})  # and another quiz does not disturb it
    group.answer(group.join("totals"), dict.fromkeys(question_ids, RIGHT))

    found, expected = about(kim, group, f"&assignment={test.hex}"), analyze(scores)
    assert float(found["Reliability (Cronbach’s alpha)"]) == expected.test.alpha
    assert float(found["Standard error of measurement, in points"]) == expected.test.sem
    for row in table(kim, group, "questions", f"&assignment={test.hex}"):
        item = expected.items[row["Question ID"]]
        assert float(row["Item discrimination"]) == item.discrimination
        assert float(row["Discriminative efficiency"]) == item.discriminative_efficiency
        assert row["People included in these two"] == "30"
    kim.open(f"/groups/{group.id}/questions?assignment={test.hex}")
    folded = kim.text.split("Statistics")[1]
    assert f"Reliability (Cronbach’s alpha): {expected.test.alpha:.2f}" in folded
    kim.open(f"/groups/{group.id}/questions")
    assert "People who share with a nickname had different questions." in kim.text
    assert (
        f'<a class="standalone-link" href="/groups/{group.id}/questions?assignment={test.hex}">'
        in (kim.html)
    )


def test_files_contain_no_doubled_percent_sign(kim, group, content):
    a_full_group(group, content)
    written = [
        str(cell)
        for sheet in workbook(kim, group)
        for row in sheet.iter_rows(values_only=True)
        for cell in row
    ]

    assert "The likely range of the true share, with 95% confidence (Wilson)." in written
    assert not [text for text in written if "%%" in text]


def test_files_contain_no_formulas(kim, group):
    texts = ("=1+1", "+1", "-1", "@a", "\tx", "\rx", "plain", None, -1, 0.5)
    made = ExportTable("Texts", ("a",), tuple((text,) for text in texts))
    rows = [*csv.reader(io.StringIO(as_csv(made.with_header).decode("utf-8-sig"), newline=""))]
    assert [row[0] for row in rows[1:7]] == [f"'{text}" for text in texts[:6]]
    assert [row[0] if row else "" for row in rows[7:]] == ["plain", "", "-1", "0.5"]
    names = dict.fromkeys(TABLES, made)
    names = {n: ExportTable(n, made.columns, made.rows) for n in names}
    sheet = load_workbook(io.BytesIO(as_xlsx(names)))["about"]
    assert sheet["A2"].data_type == "s"
    assert sheet["A2"].value == "=1+1"
    assert (sheet["A10"].value, sheet["A11"].value) == (-1, 0.5)


def test_a_table_that_does_not_exist_is_not_found(kim, group):
    assert kim.open(f"/groups/{group.id}/results.csv?table=people").status_code == 404


def test_a_group_page_takes_five_statements(kim, group, content, statements):
    question_ids = [o.questions[0].id for o in content.bank.objectives.values()][:45]
    for n in range(30):
        group.answer(
            group.join("named" if n < 19 else "totals"), dict.fromkeys(question_ids, MISSED)
        )
    kim.open(f"/groups/{group.id}")  # lets in those who waited
    statements.clear()
    kim.open(f"/groups/{group.id}")
    assert len(statements) <= 5
    assert all(s.startswith(("SELECT", "BEGIN")) for s in statements), "and it writes nothing"
    assert "19 of 19 people don’t know this yet (100%)" in kim.text


def test_what_a_learner_answers_is_what_the_educator_sees(kim, ana, group):
    ana.open("/quizzes/lesson/what-is-all")
    group.join(account=ana.account, at=BEGUN)
    ana.take("lesson/what-is-all", right=False)
    rows = table(kim, group, "questions")
    assert rows
    assert {row["Right"] for row in rows} == {"0"}
