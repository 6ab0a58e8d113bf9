"""The migrations make the tables that the code declares, on both databases."""

from __future__ import annotations

import json
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
from storage.history.recipients import fill_persons
from storage.names import CampaignId, KeyName
from storage.persons import person_hash
from storage.resources import data_folder
from storage.service import api_keys
from storage.session import Database
from storage.tables import campaigns, events, metadata, recipients


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


def test_ids_that_were_paths_are_renamed_everywhere_and_others_stay(empty_database: Database) -> None:
    config = Config()
    config.set_main_option("script_location", str(data_folder("alembic")))
    bad, good = "../Autumn 2026", "Spring."
    with empty_database.write() as connection:
        config.attributes["connection"] = connection
        command.upgrade(config, "0007")
        for number, name in enumerate((bad, good), 1):
            row = {"id": name, "number": number}
            said = _campaign("x", number, "running") | row
            columns = ", ".join(f'"{key}"' for key in said)
            values = ", ".join(f":{key}" for key in said)
            plain = {
                key: json.dumps(value) if isinstance(value, dict) else value for key, value in said.items()
            }
            connection.execute(text(f"INSERT INTO campaigns ({columns}) VALUES ({values})"), plain)
            connection.execute(
                text(
                    "INSERT INTO recipients (campaign_id, row, locale, salt, hmac, external_id) "
                    "VALUES (:id, 1, 'en', :salt, 'h', '17')"
                ),
                {"id": name, "salt": b""},
            )
        for name in ("gone one", good):
            connection.execute(
                text("INSERT INTO events (campaign_id, kind, body, t_ms) VALUES (:id, 'x', '{}', 1)"),
                {"id": name},
            )
        connection.execute(
            text(
                "INSERT INTO api_keys (name, digest, scopes, actor, t_created_ms) VALUES ('My CRM', 'd', '[]', 'x', 1)"
            )
        )
    assert schema.upgrade(empty_database) == "0007"
    assert fill_persons(empty_database, bytes(32)) == 2
    with empty_database.read() as connection:
        ids = set(connection.scalars(select(campaigns.c.id)))
        assert good in ids
        (renamed,) = ids - {good}
        assert CampaignId(renamed).startswith("renamed-")
        assert set(connection.scalars(select(recipients.c.campaign_id))) == ids
        assert set(connection.scalars(select(recipients.c.person))) == {person_hash(bytes(32), "17")}
        told = set(connection.scalars(select(events.c.campaign_id)))
        assert good in told and all(CampaignId(one) for one in told)
        assert [key.name for key in api_keys.all_keys(connection)] == ["My CRM"]
    with empty_database.write() as connection:
        assert api_keys.revoke(connection, KeyName.kept("My CRM"))
    empty_database.close()
