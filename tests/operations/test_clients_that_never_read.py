"""A client that asks and never reads keeps its connection for half a minute at most."""

from __future__ import annotations

import contextlib
import socket
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from learn import write_timeout
from tests.serving import Site, serving

pytestmark = pytest.mark.operations

MANY = 1000
ASK = b"GET /help HTTP/1.1\r\nHost: localhost\r\n"


def read_all(connection: socket.socket) -> None:
    while connection.recv(65536):
        pass


@pytest.fixture
def site(tmp_path: Path) -> Iterator[Site]:
    with serving(tmp_path / "data", workers=1) as found:
        yield found


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux has TCP_USER_TIMEOUT")
def test_a_client_that_never_reads_keeps_no_connection(site):
    """Pages for a thousand requests fit into no buffer on the way; what is left is never sent."""
    pages = (ASK + b"\r\n") * MANY
    with contextlib.closing(socket.socket()) as connection:
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
        connection.connect(("127.0.0.1", site.port))
        connection.setblocking(False)  # the server takes in no more than it can answer
        connection.send(pages)
        time.sleep(write_timeout.TIMEOUT_MS / 1000 + 10)
        connection.settimeout(20)
        with pytest.raises(ConnectionResetError):
            read_all(connection)
