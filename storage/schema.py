"""The database's schema version: brought up by Alembic, checked by every process before it works."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final

from sqlalchemy import inspect, text

from storage.errors import SchemaError
from storage.resources import data_folder
from storage.session import Database
from storage.tables import metadata

HEAD = "0014"
"""The newest revision in `alembic/versions`; a test compares."""
REVISION: Final = re.compile(r"[0-9]{4}")


def current(database: Database) -> str | None:
    """The revision the database is at; None when it is empty. Raises `SchemaError` for somebody else's."""
    with database.read() as connection:
        schema = inspect(connection)
        if not schema.has_table("alembic_version"):
            _refuse_others(schema.get_table_names(), is_sqlite=database.is_sqlite)
            return None
        revisions = list(connection.scalars(text("SELECT version_num FROM alembic_version")))
        if not revisions and not metadata.tables.keys().isdisjoint(schema.get_table_names()):
            raise SchemaError(
                "the database holds campaign's tables and does not say of which schema. Put a backup in its place."
            )
    if len(revisions) > 1:
        raise SchemaError(f"the database is at {len(revisions)} schemas at once. Put a backup in its place.")
    return revisions[0] if revisions else None


def _refuse_others(tables: Sequence[str], *, is_sqlite: bool) -> None:
    """A SQLite file is one program's; a PostgreSQL database holds others' too, but none in our place."""
    strange = sorted(name for name in tables if is_sqlite or name in metadata.tables)
    if strange:
        raise SchemaError(
            f"the database holds tables of something else: {', '.join(strange[:3])}. "
            "Name one of campaign's own with CAMPAIGN_DATABASE_URL."
        )


def missing_tables(database: Database) -> list[str]:
    """Tables of this code's revision that the database lacks, whatever revision it says it is at."""
    with database.read() as connection:
        return sorted(metadata.tables.keys() - set(inspect(connection).get_table_names()))


def check(database: Database) -> None:
    """Raise `SchemaError` unless the database is at this code's revision."""
    revision = current(database)
    if revision == HEAD:
        return
    if revision is None:
        raise SchemaError("the database is empty. Run `campaign db upgrade`.")
    refuse_unknown(revision)
    raise SchemaError(
        f"the database is at schema {revision}, this program needs {HEAD}. Run `campaign db upgrade`."
    )


def refuse_unknown(revision: str | None) -> None:
    """Raise `SchemaError` for a revision that no upgrade of this code starts from."""
    if revision is None or (REVISION.fullmatch(revision) and revision <= HEAD):
        return
    if not REVISION.fullmatch(revision):
        raise SchemaError(
            f"the database is at schema {revision[:40]!r}, which no campaign ever had. "
            "Name one of campaign's own with CAMPAIGN_DATABASE_URL, or put a backup in its place."
        )
    raise SchemaError(
        f"the database is at schema {revision}, newer than this program's {HEAD}. "
        "Upgrade the program: `pip install --upgrade campaign`."
    )


def upgrade(database: Database) -> str | None:
    """Bring the database to `HEAD`; returns the revision that it was at, None for an empty one.

    Safe to call from several processes: Alembic's moves are transactions.
    """
    revision = current(database)
    if revision == HEAD:
        return revision
    refuse_unknown(revision)
    from alembic import command
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", str(data_folder("alembic")))
    with database.write() as connection:
        config.attributes["connection"] = connection
        command.upgrade(config, "head")
    return revision
