"""Each file for download has a limit, a name, and an entry in the audit log if it names people."""

from __future__ import annotations

import pytest
from sqlalchemy import func, select

from learn.models import AuditLog
from tests.learn.access_scene import cells

WITHOUT_A_LIMIT = {"care_team.text"}
"""A page of their own list, as text: not more work than the page."""
SPREADSHEETS = {"text/csv; charset=utf-8"}


@pytest.fixture
def files(app, scene):
    """Return each file that an educator can download, by endpoint, and how often it was logged."""
    kim, found = scene.people["educator of the group"], {}
    for endpoint, method, _guard, arguments, more in cells(app):
        if method != "GET":
            continue
        values = {k: v for k, v in scene.given.items() if k in arguments} | more
        with app.test_request_context():
            address = app.url_for(endpoint, **values)
        before = scene.connection.scalar(select(func.sum(AuditLog.times))) or 0
        page = kim.browser.get(address)
        if page.headers.get("Content-Disposition", "").startswith("attachment"):
            after = scene.connection.scalar(select(func.sum(AuditLog.times))) or 0
            found[endpoint] = page, after - before
    return found


def test_each_download_is_rate_limited(app, files):
    assert len(files) >= 6
    limited = {e for e in files if getattr(app.view_functions[e], "limits", ())}
    assert {*files} - limited == WITHOUT_A_LIMIT


def test_each_download_has_a_file_name_and_is_not_cached(files):
    for endpoint, (page, _logged) in files.items():
        assert '; filename="' in page.headers["Content-Disposition"], endpoint
        assert page.headers["Cache-Control"] == "no-store", endpoint


def test_each_csv_file_starts_with_a_byte_order_mark(files):
    tables = {e: page.data for e, (page, _) in files.items() if page.content_type in SPREADSHEETS}

    assert {"people.file", "results.csv"} <= {*tables}
    assert all(data.startswith("\ufeff".encode()) for data in tables.values())


def test_a_download_that_names_members_is_in_their_audit_log(files):
    named = {e for e, (page, _) in files.items() if b"Mia" in page.data}

    assert named == {"people.file", "results.learner_scores", "results.scores"}
    assert all(files[endpoint][1] > 0 for endpoint in {*named, "results.all_answers"})
