"""The next version of an asset, of the very utterances that its planned one is made of."""

from __future__ import annotations

from typing import Any

from sqlalchemy import ColumnElement, Connection, delete, insert, literal, select

from storage.tables import PLANNED_PLACES, asset_utterances, assets


def forget_ahead(connection: Connection, which: ColumnElement[bool]) -> None:
    """Drop what an interrupted plan left beyond the planned version of assets that `which` says."""
    ahead = (
        select(assets.c.id)
        .where(which, assets.c.id == asset_utterances.c.asset_id)
        .where(asset_utterances.c.version > assets.c.planned_version)
    )
    connection.execute(delete(asset_utterances).where(ahead.exists()))


def copy_places(connection: Connection, which: ColumnElement[bool]) -> None:
    """Give the utterances of planned versions to the versions after them, for assets that `which` says."""
    places: dict[str, ColumnElement[Any]] = {column.name: column for column in asset_utterances.c}
    places["version"] = asset_utterances.c.version + literal(1)
    copied = select(*places.values()).join(assets, PLANNED_PLACES).where(which)
    connection.execute(insert(asset_utterances).from_select(list(places), copied))
