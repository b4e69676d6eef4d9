"""`learn check --items`, `--blind`, and `--answers`: questions for people to judge."""

from __future__ import annotations

import os
import re
from pathlib import Path

import pytest

from learn.authoring.blind_test import draw
from tests.forked import learn
from tests.our_content import our_content

ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="module")
def content():
    return our_content()


@pytest.fixture
def check(tmp_path):
    env = {k: v for k, v in os.environ.items() if k in {"PATH", "HOME", "LANG"}}

    def run(*arguments, code=0):
        ran = learn("check", *arguments, env=env | {"PYTHONPATH": str(ROOT)}, cwd=tmp_path)
        assert "Traceback" not in ran.stderr, ran.stderr
        assert ran.returncode == code, ran.stdout + ran.stderr
        return ran.stderr if code else ran.stdout

    return run


@pytest.fixture
def answers(tmp_path):
    def write(text):
        path = tmp_path / "answers.txt"
        path.write_text(text, encoding="utf-8")
        return path

    return write


def letters(item, *, right):
    """Return the letters of the right options, or of the first wrong one."""
    named = [(chr(65 + i), p) for i, p in enumerate(item.options)]
    if right:
        return ", ".join(letter for letter, p in named if p.right)
    return next(letter for letter, p in named if not p.right)


def test_each_objective_has_a_page_with_all_of_its_questions(check, content):
    pages = check("--items").split("\f")

    assert len(pages) == len(content.bank.objectives)
    for page, objective in zip(pages, content.bank.objectives.values(), strict=True):
        assert page.startswith(f"{objective.topic}/{objective.id}\n")
        for question in objective.questions:
            assert f"\n{question.id} ({question.kind}; " in page
            assert f"Ask: {question.stem}" in page
            for part in question.parts:
                assert f"- {part.text} (" in page
                assert f"Why: {part.rationale} ({', '.join(part.facts)})" in page
            if question.safety:
                assert f"safety: {question.safety}" in page


def test_a_blind_test_has_as_many_questions_as_asked_for_and_no_keys(check, content):
    sheet = check("--blind", "7", "12")

    assert re.findall(r"^(\d+):$", sheet, re.MULTILINE) == [str(n) for n in range(1, 13)]
    for item in draw(content.bank, "7", 12):
        assert item.question.stem in sheet
        assert item.question.id not in sheet
        for part in item.options:
            assert f"  {part.text}\n" in sheet
            assert part.rationale not in sheet


def test_the_seed_decides_which_questions_and_in_which_order(check):
    one = check("--blind", "7", "12")

    assert check("--blind", "7", "12") == one
    assert check("--blind", "8", "12") != one


def test_the_key_stands_at_every_place(content):
    places = {
        item.options.index(key)
        for item in draw(content.bank, "7", 60)
        if (key := item.question.only_key)
    }

    assert places >= {0, 1, 2}


def test_a_masked_test_has_the_same_questions_in_other_words(check):
    plain, masked = check("--blind", "7", "30"), check("--blind", "7", "30", "--masked")

    assert plain.count("\n") == masked.count("\n")
    assert "leukemia" in plain
    assert "leukemia" not in masked
    assert not re.search(r"\b[Mm]arrow\b|\bplatelets?\b|\bALL\b", masked)


@pytest.mark.parametrize(
    ("right", "said"), [(True, "100.0% right of 20"), (False, "0.0% right of 20")]
)
def test_a_file_of_answers_is_graded_beside_chance(check, answers, content, right, said):
    items = draw(content.bank, "7", 20)
    lines = [f"{n}: {letters(item, right=right)}" for n, item in enumerate(items, 1)]
    path = answers("# mine\n\n" + "\n".join(lines))
    result = check("--blind", "7", "20", "--answers", path)

    assert result.startswith(said)
    assert result.rstrip().endswith(": above chance." if right else ": not above chance.")


def test_answers_may_name_questions_by_their_ids_and_letters_in_any_case(check, answers, content):
    items = draw(content.bank, "7", 5)
    lines = [f"{i.question.id}: {letters(i, right=True).lower()}" for i in items]

    assert "100.0% right of 5" in check("--blind", "7", "5", "--answers", answers("\n".join(lines)))


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ("1: A\n2", "answers.txt:2: not an answer such as “1: B”"),
        ("1: A\n99: A", "answers.txt:2: “99” is not in this test"),
        ("1: A\n1: A", "answers.txt:2: “1” is answered twice"),
        ("1: Z", "answers.txt:1: “Z” is not a letter from A to"),
        ("1:", "answers.txt:1: no letter"),
        ("1: AB", "answers.txt:1: one letter, please"),
        ("1: A", "answers.txt:1: no answer to 2, 3"),
        ("", "answers.txt:1: no answer to 1, 2, 3"),
    ],
)
def test_a_file_that_cannot_be_graded_says_where_and_why(check, answers, content, change, message):
    seed = next(s for s in "abcdefgh" if draw(content.bank, s, 3)[0].question.only_key)

    assert message in check("--blind", seed, "3", "--answers", answers(change), code=1)


def test_a_file_that_cannot_be_read_says_so(check, answers, tmp_path):
    missing = check("--blind", "7", "3", "--answers", tmp_path / "none.txt", code=1)
    assert "none.txt:1: it can't be read: No such file" in missing
    (tmp_path / "bad.txt").write_bytes(b"1: \xff")
    assert "bad.txt:1: not UTF-8" in check(
        "--blind", "7", "3", "--answers", tmp_path / "bad.txt", code=1
    )


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["--masked"], "Say which questions: --blind SEED N."),
        (["--answers", "x.txt"], "Say which questions: --blind SEED N."),
        (["--blind", "7", "5", "--items"], "leave out --items"),
        (["--blind", "7", "9999"], "ask for at most that many"),
    ],
)
def test_options_that_do_not_go_together_are_refused(check, arguments, message):
    assert message in check(*arguments, code=1)


def test_a_number_of_questions_must_be_a_number(check):
    assert "many" in check("--blind", "7", "many", code=2)
