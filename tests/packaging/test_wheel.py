"""The wheel, installed into an empty environment, serves a page."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import urllib.request
import zipfile
from contextlib import closing
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]

pytestmark = pytest.mark.wheel


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("dist")
    subprocess.run(
        [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-t", "sdist", "-d", folder],
        cwd=ROOT,
        check=True,
        capture_output=True,
    )
    assert [*folder.glob("*.tar.gz")]
    return next(folder.glob("*.whl"))


def test_the_wheel_holds_content_templates_and_migrations(wheel: Path):
    names = zipfile.ZipFile(wheel).namelist()

    for needed in (
        "learn/_templates/quizzes/question.html",
        "learn/_migrations/versions/0001_first_tables.py",
        "learn/_migrations/.current-alembic-head",
        "learn/library/source.toml",
        "learn/static/style/20-base.css",
        "questions/bank/classification/remission.toml",
    ):
        assert needed in names, needed
    assert not [n for n in names if n.startswith("tests")]


def test_installed_it_serves_a_page(wheel: Path, tmp_path: Path):
    subprocess.run([sys.executable, "-m", "venv", tmp_path / "venv"], check=True)
    pip = [tmp_path / "venv/bin/python", "-m", "pip", "install", "--quiet"]
    requirements = ROOT / "requirements.txt"
    subprocess.run([*pip, "--require-hashes", "-r", requirements], check=True)
    subprocess.run([*pip, "--no-deps", wheel], check=True)
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    process = subprocess.Popen(
        [tmp_path / "venv/bin/learn", "serve", "--port", str(port), "--workers", "1"],
        cwd=tmp_path,
        env={"PATH": os.environ["PATH"]},
        stdout=subprocess.PIPE,
        text=True,
        start_new_session=True,
    )
    try:
        assert process.stdout is not None
        address = process.stdout.readline().split()[-1]
        for page in ("/", "/lessons/what-is-all", "/quizzes/mixed", "/help"):
            with closing(urllib.request.urlopen(address + page, timeout=20)) as response:  # noqa: S310
                assert "Learn ALL" in response.read().decode()
    finally:
        os.killpg(process.pid, signal.SIGTERM)
        process.communicate(timeout=30)
    assert (tmp_path / "instance" / "learn.sqlite3").exists()
