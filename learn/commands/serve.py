"""`learn serve`: serve the site."""

from __future__ import annotations

import asyncio
import contextlib
import gc
import os
import resource
import signal
import socket
import time
from collections.abc import Callable, Iterator
from importlib import import_module
from typing import TYPE_CHECKING

import click

from learn.commands.errors import CommandError
from learn.commands.terminal import printable
from learn.config import (
    ConfigError,
    content_folder,
    from_environment,
    log_format,
    logs_requests,
    warn_of_own_key,
)

if TYPE_CHECKING:
    from flask import Flask

    from learn.gateway import Gateway
    from learn.library.content import Content

_HEADERS_WITHIN = 15_000  # milliseconds to receive the request headers
_MAX_HEADERS = 64 * 1024  # bytes, as much as of a body
_MAX_CONNECTIONS = 4096  # per worker
_GRANIAN_LOG = {"handlers": {}, "formatters": {}, "loggers": {"_granian": {"propagate": True}}}
_MAX_WORKERS = 128
_STOP_SIGNALS = {signal.SIGINT, signal.SIGTERM}
_STOPS_WITHIN = 5  # seconds to finish requests before a worker is killed

_preloaded: Flask | None = None


def _port(_ctx: click.Context, _option: click.Parameter, value: str) -> int:
    """Return the number of a port; raise ConfigError for anything else."""
    if value.isdecimal() and len(value) <= 5 and 1 <= int(value) <= 65535:
        return int(value)
    raise ConfigError(f"“{printable(value)}” is not a port: they go from 1 to 65535.")


def _workers(_ctx: click.Context, _option: click.Parameter, value: str) -> int:
    """Return the number of workers; raise ConfigError for anything else."""
    if value.isdecimal() and len(value) <= 5 and 1 <= int(value) <= _MAX_WORKERS:
        return int(value)
    raise ConfigError(f"--workers is a number from 1 to {_MAX_WORKERS}, not “{printable(value)}”.")


@click.command
@click.option("--host", default="127.0.0.1", show_default=True, help="the address to listen on")
@click.option(
    "--port",
    default="8000",
    callback=_port,
    metavar="INTEGER",
    show_default=True,
    help="the port",
)
@click.option(
    "--workers",
    default=str(min(os.cpu_count() or 1, _MAX_WORKERS)),
    callback=_workers,
    metavar="INTEGER",
    show_default=True,
    help="processes; a worker a core",
)
@click.option("--check-port", is_flag=True, help="only check that the port is free")
@click.option("--draft", is_flag=True, help="a course that isn't finished, marked so on each page")
def serve(host: str, port: int, workers: int, *, check_port: bool, draft: bool) -> None:
    """Serve the site. The embedded database is made, or brought up to date, by itself."""
    _must_be_free(host, port)
    if check_port:
        return
    with _drafted() if draft else contextlib.nullcontext() as content:
        _serve(host, port, 1 if draft else workers, content)


@contextlib.contextmanager
def _drafted() -> Iterator[Content]:
    """Set the environment for a draft of the content folder, and return its content.

    Only here anything for authors is imported. Raises CommandError.
    """
    module = import_module("learn.authoring.draft")
    if not (folder := content_folder()):
        raise CommandError("A draft is of your own content: learn --content FOLDER serve --draft")
    try:
        with module.draft(folder) as made:
            os.environ.pop("DATABASE_URL", None)
            os.environ |= {
                "LEARN_CONTENT": str(made.folder),
                "LEARN_DATA": str(made.data),
                "LEARN_OFFLINE": "no",
            }
            left = f"{made.errors} errors" if made.errors != 1 else "1 error"
            click.echo(f"A draft of {folder}: “learn check” finds {left} in it.")
            yield made.content
    except module.DraftError as error:
        raise CommandError(printable(str(error))) from error


def _serve(host: str, port: int, workers: int, draft: Content | None) -> None:
    gc.disable()  # what is loaded now stays
    global _preloaded  # noqa: PLW0603 - handed to the workers through fork
    from granian.constants import HTTPModes, Interfaces
    from granian.http import HTTP1Settings
    from granian.log import LogLevels

    from learn.app import create_app
    from learn.workers import Server

    _start_log()
    os.umask(0o077)
    settings = from_environment()
    if settings.metrics_port == port:
        raise CommandError(f"LEARN_METRICS_PORT is {port}, as the site's own port. Name another.")
    measuring = _measure(host, settings.metrics_port)  # before a file of the database is open
    _preloaded = create_app(settings, content=draft, is_draft=draft is not None)
    gc.freeze()  # so that no worker looks through it again, and all share its memory
    gc.enable()
    warn_of_own_key(settings)
    _allow_many_connections()
    server = Server(
        "learn.commands.serve:_load",
        address=host,
        port=port,
        interface=Interfaces.ASGINL,  # `gateway` says why
        workers=workers,
        http=HTTPModes.http1,  # the other modes never close a connection that says nothing
        http1_settings=HTTP1Settings(
            header_read_timeout=_HEADERS_WITHIN, max_buffer_size=_MAX_HEADERS
        ),
        backlog=_MAX_CONNECTIONS,
        backpressure=_MAX_CONNECTIONS,
        websockets=False,
        workers_kill_timeout=_STOPS_WITHIN,
        log_level=LogLevels.warning,
        log_dictconfig=_GRANIAN_LOG,
        respawn_failed_workers=True,
        factory=True,
    )
    _hold_signals_in_children()
    _announce(host, port)
    try:
        server.serve(target_loader=_load)
    finally:
        measuring()
        _preloaded.extensions["learn.database"].shut_down()
        _preloaded.extensions["learn.database_lock"].release()


def _start_log() -> None:
    """Log in the format that is set, to stderr. Raises ConfigError."""
    from learn import logs

    format_name = log_format(is_terminal=os.isatty(logs.STDERR))
    logs.configure(format_name, has_requests=logs_requests())


def _measure(host: str, port: int) -> Callable[[], None]:
    """Serve the metrics, if they have a port; return what ends that. Raises ConfigError."""
    if not port:
        return lambda: None
    from learn import metrics
    from learn.workers import end_with

    _must_be_free(host, port)
    return metrics.MetricsServer(host, port, end_with).stop


def _allow_many_connections() -> None:
    """Raise the limit of open files as far as the system allows, for connections."""
    _, most = resource.getrlimit(resource.RLIMIT_NOFILE)
    wanted = 2 * _MAX_CONNECTIONS
    resource.setrlimit(
        resource.RLIMIT_NOFILE,
        (wanted if most == resource.RLIM_INFINITY else min(wanted, most), most),
    )


def _must_be_free(host: str, port: int) -> None:
    try:
        with socket.create_server((host, port)):
            pass
    except OSError as error:
        number = error.errno or 0  # a negative one is about the name
        reason = os.strerror(number).lower() if number > 0 else "no such address"
        raise CommandError(f"Can't listen on {host}:{port}: {reason}.") from error


def _announce(host: str, port: int) -> None:
    """Print the address as soon as it answers.

    A child process waits for that, since a lock held by a thread would stay locked in the forked
    workers. It is forked twice, so that no parent has to wait for it.
    """
    if child := os.fork():
        os.waitpid(child, 0)
        return
    for number in _STOP_SIGNALS:
        signal.signal(number, signal.SIG_DFL)
    if os.fork() == 0:
        signal.pthread_sigmask(signal.SIG_UNBLOCK, _STOP_SIGNALS)
        for _ in range(200):
            with contextlib.suppress(OSError), socket.create_connection((host, port), timeout=1):
                click.echo(f"Learn ALL is at http://{host}:{port}")
                break
            time.sleep(0.05)
    os._exit(0)


def _hold_signals_in_children() -> None:
    """Start forked children with the stop signals blocked.

    A worker has the parent's handlers until Granian installs its own, and would lose a signal.
    """
    os.register_at_fork(
        before=lambda: signal.pthread_sigmask(signal.SIG_BLOCK, _STOP_SIGNALS),
        after_in_parent=lambda: signal.pthread_sigmask(signal.SIG_UNBLOCK, _STOP_SIGNALS),
    )


def _load(*_: object) -> Gateway:
    """Return the application in a worker: the parent's, if the worker was forked from it.

    A SIGTERM that came before is delivered once the worker's event loop runs. SIGINT stays blocked:
    Ctrl-C reaches the parent too, which ends its workers by SIGTERM.
    """
    from learn import sweeper
    from learn.app import create_app
    from learn.gateway import Gateway
    from learn.room.ending import sweep
    from learn.workers import end_with_parent

    end_with_parent()
    signal.pthread_sigmask(signal.SIG_BLOCK, _STOP_SIGNALS)
    loop = asyncio.get_event_loop_policy().get_event_loop()
    loop.call_soon(signal.pthread_sigmask, signal.SIG_UNBLOCK, {signal.SIGTERM})
    if not _preloaded:
        _start_log()
    app = _preloaded or create_app()
    sweeper.start(lambda: (app.extensions["learn.limiter"].sweep(), sweep(app)))
    return Gateway(app.wsgi_app, proxies=app.extensions["learn.settings"].trusted_proxies)
