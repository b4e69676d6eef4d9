"""The engine imports neither web nor database code."""

from __future__ import annotations

import subprocess
import sys

ALONE = """
import importlib, pkgutil, sys
import questions
for module in pkgutil.iter_modules(questions.__path__, "questions."):
    importlib.import_module(module.name)
assert "questions.grading" in sys.modules
assert importlib.import_module("questions.bank").load_bank().questions
web = {"flask", "flask_wtf", "wtforms", "jinja2", "sqlalchemy", "alembic", "werkzeug", "learn"}
assert not web & {*sys.modules}, web & {*sys.modules}
"""


def test_the_engine_runs_without_the_web_and_the_database():
    done = subprocess.run(
        [sys.executable, "-c", ALONE], check=False, capture_output=True, text=True
    )

    assert (done.returncode, done.stderr) == (0, "")
