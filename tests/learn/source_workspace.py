"""A content folder about the second document, and the `learn` commands for it."""

from __future__ import annotations

import os
import shutil
import subprocess
import tomllib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from sqlalchemy.orm import Session

from learn.database import Database
from learn.editorial import queries
from tests.forked import learn
from tests.second_document import TEXT

ROOT = Path(__file__).parents[2]
CHANGED_TIME = ("early in the morning", "late in the morning")  # changes F4
CHANGED_SENTENCE = "Water the beds late in the morning, while the soil is still cool."
CHANGED_RULE = ("before you sit down", "before you sit or stand")  # changes F21
REMOVED_SENTENCE = ("Ask before you sit down beside somebody. ", "")  # F21 is missing
ADDED_SENTENCE = ("# What to Bring\n", "# What to Bring\n\nParking costs nothing.\n")
WASH_SENTENCE = "Wash your hands before and after you touch the soil."  # F8, and F24 again


class SourceWorkspace:
    """A content folder, a copy of its source document, and the `learn` command."""

    def __init__(self, home: Path) -> None:
        self.home = home
        self.content_dir = home / "garden"
        self.document = home / "garden.md"
        self.data = home / "data"
        kept = {k: v for k, v in os.environ.items() if k in {"PATH", "HOME", "LANG"}}
        self.env = kept | {"LEARN_DATA": str(self.data), "PYTHONPATH": str(ROOT)}

    def run(self, *arguments: str | Path) -> subprocess.CompletedProcess[str]:
        result = learn(*arguments, env=self.env, cwd=self.home)
        assert "Traceback" not in result.stderr, result.stderr
        return result

    def check(self, *options: str | Path) -> subprocess.CompletedProcess[str]:
        return self.run("--content", self.content_dir, "source", "check", self.document, *options)

    def accept(self, *options: str | Path) -> subprocess.CompletedProcess[str]:
        return self.run("--content", self.content_dir, "source", "accept", *options)

    def edit(self, *changes: tuple[str, str]) -> None:
        """Return the document after each of these passages was replaced."""
        text = TEXT
        for old, new in changes:
            assert text.count(old) == 1, f"{text.count(old)} times: {old}"
            text = text.replace(old, new)
        self.document.write_text(text, encoding="utf-8")

    @property
    def sentences(self) -> list[dict[str, Any]]:
        found: list[dict[str, Any]] = tomllib.loads(
            (self.content_dir / "sentences.toml").read_text(encoding="utf-8")
        )["sentence"]
        return found

    @contextmanager
    def session(self) -> Iterator[Session]:
        database = Database(f"sqlite:///{self.data / 'learn.sqlite3'}")
        try:
            with database.transaction() as session:
                yield session
        finally:
            database.dispose()

    @property
    def questions_on_hold(self) -> list[str]:
        """Questions that are not asked for now."""
        with self.session() as session:
            return sorted(queries.held_questions(session))


def assert_fails_with(result: subprocess.CompletedProcess[str], says: str, code: int = 1) -> None:
    """It said in one calm line why it can't be done."""
    assert result.returncode == code, result.stdout
    assert result.stdout == ""
    assert len(result.stderr.splitlines()) == 1, result.stderr
    assert says in result.stderr


def make_workspace(home: Path, finished: Path | None = None) -> SourceWorkspace:
    """Return a workspace with the document, and a copy of the finished folder, if any."""
    workspace = SourceWorkspace(home)
    if finished:
        shutil.copytree(finished, workspace.content_dir)
    workspace.edit()
    return workspace
