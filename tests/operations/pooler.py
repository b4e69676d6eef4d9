"""PgBouncer as docs/deploy sets it up, with other ports, before a server of the tests."""

from __future__ import annotations

import os
import pwd
import socket
import subprocess
import tempfile
import time
from pathlib import Path

from sqlalchemy import make_url

from tests.operations.deployed import DEPLOY, program
from tests.operations.machine import Server
from tests.serving import free_port

_PATIENCE = 20.0


class Pooler:
    """PgBouncer in transaction mode; `url` leads to the server through it."""

    def __init__(self, server: Server) -> None:
        url = make_url(server.url)
        self.port = free_port()
        self.url = f"postgresql://postgres@127.0.0.1:{self.port}/learn"
        self._folder = Path(tempfile.mkdtemp(prefix="pooler"))
        self._process: subprocess.Popen[bytes] | None = None
        text = (DEPLOY / "pgbouncer.ini").read_text()
        for old, new in (
            ("host=127.0.0.1 port=5432 dbname=learn", f"host={url.query['host']} dbname=postgres"),
            ("listen_port = 6432", f"listen_port = {self.port}"),
            ("auth_type = scram-sha-256", "auth_type = trust"),
            ("/etc/pgbouncer/userlist.txt", f"{self._folder}/users"),
            # Each transaction in another session than the one before, as with many clients.
            ("default_pool_size = 20", "default_pool_size = 20\nserver_round_robin = 1"),
        ):
            assert old in text, old
            text = text.replace(old, new)
        if os.geteuid() == 0:
            own = pwd.getpwnam("embedded_postgres")
            text += f"user = {own.pw_name}\n"
            os.chown(self._folder, own.pw_uid, own.pw_gid)
        (self._folder / "users").write_text('"postgres" ""\n')
        (self._folder / "users").chmod(0o644)
        self._settings = self._folder / "pgbouncer.ini"
        self._settings.write_text(f"{text}unix_socket_dir =\n")
        self.log = self._folder / "log"
        self.start()

    def add(self, line: str) -> None:
        """Add a line to its settings, for the next start."""
        with self._settings.open("a") as file:
            file.write(f"{line}\n")

    def start(self) -> None:
        with self.log.open("a") as log:
            command = [program("pgbouncer") or "pgbouncer", str(self._settings)]
            self._process = subprocess.Popen(command, stdout=log, stderr=log)
        until = time.monotonic() + _PATIENCE
        while True:
            assert self._process.poll() is None, self.log.read_text()
            try:
                socket.create_connection(("127.0.0.1", self.port), 1).close()
            except OSError:
                assert time.monotonic() < until, self.log.read_text()
                time.sleep(0.05)
            else:
                return

    def kill(self) -> None:
        if self._process is not None:
            self._process.kill()
            self._process.wait(10)
