"""`learn analyse`: analyze a test from a CSV file."""

from __future__ import annotations

import json
import os
import random
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from learn.commands import main
from questions.analysis import analyze, wilson95

ROOT = Path(__file__).parents[2]
FIVE = "learner,one,two,three\nana,1,1,1\nben,1,1,0\ncy,1,0,0\ndi,0,0,1\ned,0,0,0\n"
SAID = "learner,one,two,three\nana,a,a,a\nben,a,a,b\ncy,a,c,b\ndi,b,,a\ned,,c,c\n"
KEY = "item,key\none,a\ntwo,a\nthree,a\n"


@dataclass(frozen=True)
class Ran:
    code: int
    out: str
    said: str

    @property
    def figures(self) -> dict[str, Any]:
        assert self.code == 0, self.said
        figures: dict[str, Any] = json.loads(self.out)
        return figures


@pytest.fixture
def run(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> Callable[..., Ran]:
    """Run `learn analyse` on files of these texts or bytes."""
    monkeypatch.chdir(tmp_path)

    def ran(scores: str | bytes | None, **files: str | bytes) -> Ran:
        written = {"scores": scores} | files
        for name, text in written.items():
            if text is not None:
                raw = text.encode() if isinstance(text, str) else text
                Path(f"{name}.csv").write_bytes(raw)
        arguments = [part for name in files for part in (f"--{name}", f"{name}.csv")]
        with pytest.raises(SystemExit) as left:
            main(["analyse", "scores.csv", *arguments])
        captured = capsys.readouterr()
        assert isinstance(left.value.code, int)
        return Ran(left.value.code, captured.out, captured.err)

    return ran


@pytest.fixture
def five() -> dict[str, Any]:
    """Return the figures of FIVE, without answers."""
    scores = {"one": [1, 1, 1, 0, 0], "two": [1, 1, 0, 0, 0], "three": [1, 0, 0, 1, 0]}
    analysis = analyze(scores)
    return {"alpha": analysis.test.alpha, "one": analysis.items["one"]}


def test_all_figures_are_in_one_report(run, five):
    ran = run(FIVE, options=SAID, key=KEY, pre=FIVE.replace("1,1,1", "0,1,1"))
    figures = ran.figures

    assert ran.said == ""
    assert [*figures] == ["test", "items", "gain"]
    assert [*figures["test"]] == ["n", "k", "mean", "sd", "alpha", "sem"]
    assert figures["test"]["alpha"] == five["alpha"]
    assert [*figures["items"]] == ["one", "two", "three"]
    expected, item = figures["items"]["one"], five["one"]
    assert [*expected] == [
        "facility",
        "wilson95",
        "discrimination",
        "discriminative_efficiency",
        "effective_weight",
        "alpha_if_dropped",
        "distractors",
    ]
    assert expected["wilson95"] == [*wilson95(3, 5)]
    for name in ("facility", "discrimination", "discriminative_efficiency", "effective_weight"):
        assert expected[name] == getattr(item, name)
    assert expected["distractors"]["b"] == {
        "is_key": False,
        "count": 1,
        "proportion": 0.2,
        "mean_total": 1.0,
        "discrimination": pytest.approx(0.05 / 0.14**0.5, rel=1e-12),
    }
    assert [d["is_key"] for d in expected["distractors"].values()] == [True, False]
    assert figures["gain"] == {
        "class": pytest.approx((1.4 - 1.2) / (3 - 1.2), rel=1e-12),
        "individual": {"ana": 1.0, "ben": 0.0, "cy": 0.0, "di": 0.0, "ed": None},
        "mcnemar": {"one": 1.0, "two": 1.0, "three": 1.0},
    }


def test_distractors_and_gain_need_more_files(run):
    figures = run(FIVE).figures

    assert figures["gain"] is None
    assert all(item["distractors"] == {} for item in figures["items"].values())


def test_analysis_reads_and_writes_no_other_file(tmp_path):
    """As somebody else's script would call it; both spellings do."""
    (tmp_path / "scores.csv").write_text(FIVE, encoding="utf-8")
    kept = {k: v for k, v in os.environ.items() if k in {"PATH", "HOME", "LANG"}}
    for name in ("analyse", "analyze"):
        ran = subprocess.run(
            [sys.executable, "-m", "learn", name, "scores.csv"],
            env=kept | {"PYTHONPATH": str(ROOT)},
            cwd=tmp_path,
            capture_output=True,
            text=True,
            timeout=60,
            check=False,
        )
        assert (ran.returncode, ran.stderr) == (0, "")
        assert json.loads(ran.stdout)["test"]["n"] == 5
    assert [p.name for p in tmp_path.iterdir()] == ["scores.csv"]


def test_a_reader_that_closes_the_pipe_early_causes_no_error(tmp_path):
    rows = "".join(f"l{i},1,{i % 2}\n" for i in range(20_000))
    for name in ("scores.csv", "pre.csv"):
        (tmp_path / name).write_text("learner,a,b\n" + rows, encoding="utf-8")
    process = subprocess.Popen(
        [sys.executable, "-m", "learn", "analyse", "scores.csv", "--pre", "pre.csv"],
        env={"PATH": os.environ["PATH"], "PYTHONPATH": str(ROOT)},
        cwd=tmp_path,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    )
    with process:
        assert process.stdout
        assert process.stderr
        assert process.stdout.readline() == b"{\n"
        process.stdout.close()
        assert process.stderr.read() == b""
        process.wait(60)


@pytest.mark.parametrize(
    "written",
    [
        FIVE.encode("utf-8-sig"),
        FIVE.encode("utf-16"),
        b"\xfe\xff" + FIVE.encode("utf-16-be"),
        FIVE.replace("\n", "\r\n").encode(),
        FIVE.replace("\n", "\r").encode(),
        FIVE.strip().encode(),
        FIVE.replace(",", ";").encode(),
        FIVE.replace(",", "\t").encode(),
        b"sep=;\r\n" + FIVE.replace(",", ";").encode(),
        FIVE.replace(",0", ",").encode(),
        FIVE.replace(",0", ', "0"').replace(', "', ',"').encode(),
        FIVE.replace(",", " , ").encode(),
        FIVE.replace(",0", ",0.0").replace(",1", ",1e0").encode(),
        FIVE.replace(",0", ",-0").replace(",1", ",+1.").encode(),
        FIVE.replace(",", ";").replace(";0", ";0,0").replace(";1", ";1,0").encode(),
        FIVE.replace("\n", ",,\n").encode(),
        FIVE.replace("\n", ",,\n").replace("three,,", "three").encode(),
        (FIVE + ",,,\n \n\n").encode(),
        ("\n,,,\n" + FIVE).encode(),
        FIVE.replace("ben", '"ben, ""the\nbear"""').encode(),
    ],
    ids=range(20),
)
def test_every_csv_dialect_gives_the_same_figures(run, written):
    expected = run(FIVE).figures
    ran = run(written)

    assert ran.figures == expected
    assert ran.said == ""


@pytest.mark.parametrize("name", ["", "one", "Learner’s id"])
def test_the_first_column_may_have_any_name(run, name):
    assert run(FIVE.replace("learner", name)).figures == run(FIVE).figures


def test_semicolons_separate_cells_that_contain_commas(run):
    figures = run("learner;Q1, first;Q2, second\nana;0,5;1,0\nben;0,25;\n").figures

    assert [*figures["items"]] == ["Q1, first", "Q2, second"]
    assert figures["items"]["Q1, first"]["facility"] == 0.375


def test_names_in_a_windows_code_page_are_read(run):
    figures = run(FIVE.encode(), pre=FIVE.replace("ana", "Zoë").encode("cp1252"))

    assert "“Zoë”" in figures.said


def test_figures_are_printed_with_full_precision(run):
    figures = run("learner,a\nx,0.1234567890123456\ny,0.1234567890123457\n").figures

    assert figures["items"]["a"]["facility"] == pytest.approx(0.12345678901234565, abs=2e-17)
    assert figures["test"]["sd"] == pytest.approx(1e-16 / 2**0.5, rel=0.1)


def test_a_table_with_one_learner_is_analyzed(run):
    figures = run("learner,a,b\nana,1,0\n", options="l,a,b\nana,x,y\n", key="item,key\na,x\nb,x\n")
    a = figures.figures["items"]["a"]

    assert figures.figures["test"] == {
        "n": 1, "k": 2, "mean": 1.0, "sd": None, "alpha": None, "sem": None
    }  # fmt: skip
    assert (a["discrimination"], a["effective_weight"], a["facility"]) == (None, None, 1.0)
    assert a["distractors"]["x"]["discrimination"] is None


def test_a_table_without_learners_says_so_and_has_no_figures(run):
    ran = run("learner,a,b\n", pre="learner,a,b\n")

    assert ran.figures["test"] == {
        "n": 0, "k": 2, "mean": None, "sd": None, "alpha": None, "sem": None
    }  # fmt: skip
    assert {*map(str, ran.figures["items"]["a"].values())} == {"None", "{}"}
    assert ran.figures["gain"] == {
        "class": None,
        "individual": {},
        "mcnemar": {"a": None, "b": None},
    }
    assert ran.said == "scores.csv: it has no learners, so there are no figures.\n"


def test_a_table_of_100000_learners_is_analyzed(run):
    chance = random.Random(1)  # noqa: S311
    rows = [f"l{i},{chance.choice('01')},{chance.choice('01')}" for i in range(100_000)]
    figures = run("learner,a,b\n" + "\n".join(rows)).figures

    assert figures["test"]["n"] == 100_000
    assert figures["items"]["a"]["facility"] == sum(r.split(",")[1] == "1" for r in rows) / 100_000


def test_gain_counts_learners_and_items_in_both_tables_and_names_the_rest(run):
    pre = "learner,three,one,four\ned,0,0,1\nana,0,1,1\nflo,1,1,1\n"
    ran = run(FIVE, pre=pre)

    assert ran.figures["gain"] == {
        "class": pytest.approx(1 / 3, rel=1e-12),
        "individual": {"ana": 1.0, "ed": None},
        "mcnemar": {"one": 1.0, "three": 1.0},
    }
    assert ran.said.splitlines() == [
        "pre.csv: learners left out of the gain, not in scores.csv: “flo”.",
        "pre.csv: items left out of the gain, not in scores.csv: “four”.",
        "scores.csv: learners left out of the gain, not in pre.csv: “ben”, “cy”, “di”.",
        "scores.csv: items left out of the gain, not in pre.csv: “two”.",
    ]


def test_only_the_first_of_many_omitted_learners_are_named(run):
    many = "learner,one,two,three\n" + "".join(f"l{i},1,1,1\n" for i in range(30))
    said = run(many, pre=FIVE).said

    assert "“l9”, and 20 more." in said
    assert "“l10”" not in said


def test_partial_scores_get_no_mcnemar_test(run):
    gain = run(FIVE, pre=FIVE.replace("ed,0", "ed,0.5")).figures["gain"]

    assert gain["mcnemar"] == {"one": None, "two": 1.0, "three": 1.0}


def test_the_options_file_may_have_another_order_and_fewer_items(run):
    lines = "learner,three,one\ned,c,\ndi,a,b\ncy,b,a\nben,b,a\nana,a,a\n"
    both = run(FIVE, options=lines, key="Key , ITEM\na,one\na,three\n").figures["items"]
    same = run(FIVE, options=SAID, key=KEY).figures["items"]

    assert both["one"] == same["one"]
    assert both["three"] == same["three"]
    assert both["two"]["distractors"] == {}


def test_a_key_nobody_chose_is_reported_and_an_item_may_have_two_keys(run):
    key = "item,key,note\none,a,\none,b,both are right\ntwo,z,\nthree,a,\n"
    items = run(FIVE, options=SAID, key=key).figures["items"]

    assert [d["is_key"] for d in items["one"]["distractors"].values()] == [True, True]
    assert items["two"]["distractors"]["z"] == {
        "is_key": True, "count": 0, "proportion": 0.0, "mean_total": None, "discrimination": None
    }  # fmt: skip


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
        ("learner,a\nana,NA\n", "leave the cell blank for no answer"),
        ("learner,a\nana,nan\n", "“nan” is not a number"),
        ("learner,a\nana,inf\n", "“inf” is not a number"),
        ("learner,a\nana,1_0\n", "“1_0” is not a number"),
        ("learner,a\nana,٠\n", "“٠” is not a number"),
        ("learner,a\nana,85\n", "“85” is above 1; scores go from 0 to 1 (divide"),
        ("learner,a\nana,1.01\n", "“1.01” is above 1"),
        ("learner,a\nana,1e999\n", "“1e999” is above 1"),
        ("learner,a\nana,-0.5\n", "“-0.5” is below 0"),
        ("learner,a\nana,50%\n", "“50%” is not a number"),
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
