"""`learn analyse`: analyze a test from a CSV file."""

from __future__ import annotations

import json
import os
import random
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from questions.analysis import analyze, wilson95
from tests.learn.analyses import FIVE, KEY, SAID, Ran, analyses

ROOT = Path(__file__).parents[2]


@pytest.fixture
def run(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> Callable[..., Ran]:
    return analyses(tmp_path, monkeypatch, capsys)


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
    assert [*figures["test"]] == ["n", "k", "mean", "sd", "alpha", "alpha95", "sem"]
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
        "curves",
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
        "n": 1, "k": 2, "mean": 1.0, "sd": None, "alpha": None, "alpha95": None, "sem": None
    }  # fmt: skip
    assert (a["discrimination"], a["effective_weight"], a["facility"]) == (None, None, 1.0)
    assert a["distractors"]["x"]["discrimination"] is None


def test_a_table_without_learners_says_so_and_has_no_figures(run):
    ran = run("learner,a,b\n", pre="learner,a,b\n")

    assert ran.figures["test"] == {
        "n": 0, "k": 2, "mean": None, "sd": None, "alpha": None, "alpha95": None, "sem": None
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
