"""The next version of an asset, of the very utterances that its planned one is made of."""

from __future__ import annotations

from typing import Any

from sqlalchemy import ColumnElement, Connection, insert, literal, select

from storage.tables import PLANNED_PLACES, asset_utterances, assets


def copy_places(connection: Connection, which: ColumnElement[bool]) -> None:
    """Give the utterances of planned versions to the versions after them, for assets that `which` says."""
    places: dict[str, ColumnElement[Any]] = {column.name: column for column in asset_utterances.c}
    places["version"] = asset_utterances.c.version + literal(1)
    copied = select(*places.values()).join(assets, PLANNED_PLACES).where(which)
    connection.execute(insert(asset_utterances).from_select(list(places), copied))
