"""The database's schema version: brought up by Alembic, checked by every process before it works."""

from __future__ import annotations

from sqlalchemy import inspect, text

from storage.errors import SchemaError
from storage.resources import data_folder
from storage.session import Database

HEAD = "0008"
"""The newest revision in `alembic/versions`; a test compares."""


def current(database: Database) -> str | None:
    """The revision the database is at; None when it is empty."""
    with database.read() as connection:
        if not inspect(connection).has_table("alembic_version"):
            return None
        return connection.execute(text("SELECT version_num FROM alembic_version")).scalar_one_or_none()


def check(database: Database) -> None:
    """Raise `SchemaError` unless the database is at this code's revision."""
    revision = current(database)
    if revision == HEAD:
        return
    if revision is None:
        raise SchemaError("the database is empty. Run `campaign db upgrade`.")
    if revision > HEAD:
        raise SchemaError(
            f"the database is at schema {revision}, newer than this program's {HEAD}. "
            "Upgrade the program: `pip install --upgrade campaign`."
        )
    raise SchemaError(
        f"the database is at schema {revision}, this program needs {HEAD}. Run `campaign db upgrade`."
    )


def upgrade(database: Database) -> None:
    """Bring the database to `HEAD`. Safe to call from several processes: Alembic's moves are transactions."""
    if current(database) == HEAD:
        return
    from alembic import command
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", str(data_folder("alembic")))
    with database.write() as connection:
        config.attributes["connection"] = connection
        command.upgrade(config, "head")
