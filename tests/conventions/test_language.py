"""Docstrings and comments are in plain engineering English, and a class name means one thing."""

from __future__ import annotations

import ast
import io
import re
import tokenize
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).parents[2]
PACKAGES = ("learn", "questions")

PHRASES = (
    r"whoever",
    r"amiss",
    r"word of it",
    r"lets? (?:\w+ ){1,3}in",
    r"stands? for itself",
    r"somebody has to do",
    r"no harm",
    r"is no more",
    r"very same (?:moment|time)",
    r"a press of",
    r"that is well",
    r"in a word",
    r"lets? nobody in",
    r"do(?:es)? no harm",
    r"(?:is|are) told so",
)
"""Phrases that need a second reading. Say who does what, what is returned, and what is raised."""

LEFT: dict[str, int] = {}
"""How often a phrase is still there. Numbers only go down."""

SHARED: frozenset[str] = frozenset()
"""Class names that are still defined twice. Names only leave this set."""


def prose(path: Path) -> Iterator[str]:
    """Yield the docstrings and comments of a Python file, each on one line."""
    source = path.read_text()
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef):
            yield " ".join((ast.get_docstring(node, clean=False) or "").split())
    for token in tokenize.generate_tokens(io.StringIO(source).readline):
        if token.type == tokenize.COMMENT:
            yield token.string


def test_docstrings_and_comments_use_no_private_phrases():
    patterns = {phrase: re.compile(rf"\b{phrase}\b", re.IGNORECASE) for phrase in PHRASES}
    uses: dict[str, list[str]] = {}
    for path in (p for name in (*PACKAGES, "tests") for p in ROOT.glob(f"{name}/**/*.py")):
        source = " ".join(path.read_text().split())
        suspects = {p: r for p, r in patterns.items() if r.search(source)}
        for text in prose(path) if suspects and path != Path(__file__) else ():
            for phrase, pattern in suspects.items():
                at = f"{path.relative_to(ROOT)}: {text}"
                uses.setdefault(phrase, []).extend([at] * len(pattern.findall(text)))

    assert not {p: at for p, at in uses.items() if len(at) > LEFT.get(p, 0)}


def test_docstrings_of_functions_begin_with_a_verb():
    nouns = [
        f"{path.relative_to(ROOT)}:{node.lineno}: {docstring}"
        for name in (*PACKAGES, "tests/learn", "tests/questions", "tests/library")
        for path in ROOT.glob(f"{name}/**/*.py")
        if re.search(r"""["']\s*The """, source := path.read_text())
        for node in ast.walk(ast.parse(source))
        if isinstance(node, ast.FunctionDef) and not node.name.startswith("test_")
        if (docstring := ast.get_docstring(node) or "").startswith("The ")
    ]

    assert not nouns


def test_a_public_class_name_is_defined_once():
    classes = (
        class_name
        for name in PACKAGES
        for path in ROOT.glob(f"{name}/**/*.py")
        for class_name in re.findall(r"^\s*class (\w+)[(:]", path.read_text(), re.MULTILINE)
    )
    # WTForms reads the settings of a form from its inner class `Meta`.
    counted = Counter(c for c in classes if not c.startswith("_") and c != "Meta")

    assert {name for name, count in counted.items() if count > 1} <= SHARED
