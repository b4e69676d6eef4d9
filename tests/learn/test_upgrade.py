"""A site is brought to a newer version: the database follows, and nothing is lost."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import text

from learn import schema
from learn.database import Database
from learn.schema import SchemaError, State

NOW = datetime(2026, 11, 22, tzinfo=UTC)


@pytest.fixture
def database(tmp_path):
    found = Database(f"sqlite:///{tmp_path / 'x.sqlite3'}")
    yield found
    found.dispose()


@pytest.fixture
def server(postgres_server):
    """An empty database on a server."""
    whole = Database(postgres_server)
    with whole.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.execute(text("DROP DATABASE IF EXISTS upgrade"))
        connection.execute(text("CREATE DATABASE upgrade"))
    found = Database(whole.url.set(database="upgrade").render_as_string(hide_password=False))
    yield found
    found.dispose()
    whole.dispose()


def at_version(database: Database, version: str) -> None:
    with database.engine.begin() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = :v"), {"v": version})


def test_an_empty_file_gets_its_tables(database):
    assert schema.state(database) is State.EMPTY
    schema.ready(database, NOW)
    assert schema.state(database) is State.CURRENT
    schema.ready(database, NOW)


def test_a_newer_database_is_refused(database):
    schema.ready(database, NOW)
    at_version(database, "9999")

    with pytest.raises(SchemaError, match="newer version"):
        schema.ready(database, NOW)


def test_a_copy_is_made_and_only_the_last_few_are_kept(database, tmp_path):
    schema.ready(database, NOW)
    copies = [schema.back_up(database, NOW + timedelta(days=d)) for d in range(7)]

    left = sorted(tmp_path.glob("*-before-upgrade-*"))
    assert left == sorted(copies)[-5:]
    copy = Database(f"sqlite:///{left[0]}")
    assert schema.state(copy) is State.CURRENT
    copy.dispose()
    assert left[0].stat().st_mode & 0o077 == 0


def test_a_copy_is_forgotten_after_thirty_days(database):
    schema.ready(database, NOW)
    old = schema.back_up(database, NOW)
    new = schema.back_up(database, NOW + timedelta(days=2))
    schema.ready(database, NOW + timedelta(days=31))

    assert not old.exists()
    assert new.exists()


def test_an_older_embedded_database_is_copied_and_brought_up_to_date(
    database, tmp_path, monkeypatch
):
    schema.ready(database, NOW)
    monkeypatch.setattr(schema, "head", lambda: "9998")
    assert schema.state(database) is State.OLDER
    schema.ready(database, NOW)

    assert len([*tmp_path.glob("*-before-upgrade-*")]) == 1


def test_a_server_is_never_migrated_by_serving(server, monkeypatch):
    with pytest.raises(SchemaError, match="learn migrate"):
        schema.ready(server, NOW)
    schema.upgrade(server)
    schema.ready(server, NOW)
    monkeypatch.setattr(schema, "head", lambda: "9998")
    with pytest.raises(SchemaError, match="Run “learn migrate” first"):
        schema.ready(server, NOW)


@pytest.mark.parametrize(
    ("given", "driver"),
    [
        ("postgres://u:p@h/d", "postgresql+psycopg"),
        ("postgresql://u:p@h/d", "postgresql+psycopg"),
        ("sqlite:///x.sqlite3", "sqlite"),
    ],
)
def test_addresses_are_given_their_driver(given, driver):
    found = Database(given)
    assert found.url.drivername == driver
    found.dispose()
