"""An educator sees how a quiz on paper went, apart from everything that accounts did."""

from __future__ import annotations

import csv
import io
import json
import re
import subprocess
import sys
from collections import Counter
from statistics import fmean

import pytest
from sqlalchemy import select, update

from learn.models import Base, PaperQuestion, PaperSheet, QuestionVersion
from learn.models.base import table_of
from questions.analysis import analyze
from questions.grading import grade, outcome_of
from questions.model import Response
from tests.learn.groups import RIGHT
from tests.learn.paper_quiz import PaperQuiz, letters_only, of_parts

QUESTIONS = table_of(PaperQuestion)
WORDS = {
    "right": "Right",
    "almost": "Almost right",
    "missed": "Not quite right",
    "unsure": "Not sure",
}


@pytest.fixture
def question_ids(content):
    return letters_only(content)[:3] + of_parts(content)[:1]


@pytest.fixture
def quiz(kim, group, connection, question_ids):
    """A sitting of three questions with one letter, and one with several."""
    found = PaperQuiz(kim, group.id, connection)
    found.make(f"assignment-{group.assign(question_ids).hex}")
    return found


def papers(quiz, number):
    """Rows that differ: right, other, not sure, and blank answers in turn."""
    kinds = (quiz.key, quiz.other, quiz.other, lambda _: "?", lambda _: "")
    rows = [
        [kinds[(row * place + row // 3) % 5](place) for place in range(1, 5)]
        for row in range(1, number + 1)
    ]
    return [row if any(row) else ["–", "", "", ""] for row in rows]


def scores(quiz):
    """Score and outcome of each answer, from the database alone; None for blank."""
    table = []
    for _, answers in quiz.stored():
        row = []
        for place, (question, _) in enumerate(quiz.questions, 1):
            given = answers.get(str(place))
            graded = given and grade(question, Response.from_json(given))
            row.append(graded and (graded.score, outcome_of(graded.score, unsure=graded.unsure)))
        table.append(row)
    return table


def file_of(quiz, name):
    page = quiz.kim.open(f"{quiz.address}/{name}.csv")
    assert page.status_code == 200
    assert re.fullmatch(
        rf'attachment; filename="Tuesday-class-paper-{quiz.number}-[\w-]+-{name}-2026-11-\d\d.csv"',
        page.headers["Content-Disposition"],
    )
    return [*csv.reader(io.StringIO(page.get_data().decode("utf-8-sig")))]


def test_every_figure_is_that_of_the_papers(quiz):
    quiz.save(*papers(quiz, 12))
    quiz.kim.open(quiz.address)
    table = scores(quiz)

    mean = fmean(sum(cell[0] for cell in row if cell) for row in table)
    assert f"The average score is {mean:.2f} out of 4 points." in quiz.kim.text
    for place in range(1, 5):
        column = [row[place - 1] for row in table]
        outcomes = Counter(cell[1] for cell in column if cell)
        part = re.split(r'<li id="q-\d+">', quiz.kim.html)[place].split("<details")[0]
        assert f"{outcomes['right']} of 12 papers got it right" in part
        for outcome, count in outcomes.items():
            assert f"{WORDS[outcome]}: {count}" in part
        if None in column:
            assert f"Blank or unclear: {column.count(None)}" in part


def test_the_files_have_the_same_figures(quiz):
    rows = papers(quiz, 12)
    quiz.save(*rows)
    table = scores(quiz)

    head, *lines = file_of(quiz, "letters")
    assert head == ["Paper", "1", "2", "3", "4", "Points"]
    typed = [[cell if cell != "–" else "" for cell in row] for row in rows]
    assert [line[1:5] for line in lines[:-1]] == typed
    assert lines[-1][1:5] == quiz.right()
    for line, row in zip(lines, table, strict=False):
        assert float(line[5]) == pytest.approx(sum(cell[0] for cell in row if cell))

    head, *lines = file_of(quiz, "scores")
    assert head == ["Paper", *(question.id for question, _ in quiz.questions)]
    for line, row in zip(lines, table, strict=True):
        assert [float(cell) for cell in line[1:]] == [
            pytest.approx(cell[0] if cell else 0) for cell in row
        ]
    assert any(None in row for row in table), "a blank one has 0 points there, as on the page"
    means = [fmean(float(line[place]) for line in lines) for place in range(1, 5)]

    head, *lines = file_of(quiz, "questions")
    for place, line in enumerate(lines):
        found = dict(zip(head, line, strict=True))
        column = [row[place] for row in table]
        assert found["Papers"] == "12"
        assert float(found["Mean score"]) == pytest.approx(fmean(c[0] if c else 0 for c in column))
        assert float(found["Mean score"]) == pytest.approx(means[place])
        assert int(found["Blank or unclear"]) == column.count(None)
        assert int(found["Right"]) == sum(1 for c in column if c and c[1] == "right")
        assert found["Item discrimination"] == ""  # too few papers


def test_a_table_of_papers_is_whole_or_says_to_scroll(quiz):
    """What fits on a wide screen is whole there; the words are for all others."""
    rows = papers(quiz, 60)
    quiz.save(*rows[:30])
    quiz.kim.open(quiz.address)
    assert "30 papers are in this table. Scroll inside it to see all of them." in quiz.kim.text
    assert "paper-table standing-table-whole" in quiz.kim.html
    for _ in range(2):
        quiz.save(*rows, anyway="1")
    quiz.kim.open(quiz.address)
    assert "150 papers are in this table." in quiz.kim.text
    assert "standing-table-whole" not in quiz.kim.html


def tones(quiz):
    return set(re.findall(r'class="share-bar (is-\w+)"', quiz.kim.html))


def test_few_papers_have_gray_bars_and_a_caution(quiz):
    rows = papers(quiz, 10)
    quiz.save(*rows[:9])
    quiz.kim.open(quiz.address)
    caution = "There are only 9 papers, too few to say much. Their bars are gray."
    assert caution in quiz.kim.text
    assert tones(quiz) == {"is-few"}
    quiz.save(rows[9])
    quiz.kim.open(quiz.address)
    assert "too few to say much" not in quiz.kim.text
    assert tones(quiz) == {
        "is-right",
        "is-missed",
    }


def test_the_command_reads_the_scores(quiz, tmp_path):
    quiz.save(*papers(quiz, 12))
    file = tmp_path / "scores.csv"
    file.write_bytes(quiz.kim.open(f"{quiz.address}/scores.csv").get_data())
    output = subprocess.run(
        [sys.executable, "-m", "learn", "analyse", str(file)], capture_output=True, check=True
    )
    data = json.loads(output.stdout)

    assert (data["test"]["n"], data["test"]["k"]) == (12, 4)
    assert data["test"]["mean"] == pytest.approx(
        fmean(sum(cell[0] for cell in row if cell) for row in scores(quiz))
    )


def test_statistics_wait_for_thirty_papers(quiz):
    quiz.save(*papers(quiz, 29))
    quiz.kim.open(quiz.address)
    assert "Shown once there are 30 papers. So far, there are 29." in quiz.kim.text
    assert "Reliability (Cronbach’s alpha)" not in quiz.kim.text
    quiz.save(["?", "", "?", ""])
    quiz.kim.open(quiz.address)

    columns = zip(*scores(quiz), strict=True)
    wanted = analyze(
        {str(i): [c[0] if c else 0 for c in column] for i, column in enumerate(columns)}
    )
    assert f"Reliability (Cronbach’s alpha): {wanted.test.alpha:.2f}." in quiz.kim.text
    for i, item in wanted.items.items():
        said = f"Question {int(i) + 1}: item discrimination {item.discrimination:.2f}"
        assert said.replace("-", "−") in quiz.kim.text
    discriminations = [line[-2] for line in file_of(quiz, "questions")[1:]]
    assert [*map(float, discriminations)] == [
        pytest.approx(item.discrimination) for item in wanted.items.values()
    ]


def test_a_wrong_idea_is_named_once_three_papers_have_it(quiz, content):
    question, shown = quiz.questions[0]
    entry = next(e for e in question.on_paper(shown) if e.misconceptions and not e.part.right)
    belief = content.bank.misconceptions[entry.misconceptions[0]].belief
    quiz.save([entry.letter, "", "", ""], [entry.letter, "?", "", ""])
    quiz.kim.open(quiz.address)
    assert f"isn’t true: “{belief.removesuffix('.')}" not in quiz.kim.text
    quiz.save([entry.letter, "", "?", ""], [quiz.key(1), "", "", ""], ["", quiz.key(2), "", ""])
    quiz.kim.open(quiz.address)

    said = quiz.kim.text
    assert "Of the 3 who missed it or weren’t sure, 3 chose an answer based on this belief" in said
    assert f"isn’t true: “{belief.removesuffix('.')}" in said
    same = f"Most people who missed it or weren’t sure chose {entry.letter}: 3 of 3."
    assert same in said, "of as many, without blanks"
    lesson = content.bank.objectives[question.objective].lesson
    assert f'<a class="standalone-link" href="/lessons/{lesson}">' in quiz.kim.html
    assert f"/handouts/idea/{entry.misconceptions[0]}?group=" in quiz.kim.html


def test_the_printed_version_is_the_one_that_is_graded(
    quiz, connection, app, content, question_ids
):
    """The question was edited since: another text, and another key."""
    question = content.bank.questions[question_ids[0]]
    kept = connection.scalar(
        select(QuestionVersion.text).where(
            QuestionVersion.question_id == question.id,
            QuestionVersion.version == question.version,
        )
    )
    old = json.loads(kept)
    old["version"] = "0ld0ld0ld0ld"
    old["question"]["ask"] = "As it was printed?"
    options = old["question"]["option"]
    right = next(o for o in options if o.get("right"))
    wrong = next(o for o in options if not o.get("right"))
    right.pop("right")
    right["misconception"] = wrong.pop("misconception")
    wrong["right"] = True
    connection.execute(
        table_of(QuestionVersion)
        .insert()
        .values(
            question_id=question.id,
            version=old["version"],
            text=json.dumps(old),
            kept_at=app.extensions["learn.clock"](),
        )
    )
    connection.execute(
        update(QUESTIONS).where(QUESTIONS.c.place == 1).values(version=old["version"])
    )
    quiz.save([quiz.key(1), "", "", ""])  # right now, and not as printed
    quiz.kim.open(quiz.address)

    assert "As it was printed?" in quiz.kim.text
    assert "This question has changed since then. It’s scored as it was printed." in quiz.kim.text
    assert "0 of 1 paper got it right" in quiz.kim.text
    for page in ("quiz", "key"):
        quiz.kim.open(f"{quiz.address}/{page}")
        assert "As it was printed?" in quiz.kim.text
    assert file_of(quiz, "letters")[1][1] == quiz.key(1)


def test_a_version_that_was_not_kept_is_said_and_breaks_nothing(quiz, connection):
    quiz.save(quiz.right())
    connection.execute(
        update(QUESTIONS).where(QUESTIONS.c.place == 1).values(question_id="gone", version="gone")
    )
    lost = "We no longer have the wording of this question."
    skip = "This question can’t be shown. Please skip it."
    for page, said in (("", lost), ("/quiz", skip), ("/key", lost)):
        quiz.kim.open(quiz.address + page)
        assert quiz.kim.page.status_code == 200
        assert said in quiz.kim.text
    quiz.kim.open(f"{quiz.address}/papers/1")
    assert quiz.kim.page.status_code == 200
    for name in ("letters", "scores", "questions"):
        assert file_of(quiz, name)


def test_papers_never_mix_with_what_accounts_did(quiz, group, question_ids, connection):
    """The same assignment, answered on the site: neither changes the other."""
    member = group.join("named", nickname="Mia")
    group.answer(member, dict.fromkeys(question_ids, RIGHT), "mixed")
    pages = ("/results.csv?table=questions", "/results.csv?table=next", "/people.csv")
    before = {page: quiz.kim.open(f"/groups/{group.id}{page}").get_data() for page in pages}
    untouched = rows_outside(connection)
    quiz.save(*([quiz.other(1), "?", quiz.other(3), ""] for _ in range(40)), anyway="1")

    for page in pages:
        assert quiz.kim.open(f"/groups/{group.id}{page}").get_data() == before[page]
    assert rows_outside(connection) == untouched
    quiz.kim.open(quiz.address)
    assert "On paper" in quiz.kim.text
    assert "0 of 40 papers got it right (0%)" in quiz.kim.text


def rows_outside(connection):
    """All rows but those of papers and limits, and of who looked."""
    left_out = {"paper_sheet", "paper_sitting", "paper_question", "rate_limit", "viewing"}
    return {
        table.name: [*map(tuple, connection.execute(select(table)))]
        for table in Base.metadata.sorted_tables
        if table.name not in left_out
    }


def test_the_table_leads_from_each_paper_to_its_row(quiz):
    quiz.save(quiz.right(), ["?", "", "", ""])
    quiz.kim.open(quiz.address)
    links = re.findall(r'href="([^"]+/papers/\d+)"', quiz.kim.html)

    assert links == [f"{quiz.address}/papers/1", f"{quiz.address}/papers/2"]
    for link in links:
        quiz.kim.open(link)
        assert quiz.kim.page.status_code == 200


def test_the_page_of_many_papers_takes_few_statements(quiz, statements):
    quiz.save(*papers(quiz, 30))
    statements.clear()
    quiz.kim.open(quiz.address)

    assert len(statements) <= 4


def test_an_answer_of_another_form_counts_as_blank(quiz, connection):
    quiz.save(quiz.right())
    connection.execute(update(table_of(PaperSheet)).values(answers={"1": {"chosen": ["nope"]}}))
    quiz.kim.open(quiz.address)
    assert "Blank or unclear: 1" in quiz.kim.text
