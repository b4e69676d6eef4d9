"""Migrations alone create the schema."""

from __future__ import annotations

import ast
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


# the contract for rolling upgrades

ONLY_ADD = {"create_table", "create_index", "add_column", "f", "get_context", "get_bind"}
BEFORE_THE_CONTRACT = "0013"


def steps() -> list[Path]:
    """Return the migrations that the contract binds, in order."""
    files = sorted((ROOT / "migrations" / "versions").glob("*.py"))
    return [file for file in files if file.name[:4] > BEFORE_THE_CONTRACT]


def what_does_more_than_add(source: str) -> list[str]:
    """Return what in the `upgrade` of a migration versions before it could stumble over."""
    found = []
    upgrade = next(
        node
        for node in ast.parse(source).body
        if isinstance(node, ast.FunctionDef) and node.name == "upgrade"
    )
    for call in [node for node in ast.walk(upgrade) if isinstance(node, ast.Call)]:
        name = ast.unparse(call.func)
        names = {keyword.arg: ast.unparse(keyword.value) for keyword in call.keywords}
        text = ast.unparse(call)
        if name.startswith("op.") and name[3:] not in ONLY_ADD:
            found.append(f"{name} does more than add")
        if name == "op.create_index" and names.get("unique") == "True":
            found.append("a unique index may refuse what an earlier version writes")
        if name == "op.add_column" and "nullable=False" in text and "server_default" not in text:
            found.append("an earlier version leaves the new column empty")
        is_foreign_key = name.endswith(("ForeignKey", "ForeignKeyConstraint"))
        if is_foreign_key and "ondelete" not in names:
            found.append("an earlier version couldn't delete the other row any longer")
    return found


def test_each_new_migration_says_whether_it_only_adds():
    """The id is NNNNfromMMMM, and MMMM is as far back as before; or NNNN, and all versions stop."""
    oldest = BEFORE_THE_CONTRACT
    for number, file in enumerate(steps(), int(BEFORE_THE_CONTRACT) + 1):
        own, runs_from = schema.numbers(file.name.split("_")[0])
        assert own == f"{number:04}", f"{file.name}: its id isn't {number:04}[fromMMMM]"
        assert runs_from in {own, oldest}, f"{file.name}: “from{oldest}”, or nothing"
        oldest = runs_from


def test_a_migration_that_says_so_only_adds():
    for file in steps():
        own, runs_from = schema.numbers(file.name.split("_")[0])
        if own != runs_from:
            assert what_does_more_than_add(file.read_text()) == [], file.name


@pytest.mark.parametrize(
    ("step", "reason"),
    [
        ("op.drop_column('item', 'score')", "more than add"),
        ("op.alter_column('item', 'score', nullable=False)", "more than add"),
        ("op.execute('UPDATE item SET score = 0')", "more than add"),
        ("op.create_index('ix', 'item', ['score'], unique=True)", "unique"),
        ("op.add_column('item', sa.Column('x', sa.Integer(), nullable=False))", "empty"),
        (
            "op.create_table('x', sa.Column('a', Id(), sa.ForeignKey('account.id')))",
            "delete the other row",
        ),
        ("op.add_column('item', sa.Column('x', sa.Integer(), nullable=True))", None),
        ("op.add_column('x', sa.Column('y', nullable=False, server_default='0'))", None),
        (
            "op.create_table('x', sa.Column('a', sa.ForeignKey('account.id', ondelete='CASCADE')))",
            None,
        ),
        ("op.create_index('ix', 'item', ['score'])", None),
    ],
)
def test_what_does_more_than_add_is_found(step, reason):
    found = what_does_more_than_add(f"def upgrade():\n    {step}\n")

    assert len(found) == (1 if reason else 0)
    assert not reason or reason in found[0]
