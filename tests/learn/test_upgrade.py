"""A site is brought to a newer version: the database follows, and nothing is lost."""

from __future__ import annotations

import os
import shutil
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta

import pytest
from alembic import command
from alembic.config import Config
from sqlalchemy import text

from learn import schema
from learn.app import create_app
from learn.config import Settings
from learn.database import Database
from learn.paths import MIGRATIONS
from learn.schema import SchemaError, State
from tests import forked
from tests.learn.people import made_for_tests
from tests.learn.table_rows import ROW_ID, fill, read

NOW = datetime(2026, 11, 22, tzinfo=UTC)
BOTH = pytest.mark.parametrize(
    "server",
    [
        pytest.param(False, id="sqlite"),
        pytest.param(True, id="postgresql", marks=pytest.mark.every),
    ],
)
VERSIONS = MIGRATIONS / "versions"


@pytest.fixture
def database(tmp_path):
    found = Database(f"sqlite:///{tmp_path / 'x.sqlite3'}")
    yield found
    found.dispose()


def at_version(database: Database, version: str) -> None:
    with database.engine.begin() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = :v"), {"v": version})


def test_an_empty_database_gets_its_tables(database):
    assert schema.state(database) is State.EMPTY
    schema.ensure_current(database, NOW)
    assert schema.state(database) is State.CURRENT
    schema.ensure_current(database, NOW)


def test_a_newer_database_is_refused(database):
    schema.ensure_current(database, NOW)
    at_version(database, "9999")

    with pytest.raises(SchemaError, match="newer version"):
        schema.ensure_current(database, NOW)


@pytest.mark.parametrize(
    ("migration", "expected"),
    [
        ("9013from9012", State.AHEAD),
        ("9015from9012", State.AHEAD),
        ("9015from9009", State.AHEAD),
        ("9013", State.NEWER),
        ("9014from9013", State.NEWER),
        ("a-database-of-others", State.NEWER),
        ("0011", State.OLDER),
        ("9012", State.CURRENT),
    ],
)
def test_a_schema_that_a_newer_version_only_added_to_can_be_used(monkeypatch, migration, expected):
    monkeypatch.setattr(schema, "head", lambda: "9012")

    assert schema.compare(migration) is expected


def test_a_version_starts_on_a_newer_schema_that_only_adds_and_says_so_once(
    database, monkeypatch, caplog
):
    schema.ensure_current(database, NOW)
    number = schema.numbers(schema.head())[0]
    ahead = f"{int(number) + 1:04}from{number}"
    at_version(database, ahead)
    with caplog.at_level("INFO", "learn"):
        schema.ensure_current(database, NOW)
        assert schema.migrate(database, NOW) is None

    assert schema.revision_of(database) == ahead
    said = (
        f"The database is at schema {ahead}, which a newer version of Learn ALL made; this one, "
        f"with {schema.head()}, can run on it."
    )
    assert [record.message for record in caplog.records] == [said]


def test_a_copy_is_made_and_only_the_last_few_are_kept(database, tmp_path):
    schema.ensure_current(database, NOW)
    copies = [schema.back_up(database, NOW + timedelta(days=d)) for d in range(7)]

    left = sorted(tmp_path.glob("*-before-upgrade-*"))
    assert left == sorted(copies)[-5:]
    copy = Database(f"sqlite:///{left[0]}")
    assert schema.state(copy) is State.CURRENT
    copy.dispose()
    assert left[0].stat().st_mode & 0o077 == 0


def test_a_copy_is_deleted_after_thirty_days(database):
    schema.ensure_current(database, NOW)
    old = schema.back_up(database, NOW)
    new = schema.back_up(database, NOW + timedelta(days=2))
    schema.ensure_current(database, NOW + timedelta(days=31))

    assert not old.exists()
    assert new.exists()


def test_an_older_embedded_database_is_copied_and_upgraded(database, tmp_path, monkeypatch):
    schema.ensure_current(database, NOW)
    monkeypatch.setattr(schema, "head", lambda: "9998")
    assert schema.state(database) is State.OLDER
    schema.ensure_current(database, NOW)

    assert len([*tmp_path.glob("*-before-upgrade-*")]) == 1


def test_serving_never_migrates_a_database_server(empty_server, monkeypatch):
    with pytest.raises(SchemaError, match="learn migrate"):
        schema.ensure_current(empty_server, NOW)
    schema.upgrade(empty_server)
    schema.ensure_current(empty_server, NOW)
    monkeypatch.setattr(schema, "head", lambda: "9998")
    with pytest.raises(SchemaError, match="Run “learn migrate” first"):
        schema.ensure_current(empty_server, NOW)


@pytest.mark.parametrize(
    ("given", "driver"),
    [
        ("postgres://u:p@h/d", "postgresql+psycopg"),
        ("postgresql://u:p@h/d", "postgresql+psycopg"),
        ("sqlite:///x.sqlite3", "sqlite"),
    ],
)
def test_a_database_url_gets_its_driver(given, driver):
    found = Database(given)
    assert found.url.drivername == driver
    found.dispose()


@BOTH
def test_five_processes_starting_at_once_migrate_once(request, tmp_path, server):
    database = request.getfixturevalue("empty_server" if server else "database")
    migrate(database, "0001")
    env = {
        "PATH": os.environ["PATH"],
        "LEARN_DATA": str(tmp_path),
        "DATABASE_URL": database.url.render_as_string(hide_password=False),
    }
    starts = [["migrate"]] * 5 if server else [["migrate"], ["educator", "list"]] * 4
    with ThreadPoolExecutor(len(starts)) as at_once:
        ran = [*at_once.map(lambda words: forked.learn(*words, env=env), starts)]

    assert {(one.returncode, one.stderr) for one in ran} == {(0, "")}
    assert schema.state(database) is State.CURRENT
    assert len([*tmp_path.glob("*-before-upgrade-*")]) == (0 if server else 1)


# Rows of every earlier version


MOVED = {"care_question": "care_line"}
"""Tables whose rows are in another one since."""


@pytest.fixture(scope="module")
def upgraded_files():
    """Return the embedded databases that were upgraded so far, by version, and the rows before."""
    return {}


@pytest.fixture
def upgraded(request, tmp_path, version, server, upgraded_files):
    """Return a database of that version with a row in each table, upgraded, and the rows before."""
    if version in upgraded_files and not server:
        kept, before = upgraded_files[version]
        shutil.copy(kept, tmp_path / "x.sqlite3")
        return request.getfixturevalue("database"), before
    database = request.getfixturevalue("empty_server" if server else "database")
    migrate(database, version)
    before = fill(database)
    schema.upgrade(database)
    if not server:
        database.dispose()
        upgraded_files[version] = database.file, before
    return database, before


@BOTH
@pytest.mark.parametrize("version", [p.stem[:4] for p in sorted(VERSIONS.glob("0*.py"))])
def test_every_row_of_every_earlier_version_survives_the_upgrade(upgraded):
    database, before = upgraded

    assert schema.state(database) is State.CURRENT
    after = read(database)
    for table, old in before.items():
        (new,) = after[MOVED.get(table, table)]
        same = old.keys() & new.keys()
        assert {c: new[c] for c in same} == {c: old[c] for c in same}, table
        assert table in MOVED or same == old.keys(), table


@BOTH
@pytest.mark.parametrize("version", [f"{n:04}" for n in range(1, 8)])
def test_a_cookie_of_every_earlier_version_still_works(upgraded, tmp_path, content):
    """Until there were sessions, it held no id of one; guests keep what they did, too."""
    database, before = upgraded
    is_registered = "sign_in" in before
    url = database.url.render_as_string(hide_password=False)
    app = made_for_tests(create_app(Settings(url, ("k" * 16,), tmp_path), content=content))
    browser = app.test_client()
    with browser.session_transaction() as cookie:
        cookie.update({"account": ROW_ID.hex, "known": 1})
        if is_registered:
            cookie["nickname"] = "nickname"
    pages = [browser.get(page) for page in ("/my-data", "/account", "/my-data")]
    app.extensions["learn.database"].dispose()

    assert [page.status_code for page in pages] == [200, 200 if is_registered else 302, 200]
    assert all("everything we keep about you" in p.get_data(as_text=True) for p in pages[::2])


def migrate(database: Database, version: str) -> None:
    with database.engine.begin() as connection:
        config = Config(attributes={"connection": connection})
        config.set_main_option("script_location", str(MIGRATIONS))
        command.upgrade(config, version)
