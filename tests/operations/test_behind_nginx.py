"""Clients who give up behind nginx, set up as the docs say: their pages aren't made."""

from __future__ import annotations

import contextlib
import shutil
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.learn.slow_reader import MANY, SLOW, Reader, ran
from tests.serving import Site, free_port, serving

NGINX = shutil.which("nginx", path="/usr/sbin:/usr/bin:/usr/local/sbin:/usr/local/bin")
pytestmark = [
    pytest.mark.operations,
    pytest.mark.skipif(NGINX is None, reason="nginx is not installed"),
]
SETTINGS = """
daemon off; pid {folder}/pid; error_log {folder}/error.log; worker_processes 1;
events {{ worker_connections 512; }}
http {{
    access_log off;
    client_body_temp_path {folder}/body; proxy_temp_path {folder}/proxy;
    fastcgi_temp_path {folder}/f; uwsgi_temp_path {folder}/u; scgi_temp_path {folder}/s;
    server {{
        listen 127.0.0.1:{port};
        location / {{
            proxy_pass http://127.0.0.1:{site};
            proxy_http_version 1.1;
            proxy_set_header Host $host;
            proxy_set_header X-Forwarded-For $remote_addr;
        }}
    }}
}}
"""


@pytest.fixture
def site(tmp_path: Path) -> Iterator[Site]:
    with serving(tmp_path / "data", workers=1, LEARN_TRUSTED_PROXIES="1") as found:
        yield found


@pytest.fixture
def port(site: Site, tmp_path: Path) -> Iterator[int]:
    port, config = free_port(), tmp_path / "nginx.conf"
    config.write_text(SETTINGS.format(folder=tmp_path, port=port, site=site.port))
    assert NGINX
    proxy = subprocess.Popen([NGINX, "-c", str(config), "-e", str(tmp_path / "error.log")])
    try:
        yield port
    finally:
        proxy.terminate()
        proxy.wait(10)


def test_pages_for_clients_who_have_gone_are_not_made(site, port):
    reader = Reader(site)
    reader.port = port
    until = time.monotonic() + 10
    while time.monotonic() < until:  # until it listens
        with contextlib.suppress(OSError):
            reader.ask("/healthz").close()
            break
    with contextlib.closing(reader.ask(SLOW)) as patient:
        for _ in range(MANY):
            with contextlib.closing(reader.ask(SLOW)):
                time.sleep(0.01)  # it is passed on
        assert patient.recv(100).startswith(b"HTTP/1.1 200 ")
    assert "911" in reader.get("/help")[1]

    # Those that began before it was known.
    assert 1 <= ran(site, "progress.index") < MANY * 3 / 4
