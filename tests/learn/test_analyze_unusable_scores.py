"""`learn analyze` says which files can’t be used, and why."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from tests.learn.analyses import FIVE, KEY, SAID, Ran, analyses


@pytest.fixture
def run(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> Callable[..., Ran]:
    return analyses(tmp_path, monkeypatch, capsys)


@pytest.mark.parametrize(
    ("scores", "said"),
    [
        (None, "scores.csv can't be read: No such file"),
        (b"", "scores.csv is empty"),
        (b" \r\n\r\n", "scores.csv is empty"),
        (",,\n,,\n", "it has no items"),
        ('""\n', "scores.csv: it is empty"),
        (b"PK\x03\x04\0\0\0", "not a text file"),
        (b"learner,a\nana,\x81\x01", "scores.csv is not"),
        ("learner\nana\n", "it has no items"),
        ("learner,,\nana,,\n", "it has no items"),
        ("learner,a,,b\nana,1,1,1\n", "column 3 has no name"),
        ("learner,a,a\nana,1,1\n", "two columns are named “a”"),
        ("learner,a, a \nana,1,1\n", "two columns are named “a”"),
        ("learner,a\nana,1\nben,1\nana,0\n", "row 4: the learner “ana” is in row 2 already"),
        ("learner,a\nana,1\n\n ana ,0\n", "row 4: the learner “ana” is in row 2 already"),
        ("learner,a\n,1\n", "row 2: the learner is missing"),
        ("learner,a,b\nana,1,0\nben,1\n", "row 3: it ends after 2 of 3 cells"),
        ("learner,a,b\nana,1,0\nben,1,0,1\n", "row 3: it has more cells than the first line"),
        ("learner,a\nana,1\nben,half\n", "row 3: column “a”: “half” is not a number"),
        ("learner,a\nana,nicht da\n", "leave the cell blank for no answer"),
        ("learner,a\nana,inf\n", "“inf” is not a number"),
        ("learner,a\nana,1_0\n", "“1_0” is not a number"),
        ("learner,a\nana,٠\n", "“٠” is not a number"),
        ("learner,a\nana,85\n", "“85” is above 1; scores go from 0 to 1 (divide"),
        ("learner,a\nana,1.01\n", "“1.01” is above 1"),
        ("learner,a\nana,1e999\n", "“1e999” is above 1"),
        ("learner,a\nana,-0.5\n", "“-0.5” is below 0"),
        ("learner,a\nana,150%\n", "“150%” is above 1"),
        ("learner,a\nana,50%\nben,1\n", "“1” has no percent sign, but others in its column do"),
        ("learner,a\nana,3/4\nben,3/5\n", "“3/4” is of another number of points than others"),
        ("learner,a\nana,5/4\n", "“5/4” is above 4, which its item is worth"),
        ("learner,a\nana,-2\n", "if it stands for no answer, leave the cell blank, or add --mis"),
        ("learner,a\nana,#DIV/0!\n", "“#DIV/0!” is not a number"),
        ("learner,a,b\nana,A,C\nben,B,C\n", "it has answers, not scores: name the right ones"),
        (b"%PDF-1.7\n", "it is a PDF"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "it is an old Excel workbook (.xls)"),
        (b"\x1f\x8b\x08", "it is packed with gzip"),
        ("<html><table></table></html>", "it is a web page"),
        ('learner,a\n"ana,1\nben,1\n', "row 2 can’t be split into cells; look at its quotes"),
        ('learner,a\nana,"1"0\n', "row 2 can’t be split into cells; look at its quotes"),
        ("learner,a\nana," + "x" * 2_000, "xxx…” is not a number"),
        ('learner,a\nana,"' + "x" * 200_000 + '"\n', "row 2 can’t be split into cells"),
        ("learner,a\nana,\x1b[31m\n", "“�[31m” is not a number"),
    ],
)
def test_unusable_scores_are_rejected_with_an_error(run, scores, said):
    ran = run(scores)

    assert said in ran.said
    assert (ran.code, ran.out) == (1, "")
    assert "\x1b" not in ran.said
    assert max(map(len, ran.said.splitlines())) < 200


def test_a_folder_instead_of_a_table_is_rejected(run, tmp_path):
    (tmp_path / "scores.csv").mkdir()
    ran = run(None)

    assert (ran.code, ran.out) == (1, "")
    assert "scores.csv can't be read: Is a directory" in ran.said


def test_up_to_ten_errors_are_reported_together(run):
    rows = "".join(f"l{i},{i + 2},x\n" for i in range(3))
    few = run("learner,a,b\n" + rows).said.splitlines()
    many = run("learner,a,b\n" + rows * 9).said.splitlines()

    assert [line.split(": ")[1:3] for line in few[:3]] == [
        ["row 2", "column “a”"],
        ["row 2", "column “b”"],
        ["row 3", "column “a”"],
    ]
    assert len(few) == 6
    assert len(many) == 11
    assert many[-1] == "There may be more; reading stopped here."


@pytest.mark.parametrize(
    ("files", "said"),
    [
        ({"options": SAID}, "options.csv: name the right options too, with --key FILE"),
        ({"key": KEY}, "key.csv: name the options that were chosen too, with --options FILE"),
        (
            {"options": SAID.replace("ana", "flo"), "key": KEY},
            "options.csv: learners who are not in scores.csv: “flo”.",
        ),
        (
            {"options": SAID.replace("ana", "flo"), "key": KEY},
            "options.csv: these learners of scores.csv are not here: “ana”.",
        ),
        (
            {"options": SAID.replace("two", "four"), "key": KEY},
            "options.csv: items that are not in scores.csv: “four”.",
        ),
        ({"options": SAID.replace("ben", "ana"), "key": KEY}, "“ana” is in row 2 already"),
        (
            {"options": SAID, "key": KEY + "four,a\n"},
            "key.csv: items that are not in scores.csv: “four”.",
        ),
        (
            {"options": SAID, "key": "item,key\none,a\n"},
            "key.csv: these items of options.csv have no key: “two”, “three”.",
        ),
        ({"options": SAID, "key": KEY + "one\n"}, "key.csv: row 5: the key is missing."),
        ({"options": SAID, "key": KEY + ",a\n"}, "key.csv: row 5: the item is missing."),
        ({"options": SAID, "key": "one,a\ntwo,a\n"}, "must name the columns “item” and “key”"),
        ({"options": SAID, "key": "item,key,key\n"}, "must name the columns “item” and “key”"),
        ({"options": SAID, "key": ""}, "key.csv is empty"),
        ({"pre": "learner,x,y\nana,1,0\n"}, "pre.csv: it has none of the items of scores.csv."),
        ({"pre": FIVE.replace("1", "2")}, "pre.csv: row 2: column “one”: “2” is above 1"),
    ],
)
def test_files_that_do_not_match_are_rejected(run, files, said):
    ran = run(FIVE, **files)

    assert said in ran.said
    assert (ran.code, ran.out) == (1, "")
