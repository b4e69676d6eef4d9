"""A monitor and a load balancer ask whether the site works."""

from __future__ import annotations

import threading
from dataclasses import replace

import pytest
from sqlalchemy import Engine

from learn.breaker import Breaker, OutageScope
from learn.database import Database
from learn.health import views
from learn.health.database_probe import DatabaseProbe
from learn.schema import State


@pytest.mark.fast("health")
@pytest.mark.parametrize("address", ["/healthz", "/readyz"])
def test_a_health_check_answers_in_one_word_and_sets_no_cookie(app, ana, log, address):
    client = app.test_client().get(address, headers={"Host": "10.0.0.7:8000"})

    assert (client.status_code, client.text) == (200, "ok\n")
    assert client.mimetype == "text/plain"
    assert client.headers["Cache-Control"] == "no-store"
    assert "Set-Cookie" not in client.headers
    assert "Set-Cookie" not in ana.browser.get(address).headers
    assert app.test_client().head(address).status_code == 200
    assert log.text == ""


def test_the_liveness_check_needs_no_database(settings, another_app):
    broken = another_app(settings)
    broken.extensions["learn.database"] = gone = Database("sqlite:////no/such/folder/x.sqlite3")

    assert broken.test_client().get("/healthz").text == "ok\n"
    assert broken.test_client().get("/readyz").text == "database\n"
    gone.dispose()


def test_a_known_outage_is_reported_at_once(app, monkeypatch):
    def ask(_database: Database) -> State:
        raise AssertionError("nobody asks again")

    monkeypatch.setattr(views, "_probe", DatabaseProbe(ask))
    database: Database = app.extensions["learn.database"]
    gone = [True]

    def probe(_scope: OutageScope) -> None:
        if gone[0]:
            raise OSError("away")

    monkeypatch.setattr(database, "breaker", Breaker(probe))
    database.breaker.open(OutageScope.ALL, "a test")
    try:
        assert app.test_client().get("/readyz").text == "database\n"
    finally:
        gone[0] = False


@pytest.mark.parametrize("state", [State.OLDER, State.NEWER, State.EMPTY])
def test_readiness_fails_for_another_schema(app, log, monkeypatch, state):
    monkeypatch.setattr(views, "_probe", DatabaseProbe(lambda _database: state))
    client = app.test_client().get("/readyz")

    assert (client.status_code, client.text) == (503, "schema\n")
    assert client.headers["Cache-Control"] == "no-store"
    (line,) = log.events("request")
    assert (line["endpoint"], line["status"]) == ("health.ready", 503)


def test_a_schema_to_which_a_newer_version_added_can_be_served(app, monkeypatch):
    monkeypatch.setattr(views, "_probe", DatabaseProbe(lambda _database: State.AHEAD))

    assert app.test_client().get("/readyz").text == "ok\n"


def test_readiness_fails_without_a_database(pooled_app):
    engine: Engine = pooled_app.extensions["learn.database"].engine
    with engine.begin() as connection:
        connection.exec_driver_sql("UPDATE alembic_version SET version_num = '0001'")
    assert pooled_app.test_client().get("/readyz").text == "schema\n"
    if engine.url.database and engine.dialect.name == "sqlite":
        engine.dispose()
        with open(engine.url.database, "wb") as file:  # noqa: PTH123 - as a broken disk leaves it
            file.write(b"x" * 10_000)
        assert pooled_app.test_client().get("/readyz").text == "database\n"


def test_readiness_fails_without_lessons(app, content, monkeypatch):
    monkeypatch.setitem(app.extensions, "learn.content", replace(content, lessons={}))

    assert app.test_client().get("/readyz").text == "content\n"


def test_a_hanging_database_is_probed_once_at_a_time(app, monkeypatch):
    """The second question gets its answer at once: the first one has not come back."""
    comes_back, asked = threading.Event(), []

    def hang(database: object) -> State:
        asked.append(database)
        comes_back.wait(60)
        return State.CURRENT

    monkeypatch.setattr(views, "_probe", probe := DatabaseProbe(hang))
    monkeypatch.setattr("learn.health.database_probe.WITHIN", 0.01)
    browser = app.test_client()
    try:
        assert [browser.get("/readyz").text for _ in range(3)] == ["database\n"] * 3
        assert len(asked) == 1
    finally:
        comes_back.set()
    probe._asking.join()  # noqa: SLF001 - until the hanging one has ended
    assert browser.get("/readyz").text == "ok\n"
