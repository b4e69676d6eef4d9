"""Run `learn` in a forked process, which saves the second that its imports take.

One process has imported all that the command can need; each call is a fork of it, with the
arguments, environment, folder, and files of that call. It ends as every Python does, only that its
memory is not taken apart piece by piece. That `python -m learn` itself starts and ends is what
`test_run_the_command` and `test_lazy_commands` show.
"""

from __future__ import annotations

import atexit
import contextlib
import gc
import json
import os
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import traceback
from collections.abc import Mapping, Sequence
from functools import cache
from importlib import import_module
from pathlib import Path
from typing import Any

_ROOT = Path(__file__).parents[1]
_NEEDED = """
learn.app learn.gateway alembic.command alembic.config sqlalchemy.dialects textstat
granian granian.constants granian.http granian.log
"""
_LONGEST = 120.0  # seconds
_NUMBER = 8  # bytes of a process id or an exit code
_STARTING = threading.Lock()


def learn(
    *arguments: str | Path, env: Mapping[str, str], cwd: Path | None = None
) -> subprocess.CompletedProcess[str]:
    """Run the `learn` command with exactly this environment; what it said and its exit code."""
    told = [*map(str, arguments)]
    with tempfile.TemporaryFile() as out, tempfile.TemporaryFile() as err:
        code = _call(_wanted(told, env, cwd or Path.cwd()), [out.fileno(), err.fileno()]).code(
            _LONGEST
        )
        said = [_text(file) for file in (out, err)]
    return subprocess.CompletedProcess(["learn", *told], code, *said)


def script() -> str:
    """Return a script that stands for the `learn` command; it gets the files of its shell."""
    command = f"{sys.executable} -m tests.forked {_address()} --"
    return f'#!/bin/sh\nPYTHONPATH={_ROOT} exec {command} "$@"\n'


class Process:
    """A `learn` command that runs until it is told to end, in a process group of its own."""

    def __init__(self, *arguments: str, env: Mapping[str, str], stderr: int) -> None:
        ours, its = os.pipe()
        self.stdout = os.fdopen(ours, encoding="utf-8")
        try:
            self._end = _call(_wanted(arguments, env, Path.cwd()), [its, stderr])
        finally:
            os.close(its)
        self.pid = self._end.pid

    def poll(self) -> int | None:
        """Return its exit code; None while it runs."""
        with contextlib.suppress(TimeoutError):
            return self.wait(0.001)
        return None

    def wait(self, timeout: float) -> int:
        """Wait for its end and return its exit code. Raises TimeoutError."""
        return self._end.code(timeout)

    def terminate(self) -> None:
        """Ask it to end."""
        os.kill(self.pid, signal.SIGTERM)


class _Call:
    """A call that was forked, with its process id, and how it ends."""

    def __init__(self, connection: socket.socket) -> None:
        self._connection = connection
        self._code: int | None = None
        connection.settimeout(_LONGEST)
        self.pid = int.from_bytes(connection.recv(_NUMBER))

    def code(self, timeout: float) -> int:
        if self._code is None:
            self._connection.settimeout(timeout)
            self._code = int.from_bytes(self._connection.recv(_NUMBER), signed=True)
            self._connection.close()
        return self._code


def _wanted(
    arguments: Sequence[str], env: Mapping[str, str], cwd: Path, umask: int = 0o022
) -> dict[str, Any]:
    return {"arguments": [*arguments], "env": {**env}, "cwd": str(cwd), "umask": umask}


def _call(wanted: dict[str, Any], files: list[int], address: str = "") -> _Call:
    connection = socket.socket(socket.AF_UNIX)
    connection.connect(address or _address())
    socket.send_fds(connection, [b"."], files)
    connection.sendall(json.dumps(wanted).encode())
    connection.shutdown(socket.SHUT_WR)
    return _Call(connection)


def _text(file: Any) -> str:
    file.seek(0)
    return file.read().decode().replace("\r\n", "\n")


def _address() -> str:
    """Where the process that forks listens, until this one ends."""
    with _STARTING:  # or threads that come at once would start one each
        return _started()


@cache
def _started() -> str:
    """Start that process, and return where it listens."""
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
    """Fork once more: the child returns, and its parent tells its id and its exit code."""
    signal.signal(signal.SIGCHLD, signal.SIG_DFL)
    _, files, _, _ = socket.recv_fds(connection, 1, 2)
    parts = iter(lambda: connection.recv(65536), b"")
    wanted: dict[str, Any] = json.loads(b"".join(parts))
    child = os.fork()
    if child:
        for file in files:
            os.close(file)
        with contextlib.suppress(OSError):  # nobody may wait for it any longer
            connection.sendall(child.to_bytes(_NUMBER))
            code = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
            connection.sendall(code.to_bytes(_NUMBER, signed=True))
        os._exit(0)
    os.setsid()  # so that it can be killed as a whole, with all that it starts
    for number, file in enumerate(files, 1):
        os.dup2(file, number)
        os.close(file)
    return wanted


def _run(arguments: list[str]) -> None:
    """Run the command and end this process as Python does, without freeing what it holds."""
    from learn import commands

    sys.argv = ["learn", *arguments]
    try:
        commands.main(prog_name="learn")
    except SystemExit as ended:
        code = ended.code if isinstance(ended.code, int) else int(ended.code is not None)
        if isinstance(ended.code, str):
            print(ended.code, file=sys.stderr)
    except BaseException:  # noqa: BLE001 - as Python tells of whatever nobody caught
        traceback.print_exc()
        code = 1
    else:
        code = 0
    threading._shutdown()  # type: ignore[attr-defined] # noqa: SLF001 - it waits for threads
    atexit._run_exitfuncs()  # noqa: SLF001 - as at the end of every Python
    sys.stdout.flush()
    os._exit(code)


def _serve(address: str) -> None:
    from learn import commands

    for name in _NEEDED.split():
        import_module(name)
    for path in Path(commands.__file__).parent.glob("*.py"):
        import_module(f"learn.commands.{path.stem}")
    import_module("textstat").flesch_kincaid_grade("Blood is red.")  # it has read its words then
    gc.freeze()  # all that is there by now is for good: no call has to look through it
    wanted = _wait_for_calls(address)
    os.environ.clear()
    os.environ.update(wanted["env"])
    os.chdir(wanted["cwd"])
    os.umask(wanted["umask"])
    _run(wanted["arguments"])


def _call_from_shell(address: str, arguments: list[str]) -> int:
    umask = os.umask(0o077)
    os.umask(umask)
    wanted = _wanted(arguments, os.environ, Path.cwd(), umask)
    return _call(wanted, [1, 2], address).code(_LONGEST)


if __name__ == "__main__":
    if sys.argv[2:3] == ["--"]:
        sys.exit(_call_from_shell(sys.argv[1], sys.argv[3:]))
    _serve(sys.argv[1])
