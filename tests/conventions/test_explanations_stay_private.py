"""What a learner writes for themselves is read by nobody else's pages and by no report."""

from __future__ import annotations

import re
from pathlib import Path

ROOT = Path(__file__).parents[2]
MAY_NAME_IT = {
    "learn/models/__init__.py",
    "learn/models/explanation.py",
    "learn/my_data/queries.py",  # counts their own for the one who wrote them
    "learn/my_data/descriptions.py",  # says in their copy what the table holds
    "learn/explanations/__init__.py",
    "learn/explanations/actions.py",
    "learn/explanations/forms.py",
    "learn/explanations/queries.py",
    "learn/explanations/views.py",
}
MAY_MOVE_IT = ("learn/account_merge/",)  # from a guest to the account that they come into


def test_no_other_feature_imports_the_explanation_table():
    named = {
        path.relative_to(ROOT).as_posix()
        for path in ROOT.glob("learn/**/*.py")
        if re.search(r"\bExplanation\b|\bexplanation\b", path.read_text())
    }

    assert {n for n in named if not n.startswith(MAY_MOVE_IT)} == MAY_NAME_IT


def test_my_data_reads_only_the_number_of_explanations():
    text = (ROOT / "learn/my_data/queries.py").read_text()

    assert {*re.findall(r"Explanation\.(\w+)", text)} == {"id", "account_id"}


def test_no_other_template_shows_an_explanation():
    for path in ROOT.glob("templates/**/*.html"):
        if "explanations" not in path.as_posix():
            assert "macros/explanations.html" not in path.read_text(), path
