"""`learn analyse` reads what learning platforms export, and names whatever is no data."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.learn.analyses import FIVE, Ran, analyses
from tests.learn.exported_tables import ANSWERS, FORM

MOODLE = """\
"Last name","First name",Institution,"Email address",State,"Started on",Grade/10.00,"Q. 1 /2.00",\
"Q. 2 /4.00","Q. 3 /4.00"
Alba,Ana,,ana@example.org,Finished,"1 May 2026 10:00 AM",10.00,2.00,4.00,4.00
Bor,Ben,,ben@example.org,Finished,"1 May 2026 10:01 AM",4.00,0.00,4.00,0.00
Cid,Cy,,cy@example.org,Finished,"1 May 2026 10:02 AM",3.00,1.00,2.00,-
Dor,Di,,di@example.org,"Never submitted","1 May 2026 10:03 AM",-,-,-,-
"Overall average",,,,,,5.67,1.00,3.33,2.00
"""
MOODLE_RESPONSES = """\
"Last name","First name","Email address",State,Grade/2.00,"Question 1","Response 1",\
"Right answer 1","Response 2","Right answer 2"
Alba,Ana,ana@example.org,Finished,2.00,What?,Bone marrow,Bone marrow,True,True
Bor,Ben,ben@example.org,Finished,1.00,What?,The blood,Bone marrow,True,True
Cid,Cy,cy@example.org,Finished,0.00,What?,-,Bone marrow,False,True
"""
GRADEBOOK = """\
Student,ID,SIS Login ID,Section,First quiz (71),Second quiz (72),Quizzes Current Score,Final Score
,,,,Manual Posting,,,
    Points Possible,,,,10.00,5.00,(read only),(read only)
"Alba, Ana",1,ana,S,8.00,5.00,86.67,86.67
"Bor, Ben",2,ben,S,4.00,EX,40.00,26.67
"Cid, Cy",3,cy,S,10.00,N/A,100.00,66.67
"Student, Test",4,t,S,,,,
"""
ANALYSIS = """\
name,id,section,submitted,attempt,"1001: What is ALL?",1.0,"1002: Where does it begin?",2.0,\
n correct,n incorrect,score
Ana Alba,1,S,2026-05-01 10:00:00 UTC,1,A blood cancer,1.0,Bone marrow,2.0,2,0,3.0
Ben Bor,2,S,2026-05-01 10:01:00 UTC,1,A cold,0.0,The blood,0.0,0,2,0.0
Cy Cid,3,S,2026-05-01 10:02:00 UTC,1,A blood cancer,1.0,The skin,0.0,1,1,1.0
"""
NEW_QUIZZES = """\
Name,ID,SISID,SectionIDs,SectionNames,SectionSISIDs,Submitted,ElapsedTime,Attempt,\
ItemID,ItemType,<p>What is ALL?</p>,EarnedPoints,Status,\
ItemID,ItemType,Where does it begin?,EarnedPoints,Status,\
ItemID,ItemType,Why?,EarnedPoints,Status,\
NumberOfCorrect,NumberOfIncorrect,NoResponse,PointsPossible,OverallScore
Ana Alba,1,a,7,S,s,2026-05-01,00:09:00,1,11,choice,A blood cancer,1.0,Correct,\
12,choice,Bone marrow,2.0,Correct,13,essay,<p>It grows</p>,,Not graded,2,0,0,3.0,3.0
Ben Bor,2,b,7,S,s,2026-05-01,00:08:00,1,11,choice,A cold,0.0,Incorrect,\
12,choice,The blood,0.0,Incorrect,13,essay,,,No answer,0,2,1,3.0,0.0
Cy Cid,3,c,7,S,s,2026-05-01,00:07:00,1,11,choice,A blood cancer,1.0,Correct,\
12,choice,The skin,0.0,Incorrect,13,essay,<p>No</p>,,Not graded,1,1,0,3.0,1.0
"""
MICROSOFT = """\
ID,Start time,Completion time,Email,Name,Total points,Quiz feedback,Your ward,\
Points - Your ward,Feedback - Your ward,What is ALL?,Points - What is ALL?,\
Feedback - What is ALL?,Where?,Points - Where?,Feedback - Where?
1,5/1/26 10:00,5/1/26 10:09,ana@example.org,Ana,3,,4 East,,,A blood cancer,1,,Bone marrow,2,
2,5/1/26 10:01,5/1/26 10:09,ben@example.org,Ben,0,,4 East,,,A cold,0,,The blood,0,
3,5/1/26 10:02,5/1/26 10:09,cy@example.org,Cy,1,,5 West,,,A blood cancer,1,,The blood,0,
"""
SHEET = """\
Timestamp,Score,What is ALL?,Where?,Your group
2026-05-01,2 / 2,A blood cancer,Bone marrow,one
2026-05-01,0 / 2,A cold,The blood,two
2026-05-01,1 / 2,a Blood  cancer,The blood,two
"""
SHEET_KEY = "item,key\nWhat is ALL?,a blood cancer\nWhere?,Bone marrow\n"


@pytest.fixture
def run(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> Callable[..., Ran]:
    return analyses(tmp_path, monkeypatch, capsys)


def facilities(ran: Ran) -> dict[str, float]:
    return {name: item["facility"] for name, item in ran.figures["items"].items()}


def chosen(ran: Ran, item: str) -> dict[str, tuple[int, bool]]:
    options = ran.figures["items"][item]["distractors"]
    return {name: (option["count"], option["is_key"]) for name, option in options.items()}


def test_quiz_grades_from_moodle_are_read_as_shares_of_what_each_question_is_worth(run):
    ran = run(MOODLE)

    assert facilities(ran) == {"Q. 1": 0.5, "Q. 2": pytest.approx(5 / 6), "Q. 3": 1 / 3}
    assert ran.figures["test"]["n"] == 3
    assert "read as quiz grades from Moodle" in ran.said
    assert "“Grade/10.00”" in ran.said
    assert "row 5, “Di Dor”, has no answers; left out." in ran.said
    assert "row 6, “Overall average”, sums up the others; left out." in ran.said
    assert "“-” in 1 cell was read as no answer" in ran.said


@pytest.mark.parametrize(
    ("names", "question", "average"),
    [
        ("Last name,First name,Email address,Status,Started,G", "Q. {} /{}.00", "Overall average"),
        ("Surname,First name,Email address,State,Started on,G", "Q. {} /{}.00", "Overall average"),
        ("Apellido(s),Nombre,Correo,Estado,Comenzado,G", '"P. {} /{},00"', "Promedio general"),
        ("Nachname,Vorname,E-Mail,Status,Begonnen,G", '"F {} /{},00"', "Gesamtdurchschnitt"),
        ("Nom de famille,Prénom,Courriel,État,Commencé,G", '"Q. {} /{},00"', "Moyenne globale"),
        ("Nom,Prénom,Courriel,État,Commencé,G", '"Q{}/{},0"', "Moyenne générale"),
        ("Sobrenome,Nome,E-mail,Estado,Iniciado,G", '"Q. {} /{},00"', "Média geral"),
        ("Cognome,Nome,Indirizzo,Stato,Iniziato,G", '"D. {} /{},00"', "Media complessiva"),
    ],
)  # fmt: skip
def test_quiz_grades_from_moodle_are_read_in_several_languages(run, names, question, average):
    names = f'{names}rade/10,00"'.replace(",Grade", ',"Grade')
    head = ",".join([names, *(question.format(i, most) for i, most in ((1, 2), (2, 4), (3, 4)))])
    rows = [line.replace(",,", ",", 1) for line in MOODLE.splitlines()[1:]]
    rows[-1] = f"{average},,,,,5.67,1.00,3.33,2.00"
    ran = run("\n".join([head, *rows]) + "\n")

    assert [*facilities(ran).values()] == [0.5, pytest.approx(5 / 6), 1 / 3]
    assert ran.figures["test"]["n"] == 3
    assert f"“{average}”, sums up the others; left out." in ran.said


def test_quiz_responses_from_moodle_are_scored_by_their_right_answers(run):
    ran = run(MOODLE_RESPONSES)

    assert facilities(ran) == {"Q. 1": 1 / 3, "Q. 2": 2 / 3}
    assert chosen(ran, "Q. 1") == {"Bone marrow": (1, True), "The blood": (1, False)}


def test_responses_from_moodle_go_with_grades_from_moodle(run):
    grades = MOODLE.replace('"Q. 3 /4.00"', '"Feedback"')
    key = "item,key\nQ. 1,Bone marrow\nQ. 2,True\n"
    responses = MOODLE_RESPONSES + "Dor,Di,di@example.org,Finished,,,,,,\n"
    ran = run(grades, options=responses, key=key)

    assert facilities(ran) == {"Q. 1": 0.5, "Q. 2": pytest.approx(5 / 6)}
    assert chosen(ran, "Q. 2") == {"False": (1, False), "True": (2, True)}


def test_a_gradebook_from_canvas_is_read_by_its_points_possible(run):
    ran = run(GRADEBOOK)

    assert facilities(ran) == {
        "First quiz (71)": pytest.approx(22 / 30),
        "Second quiz (72)": pytest.approx(1 / 3),
    }
    assert "row 2 says how grades are posted; left out." in ran.said
    assert "row 3, “Points Possible”, is what each item is worth; left out." in ran.said
    assert "row 7, “Student, Test”, is Canvas’s test student; left out." in ran.said
    assert "“EX” in 1 cell was read as no answer" in ran.said
    assert "“N/A” in 1 cell was read as no answer" in ran.said


def test_columns_that_a_course_added_to_its_gradebook_are_left_out(run):
    lines = [line.split(",") for line in GRADEBOOK.replace('"', "").replace(", ", " ").split("\n")]
    added = [[*line[:4], cell, *line[4:]] for line, cell in zip(
        lines, ["Student number", "", "", "1234567", "2345678", "3456789", "", ""], strict=True
    )]  # fmt: skip
    ran = run("\n".join(",".join(line) for line in added[:-1]) + "\n")

    assert facilities(ran) == facilities(run(GRADEBOOK))
    assert "“Student number”" in ran.said


def test_a_gradebook_with_first_and_last_names_is_read(run):
    lines = GRADEBOOK.replace("Student,ID", "LastName,FirstName,ID").replace(
        "Possible,", "Possible,,"
    )
    ran = run(lines.replace('"Alba, Ana"', "Alba,Ana").replace('"Bor, Ben"', "Bor,Ben")
              .replace('"Cid, Cy"', "Cid,Cy").replace('"Student, Test"', "Student,Test")
              .replace("\n,,,,Man", "\n,,,,,Man"))  # fmt: skip

    assert facilities(ran) == facilities(run(GRADEBOOK))


def test_a_student_analysis_from_canvas_has_scores_and_answers(run):
    ran = run(ANALYSIS)

    assert facilities(ran) == {
        "1001: What is ALL?": 2 / 3,
        "1002: Where does it begin?": 1 / 3,
    }
    assert chosen(ran, "1002: Where does it begin?") == {
        "Bone marrow": (1, True), "The blood": (1, False), "The skin": (1, False)
    }  # fmt: skip
    assert "always got full points were taken as right" in ran.said


def test_a_student_analysis_of_new_quizzes_has_scores_and_answers(run):
    ran = run(NEW_QUIZZES)

    assert facilities(ran) == {"1. What is ALL?": 2 / 3, "2. Where does it begin?": 1 / 3}
    assert chosen(ran, "2. Where does it begin?") == {
        "Bone marrow": (1, True), "The blood": (1, False), "The skin": (1, False)
    }  # fmt: skip
    assert "read as a Student Analysis of New Quizzes from Canvas, with learners" in ran.said
    assert "the most that anybody got was taken for it" in ran.said
    assert "“3. Why?”" in ran.said


def test_what_google_forms_exports_has_scores_and_answers(run):
    ran = run(FORM)

    assert facilities(ran) == {"What is ALL?": 2 / 3, "Where?": 1 / 3}
    assert chosen(ran, "Where?") == {"Bone marrow": (1, True), "The blood": (2, False)}
    assert "responses from Google Forms, with learners by “Username”" in ran.said


def test_what_microsoft_forms_exports_has_scores_and_answers(run):
    ran = run(MICROSOFT)

    assert facilities(ran) == {"What is ALL?": 2 / 3, "Where?": 1 / 3}
    assert chosen(ran, "Where?") == {"Bone marrow": (1, True), "The blood": (2, False)}
    assert "responses from Microsoft Forms, with learners by “Name”" in ran.said
    assert "“Your ward”" in ran.said
    nobody = run(re.sub(r",\w+@example\.org,\w+,", ",anonymous,,", MICROSOFT))
    assert facilities(nobody) == facilities(ran)
    assert "with learners by “ID”" in nobody.said


def test_the_sheet_of_a_google_form_needs_a_key(run):
    without, ran = run(SHEET), run(SHEET, key=SHEET_KEY)

    assert (without.code, without.out) == (1, "")
    assert "no right answer is known; name the right ones with --key FILE" in without.said
    assert facilities(ran) == {"What is ALL?": 2 / 3, "Where?": 1 / 3}
    assert chosen(ran, "What is ALL?") == {"A cold": (1, False), "a blood cancer": (2, True)}
    assert "the column “Your group” has no right answer; left out." in ran.said
    assert "it has no column that names the learners" in ran.said


def test_a_row_of_right_answers_is_the_key_of_a_table_of_answers(run):
    ran = run(ANSWERS)

    assert facilities(ran) == {"one": 2 / 3, "two": 2 / 3, "three": 2 / 3}
    assert chosen(ran, "one") == {"A": (2, True), "B": (1, False)}
    assert "row 2, “KEY”, has the right answers; left out." in ran.said


def test_answers_with_a_key_give_the_same_figures_as_scores_with_answers(run):
    key = "item,key\none,A\ntwo,C\nthree,B\n"
    answers = ANSWERS.replace("KEY,A,C,B\n", "").replace("cy,a", "cy,A")
    scores = "name,one,two,three\nana,1,1,1\nben,0,1,0\ncy,1,0,1\n"

    assert run(answers, key=key).figures == run(scores, options=answers, key=key).figures


@pytest.mark.parametrize("code", ["NA", "-99", "999", "NaN"])
def test_codes_for_no_answer_are_no_options(run, code):
    ran = run(ANSWERS.replace("ben,B,C", f"ben,{code},C"))

    assert chosen(ran, "one") == {"A": (2, True)}
    assert f"“{code}” in 1 cell was read as no answer" in ran.said


def test_a_word_for_no_answer_may_be_the_right_one(run):
    ran = run("name,a,b\nana,NA,x\nben,K,x\ncy,Fe,y\n", key="item,key\na,Na\nb,x\n")

    assert chosen(ran, "a") == {"Fe": (1, False), "K": (1, False), "Na": (1, True)}


def test_numbers_of_options_are_answers_where_there_is_a_key(run):
    ran = run("name,a,b\nana,1,4\nben,2,4\ncy,1,3\n", key="item,key\na,1\nb,4\n")

    assert facilities(ran) == {"a": 2 / 3, "b": 2 / 3}
    assert chosen(ran, "b") == {"3": (1, False), "4": (2, True)}


def test_a_key_for_an_item_that_is_not_there_is_rejected(run):
    ran = run(ANSWERS, key="item,key\none,A\nfour,B\n")

    assert "key.csv: items that are not in scores.csv: “four”." in ran.said
    assert ran.code == 1


@pytest.mark.parametrize(
    "row",
    [
        "Overall average,0.60,0.40,0.40",
        "Average:,0.6,0.4,0.4",
        "Promedio general,0.60,0.40,0.40",
        "Mean,0.60,0.40,0.40",
        "the end,0.60,0.40,0.40",
        ",0.60,0.40,0.40",
        "Class average,60%,40%,40%",
        "Standard deviation,0.55,0.55,0.55",
        "Points Possible,1,1,1",
        "TOTAL,3,2,2",
    ],
)
def test_a_row_that_sums_up_the_others_is_left_out_and_named(run, row):
    ran = run(FIVE + row + "\n")

    assert ran.figures == run(FIVE).figures
    assert "row 7" in ran.said
    assert "left out." in ran.said


def test_a_learner_who_may_be_a_summary_is_counted_and_named(run):
    ran = run(FIVE + "Max,1,1,1\n")

    assert ran.figures["test"]["n"] == 6
    assert "row 7, “Max”, was counted as a learner; it could also sum up the others." in ran.said


def test_learners_who_all_have_the_same_scores_are_no_summary(run):
    ran = run("learner,a,b\nana,0.5,1\nben,0.5,1\ncy,0.5,1\ndi,0.5,1\n")

    assert (ran.figures["test"]["n"], ran.said) == (4, "")


def test_a_learner_with_the_scores_of_others_is_no_row_of_means(run):
    ran = run("learner,a,b,c\nana,0.25,0.5,1\nben,0.75,0.5,0\ncy,0.25,1,0.5\ndi,0.75,0,0.5\n"
              "ed,0.5,0.5,0.5\nflo,0.5,0.50,0.5\n")  # fmt: skip

    assert ran.figures["test"]["n"] == 6
    assert "left out" not in ran.said


@pytest.mark.parametrize("name", ["Total", "Grade", "Sum score", "percent", "the last", "Ergebnis"])
@pytest.mark.parametrize(
    "cells", [("3", "2", "1", "1", "0"), ("100%", "66.67%", "33.33%", "33.33%", "0%"),
              ("1", "0.6667", "0.3333", "0.3333", "0"), ("30", "20", "10", "10", "0")]
)  # fmt: skip
def test_a_column_that_is_the_sum_of_the_others_is_left_out_and_named(run, name, cells):
    head, *rows = FIVE.splitlines()
    lines = [f"{head},{name}", *(f"{row},{cell}" for row, cell in zip(rows, cells, strict=True))]
    ran = run("\n".join(lines) + "\n")

    assert ran.figures == run(FIVE).figures
    assert f"the column “{name}”" in ran.said
    assert "left out." in ran.said


def test_an_item_that_only_resembles_the_others_stays(run):
    ran = run(
        "learner,a,b,c\nana,1,1,1\nben,0,0,0\ncy,0.5,0.5,0.5\ndi,0.25,0.25,0.3\n"
        "ed,1,1,1\nflo,0,0.5,0\n"
    )

    assert [*ran.figures["items"]] == ["a", "b", "c"]


@pytest.mark.parametrize(
    ("one", "nought"),
    [("TRUE", "FALSE"), ("yes", "no"), ("Sí", "No"), ("100%", "0%"), ("1 / 1", "0 / 1"),
     ("✓", "✗"), ("100,0 %", "0,0 %"), ("4/4", "0/4"), ("correct", "Incorrect")],
)  # fmt: skip
def test_words_and_percentages_are_read_as_scores(run, one, nought):
    ran = run(FIVE.replace(",", ";").replace(";1", f";{one}").replace(";0", f";{nought}"))

    assert ran.figures == run(FIVE).figures
    assert ("was read as 1" in ran.said) == one.isalpha() or one == "✓"


@pytest.mark.parametrize("code", ["NA", "n/a", "-99", "999", "-999", "NaN", ".", "#N/A", "-9"])
def test_codes_for_no_answer_count_as_0_and_are_named(run, code):
    ran = run(FIVE.replace("di,0,0,1", f"di,{code},{code},1"))

    assert ran.figures == run(FIVE).figures
    assert f"“{code}” in 2 cells was read as" in ran.said or ran.said.count(f"“{code}”") == 1
    assert "no answer, which counts as 0" in ran.said


def test_a_code_for_no_answer_may_be_named(run):
    ran = run(FIVE.replace("di,0", "di,-1").replace("ed,0", "ed,nicht da"), flags=["--strict"]
              + [f"--missing={code}" for code in ("-1", "Nicht da")])  # fmt: skip

    assert ran.figures == run(FIVE).figures
    assert ran.said == ""


def test_rows_are_numbered_where_no_column_names_the_learners(run):
    ran = run("one,two,three\n1,1,1\n1,1,0\n1,0,0\n0,0,1\n0,0,0\n")

    assert ran.figures == run(FIVE).figures
    assert "no column that names the learners, so they are called by their rows" in ran.said


def test_columns_about_people_are_left_out_and_named(run):
    lines = FIVE.replace("learner,", "First name,Last name,Email,Section,").replace("\n", "\n", 1)
    rows = [
        f"{row.split(',')[0]},B,{i}@example.org,S,{row.partition(',')[2]}"
        for i, row in enumerate(FIVE.splitlines()[1:])
    ]
    ran = run("\n".join([lines.splitlines()[0], *rows]) + "\n")

    assert ran.figures == run(FIVE).figures
    assert "no items, and were left out: “Email”, “Section”." in ran.said


def test_points_are_read_by_what_the_header_says_an_item_is_worth(run):
    ran = run("learner,a /5,b (2 points)\nana,5,1\nben,2,2\ncy,0,1\n")

    assert facilities(ran) == {"a /5": 7 / 15, "b (2 points)": pytest.approx(2 / 3)}
    assert "the column “a /5” was read as points of 5." in ran.said


def test_one_row_of_a_learner_with_several_may_count(run):
    twice = FIVE + "ana,0,0,0\n"

    assert "row 7: the learner “ana” is in row 2 already; --attempt first" in run(twice).said
    assert run(twice, flags=["--attempt", "first"]).figures == run(FIVE).figures
    last = run(twice, flags=["--attempt", "last"])
    assert last.figures == run(FIVE.replace("ana,1,1,1\n", "") + "ana,0,0,0\n").figures
    assert "only the last row counts, of “ana”." in last.said


def test_a_title_above_the_names_of_columns_is_left_out(run):
    ran = run("Results of May,,,\n\n" + FIVE)

    assert ran.figures == run(FIVE).figures
    assert "the columns are named in row 3; what stands above is left out." in ran.said


@pytest.mark.parametrize(
    "scores", [MOODLE, GRADEBOOK, ANALYSIS, NEW_QUIZZES, FORM, MICROSOFT, ANSWERS,
               FIVE + "Mean,0.6,0.4,0.4\n", FIVE.replace("1", "TRUE"),
               FIVE.replace("ed,0", "ed,NA")]
)  # fmt: skip
def test_strict_refuses_every_guess_and_names_it(run, scores):
    told = run(scores)
    ran = run(scores, flags=["--strict"])

    assert (ran.code, ran.out) == (1, "")
    assert ran.said.splitlines()[:-1] == told.said.splitlines()
    assert ran.said.splitlines()[-1] == "These are guesses, which --strict refuses."


def test_strict_reads_what_needs_no_guess(run):
    assert run(FIVE, flags=["--strict"]).figures == run(FIVE).figures


def test_utf_16_without_a_mark_is_read(run):
    for encoding in ("utf-16-le", "utf-16-be"):
        assert run(FIVE.replace("ben", "Zoë").encode(encoding)).figures == run(FIVE).figures
