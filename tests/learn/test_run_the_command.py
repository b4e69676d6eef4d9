"""The `learn` command as an operator uses it."""

from __future__ import annotations

import os
import platform
import re
import shutil
import signal
import socket
import sqlite3
import stat
import subprocess
import sys
import time
import tomllib
import urllib.request
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from tests import forked

ROOT = Path(__file__).parents[2]
LEARN = [sys.executable, "-m", "learn"]


def env_with(data: Path) -> dict[str, str]:
    kept = {k: v for k, v in os.environ.items() if k in {"PATH", "HOME", "LANG"}}
    return kept | {"LEARN_DATA": str(data), "PYTHONPATH": str(ROOT)}


@pytest.fixture
def env(tmp_path: Path) -> dict[str, str]:
    return env_with(tmp_path / "data")


@pytest.fixture
def content_folder(tmp_path: Path) -> Path:
    """A copy of all content, to break."""
    folder = tmp_path / "content"
    shutil.copytree(ROOT / "learn" / "library", folder)
    shutil.copytree(ROOT / "questions" / "bank", folder / "bank")
    shutil.copytree(ROOT / "questions" / "figures", folder / "figures")
    return folder


def learn(env: dict[str, str], *arguments: str) -> subprocess.CompletedProcess[str]:
    return forked.learn(*arguments, env=env)


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        found: int = probe.getsockname()[1]
        return found


@pytest.fixture(scope="module")
def server_data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("server") / "data"


@pytest.fixture(scope="module")
def server(server_data: Path) -> Iterator[str]:
    """Yield the address of a site that was started by the command, on nothing."""
    port = free_port()
    process = subprocess.Popen(
        [*LEARN, "serve", "--port", str(port), "--workers", "1"],
        env=env_with(server_data),
        stdout=subprocess.PIPE,
        text=True,
        start_new_session=True,
    )
    try:
        assert process.stdout is not None
        yield process.stdout.readline().split()[-1]
    finally:
        os.killpg(process.pid, signal.SIGTERM)
        process.communicate(timeout=30)


def test_serve_creates_its_files_and_prints_its_address(server, server_data):
    with closing(urllib.request.urlopen(server, timeout=10)) as page:  # noqa: S310
        assert "Acute lymphoblastic leukemia (ALL)" in page.read().decode()

    key = server_data / "secret_key"
    assert stat.S_IMODE(key.stat().st_mode) == 0o600
    assert len(key.read_text()) >= 40
    assert re.fullmatch(r"http://127\.0\.0\.1:\d+", server)


def test_the_real_server_shows_a_page_for_a_body_that_is_too_large(server):
    request = urllib.request.Request(f"{server}/quizzes/mixed", data=b"answer=" + b"x" * 1_000_000)  # noqa: S310
    with pytest.raises(urllib.error.HTTPError) as refused:
        urllib.request.urlopen(request, timeout=10)  # noqa: S310

    assert refused.value.code == 413
    assert "too long to send" in refused.value.read().decode()
    refused.value.close()


def test_help_lists_commands(env):
    shown = learn(env, "--help").stdout

    for said in ("serve", "migrate", "check", "DATABASE_URL", "serve the site"):
        assert said in shown
    assert "8000" in learn(env, "serve", "--help").stdout
    assert learn(env, "-h").stdout == shown


def test_the_version_option_prints_our_version_and_pythons(env):
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    ran = learn(env, "--version")

    assert ran.stdout == f"Learn ALL {project['version']} (Python {platform.python_version()})\n"
    assert (ran.returncode, ran.stderr) == (0, "")


@pytest.mark.parametrize("group", [[], ["source"], ["educator"]], ids=str)
def test_without_a_command_help_is_shown(env, group):
    ran = learn(env, *group)

    assert (ran.returncode, ran.stdout) == (2, "")
    assert "Commands:" in ran.stderr


def test_a_misspelled_command_gets_a_suggestion(env):
    assert "Did you mean 'serve'?" in learn(env, "serv").stderr


def test_an_unknown_command_is_rejected(env):
    ran = learn(env, "fly")

    assert ran.returncode == 2
    assert "fly" in ran.stderr


def test_check_passes_on_bundled_content(env):
    ran = learn(env, "check")

    assert ran.returncode == 0, ran.stdout
    assert ran.stdout.endswith("No errors.\n")
    assert not Path(env["LEARN_DATA"]).exists()


@pytest.mark.parametrize("command", ["check", "serve"])
def test_a_syntax_error_in_the_bank_names_file_and_line(env, content_folder, command):
    path = content_folder / "bank" / "classification" / "remission.toml"
    lines = path.read_text().splitlines()
    lines[4] = 'facts = ["F30"'
    path.write_text("\n".join(lines))
    ran = learn(env, "--content", str(content_folder), command)

    assert ran.returncode == 1
    assert re.search(
        r"bank/classification/remission\.toml:[56]: not valid TOML", ran.stdout + ran.stderr
    )
    assert "Traceback" not in ran.stderr


@pytest.mark.parametrize(
    ("find", "put", "says"),
    [
        ('id = "remission"', 'id = "Remission!"', "bad id “Remission!”"),
        ("you_can = ", "you_could = ", "missing key “you_can”"),
        ('facts = ["F30"', 'facts = ["F300"', "unknown fact “F300”"),
        ("why = ", "because = ", "missing key “why”"),
    ],
)
def test_check_names_each_error_with_its_line(env, content_folder, find, put, says):
    path = content_folder / "bank" / "classification" / "remission.toml"
    text = path.read_text()
    assert find in text
    path.write_text(text.replace(find, put, 1))
    ran = learn(env, "--content", str(content_folder), "check")

    assert ran.returncode == 1
    assert re.search(rf"remission\.toml:\d+: .*{re.escape(says)}", ran.stdout), ran.stdout


def test_a_missing_content_folder_is_an_error(env):
    ran = learn(env, "--content", "/no/such/folder", "serve")

    assert ran.returncode == 2
    assert ran.stderr == "LEARN_CONTENT: the folder /no/such/folder doesn't exist.\n"
    assert ran.stdout == ""


def test_a_content_folder_that_is_a_file_is_an_error(env, tmp_path):
    (tmp_path / "file").write_text("")
    ran = learn(env, "--content", str(tmp_path / "file"), "check")

    assert ran.returncode == 2
    assert ran.stderr == f"LEARN_CONTENT: the folder {tmp_path / 'file'} doesn't exist.\n"


def test_an_empty_content_folder_is_an_error(env, tmp_path):
    ran = learn(env, "--content", str(tmp_path), "serve")

    assert ran.returncode == 1
    assert re.fullmatch(r"(\S+:1: no such file\n){3}3 errors\.\n", ran.stderr)


def test_an_empty_content_folder_setting_means_none(env):
    assert learn(env, "--content", "", "migrate").returncode == 0


@pytest.mark.parametrize(
    ("setting", "value", "says"),
    [
        ("DATABASE_URL", "sqlite:////no/such/folder/x.sqlite3", "folder /no/such/folder doesn't"),
        ("DATABASE_URL", "not an address", "not the address of a database"),
        ("DATABASE_URL", "nosuch://x", "not the address of a database"),
        ("SECRET_KEY", "short", "too short"),
        ("LEARN_TRUSTED_PROXIES", "many", "must be a whole number"),
        ("LEARN_TIME_ZONE", "Mars/Olympus", "not a time zone"),
        ("LEARN_DATA", "/proc/nowhere", "can't be made"),
    ],
)
@pytest.mark.parametrize("command", ["serve", "migrate"])
def test_an_unusable_file_or_address_is_reported_in_one_line(env, setting, value, says, command):
    ran = learn(env | {setting: value}, command)

    assert ran.returncode == 2
    assert says in ran.stderr
    assert len(ran.stderr.strip().splitlines()) == 1, ran.stderr


@pytest.mark.parametrize("command", ["serve", "migrate"])
def test_a_server_that_does_not_answer_is_reported_in_one_line(env, command):
    ran = learn(env | {"DATABASE_URL": "postgresql://nobody@127.0.0.1:1/x"}, command)

    assert ran.returncode == 1
    assert "can't be opened" in ran.stderr
    assert len(ran.stderr.strip().splitlines()) == 1, ran.stderr


def test_an_empty_setting_means_none(env):
    empty = {"DATABASE_URL": "", "SECRET_KEY": "a key of one's own"}
    ran = learn(env | empty, "migrate")

    assert ran.returncode == 0, ran.stderr
    assert (Path(env["LEARN_DATA"]) / "learn.sqlite3").exists()


def test_a_file_that_is_not_a_database_is_reported(env, tmp_path):
    path = tmp_path / "x.sqlite3"
    path.write_text("this is not a database, but a text that is long enough to look like one")
    ran = learn(env | {"DATABASE_URL": f"sqlite:///{path}"}, "serve")

    assert ran.returncode == 2
    assert "is no SQLite database" in ran.stderr
    assert len(ran.stderr.strip().splitlines()) == 1


@pytest.mark.parametrize("command", ["serve", "migrate"])
def test_a_newer_database_is_left_unchanged(env, command):
    assert learn(env, "migrate").returncode == 0
    path = Path(env["LEARN_DATA"]) / "learn.sqlite3"
    with closing(sqlite3.connect(path)) as raw:
        raw.execute("UPDATE alembic_version SET version_num = '9999'")
        raw.commit()
    ran = learn(env, command)

    assert ran.returncode == 1
    assert "newer version of Learn ALL" in ran.stderr
    assert len(ran.stderr.strip().splitlines()) == 1


def test_migrate_prints_what_it_did(env):
    assert "now at version" in learn(env, "migrate").stdout
    assert "is up to date" in learn(env, "migrate").stdout


@pytest.mark.parametrize("more", [[], ["--check-port"]])
def test_a_port_in_use_is_reported_in_one_line(env, more):
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        ran = learn(env, "serve", "--port", str(taken.getsockname()[1]), *more)

    assert ran.returncode == 1
    assert re.fullmatch(r"Can't listen on .*already in use\.\n", ran.stderr)
    assert not Path(env["LEARN_DATA"]).exists()


def test_check_port_only_checks_the_port(env):
    ran = learn(env, "serve", "--port", str(free_port()), "--check-port")

    assert (ran.returncode, ran.stdout, ran.stderr) == (0, "", "")
    assert not Path(env["LEARN_DATA"]).exists()


@pytest.mark.parametrize("port", ["0", "abc", "65536", "-1", "8000.5", ""])
def test_an_invalid_port_is_reported_in_one_line(env, port):
    ran = learn(env, "serve", f"--port={port}")

    assert ran.returncode == 2
    assert ran.stderr == f"“{port}” is not a port: they go from 1 to 65535.\n"


def test_a_missing_package_is_reported_with_what_to_do(env, tmp_path):
    """As when somebody deleted a folder in .venv."""
    broken = tmp_path / "granian"
    broken.mkdir()
    (broken / "__init__.py").write_text("import granian_is_gone")
    env |= {"PYTHONPATH": f"{tmp_path}:{ROOT}"}
    command = [*LEARN, "serve", "--port", str(free_port())]
    ran = subprocess.run(command, env=env, capture_output=True, text=True, check=False)

    assert ran.returncode == 1
    first, second = ran.stderr.splitlines()
    assert first == "The Python package “granian_is_gone” is missing."
    assert "make clean" in second


@pytest.mark.skipif(sys.platform != "linux", reason="it looks for workers in /proc")
def test_an_interrupt_during_the_start_ends_all_workers(env):
    process = subprocess.Popen(
        [*LEARN, "serve", "--port", str(free_port()), "--workers", "4"],
        env=env,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        start_new_session=True,
    )
    children = Path(f"/proc/{process.pid}/task/{process.pid}/children")
    while process.poll() is None and len(children.read_text().split()) < 3:
        time.sleep(0.001)  # the third worker has only just been forked then
    os.killpg(process.pid, signal.SIGINT)  # as Ctrl-C does in a terminal
    printed, _ = process.communicate(timeout=60)

    assert process.returncode == 0
    assert '"level": "error"' not in printed, "a worker that ended before it was told to"
    assert "Killing" not in printed, "a worker that lost the signal"
