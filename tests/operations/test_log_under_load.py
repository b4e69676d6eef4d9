"""The log of several workers at once, and of a site that has none."""

from __future__ import annotations

import http.client
import json
import sqlite3
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing

import pytest

from tests.serving import Site, serving

pytestmark = pytest.mark.operations


def test_each_request_under_load_is_one_whole_line(tmp_path):
    """Four workers write to one log, each line by itself."""
    own = {"LEARN_TRUSTED_PROXIES": "1", "LEARN_LOG_FORMAT": "json"}
    with serving(tmp_path / "data", workers=4, **own) as site:

        def ask(client: int) -> None:
            connection = http.client.HTTPConnection("127.0.0.1", site.port, timeout=60)
            for number in range(100):
                headers = {"X-Request-ID": f"load-{client}-{number}", "Connection": "keep-alive"}
                connection.request("GET", "/help" if number % 2 else "/nowhere", headers=headers)
                connection.getresponse().read()
            connection.close()

        with ThreadPoolExecutor(16) as pool:
            [*pool.map(ask, range(16))]
    lines = [json.loads(line) for line in site.log.read_text().splitlines()]
    wanted = {f"load-{client}-{number}" for client in range(16) for number in range(100)}
    logged = [fields["request_id"] for fields in lines if fields["event"] == "request"]

    assert sorted(logged) == sorted(wanted)
    assert not [fields for fields in lines if fields["level"] == "error"]


def test_with_stderr_closed_nothing_is_written_where_it_was(tmp_path):
    """The first file that the site opens would take its number: the database."""
    data = tmp_path / "data"
    site = Site(data, workers=1, has_no_stderr=True)
    try:
        for path, status in (("/nowhere", 404), ("/quizzes/mixed", 200)):
            connection = http.client.HTTPConnection("127.0.0.1", site.port, timeout=30)
            connection.request("GET", path)
            assert connection.getresponse().status == status
            connection.close()
    finally:
        site.stop()
    for file in data.iterdir():
        assert b"request_id" not in file.read_bytes(), file
    with closing(sqlite3.connect(site.database)) as raw:
        assert raw.execute("PRAGMA integrity_check").fetchone() == ("ok",)
