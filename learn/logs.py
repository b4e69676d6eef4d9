"""Log lines: their fields, the two formats, and how they get to stderr.

Nothing personal is logged: the endpoint of a request instead of its path, which may hold a token,
and no query, form, nickname, or statement parameter. Only a failed sign-in names an address.
"""

from __future__ import annotations

import fcntl
import json
import logging
import os
import select
import tempfile
import time
import traceback
from collections.abc import Callable, Iterator, Mapping
from contextvars import ContextVar
from datetime import UTC, datetime
from typing import Any

from sqlalchemy.exc import DBAPIError

STDERR = 2
REQUEST_ID = "learn.request_id"
"""Key in a WSGI environ: the id of the request."""

ENDPOINT = "learn.endpoint"
"""Key in a WSGI environ: the endpoint of the request, or None."""

JSON, TEXT = "json", "text"

request_environ: ContextVar[Mapping[str, Any] | None] = ContextVar("request_environ", default=None)
"""The WSGI environ of the current request."""

_WHOLE = select.PIPE_BUF  # bytes that a pipe takes in one piece
_PATIENCE_MS = 100  # to wait for a turn and for room, unless the last line was lost already

_log = logging.getLogger("learn")
_root = logging.getLogger()


def log_failure(what: str, address: str | None, **more: str) -> None:
    """Log a failed attempt to get in; docs/operations.md has a filter of fail2ban for it."""
    fields = {"address": address or "unknown"} | more
    _log.warning("failed %s", what, extra={"fields": fields})


def as_json(fields: Mapping[str, Any]) -> str:
    """Return the fields as one line of JSON, in ASCII."""
    return json.dumps(fields)


def as_text(fields: Mapping[str, Any]) -> str:
    """Return the fields as one line for people; a traceback follows on lines of its own."""
    rest = {k: v for k, v in fields.items() if k not in {"time", "level", "event", "traceback"}}
    words = [f"{k}={_word(v)}" for k, v in rest.items()]
    event = "".join(c if c.isprintable() else " " for c in fields["event"])
    line = " ".join((fields["time"], fields["level"], event, *words))
    below = fields.get("traceback", "").splitlines()
    return "\n".join((line, *(f"  {each}" for each in below)))


def _word(value: object) -> str:
    plain = "-" if value is None else str(value)
    is_plain = plain and plain.isprintable() and not {*' "='} & {*plain}
    return plain if is_plain else json.dumps(plain)


class StderrHandler(logging.Handler):
    """Writes whole lines to a file descriptor; a full or closed one loses lines, and nothing else.

    Processes that were forked after this was made take turns: a pipe takes longer lines in pieces.
    """

    def __init__(self, format_fields: Callable[[Mapping[str, Any]], str], fd: int = STDERR) -> None:
        super().__init__()
        self._format_fields = format_fields
        self._fd = fd
        self._turn = _nameless_file()
        self._poll = select.poll()
        self._poll.register(fd, select.POLLOUT)
        self._lost = 0
        self._is_broken = False

    def emit(self, record: logging.LogRecord) -> None:
        """Write a record of the standard library's logging."""
        try:
            self.write(fields_of(record))
        except Exception:  # noqa: BLE001 - a record that can't be formatted breaks no request
            self._lost += 1

    def write(self, fields: Mapping[str, Any]) -> None:
        """Write one line, or count it as lost."""
        line = f"{self._format_fields(fields)}\n"
        self.acquire()
        try:
            if self._is_our_turn():
                if self._lost:
                    line = self._after_a_gap(line)
                self._write_whole(line.encode("utf-8", "backslashreplace"))
                fcntl.lockf(self._turn, fcntl.LOCK_UN)
            else:
                self._lost += 1
        finally:
            self.release()

    def _is_our_turn(self) -> bool:
        """Take the lock among processes, unless another one keeps it for long."""
        for _ in range(1 if self._lost else _PATIENCE_MS):
            try:
                fcntl.lockf(self._turn, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except OSError:
                time.sleep(0.001)
            else:
                return True
        return False

    def _after_a_gap(self, line: str) -> str:
        gap = _begin("warning", "log lines were lost") | {"count": self._lost}
        return f"{chr(10) if self._is_broken else ''}{self._format_fields(gap)}\n{line}"

    def _write_whole(self, line: bytes) -> None:
        """Write a line if there is room for it, or soon will be."""
        sent, patience = 0, 0 if self._lost else _PATIENCE_MS
        try:
            while sent < len(line):
                if not self._poll.poll(patience):
                    raise BlockingIOError
                sent += os.write(self._fd, line[sent : sent + _WHOLE])
        except OSError:
            self._lost += 1
            self._is_broken = self._is_broken or bool(sent)
        else:
            self._lost, self._is_broken = 0, False


def _nameless_file() -> int:
    """Return a file that only this process and its children know, to lock."""
    if hasattr(os, "memfd_create"):
        return os.memfd_create("log turn")
    with tempfile.TemporaryFile() as file:
        return os.dup(file.fileno())


def _begin(level: str, event: str) -> dict[str, Any]:
    now = datetime.now(UTC).replace(tzinfo=None)
    return {"time": f"{now.isoformat(timespec='milliseconds')}Z", "level": level, "event": event}


def log_request(environ: Mapping[str, Any], status: int, ms: float) -> None:
    """Write the line about an answered request, without the cost of a `LogRecord`."""
    for handler in _root.handlers:
        if isinstance(handler, StderrHandler):
            handler.write(_request_fields(environ, status, ms))


def _request_fields(environ: Mapping[str, Any], status: int, ms: float) -> dict[str, Any]:
    return _begin("warning" if status >= 500 else "info", "request") | {
        "request_id": environ[REQUEST_ID],
        "method": environ["REQUEST_METHOD"],
        "endpoint": environ.get(ENDPOINT),
        "status": status,
        "ms": round(ms, 1),
    }


def fields_of(record: logging.LogRecord) -> dict[str, Any]:
    """Return the fields of a record: with the request during which it was made."""
    fields = _begin(record.levelname.lower(), record.getMessage())
    if environ := request_environ.get():
        fields["request_id"] = environ.get(REQUEST_ID)
    fields |= getattr(record, "fields", {})
    error = record.exc_info[1] if record.exc_info else None
    if error is not None:
        if environ:
            fields |= {"method": environ["REQUEST_METHOD"], "endpoint": environ.get(ENDPOINT)}
        fields["traceback"] = "\n".join(_traceback(error))
    return fields


def _traceback(error: BaseException) -> Iterator[str]:
    """Yield the lines of a traceback with its causes, without the values of a database error."""
    if error.__cause__ is not None:
        yield from _traceback(error.__cause__)
        yield "The direct cause of:"
    elif error.__context__ is not None and not error.__suppress_context__:
        yield from _traceback(error.__context__)
        yield "While that was handled:"
    for frame in traceback.format_tb(error.__traceback__):
        yield frame.rstrip("\n")
    yield f"{type(error).__module__}.{type(error).__qualname__}: {_message(error)}"


def _message(error: BaseException) -> str:
    """Return the message of an error; PostgreSQL names values in its second line, “DETAIL”."""
    try:
        message = str(error)
    except Exception:  # noqa: BLE001 - the log has to go on
        return "(no message)"
    if isinstance(error, DBAPIError):
        return f"{message.partition(chr(10))[0]} [SQL: {error.statement}]"
    return message.partition("\n")[0] if hasattr(error, "sqlstate") else message


def configure(format_name: str, fd: int = STDERR) -> StderrHandler:
    """Log in this format, everything in this process and in those forked from it."""
    _open_standard_files()
    handler = StderrHandler(as_json if format_name == JSON else as_text, fd)
    _root.handlers[:] = [handler]
    _root.setLevel(logging.WARNING)
    _log.setLevel(logging.INFO)
    logging.captureWarnings(capture=True)
    return handler


def _open_standard_files() -> None:
    """Open closed standard files on nothing, or the database could become file 2."""
    for number in range(STDERR + 1):
        try:
            os.fstat(number)
        except OSError:
            os.open(os.devnull, os.O_RDWR)
