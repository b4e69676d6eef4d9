"""Migrations alone create the schema."""

from __future__ import annotations

from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import inspect, text

from learn import schema
from learn.database import Database
from learn.models import Base

ROOT = Path(__file__).parents[2]
NOBODYS = {
    "withheld",
    "mistake_report",
    "rate_limit",
    "invite",
    "learning_group",
    "assignment",
    "question_version",
    "deletion",
    "room",
    "room_mark",
    "room_count",
    "paper_sitting",
    "paper_question",
    "paper_sheet",
}


@pytest.fixture(scope="module")
def database(request, tmp_path_factory):
    if request.config.getoption("--database") == "postgresql":
        server = Database(request.getfixturevalue("postgres_server"))
        with server.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as c:
            c.execute(text("CREATE DATABASE conventions"))
        found = Database(server.url.set(database="conventions").render_as_string(False))
        server.dispose()
    else:
        found = Database(f"sqlite:///{tmp_path_factory.mktemp('schema') / 'x.sqlite3'}")
    schema.upgrade(found)
    yield found
    found.dispose()


def scripts() -> ScriptDirectory:
    config = Config()
    config.set_main_option("script_location", str(ROOT / "migrations"))
    return ScriptDirectory.from_config(config)


def test_there_is_one_head_and_it_is_recorded():
    assert scripts().get_heads() == [schema.head()]


def test_files_are_named_after_their_revision():
    for script in scripts().walk_revisions():
        assert Path(script.path).name.startswith(f"{script.revision}_")


def test_the_models_match_the_migrated_schema(database):
    with database.engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        assert compare_metadata(context, Base.metadata) == []


def test_constraints_have_the_names_that_the_models_give_them(database):
    inspector = inspect(database.engine)
    for table in Base.metadata.sorted_tables:
        named = {c["name"] for c in inspector.get_check_constraints(table.name)}
        wanted = {c.name for c in table.constraints if type(c).__name__ == "CheckConstraint"}
        assert named == {str(n) for n in wanted}, table.name
        assert inspector.get_pk_constraint(table.name)["name"] == f"pk_{table.name}"


def test_the_primary_key_of_a_learners_table_begins_with_the_account():
    for table in Base.metadata.sorted_tables:
        if table.name in NOBODYS:
            assert "account_id" not in table.columns, table.name
            continue
        first = next(iter(table.primary_key.columns))
        assert first.name == ("id" if table.name == "account" else "account_id"), table.name


def test_downgrade_and_upgrade_work(database):
    from alembic import command

    with database.engine.begin() as connection:
        config = Config(attributes={"connection": connection})
        config.set_main_option("script_location", str(ROOT / "migrations"))
        command.downgrade(config, "base")
        assert {*inspect(connection).get_table_names()} <= {"alembic_version"}
    schema.upgrade(database)
    assert schema.state(database) is schema.State.CURRENT
