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
import stat
import tempfile
import time
import traceback
from collections.abc import Callable, Iterator, Mapping
from contextvars import ContextVar
from dataclasses import dataclass
from functools import lru_cache
from types import MappingProxyType
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


@dataclass(frozen=True, slots=True)
class Format:
    """A format of log lines; `request` is a template for those that are written all the time."""

    event: Callable[[Mapping[str, Any]], str]
    request: str
    quoted: Callable[[object], str]


FORMATS: Mapping[str, Format] = MappingProxyType(
    {
        JSON: Format(
            as_json,
            '{"time": "%s", "level": "%s", "event": "request", "request_id": "%s", '
            '"method": %s, "endpoint": %s, "status": %d, "ms": %.1f}',
            lru_cache(512)(json.dumps),
        ),
        TEXT: Format(
            as_text,
            "%s %s request request_id=%s method=%s endpoint=%s status=%d ms=%.1f",
            lru_cache(512)(_word),
        ),
    }
)


class StderrHandler(logging.Handler):
    """Writes whole lines to a file descriptor; a full or closed one loses lines, and nothing else.

    Processes that were forked after this was made take turns: a pipe takes longer lines in pieces.
    """

    def __init__(self, lines: Format, fd: int = STDERR, *, has_requests: bool = True) -> None:
        super().__init__()
        self._lines = lines
        self._has_requests = has_requests
        self._fd = fd
        self._turn = _nameless_file()
        self._is_file = _is_file(fd)  # a file takes any line whole, without blocking
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
        self._write(self._lines.event(fields))

    def write_request(self, environ: Mapping[str, Any], status: int, ms: float) -> None:
        """Write the line about an answered request, if they are wanted."""
        if self._has_requests:
            quoted = self._lines.quoted
            method, endpoint = quoted(environ["REQUEST_METHOD"]), quoted(environ.get(ENDPOINT))
            level = "warning" if status >= 500 else "info"
            values = (_now(), level, environ[REQUEST_ID], method, endpoint, status, ms)
            self._write(self._lines.request % values)

    def _write(self, text: str) -> None:
        line = f"{text}\n"
        self.acquire()
        try:
            if self._is_our_turn():
                if self._lost:
                    line = self._after_a_gap(line)
                self._write_whole(line.encode("utf-8", "backslashreplace"))
                self._end_turn()
            else:
                self._lost += 1
        finally:
            self.release()

    def _is_our_turn(self) -> bool:
        """Take the lock among processes, unless another one keeps it for long."""
        if self._is_file:
            return True
        for _ in range(1 if self._lost else _PATIENCE_MS):
            try:
                fcntl.lockf(self._turn, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except OSError:
                time.sleep(0.001)
            else:
                return True
        return False

    def _end_turn(self) -> None:
        if not self._is_file:
            fcntl.lockf(self._turn, fcntl.LOCK_UN)

    def _after_a_gap(self, line: str) -> str:
        gap = _begin("warning", "log lines were lost") | {"count": self._lost}
        return f"{chr(10) if self._is_broken else ''}{self._lines.event(gap)}\n{line}"

    def _write_whole(self, line: bytes) -> None:
        """Write a line if there is room for it, or soon will be."""
        sent, patience = 0, 0 if self._lost else _PATIENCE_MS
        try:
            while sent < len(line):
                if self._is_file:
                    sent += os.write(self._fd, line[sent:])
                elif self._poll.poll(patience):
                    sent += os.write(self._fd, line[sent : sent + _WHOLE])
                else:
                    raise BlockingIOError
        except OSError:
            self._lost += 1
            self._is_broken = self._is_broken or bool(sent)
        else:
            self._lost, self._is_broken = 0, False


def _is_file(fd: int) -> bool:
    try:
        return stat.S_ISREG(os.fstat(fd).st_mode)
    except OSError:
        return False


def _nameless_file() -> int:
    """Return a file that only this process and its children know, to lock."""
    if hasattr(os, "memfd_create"):
        return os.memfd_create("log turn")
    with tempfile.TemporaryFile() as file:
        return os.dup(file.fileno())


def _now() -> str:
    """Return the time in UTC; the part up to the second is made once a second."""
    now = time.time()
    second = int(now)
    return f"{_in_seconds(second)}.{int((now - second) * 1000):03}Z"


@lru_cache(2)
def _in_seconds(second: int) -> str:
    return time.strftime("%Y-%m-%dT%H:%M:%S", time.gmtime(second))


def _begin(level: str, event: str) -> dict[str, Any]:
    return {"time": _now(), "level": level, "event": event}


def log_request(environ: Mapping[str, Any], status: int, ms: float) -> None:
    """Write the line about an answered request, without the cost of a `LogRecord`."""
    for handler in _root.handlers:
        if isinstance(handler, StderrHandler):
            handler.write_request(environ, status, ms)


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


def configure(format_name: str, fd: int = STDERR, *, has_requests: bool = True) -> StderrHandler:
    """Log in this format, everything in this process and in those forked from it.

    Without `has_requests`, requests that are answered have no line.
    """
    _open_standard_files()
    handler = StderrHandler(FORMATS[format_name], fd, has_requests=has_requests)
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
