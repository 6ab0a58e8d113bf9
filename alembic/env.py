"""Alembic's entry: migrates the connection it is handed, or the one that the settings name."""

from __future__ import annotations

from alembic import context
from sqlalchemy import Connection

from storage.tables import metadata


def _migrate(connection: Connection) -> None:
    context.configure(
        connection=connection,
        target_metadata=metadata,
        render_as_batch=connection.dialect.name == "sqlite",
        compare_type=True,
        transaction_per_migration=False,
    )
    with context.begin_transaction():
        context.run_migrations()


handed: Connection | None = context.config.attributes.get("connection")
if handed is not None:
    _migrate(handed)
else:
    from storage.session import Database
    from storage.settings import Settings

    with Database(Settings().database_url).write() as opened:
        _migrate(opened)
