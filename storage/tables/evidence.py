"""What proves and what forgets: tombstones, erasures under way, reviews, events for webhooks, GPU samples."""

from __future__ import annotations

from sqlalchemy import (
    JSON,
    BigInteger,
    Column,
    ForeignKey,
    ForeignKeyConstraint,
    Index,
    Integer,
    Table,
    Text,
)

from storage.names import CampaignId
from storage.tables.base import NameText, Serial, metadata

tombstones = Table(
    "tombstones",
    metadata,
    Column("campaign_id", NameText(CampaignId), primary_key=True),
    Column("row", BigInteger, primary_key=True),
    Column("leaf", Text, nullable=False),  # of its last manifest line; the salt is gone, so it says nothing
    Column("was", Text, nullable=False),  # the row's status before
    Column("t_erased_ms", BigInteger, nullable=False),
    ForeignKeyConstraint(
        ["campaign_id", "row"], ["recipients.campaign_id", "recipients.row"], ondelete="CASCADE"
    ),
)

erasures = Table(
    "erasures",
    metadata,
    Column("id", Serial, primary_key=True),
    Column("prefix", Text, nullable=False),  # of object keys, every version of which is to go
    Column("not_before_ms", BigInteger, nullable=False),  # a worker may still hold what it is about to store
    Column("t_asked_ms", BigInteger, nullable=False),
    Column("problem", Text),  # why it could not be done the last time
    Index("ix_erasures_not_before_ms", "not_before_ms"),
)

reviews = Table(
    "reviews",
    metadata,
    Column("id", Serial, primary_key=True),
    Column("asset_id", BigInteger, ForeignKey("assets.id", ondelete="CASCADE"), nullable=False),
    Column("version", Integer, nullable=False),
    Column("verdict", Text, nullable=False),  # accepted, rejected
    Column("reason", Text, nullable=False),
    Column("actor", Text, nullable=False),
    Column("t_ms", BigInteger, nullable=False),
    Index("ix_reviews_asset_id", "asset_id"),
)

events = Table(
    "events",
    metadata,
    Column("id", Serial, primary_key=True),
    Column("campaign_id", NameText(CampaignId), nullable=False),
    Column("kind", Text, nullable=False),  # campaign.running, campaign.finished ..., objects.erased
    Column("body", JSON, nullable=False),  # ids, states and counts
    Column("t_ms", BigInteger, nullable=False),
    Index("ix_events_campaign_id", "campaign_id"),
)

webhook_deliveries = Table(
    "webhook_deliveries",
    metadata,
    Column("event_id", BigInteger, ForeignKey("events.id", ondelete="CASCADE"), primary_key=True),
    Column("url", Text, primary_key=True),
    Column("attempts", Integer, nullable=False, server_default="0"),
    Column("not_before_ms", BigInteger, nullable=False, server_default="0"),
    Column("t_delivered_ms", BigInteger),
    Column("t_given_up_ms", BigInteger),
    Column("problem", Text),
)

gpu_samples = Table(
    "gpu_samples",
    metadata,
    Column("batch_id", Text, primary_key=True),
    Column("gpu_uuid", Text, nullable=False),
    Column("samples", JSON, nullable=False),  # [t_ms, power_w, clock_mhz, utilisation], null where unknown
)
