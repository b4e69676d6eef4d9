"""What several tests of a site in operation start from."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.operations.machine import Server


@pytest.fixture
def server() -> Iterator[Server]:
    """Yield a PostgreSQL server of the test's own."""
    found = Server()
    try:
        yield found
    finally:
        found.stop()
