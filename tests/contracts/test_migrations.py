"""The migrations make the tables that the code declares, on both databases."""

from __future__ import annotations

from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import text

from storage import schema
from storage.errors import SchemaError
from storage.resources import data_folder
from storage.session import Database
from storage.tables import metadata


@pytest.fixture(params=["sqlite", "postgresql"])
def empty_database(request: pytest.FixtureRequest, tmp_path: Path) -> Database:
    if request.param == "sqlite":
        return Database(f"sqlite:///{tmp_path / 'empty.sqlite'}")
    return Database(request.getfixturevalue("postgres_url"))


def test_migrations_make_the_declared_tables(empty_database: Database) -> None:
    schema.upgrade(empty_database)
    with empty_database.read() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        assert compare_metadata(context, metadata) == []
    empty_database.close()


def test_upgrade_twice_changes_nothing(empty_database: Database) -> None:
    schema.upgrade(empty_database)
    schema.upgrade(empty_database)
    assert schema.current(empty_database) == schema.HEAD
    empty_database.close()


def test_head_is_the_newest_migration() -> None:
    config = Config()
    config.set_main_option("script_location", str(data_folder("alembic")))
    assert ScriptDirectory.from_config(config).get_current_head() == schema.HEAD


def test_empty_database_is_refused_with_the_mending_command(empty_database: Database) -> None:
    with pytest.raises(SchemaError, match="campaign db upgrade"):
        schema.check(empty_database)
    empty_database.close()


def test_newer_schema_is_refused_with_the_mending_command(empty_database: Database) -> None:
    schema.upgrade(empty_database)
    with empty_database.write() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    with pytest.raises(SchemaError, match="newer than this program"):
        schema.check(empty_database)
    empty_database.close()
