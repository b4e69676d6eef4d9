"""From a table of answers to its figures, against plain formulas of the standard library."""

from __future__ import annotations

import math
import random
import statistics
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.learn.analyses import Ran, analyses

N, K = 137, 14


@pytest.fixture
def run(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> Callable[..., Ran]:
    return analyses(tmp_path, monkeypatch, capsys)


def close(value: float) -> object:
    return pytest.approx(value, abs=1e-12)


def test_all_figures_of_answers_equal_those_of_plain_formulas(run):
    chance = random.Random(11)  # noqa: S311
    key = [chance.choice("ABCD") for _ in range(K)]
    said = []
    for _ in range(N):
        able = chance.gauss(0, 1)
        right = [chance.random() < 1 / (1 + math.exp((j - 7) / 4 - able)) for j in range(K)]
        said.append([key[j] if right[j] else chance.choice("ABCD") for j in range(K)])
    rows = ["name," + ",".join(f"q{j}" for j in range(K)), "Key," + ",".join(key)]
    rows += (f"p{i}," + ",".join(answers) for i, answers in enumerate(said))
    figures = run("\n".join(rows) + "\n").figures

    columns = [[float(answers[j] == key[j]) for answers in said] for j in range(K)]
    totals = [sum(row) for row in zip(*columns, strict=True)]
    spread = sum(map(statistics.variance, columns)) / statistics.variance(totals)
    assert figures["test"]["alpha"] == close(K / (K - 1) * (1 - spread))
    for j, column in enumerate(columns):
        item = figures["items"][f"q{j}"]
        rest = [total - score for total, score in zip(totals, column, strict=True)]
        assert item["facility"] == close(statistics.mean(column))
        assert item["discrimination"] == close(statistics.correlation(column, rest))
        for option, found in item["distractors"].items():
            chose = [float(answers[j] == option) for answers in said]
            theirs = [total for total, c in zip(totals, chose, strict=True) if c]
            assert found["count"] == sum(chose)
            assert found["mean_total"] == close(statistics.mean(theirs))
            assert found["discrimination"] == close(statistics.correlation(chose, rest))
        for place, group in enumerate(item["curves"]["groups"]):
            members = [i for i in range(N) if group["low"] <= rest[i] <= group["high"]]
            assert group["n"] == len(members)
            for option, shares in item["curves"]["options"].items():
                there = sum(said[i][j] == option for i in members)
                assert shares[place] == close(there / len(members))
