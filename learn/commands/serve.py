"""The `learn` command."""

from __future__ import annotations

import argparse
import contextlib
import os
import socket
import sys
import time
from datetime import UTC, datetime
from typing import TYPE_CHECKING, NoReturn

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from flask import Flask

    from learn.gateway import Gateway

_ABOUT = "Learn ALL: lessons and quizzes to understand acute lymphoblastic leukemia."
_MORE = """\
Settings come from the environment: DATABASE_URL, SECRET_KEY and others; README.md lists them.
Without any, everything is kept in the folder “instance”: an embedded database and a secret key.
"""

_HEADERS_WITHIN = 15_000  # milliseconds; a connection that says nothing for so long is closed
_MOST_CONNECTIONS = 4096  # of each worker
_STOPS_WITHIN = 5  # seconds until a worker that waits for somebody is ended

_preloaded: Flask | None = None


def main(arguments: Sequence[str] | None = None) -> NoReturn:
    """Run the command and leave with its exit code: 0 done, 1 not possible, 2 not understood."""
    options = _parser().parse_args(arguments)
    try:
        code = _run(options)
        sys.stdout.flush()
    except BrokenPipeError:  # whoever reads, such as “head”, has seen enough
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        code = 1
    sys.exit(code)


def _parser() -> argparse.ArgumentParser:
    from learn.commands import source as editors

    parser = argparse.ArgumentParser(
        "learn",
        description=_ABOUT,
        epilog=_MORE,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument(
        "--content", metavar="FOLDER", help="lessons and questions in place of the built-in ones"
    )
    commands = parser.add_subparsers(title="commands", required=True, metavar="COMMAND")

    serve = commands.add_parser("serve", help="serve the site", description=_serve.__doc__)
    serve.add_argument("--host", default="127.0.0.1", help="the address to listen on (%(default)s)")
    serve.add_argument("--port", type=int, default=8000, help="the port (%(default)s)")
    cores = os.cpu_count() or 1
    serve.add_argument(
        "--workers", type=int, default=cores, help="processes; a worker a core (%(default)s here)"
    )
    serve.set_defaults(run=_serve)

    migrate = commands.add_parser(
        "migrate", help="bring the database up to date", description=_migrate.__doc__
    )
    migrate.set_defaults(run=_migrate)

    check = commands.add_parser(
        "check", help="check lessons and questions", description=_check.__doc__
    )
    check.add_argument("--json", action="store_true", help="the report for machines")
    check.set_defaults(run=_check)

    editors.add(commands)
    return parser


def _run(options: argparse.Namespace) -> int:
    from sqlalchemy.exc import ArgumentError

    from learn.config import ConfigError
    from learn.schema import SchemaError
    from questions.reading import ContentError

    if options.content:
        os.environ["LEARN_CONTENT"] = options.content  # for this process and its workers
    command: Callable[[argparse.Namespace], int] = options.run
    try:
        return command(options)
    except ContentError as error:
        print(error, file=sys.stderr)
        print(f"{_faults(len(error.faults))}.", file=sys.stderr)
    except (ConfigError, SchemaError) as error:
        print(error, file=sys.stderr)
    except ArgumentError:
        print("DATABASE_URL is not the address of a database.", file=sys.stderr)
    return 1


def _serve(options: argparse.Namespace) -> int:
    """Serve the site. The embedded database is made, or brought up to date, by itself."""
    global _preloaded  # noqa: PLW0603 - handed to the workers through fork
    from granian import Granian
    from granian.constants import HTTPModes, Interfaces
    from granian.http import HTTP1Settings
    from granian.log import LogLevels

    from learn.app import create_app

    os.umask(0o077)
    _preloaded = create_app()
    _must_be_free(options.host, options.port)
    _allow_many_connections()
    server = Granian(
        "learn.commands.serve:_load",
        address=options.host,
        port=options.port,
        interface=Interfaces.ASGINL,  # `gateway` says why
        workers=options.workers,
        http=HTTPModes.http1,  # the other modes never close a connection that says nothing
        http1_settings=HTTP1Settings(header_read_timeout=_HEADERS_WITHIN),
        backlog=_MOST_CONNECTIONS,
        backpressure=_MOST_CONNECTIONS,
        websockets=False,
        workers_kill_timeout=_STOPS_WITHIN,
        log_level=LogLevels.warning,
        respawn_failed_workers=True,
        factory=True,
    )
    _announce(options.host, options.port)
    try:
        server.serve(target_loader=_load)
    finally:
        _preloaded.extensions["learn.database"].close_for_good()
    return 0


def _allow_many_connections() -> None:
    """Raise the limit of open files to what the machine allows: connections that wait are many."""
    import resource

    _, most = resource.getrlimit(resource.RLIMIT_NOFILE)
    wanted = 2 * _MOST_CONNECTIONS
    resource.setrlimit(
        resource.RLIMIT_NOFILE,
        (wanted if most == resource.RLIM_INFINITY else min(wanted, most), most),
    )


def _must_be_free(host: str, port: int) -> None:
    from learn.config import ConfigError

    try:
        with socket.create_server((host, port)):
            pass
    except OverflowError as error:
        raise ConfigError(f"{port} is not a port: they go from 0 to 65535.") from error
    except OSError as error:
        reason = os.strerror(error.errno).lower() if error.errno else "no such address"
        raise ConfigError(f"Can't listen on {host}:{port}: {reason}.") from error


def _announce(host: str, port: int) -> None:
    """Say the address as soon as it answers.

    A process of its own waits for that, and not a thread: a lock that a thread holds while the
    workers are forked would stay locked in them for good. It is forked twice, so that nobody has
    to wait for its end.
    """
    if child := os.fork():
        os.waitpid(child, 0)
        return
    if os.fork() == 0:
        for _ in range(200):
            with contextlib.suppress(OSError), socket.create_connection((host, port), timeout=1):
                print(f"Learn ALL is at http://{host}:{port}", flush=True)
                break
            time.sleep(0.05)
    os._exit(0)


def _load(*_: object) -> Gateway:
    """The application in a worker: the parent's, where the worker was forked from it."""
    from learn.app import create_app
    from learn.gateway import Gateway

    return Gateway((_preloaded or create_app()).wsgi_app)


def _migrate(_options: argparse.Namespace) -> int:
    """Bring the database to this version's schema; an embedded one is copied first."""
    from learn import schema
    from learn.config import from_environment
    from learn.database import Database

    database = Database(from_environment().database_url)
    match schema.state(database):
        case schema.State.CURRENT:
            print("The database is up to date.")
            return 0
        case schema.State.NEWER:
            schema.ready(database, datetime.now(UTC))
        case schema.State.OLDER if copy := schema.back_up(database, datetime.now(UTC)):
            print(f"A copy is at {copy}")
        case _:
            pass
    schema.upgrade(database)
    print(f"The database is now at version {schema.head()}.")
    return 0


def _check(options: argparse.Namespace) -> int:
    """Check all lessons and questions; each fault is named with its file and line."""
    from learn.authoring.report import check
    from learn.config import content_folder, texts

    report = check(texts(), content_folder())
    print(report.to_json() if options.json else report.to_text())
    return 1 if report.faults else 0


def _faults(count: int) -> str:
    return {0: "No faults", 1: "1 fault"}.get(count, f"{count} faults")
