"""Debian's PostgreSQL behind TLS, with a certificate from an authority of a test's own."""

from __future__ import annotations

import datetime as dt
import os
import shutil
import subprocess
import tempfile
from pathlib import Path
from typing import Any

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

from tests.operations.patroni import tools
from tests.serving import free_port

_SYSTEM_USER = "postgres" if os.geteuid() == 0 else None
_DAY = dt.timedelta(days=1)
_SETTINGS = """
listen_addresses = '127.0.0.1'
port = {port}
unix_socket_directories = ''
fsync = off
ssl = on
ssl_cert_file = '{folder}/server.pem'
ssl_key_file = '{folder}/server.key'
"""


class TlsServer:
    """An empty database for “learn”, who needs a password, at “localhost” over TLS alone."""

    def __init__(self) -> None:
        self._folder = Path(tempfile.mkdtemp(prefix="tls"))
        self._folder.chmod(0o755)
        self.port = free_port()
        self.authority = make_authority(self._folder)
        data, password = self._folder / "data", self._folder / "password"
        password.write_text("a-hidden-word")
        if _SYSTEM_USER:
            for path in (self._folder, *self._folder.iterdir()):
                shutil.chown(path, _SYSTEM_USER)
        self._run("initdb", "-E", "utf8", "-U", "learn", "-A", "scram-sha-256", *self._from(data))
        with (data / "postgresql.conf").open("a") as file:
            file.write(_SETTINGS.format(port=self.port, folder=self._folder))
        (data / "pg_hba.conf").write_text("hostssl all all 127.0.0.1/32 scram-sha-256\n")
        self._run("pg_ctl", "-D", data, "-w", "-l", self._folder / "log", "start")

    def url(self, host: str = "localhost", **options: str) -> str:
        """The address of its database."""
        query = "&".join(f"{name}={value}" for name, value in options.items())
        return f"postgresql://learn:a-hidden-word@{host}:{self.port}/postgres?{query}"

    def stop(self) -> None:
        self._run("pg_ctl", "-D", self._folder / "data", "-m", "immediate", "stop")
        shutil.rmtree(self._folder)

    def _from(self, data: Path) -> tuple[str | Path, ...]:
        return "--pwfile", self._folder / "password", "-D", data

    def _run(self, tool: str, *arguments: str | Path) -> None:
        folder = tools()
        assert folder
        subprocess.run(
            [folder / tool, *arguments],
            cwd=self._folder,
            user=_SYSTEM_USER,
            group=_SYSTEM_USER,
            extra_groups=[] if _SYSTEM_USER else None,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            check=True,
        )


def make_authority(folder: Path) -> Path:
    """An authority's certificate; beside it, “server.pem” and its key, which it signed."""
    ours = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, folder.name)])
    made = _signed(name, name, ours.public_key(), ours, x509.BasicConstraints(True, None))
    (folder / "authority.pem").write_bytes(made)
    servers = ec.generate_private_key(ec.SECP256R1())
    subject = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "localhost")])
    names = x509.SubjectAlternativeName([x509.DNSName("localhost")])
    (folder / "server.pem").write_bytes(_signed(subject, name, servers.public_key(), ours, names))
    kinds: Any = serialization
    (folder / "server.key").write_bytes(
        servers.private_bytes(kinds.Encoding.PEM, kinds.PrivateFormat.PKCS8, kinds.NoEncryption())
    )
    (folder / "server.key").chmod(0o600)
    return folder / "authority.pem"


def _signed(subject: x509.Name, issuer: x509.Name, key: Any, by: Any, extension: Any) -> bytes:
    now = dt.datetime.now(dt.UTC)
    made = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(issuer)
        .public_key(key)
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - _DAY)
        .not_valid_after(now + _DAY)
        .add_extension(extension, critical=isinstance(extension, x509.BasicConstraints))
        .sign(by, hashes.SHA256())
    )
    return made.public_bytes(serialization.Encoding.PEM)
