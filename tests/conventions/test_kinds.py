"""A kind of question is known by its own module and its own templates, and nowhere else."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import pytest

from questions.kinds import KINDS

ROOT = Path(__file__).parents[2]
CODE = [
    path
    for path in sorted([*ROOT.glob("learn/**/*.py"), *ROOT.glob("questions/**/*.py")])
    if (ROOT / "questions" / "kinds") not in path.parents
]
PAGES = [
    path
    for path in sorted(ROOT.glob("templates/**/*.html"))
    if (ROOT / "templates" / "quizzes" / "kinds") not in path.parents
]
_NAMED = re.compile("|".join({*KINDS} | {kind.__name__ for kind in KINDS.values()}))
CLASSES = {kind.__name__ for kind in KINDS.values()}


@pytest.mark.parametrize("name", KINDS)
def test_each_kind_has_its_templates(name):
    folder = ROOT / "templates" / "quizzes" / "kinds" / name

    assert {p.name for p in folder.iterdir()} == {"question.html", "feedback.html", "paper.html"}


def test_no_other_code_branches_on_a_kind():
    for path in CODE:
        source = path.read_text(encoding="utf-8")
        for node in ast.walk(ast.parse(source)) if _NAMED.search(source) else ():
            where = f"{path.relative_to(ROOT)}:{getattr(node, 'lineno', 0)}"
            if isinstance(node, ast.Compare | ast.MatchValue):
                named = {n.value for n in ast.walk(node) if isinstance(n, ast.Constant)}
                assert not named & {*KINDS}, where
            if isinstance(node, ast.ImportFrom) and (node.module or "").startswith("questions"):
                assert not {n.name for n in node.names} & CLASSES, where


def test_no_other_template_branches_on_a_kind():
    literal = rf"['\"](?:{'|'.join(KINDS)})['\"]"
    for path in PAGES:
        tags = re.findall(r"\{[{%].*?[%}]\}", path.read_text(encoding="utf-8"))
        assert not [tag for tag in tags if re.search(literal, tag)], path
