"""Fixtures: the application on a real, migrated database, and people who use it.

Each test runs inside a transaction that is rolled back, so that tests are fast and alone.
"""

from __future__ import annotations

import json
import shutil
import uuid
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from argon2 import PasswordHasher
from flask import Flask
from sqlalchemy import Connection, event, select, text

from learn import schema
from learn.app import create_app
from learn.config import Settings
from learn.database import Database
from learn.demo import banner
from learn.engines import COMMAND_LIMITS
from learn.library.content import Content
from learn.models import Item
from learn.rate_limiter import RateLimiter
from tests import second_document
from tests.learn.access_scene import scene  # noqa: F401 - a fixture
from tests.learn.authenticator import Authenticator
from tests.learn.big_screen import BigScreen, first_of
from tests.learn.groups import ClassOf, sign_in_as_educator
from tests.learn.leading import Room, become_educator, make_group
from tests.learn.logged import logging_to
from tests.learn.machine import Machine
from tests.learn.moves import fill_with_odd_rows
from tests.learn.people import Person, made_for_tests
from tests.learn.registration import register
from tests.learn.source_workspace import make_workspace
from tests.learn.table_rows import fill
from tests.our_content import our_content

KEY = "a key that only tests know"
QUICK = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)
"""Hashes that cost nothing; what they cost on the site has a test of its own."""
DAWN = datetime(2026, 11, 22, 2, 0, tzinfo=UTC)
POOLED_KEYS = ("k" * 16,)


class Clock:
    """A clock that stands still until a test moves it."""

    def __init__(self) -> None:
        self.now = DAWN

    def __call__(self) -> datetime:
        return self.now

    def forward(self, **step: float) -> None:
        self.now += timedelta(**step)


def pooled_clock() -> datetime:
    """Tell the time to the application with connections of its own."""
    return datetime(2026, 11, 22, tzinfo=UTC)


@pytest.fixture(scope="session")
def content() -> Content:
    return our_content()


@pytest.fixture(scope="session")
def settings(database_url: str, tmp_path_factory: pytest.TempPathFactory) -> Settings:
    return Settings(database_url, (KEY,), tmp_path_factory.mktemp("data"))


@pytest.fixture(scope="session")
def whole_app(settings: Settings, content: Content) -> Iterator[Flask]:
    database = Database(settings.database_url)
    schema.upgrade(database)
    database.dispose()
    app = made_for_tests(create_app(settings, content=content, clock=Clock(), hasher=QUICK))
    app.testing = True
    yield app
    app.extensions["learn.database"].dispose()


@pytest.fixture
def app(whole_app: Flask, content: Content) -> Iterator[Flask]:
    """Yield the application, in a transaction that ends with the test."""
    database: Database = whole_app.extensions["learn.database"]
    whole_app.extensions["learn.clock"].now = DAWN
    whole_app.extensions.pop("learn.available_content", None)
    whole_app.extensions["learn.limiter"].forget_here()
    with database.engine.connect() as connection, connection.begin() as transaction:
        database.use_connection(connection)
        whole_app.extensions.pop("learn.demo", None)
        with whole_app.app_context():
            banner.is_shown()  # read now, so that no test counts the statement
        try:
            yield whole_app
        finally:
            database.use_connection(None)
            database.merged_objectives = content.bank.merged_ids
            transaction.rollback()
            (whole_app.extensions["learn.settings"].data / "deleted_accounts").unlink(True)
    whole_app.extensions["learn.content"] = content


@pytest.fixture(scope="session")
def started(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory, content: Content
) -> Flask:
    """Return the application as it has just started on an empty database, to be copied with it.

    Migrations and the start of an application take longer than most tests.
    """
    folder = tmp_path_factory.mktemp("started")
    if request.config.getoption("--database") == "postgresql":
        url = _created(request.getfixturevalue("postgres_server"), "CREATE DATABASE started")
    else:
        url = f"sqlite:///{folder / 'x.sqlite3'}"
    database = Database(url)
    schema.upgrade(database)
    database.dispose()
    app = made_for_tests(create_app(Settings(url, POOLED_KEYS, folder), content=content))
    app.extensions["learn.database"].dispose()
    return app


def _created(server: str, statement: str) -> str:
    """Run `CREATE DATABASE name …` on a server, and return the new database's address."""
    whole, name = Database(server), statement.split()[2]
    with whole.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.execute(text(f"DROP DATABASE IF EXISTS {name}"))
        connection.execute(text(statement))
    url = whole.url.set(database=name).render_as_string(hide_password=False)
    whole.dispose()
    return url


@pytest.fixture
def pooled_app(request: pytest.FixtureRequest, tmp_path: Path, started: Flask) -> Iterator[Flask]:
    """Yield the application on a database of its own, with connections of its own."""
    if request.config.getoption("--database") == "postgresql":
        server = request.getfixturevalue("postgres_server")
        url = _created(server, "CREATE DATABASE together TEMPLATE started")
    else:
        url = f"sqlite:///{shutil.copy(started.extensions['learn.database'].file, tmp_path)}"
    # The machine may be busy with other tests.
    database = Database(url, COMMAND_LIMITS, has_breaker=True)
    database.merged_objectives = started.extensions["learn.database"].merged_objectives
    before = dict(started.extensions)
    started.extensions |= {
        "learn.settings": Settings(url, POOLED_KEYS, tmp_path),
        "learn.database": database,
        "learn.clock": pooled_clock,
        "learn.limiter": RateLimiter(database, POOLED_KEYS[0], pooled_clock),
        "learn.hasher": QUICK,
    }
    yield started
    started.extensions.clear()
    started.extensions |= before
    database.dispose()


@pytest.fixture
def another_app(app: Flask, content: Content) -> Iterator[Callable[..., Flask]]:
    """Makes applications with other settings; their connections are closed after the test."""
    databases: list[Database] = []

    def make(settings: Settings, **more: Any) -> Flask:
        options: dict[str, Any] = {"content": content, "hasher": QUICK} | more
        made = create_app(settings, **options)
        made.jinja_env.bytecode_cache = app.jinja_env.bytecode_cache
        databases.append(made.extensions["learn.database"])
        return made

    yield make
    for database in databases:
        database.dispose()


@pytest.fixture
def clock(app: Flask) -> Clock:
    found: Clock = app.extensions["learn.clock"]
    return found


@pytest.fixture
def connection(app: Flask) -> Connection:
    """Return the connection that the whole test uses."""
    found: Connection = app.extensions["learn.database"]._test_connection  # noqa: SLF001
    return found


@pytest.fixture
def statements(connection: Connection) -> Iterator[list[str]]:
    """Yield the SQL statements so far; savepoints do not count."""
    executed: list[str] = []

    def note(_c: Any, _cursor: Any, statement: str, *_rest: Any) -> None:
        if "SAVEPOINT" not in statement:
            executed.append(statement)

    event.listen(connection, "before_cursor_execute", note)
    yield executed
    event.remove(connection, "before_cursor_execute", note)


@pytest.fixture
def ana(app: Flask, content: Content) -> Person:
    """Newly diagnosed, on her phone at two in the morning."""
    return Person(app, content, uuid.UUID(int=0xA7A))


@pytest.fixture
def ben(app: Flask, content: Content) -> Person:
    """Ana's brother, on another device."""
    return Person(app, content, uuid.UUID(int=0xBE7))


@pytest.fixture
def with_nicknames(request: pytest.FixtureRequest) -> None:
    """Let Ana and Ben keep their progress, where they are in the test."""
    for name in ("ana", "ben"):
        if name in request.fixturenames:
            register(request.getfixturevalue(name), name.title())


@pytest.fixture
def phone() -> Authenticator:
    """Return a device that makes passkeys."""
    return Authenticator()


@pytest.fixture
def somebody_new(app: Flask, content: Content) -> Person:
    """Somebody who has no cookie yet."""
    return Person(app, content)


@pytest.fixture
def room(app: Flask, content: Content, connection: Connection) -> Room:
    """A nurse's group, which people can join."""
    kim = Person(app, content, uuid.UUID(int=0x111))
    become_educator(connection, kim)
    return Room(kim, make_group(kim), connection)


@pytest.fixture
def group(connection: Connection, content: Content) -> ClassOf:
    """A group that nobody has joined yet."""
    return ClassOf(connection, content.bank)


@pytest.fixture
def kim(app: Flask, content: Content, group: ClassOf) -> Person:
    """A nurse who leads that group."""
    return sign_in_as_educator(Person(app, content, uuid.UUID(int=0x617)), group)


@pytest.fixture
def rows(connection: Connection) -> Any:
    """Return the items of a person, as rows."""

    def found(person: Person) -> list[Any]:
        return [
            *connection.execute(
                select(Item.__table__)
                .where(Item.account_id == person.account)
                .order_by(Item.attempt_id, Item.position)
            )
        ]

    return found


class Log:
    """What the site logs, as `learn serve` writes it, in JSON."""

    def __init__(self, file: Path) -> None:
        self._file = file

    @property
    def text(self) -> str:
        return self._file.read_text()

    def events(self, name: str) -> list[dict[str, Any]]:
        lines = map(json.loads, self.text.splitlines())
        return [fields for fields in lines if fields["event"] == name]


@pytest.fixture
def log(tmp_path: Path) -> Iterator[Log]:
    """Return the log, from here on."""
    file = tmp_path / "log"
    with file.open("ab") as opened, logging_to(opened.fileno()):
        yield Log(file)


@pytest.fixture(scope="session")
def repository() -> Path:
    return Path(__file__).parents[2]


@pytest.fixture(scope="session")
def finished_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a whole content folder about the second document, as editors finish one."""
    workspace = make_workspace(tmp_path_factory.mktemp("finished"))
    assert workspace.run("new", workspace.content_dir, workspace.document).returncode == 0
    second_document.complete(workspace.content_dir)
    return workspace.content_dir


@pytest.fixture(scope="session")
def filled_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An embedded database with a row in every table."""
    file = tmp_path_factory.mktemp("filled") / "learn.sqlite3"
    database = Database(f"sqlite:///{file}")
    schema.upgrade(database)
    fill(database)
    database.shut_down()
    return file


@pytest.fixture
def machine(tmp_path: Path, filled_file: Path) -> Machine:
    """A machine with such a database."""
    made = Machine(tmp_path)
    made.file.parent.mkdir(mode=0o700)
    shutil.copy(filled_file, made.file)
    made.file.chmod(0o600)
    return made


@pytest.fixture(scope="session")
def filled_server(postgres_server: str) -> Database:
    """Return the same on a server, to make others of it."""
    whole = Database(postgres_server)
    with whole.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.execute(text("CREATE DATABASE filled"))
    whole.dispose()
    database = Database(whole.url.set(database="filled").render_as_string(hide_password=False))
    schema.upgrade(database)
    fill(database)
    database.dispose()
    return database


@pytest.fixture
def server_machine(tmp_path: Path, postgres_server: str, filled_server: Database) -> Machine:
    """A machine with a PostgreSQL database that has a row in every table."""
    whole = Database(postgres_server)
    with whole.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.execute(text("DROP DATABASE IF EXISTS machine WITH (FORCE)"))
        connection.execute(text("CREATE DATABASE machine TEMPLATE filled"))
    whole.dispose()
    url = whole.url.set(database="machine").render_as_string(hide_password=False)
    return Machine(tmp_path, url)


@pytest.fixture
def screen(room, app, content):
    """A question with one right answer is on the projector."""
    found = BigScreen(room, app, content)
    found.ask(first_of(content, "choice"))
    return found


@pytest.fixture
def file_target(tmp_path: Path) -> Iterator[Database]:
    """Yield an embedded database that a site can be moved to."""
    database = Database(f"sqlite:///{tmp_path / 'data' / 'new.sqlite3'}")
    (tmp_path / "data").mkdir(mode=0o700, exist_ok=True)
    yield database
    database.dispose()


@pytest.fixture
def source(request: pytest.FixtureRequest, which: str) -> Machine:
    """Return the machine from which the site is moved."""
    found: Machine = request.getfixturevalue(which)
    (found.folder / "data").mkdir(mode=0o700, exist_ok=True)
    fill_with_odd_rows(found)
    return found


@pytest.fixture
def target(request: pytest.FixtureRequest, where: str) -> Database:
    """Return the database to which the site is moved."""
    found: Database = request.getfixturevalue(where)
    return found
