"""What the tests of the library share."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.library.small import Small


@pytest.fixture
def small(tmp_path: Path) -> Small:
    """Tiny content without faults, in files of our own."""
    return Small(tmp_path)
