"""The person who runs the site reads its log."""

from __future__ import annotations

import fcntl
import json
import logging
import os
import re
from dataclasses import replace
from typing import Any

import pytest
from sqlalchemy import insert
from sqlalchemy.exc import IntegrityError

from learn import logs
from learn.account import codes
from learn.models import CareLine
from tests.learn.logged import logging_to
from tests.learn.registration import ANOTHER, recover, register, sign_in

_TIME = r"20\d\d-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z"


def request_lines(log: Any) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = log.events("request")
    return found


def test_a_request_is_logged_in_one_line_without_its_path(ana, log):
    ana.browser.get("/educators/invite/a-secret-token?q=private")
    ana.browser.get("/nowhere/private")
    ana.browser.get("/help")

    lines = request_lines(log)
    assert [(f["endpoint"], f["method"], f["status"]) for f in lines] == [
        ("educators.invitation", "GET", 410),
        (None, "GET", 404),
        ("about.get_help", "GET", 200),
    ]
    for fields in lines:
        assert re.fullmatch(_TIME, fields["time"])
        assert fields["level"] == "info"
        assert fields["ms"] >= 0
    assert len({fields["request_id"] for fields in lines}) == 3
    assert "secret" not in log.text
    assert "private" not in log.text


def test_the_request_id_comes_from_a_trusted_proxy_or_from_us(settings, another_app, log):
    sane = ("0af7651916cd43dd8448eb211c80319c", "4bf92f35-77b3-4da6-a3ce-929d0e0e4736")
    others = (
        "",
        "short",
        "x" * 65,
        "<b>in bold</b>",
        '12345678", "a": "b',
        "two-of-them,two-of-them",
    )
    for proxies, taken in ((1, sane), (0, ())):
        browser = another_app(replace(settings, trusted_proxies=proxies)).test_client()
        for sent in (*sane, *others):
            page = browser.get("/nowhere", headers={"X-Request-ID": sent})
            number = page.headers["X-Request-ID"]
            assert (number == sent) is (sent in taken), sent
            assert re.fullmatch(r"[0-9a-f-]{16,36}", number)
            assert request_lines(log)[-1]["request_id"] == number
            assert f"<code>{number}</code>" in page.text


def test_request_lines_can_be_turned_off(ana, tmp_path):
    with (tmp_path / "log").open("ab") as file, logging_to(file.fileno(), has_requests=False):
        ana.browser.get("/help")
        logs.log_failure("sign-in", "203.0.113.7")

    (line,) = (tmp_path / "log").read_text().splitlines()
    assert json.loads(line)["event"] == "failed sign-in"


def test_in_text_format_each_event_is_one_line(ana, tmp_path):
    with (tmp_path / "log").open("ab") as file, logging_to(file.fileno(), logs.TEXT):
        ana.browser.get("/help")
        logging.getLogger("learn").warning("a\nb", extra={"fields": {"reason": 'c "d"\n', "e": ""}})

    first, second = (tmp_path / "log").read_text().splitlines()
    number = "[0-9a-f]{16}"
    shown = rf"{_TIME} info request request_id={number} method=GET endpoint=about.get_help "
    assert re.fullmatch(rf"{shown}status=200 ms=\d+\.\d", first)
    assert second.endswith(r' warning a b reason="c \"d\"\n" e=""')


def test_failed_sign_ins_and_recoveries_are_logged_with_the_address_only(ana, somebody_new, log):
    register(ana)
    sign_in(somebody_new, passphrase="not that one")
    recover(somebody_new, codes.from_seed("another seed", "owner", "another key"))

    for event in ("failed sign-in", "failed recovery"):
        (failed,) = log.events(event)
        assert {*failed} == {"time", "level", "event", "request_id", "address"}
        assert (failed["address"], failed["level"]) == ("127.0.0.1", "warning")
    for private in ("Ana", "not that one", ANOTHER):
        assert private not in log.text
    assert all("address" not in fields for fields in request_lines(log))


@pytest.mark.parametrize("format_name", [logs.JSON, logs.TEXT])
def test_the_documented_fail2ban_filter_matches_failed_attempts(
    ana, tmp_path, repository, format_name
):
    """It gets each line without its time, as fail2ban cuts it out."""
    page = (repository / "docs" / "operations.md").read_text()
    block = re.search(r"^failregex = (.+)\n +(.+)\n", page, re.MULTILINE)
    assert block
    rules = [rule.replace("<HOST>", r"(?P<host>\S+?)") for rule in block.groups()]
    with (tmp_path / "log").open("ab") as file, logging_to(file.fileno(), format_name):
        ana.browser.get("/help")
        for what in ("sign-in", "recovery", "passkey"):
            with ana.browser.application.test_request_context():
                logs.request_environ.set({logs.REQUEST_ID: "0123456789abcdef"})
                logs.log_failure(what, "2001:db8::7", reason='a "b"')
        logs.request_environ.set(None)
    lines = [re.sub(_TIME, "", line) for line in (tmp_path / "log").read_text().splitlines()]
    found = [m.group("host") for line in lines for rule in rules if (m := re.search(rule, line))]

    assert len(lines) == 4
    assert found == ["2001:db8::7"] * 3


def test_the_values_of_a_database_error_are_not_logged(another_app, settings, log):
    """PostgreSQL names them in the detail of its message."""
    app = another_app(settings)

    @app.get("/twice")
    def _twice() -> str:
        with app.extensions["learn.database"].transaction() as session:
            row = {"id": 0xC0FFEE, "text": "my private words"}
            session.execute(insert(CareLine).values(account_id=None, **row))
        return ""

    page = app.test_client().get("/twice")

    assert page.status_code == 500
    (error,) = log.events("unexpected error")
    assert "my private words" not in log.text
    assert error["traceback"]


def test_the_detail_of_a_message_is_left_out():
    class DetailError(Exception):
        sqlstate = "23505"

    told = DetailError("duplicate key\nDETAIL: Key (nickname)=(ana-maple) already exists.")
    whole = IntegrityError("INSERT INTO account", {"id": "x"}, told, hide_parameters=True)
    whole.__cause__ = told
    record = logging.makeLogRecord({"exc_info": (IntegrityError, whole, None)})

    shown = logs.fields_of(record)["traceback"]
    assert "ana-maple" not in shown
    assert shown.count("duplicate key") == 2
    assert "[SQL: INSERT INTO account]" in shown


def test_an_untrusted_proxy_is_logged_once(settings, another_app, log):
    for proxies, times in ((0, 1), (1, 1)):
        app = another_app(replace(settings, trusted_proxies=proxies))
        for _ in range(3):
            app.test_client().get("/help", headers={"X-Forwarded-For": "203.0.113.7"})
        assert log.text.count("LEARN_TRUSTED_PROXIES") == times
    assert "203.0.113.7" not in log.text


# what the log is written to


def handler_to(fd: int) -> logs.StderrHandler:
    return logs.StderrHandler(logs.FORMATS[logs.JSON], fd)


def small_pipe() -> tuple[int, int]:
    read, write = os.pipe()
    fcntl.fcntl(write, fcntl.F_SETPIPE_SZ, 4096)
    return read, write


def test_a_blocked_log_drops_lines_and_delays_no_request():
    read, write = small_pipe()
    handler = handler_to(write)
    for number in range(100):
        handler.write({"event": "x" * 1000, "number": number})
    first = os.read(read, 8192)
    handler.write({"event": "again"})
    rest = os.read(read, 8192)
    os.close(read)
    os.close(write)

    lines = [json.loads(line) for line in (first + rest).splitlines() if line.endswith(b"}")]
    numbers = [fields["number"] for fields in lines if "number" in fields]
    assert numbers == [*range(len(numbers))]
    gap, last = lines[-2:]
    assert (gap["event"], gap["count"]) == ("log lines were lost", 100 - len(numbers))
    assert last == {"event": "again"}


def test_a_closed_log_or_a_full_disk_breaks_no_request(ana):
    read, write = os.pipe()
    os.close(read)
    full = os.open("/dev/full", os.O_WRONLY)
    gone = os.dup(full)
    os.close(gone)
    for fd in (write, full, gone):
        with logging_to(fd):
            assert ana.open("/help").status_code == 200
            logging.getLogger("learn").error("an error")
    os.close(write)
    os.close(full)


def test_unformattable_record_does_not_lose_other_records(log):
    (handler,) = (h for h in logging.getLogger().handlers if isinstance(h, logs.StderrHandler))
    handler.emit(logging.makeLogRecord({"msg": "%d", "args": ("no number",)}))
    handler.emit(logging.makeLogRecord({"msg": "next"}))

    lines = [json.loads(line) for line in log.text.splitlines()]
    assert [fields["event"] for fields in lines] == ["log lines were lost", "next"]


def test_long_lines_of_four_processes_are_not_interleaved(monkeypatch):
    """A pipe takes at most 4 KB in one piece; a traceback is longer."""
    monkeypatch.setattr(logs, "_PATIENCE_MS", 60_000)
    read, write = small_pipe()
    handler = handler_to(write)
    children = []
    for worker in range(4):
        if (child := os.fork()) == 0:
            try:
                for number in range(100):
                    long = "x" * (20_000 if number % 3 == 0 else 10)
                    handler.write({"event": long, "worker": worker, "number": number})
            finally:
                os._exit(0)
        children.append(child)
    os.close(write)
    with os.fdopen(read, "rb") as reader:
        lines = [json.loads(line) for line in reader]
    for child in children:
        os.waitpid(child, 0)

    assert len(lines) == 400
    for worker in range(4):
        numbers = [fields["number"] for fields in lines if fields["worker"] == worker]
        assert numbers == [*range(100)]
