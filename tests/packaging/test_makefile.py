"""`make` sets up .venv with the Python that there is, and mends it.

The machines here are folders of commands: real ones, and Pythons that only note what they are told.
What asks a Python whether it is fit is run by a real one.
"""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
COMMANDS = ("sh", "make", "env", "awk", "cat", "touch", "rm", "mkdir", "cp")

PYTHON = """\
#!/bin/sh
case "$*" in
-V) echo "Python %(version)s.0" ;;
"-c import pip") ;;
-c*) exec "%(real)s" -IS -c 'import sys
sys.version_info = tuple(map(int, "%(version)s".split("."))) + (0,)
sys.modules.update(dict.fromkeys("%(without)s".split()))
exec(sys.argv[1])' "$2" ;;
"-m venv"*)
    rm -rf .venv && mkdir -p .venv/bin && cp "$0" .venv/bin/python && cp "%(learn)s" .venv/bin/
    echo "made with %(version)s" >> log ;;
*) echo "$*" >> log ;;
esac
"""
BROKEN = """#!/bin/sh\necho "${0##*/}: command not found" >&2\nexit 127\n"""
LEARN = """#!/bin/sh\necho "learn $* LEARN_DATA=$LEARN_DATA DATABASE_URL=$DATABASE_URL" >> log\n"""


class Machine:
    """A checkout in a folder with a space in its name, and the commands of a machine."""

    def __init__(self, folder: Path) -> None:
        self.checkout = folder / "learn all"
        self.commands = folder / "bin"
        self.checkout.mkdir()
        self.commands.mkdir()
        for path in (ROOT / "Makefile", ROOT / "pyproject.toml", *ROOT.glob("requirements*.txt")):
            shutil.copy(path, self.checkout)
        for name in COMMANDS:
            (self.commands / name).symlink_to(shutil.which(name) or name)
        self._command("learn", LEARN)

    def python(self, name: str, version: str, *, without: str = "") -> None:
        """Put a Python there that says it is of that version."""
        learn = self.commands / "learn"
        of = {"version": version, "without": without, "real": sys.executable, "learn": learn}
        self._command(name, PYTHON % of)

    def broken(self, name: str) -> None:
        """Put a shim there that leads to no Python."""
        self._command(name, BROKEN)

    def make(self, *arguments: str, **env: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            ["make", *arguments],
            cwd=self.checkout,
            env={"PATH": str(self.commands), **env},
            capture_output=True,
            text=True,
            check=False,
        )

    def done(self) -> list[str]:
        """What was done since the last time."""
        log = self.checkout / "log"
        lines = log.read_text().splitlines() if log.exists() else []
        log.unlink(missing_ok=True)
        return lines

    def is_new(self, target: str = ".venv/.run") -> bool:
        """Whether .venv is made anew."""
        ran = self.make(target)
        assert ran.returncode == 0, ran.stderr
        return any(line.startswith("made with") for line in self.done())

    def _command(self, name: str, text: str) -> None:
        path = self.commands / name
        path.unlink(missing_ok=True)
        path.write_text(text)
        path.chmod(0o755)


@pytest.fixture
def machine(tmp_path: Path) -> Machine:
    return Machine(tmp_path)


@pytest.fixture
def ready(machine: Machine) -> Machine:
    """Where everything is set up, with Python 3.13."""
    machine.python("python3", "3.13")
    machine.make(".venv/.run")
    assert machine.done()[0] == "made with 3.13"
    return machine


def test_the_python_of_the_machine_is_taken(machine):
    machine.python("python3", "3.13")
    machine.python("python3.14", "3.14")
    ran = machine.make(".venv/.run")

    assert ran.stdout == "Setting up .venv with Python 3.13.0; it takes a minute, once.\n"
    made, *installed = machine.done()
    assert made == "made with 3.13"
    assert "-r requirements-build.txt -r requirements.txt" in installed[0]
    assert installed[1].endswith("--editable .")


@pytest.mark.parametrize("unfit", ["old", "broken", "without venv", "without sqlite3"])
def test_what_is_unfit_is_passed_over_for_the_newest_that_is_fit(machine, unfit):
    if unfit == "old":
        machine.python("python3", "3.10")
    elif unfit == "broken":
        machine.broken("python3")
    elif unfit == "without venv":  # as Debian has it, without python3-venv
        machine.python("python3", "3.13", without="ensurepip")
    else:
        machine.python("python3", "3.13", without="sqlite3")
    machine.broken("python3.14")
    machine.python("python3.12", "3.12")
    machine.python("python3.11", "3.11")
    machine.make(".venv/.run")

    assert machine.done()[0] == "made with 3.12"


@pytest.mark.parametrize("there", ["none", "old", "without venv"])
def test_without_a_fit_one_it_says_in_one_line_what_to_install(machine, there):
    if there == "old":
        machine.python("python3", "3.10")
    elif there == "without venv":
        machine.python("python3", "3.13", without="ensurepip")
    ran = machine.make("run")

    line, makes_own = ran.stderr.splitlines()
    assert line.startswith("This needs Python 3.11 or later")
    assert line.endswith("apt install python3-venv")
    assert "Error 1" in makes_own
    assert ran.stdout == ""
    assert ran.returncode == 2
    assert not (machine.checkout / ".venv").exists()


def test_python_setting_overrides_detection(ready):
    ready.python("python3.12", "3.12")
    assert ready.make(".venv/.run", "PYTHON=python3.12").returncode == 0
    assert ready.done()[0] == "made with 3.12"

    assert ready.make(".venv/.run", PYTHON="python3.12").returncode == 0
    assert ready.done() == []
    assert not ready.is_new(), "no name is no reason"


def test_where_the_named_one_is_unfit_nothing_is_lost(ready):
    ready.python("python3.9", "3.9")
    ran = ready.make(".venv/.run", "PYTHON=python3.9")

    assert "tried: python3.9." in ran.stderr
    assert ready.done() == []
    assert not ready.is_new()


def test_what_is_whole_is_left_alone(ready):
    assert not ready.is_new()
    ready.make(".venv/.run")
    assert ready.done() == []


def test_new_pins_are_installed_where_the_old_ones_are(ready):
    (ready.checkout / "requirements.txt").write_text("flask==3.2\n")
    ready.make(".venv/.run")

    installed = ready.done()
    assert len(installed) == 2
    assert all(" install " in line for line in installed)


@pytest.mark.parametrize("when", ["while it was made", "while packages came", "an older one"])
def test_what_was_interrupted_is_made_anew(ready, when):
    venv = ready.checkout / ".venv"
    if when == "while packages came":
        (venv / ".unfinished").touch()
    else:
        (venv / ".made").unlink()
    if when == "while it was made":
        (venv / ".run").unlink()

    assert ready.is_new()
    assert not ready.is_new()


def test_packages_that_could_not_be_had_are_asked_for_again(ready):
    python = ready.checkout / ".venv/bin/python"
    python.write_text(python.read_text().replace('*) echo "$*"', '*) exit 1; echo "$*"'))
    (ready.checkout / "requirements.txt").touch()
    assert ready.make(".venv/.run").returncode == 2

    assert ready.is_new()


def test_a_python_that_went_away_leads_to_a_new_one(ready):
    python = ready.checkout / ".venv/bin/python"
    python.unlink()
    python.symlink_to("/nowhere/python3")

    assert ready.is_new()


def test_a_checkout_that_was_moved_is_set_up_anew(ready):
    ready.checkout = ready.checkout.rename(ready.checkout.with_name("elsewhere"))

    assert ready.is_new()


def test_run_takes_port_host_and_workers(ready):
    for arguments, served in (
        ([], "serve --host 127.0.0.1 --port 8000"),
        (["PORT=8080"], "serve --host 127.0.0.1 --port 8080"),
        (["HOST=0.0.0.0", "WORKERS=3"], "serve --host 0.0.0.0 --port 8000 --workers 3"),
    ):
        # Some shells export the machine's name as HOST.
        assert ready.make("run", *arguments, HOST="ward-7").returncode == 0
        assert ready.done()[0].split(" LEARN_DATA")[0].strip() == f"learn {served}"


def test_demo_data_never_goes_where_real_data_may_be(ready):
    env = {"DATABASE_URL": "sqlite:///real.sqlite3", "LEARN_DATA": "instance"}
    ready.make("demo", "PORT=8080", **env)

    checked, made, served = ready.done()
    assert checked.startswith("learn serve --host 127.0.0.1 --port 8080 --check-port ")
    assert made.startswith("learn demo --site http://127.0.0.1:8080 ")
    assert served.startswith("learn serve ")
    assert all(line.endswith("LEARN_DATA=demo DATABASE_URL=") for line in (made, served))


def test_a_running_demo_keeps_its_passphrase(ready):
    """Where its port is taken, no new one is made."""
    learn = ready.checkout / ".venv" / "bin" / "learn"
    taken = 'case "$*" in *--check-port*) exit 1 ;; esac'
    learn.write_text(learn.read_text().replace("\n", f"\n{taken}\n", 1))

    assert ready.make("demo").returncode == 2
    assert ready.done() == []


def test_make_alone_lists_what_there_is(machine):
    ran = machine.make()

    listed = {line.split()[1] for line in ran.stdout.splitlines()}
    wanted = {
        "run",
        "test",
        "test-fast",
        "demo",
        "crash",
        "fuzz",
        "failovers",
        "orders",
        "bench",
        "bench-scale",
        "lock",
        "licenses",
        "sbom",
        "release",
        "messages",
        "check",
        "format",
        "screenshots",
        "clean",
        "help",
    }
    assert listed == wanted


def test_without_git_the_tests_say_so(ready):
    ran = ready.make("test")

    assert "The tests need git: apt install git\n" in ran.stderr
