"""nginx and Caddy as docs/deploy sets them up, with other ports and folders, before a site."""

from __future__ import annotations

import contextlib
import datetime as dt
import http.client
import re
import shutil
import socket
import ssl
import subprocess
import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

from tests.serving import Site, free_port, serving

HOST = "learn.example.org"
DEPLOY = Path(__file__).parents[2] / "docs" / "deploy"
PROXIES = ("nginx", "caddy")
_PLACES = "/usr/sbin:/usr/bin:/sbin:/bin:/usr/local/sbin:/usr/local/bin"
_PATIENCE = 30.0  # seconds
# What Debian's own nginx.conf has around the file of a site, as far as it matters here.
_AROUND = """
user root; daemon off; pid {folder}/pid; error_log {folder}/error.log; worker_processes 1;
events {{ worker_connections 768; }}
http {{
    gzip on;
    access_log {folder}/access.log;
    client_body_temp_path {folder}/body; proxy_temp_path {folder}/proxy;
    fastcgi_temp_path {folder}/f; uwsgi_temp_path {folder}/u; scgi_temp_path {folder}/s;
    include {folder}/site;
}}
"""
_OWN_OPTIONS = """{{
	admin off
	default_bind 127.0.0.1
	http_port {plain}
	https_port {port}
	skip_install_trust
	storage file_system {folder}/caddy
"""

# How operations.md says that a sample is changed for a site below a path.
BELOW_A_PATH: Mapping[tuple[str, str], tuple[tuple[str, str], ...]] = {
    ("nginx", "kept"): (("location / {", "location /learn {"),),
    ("nginx", "removed"): (
        ("location / {", "location /learn/ {"),
        ("proxy_pass http://learn;", "proxy_pass http://learn/;"),
    ),
    ("caddy", "kept"): (
        ("reverse_proxy 127.0.0.1:8000 {", "reverse_proxy /learn* 127.0.0.1:8000 {"),
    ),
}


def program(name: str) -> str | None:
    """Where a program is that may be outside the PATH of users; None if it isn't installed."""
    return shutil.which(name, path=_PLACES)


def needs(name: str) -> pytest.MarkDecorator:
    """Leave a test out where a program isn't installed; .ci/run installs all of them."""
    return pytest.mark.skipif(program(name) is None, reason=f"{name} is not installed")


@dataclass
class Reply:
    """What came."""

    status: int
    headers: http.client.HTTPMessage
    body: bytes

    @property
    def text(self) -> str:
        return self.body.decode()

    @property
    def cookies(self) -> list[str]:
        return self.headers.get_all("Set-Cookie") or []


@dataclass
class Proxy:
    """A proxy that runs: its ports, and the authority that its certificate comes from."""

    name: str
    port: int
    plain_port: int
    authority: Callable[[], Path]
    site: Site = field(repr=False)
    folder: Path

    def connect(self, source: str = "127.0.0.1", **versions: ssl.TLSVersion) -> ssl.SSLSocket:
        """A connection over TLS, from an address of this machine."""
        context = ssl.create_default_context(cafile=self.authority())
        for name, version in versions.items():
            setattr(context, name, version)
        raw = socket.create_connection(("127.0.0.1", self.port), 30, (source, 0))
        try:
            return context.wrap_socket(raw, server_hostname=HOST)
        except BaseException:
            raw.close()
            raise

    def ask(
        self,
        path: str,
        form: Mapping[str, str] | None = None,
        *,
        source: str = "127.0.0.1",
        **headers: str,
    ) -> Reply:
        """Send one request; `headers` are written with underscores."""
        sent = {"Host": f"{HOST}:{self.port}"} | {k.replace("_", "-"): headers[k] for k in headers}
        body = urlencode(form) if form is not None else None
        if body is not None:
            sent["Content-Type"] = "application/x-www-form-urlencoded"
        connection = http.client.HTTPConnection(HOST, self.port)
        connection.sock = self.connect(source)
        with contextlib.closing(connection):
            connection.request("POST" if form is not None else "GET", path, body, sent)
            response = connection.getresponse()
            return Reply(response.status, response.headers, response.read())


class Visitor:
    """Keeps the cookie, and sends the forms of a proxied site."""

    def __init__(self, proxy: Proxy, source: str = "127.0.0.1") -> None:
        self._proxy = proxy
        self._source = source
        self.cookie = ""

    def get(self, path: str, **headers: str) -> Reply:
        return self._ask(path, None, headers)

    def post(self, path: str, form: Mapping[str, str], **headers: str) -> Reply:
        return self._ask(path, form, headers)

    def _ask(self, path: str, form: Mapping[str, str] | None, headers: Mapping[str, str]) -> Reply:
        own = {"Cookie": self.cookie} if self.cookie else {}
        reply = self._proxy.ask(path, form, source=self._source, **own, **headers)
        for cookie in reply.cookies:
            self.cookie = cookie.partition(";")[0]
        return reply


def hidden_fields(page: str) -> dict[str, str]:
    return dict(re.findall(r'type="hidden" name="([^"]+)" value="([^"]*)"', page))


@contextlib.contextmanager
def proxied(
    name: str, folder: Path, below: str = "", slash: str = "", days: float = 90
) -> Iterator[Proxy]:
    """A site with that proxy in front; `below` says what the proxy does with a path, “/learn”.

    `slash` is at the end of LEARN_PUBLIC_URL, and nginx's certificate is good for `days`.
    """
    port = free_port()
    path = f"/learn{slash}" if below else ""
    own = {"LEARN_PUBLIC_URL": f"https://{HOST}:{port}{path}", "LEARN_TRUSTED_PROXIES": "1"}
    with (
        serving(folder / "data", workers=1, **own) as site,
        proxying(name, site, port, below=below, days=days) as proxy,
    ):
        yield proxy


@contextlib.contextmanager
def proxying(  # noqa: PLR0913 - most have a default
    name: str, site: Site, port: int, *, below: str = "", days: float = 90, second: int = 0
) -> Iterator[Proxy]:
    """That proxy at a port in front of a site, with its files in a folder beside the site's.

    `second` is the port of another instance, which nginx has a second line for.
    """
    folder = site.data.with_name(f"proxy-{port}")
    folder.mkdir()
    changes = [*BELOW_A_PATH[name, below]] if below else []
    if second:
        line = "    server 127.0.0.1:8000 max_fails=0;"
        changes.append((line, f"    server 127.0.0.1:{second} max_fails=0;\n{line}"))
    changes.append(("127.0.0.1:8000", f"127.0.0.1:{site.port}"))
    plain = free_port()
    start = _nginx if name == "nginx" else _caddy
    command, authority = start(folder, port, plain, changes, days)
    with (folder / f"{name}.log").open("w") as log:
        process = subprocess.Popen(command, stdout=log, stderr=log)
    proxy = Proxy(name, port, plain, authority, site, folder)
    try:
        _wait(proxy, process, folder / f"{name}.log")
        yield proxy
    finally:
        process.terminate()
        try:
            process.wait(10)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait(10)


def _nginx(
    folder: Path, port: int, plain: int, changes: list[tuple[str, str]], days: float
) -> tuple[list[str], Callable[[], Path]]:
    certificate = make_certificate(folder, days)
    changed = _changed(
        "nginx.conf",
        *changes,
        ("listen 80;", f"listen 127.0.0.1:{plain};"),
        ("listen 443 ", f"listen 127.0.0.1:{port} "),
        ("/etc/ssl/learn/", f"{folder}/"),
        ("/var/log/nginx/", f"{folder}/"),
        ("/var/www/html", f"{folder}/html"),
    )
    (folder / "site").write_text(changed)
    (folder / "nginx.conf").write_text(_AROUND.format(folder=folder))
    nginx = program("nginx") or "nginx"
    return [nginx, "-c", f"{folder}/nginx.conf", "-e", f"{folder}/error.log"], lambda: certificate


def _caddy(
    folder: Path, port: int, plain: int, changes: list[tuple[str, str]], _days: float
) -> tuple[list[str], Callable[[], Path]]:
    changed = _changed("Caddyfile", *changes, ("# tls internal", "tls internal"))
    options = _OWN_OPTIONS.format(port=port, plain=plain, folder=folder)
    beginning, _, rest = changed.partition("\n{\n")
    assert rest
    (folder / "Caddyfile").write_text(f"{beginning}\n{options}{rest}")
    caddy = program("caddy") or "caddy"
    command = [caddy, "run", "--adapter", "caddyfile", "--config", f"{folder}/Caddyfile"]
    return command, lambda: folder / "caddy/pki/authorities/local/root.crt"


def _changed(name: str, *changes: tuple[str, str]) -> str:
    text = (DEPLOY / name).read_text()
    for old, new in changes:
        assert old in text, (name, old)
        text = text.replace(old, new)
    return text


def _wait(proxy: Proxy, process: subprocess.Popen[bytes], log: Path) -> None:
    until = time.monotonic() + _PATIENCE
    while True:
        assert process.poll() is None, log.read_text()
        try:
            proxy.connect().close()
        except (OSError, ssl.SSLError) as error:
            if "expired" in str(error):
                return
            assert time.monotonic() < until, log.read_text()
            time.sleep(0.1)
        else:
            return


def make_certificate(folder: Path, days: float, host: str = HOST) -> Path:
    """A certificate signed by itself, as the docs' command makes it; it ends in so many days.

    It is good for 90 days, or one that ends today for twelve hours, as Caddy's own.
    """
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, host)])
    end = dt.datetime.now(dt.UTC) + dt.timedelta(days=days)
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(end - dt.timedelta(days=0.5 if 0 < days < 0.5 else 90))
        .not_valid_after(end)
        .add_extension(x509.SubjectAlternativeName([x509.DNSName(host)]), critical=False)
        .sign(key, hashes.SHA256())
    )
    kinds: Any = serialization
    (folder / "privkey.pem").write_bytes(
        key.private_bytes(kinds.Encoding.PEM, kinds.PrivateFormat.PKCS8, kinds.NoEncryption())
    )
    (folder / "fullchain.pem").write_bytes(made.public_bytes(kinds.Encoding.PEM))
    return folder / "fullchain.pem"
