"""Run `learn` in a forked process, which saves the second that its imports take.

One process has imported all that the command can need; each call is a fork of it, with the
arguments, environment, folder, and files of that call. It ends as every Python does. That
`python -m learn` itself starts is what `serving` and `test_lazy_commands` show.
"""

from __future__ import annotations

import atexit
import gc
import json
import os
import signal
import socket
import subprocess
import sys
import tempfile
from collections.abc import Mapping
from functools import cache
from importlib import import_module
from pathlib import Path
from typing import Any

_ROOT = Path(__file__).parents[1]
_NEEDED = "learn.app learn.gateway alembic.command alembic.config sqlalchemy.dialects textstat"
_LONGEST = 120.0  # seconds


def learn(
    *arguments: str | Path, env: Mapping[str, str], cwd: Path | None = None
) -> subprocess.CompletedProcess[str]:
    """Run the `learn` command with exactly this environment; what it said and its exit code."""
    wanted = {"arguments": [*map(str, arguments)], "env": {**env}, "cwd": str(cwd or Path.cwd())}
    with tempfile.TemporaryFile() as out, tempfile.TemporaryFile() as err:
        code = _ask(_address(), wanted, [out.fileno(), err.fileno()])
        said = [_text(file) for file in (out, err)]
    return subprocess.CompletedProcess(["learn", *wanted["arguments"]], code, *said)


def _ask(address: str, wanted: dict[str, Any], files: list[int]) -> int:
    with socket.socket(socket.AF_UNIX) as connection:
        connection.settimeout(_LONGEST)
        connection.connect(address)
        socket.send_fds(connection, [b"."], files)
        connection.sendall(json.dumps(wanted).encode())
        connection.shutdown(socket.SHUT_WR)
        return int(connection.recv(16))


def _text(file: Any) -> str:
    file.seek(0)
    return file.read().decode().replace("\r\n", "\n")


@cache
def _address() -> str:
    """Where the process that forks listens, until this one ends."""
    folder = tempfile.TemporaryDirectory(prefix="learn")
    address = f"{folder.name}/socket"
    process = subprocess.Popen(
        [sys.executable, "-m", "tests.forked", address],
        cwd=_ROOT,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
    )

    def end() -> None:
        process.terminate()
        process.communicate()
        folder.cleanup()

    atexit.register(end)
    assert process.stdout
    assert process.stdout.readline() == b"ready\n"
    return address


def _wait_for_calls(address: str) -> dict[str, Any]:
    """Listen; return in a fork for each call, with its standard files in place."""
    with socket.socket(socket.AF_UNIX) as listening:
        listening.bind(address)
        listening.listen()
        print("ready", flush=True)
        signal.signal(signal.SIGCHLD, signal.SIG_IGN)  # no zombies
        while True:
            connection, _ = listening.accept()
            with connection:
                if os.fork() == 0:
                    return _called(connection)


def _called(connection: socket.socket) -> dict[str, Any]:
    """Fork once more: the child returns, and its parent tells its exit code."""
    signal.signal(signal.SIGCHLD, signal.SIG_DFL)
    _, files, _, _ = socket.recv_fds(connection, 1, 2)
    parts = iter(lambda: connection.recv(65536), b"")
    wanted: dict[str, Any] = json.loads(b"".join(parts))
    child = os.fork()
    if child:
        code = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
        connection.sendall(str(code).encode())
        os._exit(0)
    for number, file in enumerate(files, 1):
        os.dup2(file, number)
    return wanted


def _serve(address: str) -> None:
    from learn import commands

    for name in _NEEDED.split():
        import_module(name)
    for path in Path(commands.__file__).parent.glob("*.py"):
        import_module(f"learn.commands.{path.stem}")
    gc.freeze()  # all that is there by now is for good: no call has to look through it
    wanted = _wait_for_calls(address)
    os.environ.clear()
    os.environ.update(wanted["env"])
    os.chdir(wanted["cwd"])
    sys.argv = ["learn", *wanted["arguments"]]
    commands.main(prog_name="learn")


if __name__ == "__main__":
    _serve(sys.argv[1])
