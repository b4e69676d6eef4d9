"""A write timeout, which Granian lacks: a client that stops reading loses its connection."""

from __future__ import annotations

import contextlib
import socket
import sys
from pathlib import Path

TIMEOUT_MS = 30_000
"""Milliseconds that data may wait for a client to read it."""

_INTERNET = {socket.AF_INET, socket.AF_INET6}


def set_on(port: int) -> None:
    """Set `TCP_USER_TIMEOUT` on the sockets of this process that listen on `port` or belong to it.

    Connections inherit it from the listening socket, which Granian doesn't expose: it is found
    among the open files. Only Linux has the option.
    """
    if sys.platform != "linux":
        return
    for file in Path("/proc/self/fd").iterdir():
        with contextlib.suppress(OSError):  # not a socket, or already closed
            connection = socket.socket(fileno=int(file.name))
            try:
                if connection.family in _INTERNET and connection.getsockname()[1] == port:
                    connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_USER_TIMEOUT, TIMEOUT_MS)
            finally:
                connection.detach()  # or it would be closed
