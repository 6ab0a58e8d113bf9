"""The migrations make the tables that the code declares, on both databases."""

from __future__ import annotations

from pathlib import Path

import pytest
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import func, insert, select, text
from sqlalchemy.exc import IntegrityError

from storage import schema
from storage.errors import SchemaError
from storage.resources import data_folder
from storage.session import Database
from storage.tables import campaigns, metadata, recipients


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


def test_a_campaign_keeps_its_rows_while_its_states_are_narrowed(empty_database: Database) -> None:
    config = Config()
    config.set_main_option("script_location", str(data_folder("alembic")))
    with empty_database.write() as connection:
        config.attributes["connection"] = connection
        command.upgrade(config, "0006")
        connection.execute(insert(campaigns).values(_campaign("by-hand", 1, "queued")))
        connection.execute(insert(campaigns).values(_campaign("other", 2, "running")))
        row = {"campaign_id": "by-hand", "row": 1, "locale": "en", "salt": b"", "hmac": "1"}
        connection.execute(insert(recipients).values(row))
    schema.upgrade(empty_database)
    with empty_database.read() as connection:
        states = dict(connection.execute(select(campaigns.c.id, campaigns.c.state)).tuples().all())
        assert states == {"by-hand": "validated", "other": "running"}
        assert connection.scalar(select(func.count()).select_from(recipients)) == 1
    with pytest.raises(IntegrityError), empty_database.write() as connection:
        connection.execute(insert(campaigns).values(_campaign("new", 3, "queued")))
    with empty_database.write() as connection:
        config.attributes["connection"] = connection
        command.downgrade(config, "0006")
        connection.execute(insert(campaigns).values(_campaign("new", 3, "queued")))
    empty_database.close()


def _campaign(id_: str, number: int, state: str) -> dict[str, object]:
    """A row with something in every column that must hold something."""
    texts = dict.fromkeys(
        ("name", "purpose", "content_digest", "preset", "pin_id", "engine", "trace_id"), "x"
    )
    tables: dict[str, object] = {name: {} for name in ("brief", "lock", "finish_profile")}
    counts = dict.fromkeys(("engine_revision", "speech_revision", "finish_revision", "t_created_ms"), 1)
    return {"id": id_, "number": number, "state": state, "lane": "bulk", **texts, **tables, **counts}
