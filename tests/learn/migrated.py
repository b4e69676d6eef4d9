"""A database at an earlier version of its schema."""

from __future__ import annotations

from sqlalchemy import text

from learn import schema
from learn.database import Database


def at_version(database: Database, version: str, drop: str = "") -> None:
    from alembic import command
    from alembic.config import Config

    with database.engine.begin() as connection:
        if drop:
            config = Config(attributes={"connection": connection})
            config.set_main_option("script_location", str(schema.MIGRATIONS))
            command.downgrade(config, version)
        connection.execute(text("UPDATE alembic_version SET version_num = :v"), {"v": version})
    database.dispose()
