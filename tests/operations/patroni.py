"""Two PostgreSQL servers kept by Patroni, with etcd, and HAProxy and PgBouncer before them."""

from __future__ import annotations

import contextlib
import http.client
import json
import os
import pwd
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import closing
from pathlib import Path
from typing import Any

import psutil
import psycopg

from tests.operations.deployed import DEPLOY, program
from tests.serving import free_port

PROGRAMS: Mapping[str, str] = {
    "patroni": "patroni",
    "patronictl": "patroni",
    "etcd": "etcd-server",
    "haproxy": "haproxy",
    "pgbouncer": "pgbouncer",
}
"""The programs that this needs, and Debian's packages with them."""

NAMES = ("a", "b")
_SERVERS = Path("/usr/lib/postgresql")
_SYSTEM_USER = "postgres"
_STARTS_WITHIN = 60.0  # seconds
_FAILS_OVER_WITHIN = 60.0
_IS_WHOLE_WITHIN = 120.0
_IS_STUCK_AFTER = 30.0
LONGEST_WITHOUT_ETCD = 15.0
"""Seconds after which Patroni makes its primary a standby, since another one might lead."""

_TTL, _LOOP, _RETRY = 20, 2, 5  # seconds; Patroni's least is 20 for the first
_NODE = """
scope: learn
name: {name}
restapi:
  listen: 127.0.0.1:{rest}
  connect_address: 127.0.0.1:{rest}
# Not etcd3: through it, Patroni 3.0 of Debian 12 writes who leads without looking who does. A
# primary that was frozen takes the lead back, and what was acknowledged meanwhile is gone.
etcd:
  host: 127.0.0.1:{etcd}
bootstrap:
  dcs:
    ttl: {ttl}
    loop_wait: {loop}
    retry_timeout: {retry}
    synchronous_mode: true
    postgresql:
      use_pg_rewind: true
      use_slots: true
      parameters:
        max_connections: 100
        synchronous_commit: "on"
        fsync: "off"
  initdb: [{{encoding: UTF8}}, {{locale: C.UTF-8}}, data-checksums]
postgresql:
  listen: 127.0.0.1:{port}
  connect_address: 127.0.0.1:{port}
  data_dir: {folder}/{name}
  bin_dir: {tools}
  pgpass: {folder}/{name}.pgpass
  parameters: {{unix_socket_directories: {folder}}}
  pg_hba:
    - local all all trust
    - host all all 127.0.0.1/32 trust
    - host replication all 127.0.0.1/32 trust
  authentication:
    superuser: {{username: postgres}}
    replication: {{username: replicator}}
"""
# As Patroni's own documentation has it: who leads is asked of Patroni, not of PostgreSQL.
_BALANCER = """
defaults
    mode tcp
    retries 2
    timeout connect 2s
    timeout check 1s
    timeout client 30m
    timeout server 30m
listen learn
    bind 127.0.0.1:{port}
    option httpchk OPTIONS /primary
    http-check expect status 200
    default-server inter 1s fall 2 rise 1 on-marked-down shutdown-sessions
"""


def missing() -> str:
    """What to do if a program is not installed, in one line; empty if all of them are."""
    packages = {package for name, package in PROGRAMS.items() if program(name) is None}
    if tools() is None:
        packages.add("postgresql")
    if not packages:
        return ""
    return (
        "This needs programs that are not installed. On Debian: "
        f"apt-get install --no-install-recommends {' '.join(sorted(packages))}"
    )


def tools() -> Path | None:
    """The folder with the programs of Debian's newest PostgreSQL."""
    found = sorted(_SERVERS.glob("*/bin/postgres"), key=lambda path: float(path.parts[-3]))
    return found[-1].parent if found else None


class PatroniCluster:
    """The servers “a” and “b”; `url` leads through HAProxy to the one that leads."""

    def __init__(self) -> None:
        self._user = _SYSTEM_USER if os.geteuid() == 0 else None
        self.folder = Path(tempfile.mkdtemp(prefix="patroni"))
        self.folder.chmod(0o755)
        if self._user:
            shutil.chown(self.folder, self._user)
        self._ports = {name: free_port() for name in NAMES}
        self._rests = {name: free_port() for name in NAMES}
        self._etcd_port, self._peer_port = free_port(), free_port()
        self._balancer_port, self._pooler_port = free_port(), free_port()
        self.url = f"postgresql://postgres@127.0.0.1:{self._balancer_port}/postgres"
        self.pooled_url = f"postgresql://postgres@127.0.0.1:{self._pooler_port}/learn"
        self._processes: dict[str, subprocess.Popen[bytes]] = {}
        self._configure()

    def start(self) -> None:
        """Start all of it, and wait until a standby follows that the primary waits for."""
        self.start_program("etcd")
        for name in NAMES:
            self.start_node(name)
            _wait(self.leader, _STARTS_WITHIN, "no server leads", self.end_of_logs)
        for name in ("haproxy", "pgbouncer"):
            self.start_program(name)
        self.wait_until_whole()

    def start_node(self, name: str) -> None:
        """Start Patroni, which starts its PostgreSQL, and makes it what it has to be."""
        self._run("patroni", str(self.folder / f"{name}.yml"), log=name)

    def start_program(self, name: str) -> None:
        """Start HAProxy, PgBouncer, or etcd."""
        ours, peers = (f"http://127.0.0.1:{p}" for p in (self._etcd_port, self._peer_port))
        arguments = {
            "haproxy": ["-db", "-f", f"{self.folder}/haproxy.conf"],
            "pgbouncer": [f"{self.folder}/pgbouncer.conf"],
            "etcd": [
                f"--data-dir={self.folder}/etcd",
                f"--listen-client-urls={ours}",
                f"--advertise-client-urls={ours}",
                f"--listen-peer-urls={peers}",
                f"--initial-advertise-peer-urls={peers}",
                f"--initial-cluster=default={peers}",
                "--enable-v2",
                "--unsafe-no-fsync",
            ],
        }
        self._run(name, *arguments[name])

    def kill_program(self, name: str) -> None:
        """Kill HAProxy, PgBouncer, or etcd."""
        self._processes[name].kill()
        self._processes[name].wait(10)

    # who leads

    def members(self) -> dict[str, dict[str, Any]]:
        """What Patroni says of each server, by its name; nothing while it says nothing."""
        for name in NAMES:
            with contextlib.suppress(OSError, http.client.HTTPException, ValueError):
                connection = http.client.HTTPConnection("127.0.0.1", self._rests[name], timeout=2)
                with closing(connection):
                    connection.request("GET", "/cluster")
                    data = json.loads(connection.getresponse().read())
                    return {member["name"]: member for member in data["members"]}
        return {}

    def leader(self) -> str:
        """The name of the server that leads; empty if none does."""
        leading = [n for n, member in self.members().items() if member["role"] == "leader"]
        return leading[0] if leading and self.is_primary(leading[0]) else ""

    def is_primary(self, name: str) -> bool:
        """Whether PostgreSQL itself says that it takes writes there."""
        address = f"host=127.0.0.1 port={self._ports[name]} user=postgres dbname=postgres"
        try:
            with psycopg.connect(address, connect_timeout=2) as connection:
                row = connection.execute("SELECT pg_is_in_recovery()").fetchone()
                return row is not None and not row[0]
        except psycopg.Error:
            return False

    def wait_for_other_leader(self, before: str) -> None:
        """Wait until the other server leads."""
        _wait(
            lambda: self.leader() not in {"", before},
            _FAILS_OVER_WITHIN,
            "no other server leads",
            self.end_of_logs,
        )

    def wait_until_whole(self) -> bool:
        """Wait until one leads, and the other follows, and the first waits for it.

        False if Patroni had to be helped: a leader that was frozen while it wrote to etcd who its
        standby is may write it when it is no leader any more, and Patroni 3.0 leaves it at that.
        Nothing is lost then, but nobody may take over.
        """
        stuck_at = time.monotonic() + _IS_STUCK_AFTER
        was_helped = False

        def is_whole() -> bool:
            nonlocal was_helped
            if not was_helped and time.monotonic() > stuck_at and self.leader():
                was_helped = True
                for is_synchronous in (False, True):
                    self._change_settings({"synchronous_mode": is_synchronous})
                    time.sleep(3 * _LOOP)
            roles = {m["role"] for m in self.members().values() if m["state"] in _RUNNING}
            return roles == {"leader", "sync_standby"} and bool(self.leader())

        _wait(is_whole, _IS_WHOLE_WITHIN, "no standby follows", self.end_of_logs)
        return not was_helped

    def _change_settings(self, changed: dict[str, Any]) -> None:
        connection = http.client.HTTPConnection("127.0.0.1", self._rests[self.leader()], timeout=5)
        with closing(connection):
            headers = {"Content-Type": "application/json"}
            connection.request("PATCH", "/config", json.dumps(changed), headers)
            assert connection.getresponse().status == 200

    # what happens to a server

    def kill(self, name: str) -> None:
        """End Patroni and PostgreSQL at once."""
        _end([self._patroni(name), *self._postgres(name)])
        self._processes[name].wait(10)

    def kill_postgres(self, name: str) -> None:
        """End PostgreSQL at once; Patroni stays."""
        _end(self._postgres(name))

    def terminate(self, name: str) -> None:
        """Stop both, as a machine that is shut down does."""
        self._processes[name].terminate()
        self._processes[name].wait(_FAILS_OVER_WITHIN)

    def switch_over(self) -> None:
        """Let the other server lead, as before an upgrade of the system."""
        command = [program("patronictl") or "patronictl", "-c", f"{self.folder}/a.yml"]
        ran = subprocess.run(
            [*command, "switchover", "--force", "learn"],
            capture_output=True,
            text=True,
            check=False,
            env=_environment(),
        )
        assert ran.returncode == 0, ran.stdout + ran.stderr

    @contextlib.contextmanager
    def frozen(self, name: str) -> Iterator[Callable[[], None]]:
        """Both stand still until the end; PostgreSQL until what is yielded is called."""
        patroni, postgres = self._patroni(name), self._postgres(name)
        for process in (patroni, *postgres):
            process.suspend()

        def thaw_postgres() -> None:
            for process in postgres:
                with contextlib.suppress(psutil.NoSuchProcess):
                    process.resume()

        try:
            yield thaw_postgres
        finally:
            thaw_postgres()
            patroni.resume()

    def try_to_write(self, name: str, seconds: float) -> bool:
        """Whether a write that is sent to a server itself is acknowledged within that time."""
        address = f"host=127.0.0.1 port={self._ports[name]} user=postgres dbname=postgres"
        script = "CREATE TABLE IF NOT EXISTS other_program (at text);"
        script += "INSERT INTO other_program VALUES ('here')"
        folder = tools()
        assert folder
        process = subprocess.Popen(
            [folder / "psql", address, "-qc", script],
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        try:
            return process.wait(seconds) == 0
        except subprocess.TimeoutExpired:
            process.kill()  # not interrupted: that would end the wait for the standby, and commit
            process.wait(10)
            return False

    def stop(self) -> None:
        """End all of it at once."""
        for name in NAMES:
            with contextlib.suppress(psutil.Error, KeyError):
                self._patroni(name).kill()
            with contextlib.suppress(psutil.Error, OSError, ValueError):
                _end(self._postgres(name))
        for process in self._processes.values():
            process.kill()
            process.wait(10)
        shutil.rmtree(self.folder, ignore_errors=True)

    def end_of_logs(self) -> str:
        """The last lines of each log."""
        ends = [f"{f.name}:\n{f.read_text()[-1500:]}" for f in sorted(self.folder.glob("*.log"))]
        return "\n".join(ends)

    # underneath

    def _configure(self) -> None:
        found = tools()
        assert found, missing()
        for name in NAMES:
            node = _NODE.format(
                name=name,
                folder=self.folder,
                tools=found,
                port=self._ports[name],
                rest=self._rests[name],
                etcd=self._etcd_port,
                ttl=_TTL,
                loop=_LOOP,
                retry=_RETRY,
            )
            (self.folder / f"{name}.yml").write_text(node)
        servers = [
            f"    server {n} 127.0.0.1:{self._ports[n]} check port {self._rests[n]}\n"
            for n in NAMES
        ]
        balancer = _BALANCER.format(port=self._balancer_port) + "".join(servers)
        (self.folder / "haproxy.conf").write_text(balancer)
        pooler = (DEPLOY / "pgbouncer.ini").read_text()
        for old, new in (
            ("host=127.0.0.1 port=5432 dbname=learn", "host=127.0.0.1 port=5432 dbname=postgres"),
            ("port=5432", f"port={self._balancer_port}"),
            ("listen_port = 6432", f"listen_port = {self._pooler_port}"),
            ("auth_type = scram-sha-256", "auth_type = trust"),
            ("/etc/pgbouncer/userlist.txt", f"{self.folder}/users"),
        ):
            assert old in pooler, old
            pooler = pooler.replace(old, new)
        (self.folder / "pgbouncer.conf").write_text(f"{pooler}unix_socket_dir =\n")
        (self.folder / "users").write_text('"postgres" ""\n')

    def _run(self, name: str, *arguments: str, log: str = "") -> None:
        user = pwd.getpwnam(self._user) if self._user else None
        with (self.folder / f"{log or name}.log").open("ab") as file:
            self._processes[log or name] = subprocess.Popen(
                [program(name) or name, *arguments],
                cwd=self.folder,
                env=_environment(),
                user=user.pw_uid if user else None,
                group=user.pw_gid if user else None,
                extra_groups=[] if user else None,
                stdin=subprocess.DEVNULL,
                stdout=file,
                stderr=file,
                start_new_session=True,
            )

    def _patroni(self, name: str) -> psutil.Process:
        return psutil.Process(self._processes[name].pid)

    def _postgres(self, name: str) -> list[psutil.Process]:
        pid = int((self.folder / name / "postmaster.pid").read_text().splitlines()[0])
        first = psutil.Process(pid)
        return [first, *first.children(recursive=True)]


_RUNNING = {"running", "streaming"}


def _environment() -> dict[str, str]:
    """The system's own: Patroni is a program of the system's Python."""
    return {"PATH": "/usr/bin:/bin:/usr/sbin:/sbin", "HOME": "/nonexistent", "LC_ALL": "C.UTF-8"}


def _end(processes: list[psutil.Process]) -> None:
    for process in processes:  # all stand still first: none begins others
        with contextlib.suppress(psutil.NoSuchProcess):
            process.send_signal(signal.SIGSTOP)
    for process in processes:
        with contextlib.suppress(psutil.NoSuchProcess):
            process.kill()
    psutil.wait_procs(processes, 10)


def _wait(
    is_so: Callable[[], object], seconds: float, or_else: str, logs: Callable[[], str]
) -> None:
    until = time.monotonic() + seconds
    while not is_so():
        assert time.monotonic() < until, f"{or_else}\n{logs()}"
        time.sleep(0.25)
