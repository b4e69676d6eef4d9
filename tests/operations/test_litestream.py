"""Litestream copies the database to a folder while people answer, and the copy is whole."""

from __future__ import annotations

import contextlib
import re
import shutil
import sqlite3
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from questions.bank import load_bank
from tests.learn.http_learner import Learner
from tests.serving import Site, serving

pytestmark = pytest.mark.operations
ROOT = Path(__file__).parents[2]
LITESTREAM = Path(sys.executable).with_name("litestream")
_SOON = 30.0  # seconds until what was answered is in the copy, on a machine with much to do


def documented_configuration(data: Path, target: Path) -> str:
    """The configuration in docs/operations.md, with other folders."""
    page = (ROOT / "docs" / "operations.md").read_text()
    blocks = re.findall(r"^```yaml\n(dbs:\n.*?)^```", page, re.DOTALL | re.MULTILINE)
    (text,) = blocks
    text = re.sub(r"- path: \S+", f"- path: {data / 'learn.sqlite3'}", text)
    return re.sub(r"(\n +)path: \S+", rf"\g<1>path: {target}", text)


class Litestream:
    """Litestream with the documented configuration."""

    def __init__(self, folder: Path) -> None:
        self.data, self.target = folder / "instance", folder / "target"
        self._file = folder / "litestream.yml"
        self._file.write_text(documented_configuration(self.data, self.target))

    @contextlib.contextmanager
    def running(self) -> Iterator[subprocess.Popen[bytes]]:
        process = subprocess.Popen(
            [LITESTREAM, "replicate", "-config", self._file],
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        try:
            yield process
        finally:
            process.kill()
            process.wait()

    def restore(self, file: Path) -> bool:
        """Write the copy to `file`; whether there is one already."""
        file.unlink(missing_ok=True)
        database = self.data / "learn.sqlite3"
        command = [LITESTREAM, "restore", "-config", self._file, "-o", file, database]
        return subprocess.run(command, capture_output=True, check=False).returncode == 0

    def wait_until_it_has(self, answers: int, file: Path) -> None:
        until = time.monotonic() + _SOON
        while not (self.restore(file) and answers_in(file) >= answers):
            assert time.monotonic() < until
            time.sleep(0.5)


def answers_in(file: Path) -> int:
    with closing(sqlite3.connect(file)) as database:
        assert database.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
        rows = database.execute("SELECT count(*) FROM item WHERE answered_at IS NOT NULL")
        count: int = rows.fetchone()[0]
        return count


def answer(site: Site, count: int) -> int:
    """Answer until so many answers were acknowledged; how many there were."""
    bank, cut = load_bank(), threading.Event()
    learners = [Learner(site, bank, cut) for _ in range(3)]
    for learner in learners:
        learner.start()
    while (done := sum(len(one.acknowledged) for one in learners)) < count:
        assert any(one.is_alive() for one in learners), learners[0].errors
        time.sleep(0.01)
    cut.set()
    site.kill()
    for learner in learners:
        learner.join()
        assert learner.errors == []
    return done


@pytest.fixture
def litestream(tmp_path: Path) -> Litestream:
    with serving(tmp_path / "instance"):
        pass  # makes the database
    return Litestream(tmp_path)


def test_what_was_answered_is_in_the_copy(litestream, tmp_path):
    """Site, database, and Litestream are lost at once, and the copy is put in their place."""
    with litestream.running(), serving(litestream.data) as site:
        answered = answer(site, 60)
        litestream.wait_until_it_has(answered, tmp_path / "copy.sqlite3")
    shutil.rmtree(litestream.data)
    assert litestream.restore(tmp_path / "copy.sqlite3")
    restored = learn(tmp_path, "restore", "copy.sqlite3")
    assert restored.returncode == 0, restored.stderr
    assert answers_in(litestream.data / "learn.sqlite3") >= answered


def learn(folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "learn", *arguments],
        cwd=folder,
        env={"LEARN_DATA": str(folder / "instance"), "PYTHONPATH": str(ROOT), "PATH": "/usr/bin"},
        capture_output=True,
        text=True,
        check=False,
    )


def test_a_stop_does_not_wait_for_it_and_the_next_start_finds_all(litestream, tmp_path):
    with litestream.running():
        for _ in range(2):
            with serving(litestream.data) as site:
                learner = Learner(site, load_bank(), threading.Event())
                learner.answer_one("topic/what-is-all")
                assert learner.errors == []
                began = time.monotonic()
                site.stop()
                assert time.monotonic() - began < 10
        litestream.wait_until_it_has(2, tmp_path / "copy.sqlite3")
    assert answers_in(litestream.data / "learn.sqlite3") == 2


def test_after_a_restore_it_begins_anew(litestream, tmp_path):
    """As the page says: without its own folder beside the database."""
    assert learn(tmp_path, "backup", "a.zip").returncode == 0
    with litestream.running(), serving(litestream.data) as site:
        answer(site, 20)
        litestream.wait_until_it_has(20, tmp_path / "copy.sqlite3")
    assert learn(tmp_path, "restore", "a.zip", "--replace").returncode == 0
    shutil.rmtree(litestream.data / ".learn.sqlite3-litestream")
    assert answers_in(litestream.data / "learn.sqlite3") == 0
    with litestream.running(), serving(litestream.data) as site:
        learner = Learner(site, load_bank(), threading.Event())
        learner.answer_one("topic/what-is-all")
        until = time.monotonic() + _SOON
        while not (
            litestream.restore(tmp_path / "copy.sqlite3")
            and answers_in(tmp_path / "copy.sqlite3") == 1
        ):
            assert time.monotonic() < until
            time.sleep(0.5)
