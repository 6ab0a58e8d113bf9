"""How much each campaign's files were their presets' voices: one row a campaign and preset, kept with its report."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass

from sqlalchemy import Connection, delete, insert, select

from storage.names import CampaignId
from storage.tables import campaigns, likenesses


@dataclass(frozen=True, slots=True, kw_only=True)
class CampaignLikeness:
    """The scores of one preset's files in one campaign: cosines to its print, -1 to 1."""

    preset: str
    """`name@version`."""
    calibration: str
    """Digest of the record that has the print: numbers of two do not compare."""
    encoder: str
    scored: int
    """Files."""
    unscored: int
    """Files whose worker had no encoder, or that are too short to tell."""
    median: float | None
    """None where none was scored."""
    lowest: float | None


@dataclass(frozen=True, slots=True, kw_only=True)
class PastLikeness(CampaignLikeness):
    """The same with whose and when."""

    campaign_id: CampaignId
    t_ms: int
    """When the campaign ended; until then, when it was submitted."""


def keep(
    connection: Connection, campaign_id: CampaignId, found: Sequence[CampaignLikeness], *, t_ms: int
) -> None:
    """Keep a campaign's scores in place of those that it had."""
    connection.execute(delete(likenesses).where(likenesses.c.campaign_id == campaign_id))
    if found:
        rows = [{"campaign_id": campaign_id, "t_ms": t_ms, **asdict(one)} for one in found]
        connection.execute(insert(likenesses), rows)


def over_time(connection: Connection, preset: str, *, until: int | None = None) -> list[PastLikeness]:
    """A preset's, in the order of its campaigns; `until` is the number of the last one, None is all."""
    query = (
        select(likenesses)
        .join(campaigns, campaigns.c.id == likenesses.c.campaign_id)
        .where(likenesses.c.preset == preset)
        .order_by(campaigns.c.number)
    )
    if until is not None:
        query = query.where(campaigns.c.number <= until)
    return [PastLikeness(**row) for row in connection.execute(query).mappings()]
