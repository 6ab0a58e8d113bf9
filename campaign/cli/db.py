"""`campaign db`: the database's schema."""

from __future__ import annotations

import click

from campaign.cli.shared import json_option, opened, print_json
from campaign.cli.terminal import tell
from storage import schema
from storage.session import Database


@click.group("db")
def db_command() -> None:
    """The database's schema."""


@db_command.command("upgrade")
@json_option
def upgrade_schema_command(as_json: bool) -> None:
    """Bring the database to this program's schema and register what ships.

    Safe to run twice, and while workers run.
    """
    from campaign.registry.shipped import after_upgrade, register_shipped

    with opened() as installation:
        database = Database(installation.settings.database_url)
        was = schema.upgrade(database)
        register_shipped(database)
        after_upgrade(database, installation.settings, was=was or schema.HEAD)
        database.close()
    if as_json:
        print_json({"was": was, "is": schema.HEAD})
    else:
        tell(
            f"the database is at schema {schema.HEAD}"
            + (f" (was {was})" if was not in (None, schema.HEAD) else "")
        )


@db_command.command("check")
@json_option
def check_schema_command(as_json: bool) -> None:
    """Fail unless the database is at this program's schema and holds what ships."""
    from campaign.registry.shipped import check_shipped

    with opened() as installation:
        database = Database(installation.settings.database_url)
        schema.check(database)
        check_shipped(database)
        database.close()
    if as_json:
        print_json({"is": schema.HEAD})
    else:
        tell(f"the database is at schema {schema.HEAD}, as it should be")
