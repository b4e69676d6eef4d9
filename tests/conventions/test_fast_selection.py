"""`make test-fast` tries a little of everything."""

from __future__ import annotations

import ast
from pathlib import Path

from learn.app import FEATURES
from tests.conftest import FAST_FOLDERS, LONGEST

TESTS = Path(__file__).parents[1]


def named_by_markers() -> list[str]:
    """Return the features that `@pytest.mark.fast("…")` names."""
    return [
        mark.args[0].value
        for path in TESTS.glob("learn/test_*.py")
        for test in ast.parse(path.read_text()).body
        if isinstance(test, ast.FunctionDef)
        for mark in test.decorator_list
        if isinstance(mark, ast.Call) and ast.unparse(mark.func) == "pytest.mark.fast"
        if isinstance(mark.args[0], ast.Constant)
    ]


def test_each_feature_has_a_fast_test():
    assert {*named_by_markers()} == {blueprint.name for blueprint in FEATURES}


def test_the_fast_selection_names_existing_files():
    for name in FAST_FOLDERS:
        assert [*TESTS.glob(f"{name}/test_*.py")], name
    assert (TESTS / "browser" / LONGEST).is_file()
