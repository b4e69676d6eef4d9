"""What the tests of the engine share: a small bank, and the same examples every time."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import settings

from tests.every import examples
from tests.questions.bank_files import ONE, TWO

settings.register_profile(
    "engine", derandomize=True, deadline=None, database=None, max_examples=examples(60)
)
settings.load_profile("engine")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A bank of two objectives, without errors."""
    cells = tmp_path / "bank" / "cells"
    cells.mkdir(parents=True)
    (cells / "one.toml").write_text(ONE, encoding="utf-8")
    (cells / "two.toml").write_text(TWO, encoding="utf-8")
    return tmp_path / "bank"
