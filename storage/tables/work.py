"""The two kinds of work row, utterances and assets, and what joins them."""

from __future__ import annotations

from sqlalchemy import (
    JSON,
    BigInteger,
    Column,
    Float,
    ForeignKey,
    ForeignKeyConstraint,
    Index,
    Integer,
    Table,
    Text,
    and_,
    text,
)

from storage.names import CampaignId
from storage.tables.base import NameText, lease_columns, metadata, one_of
from storage.tables.states import RowStatus

assets = Table(
    "assets",
    metadata,
    Column("id", BigInteger, primary_key=True, autoincrement=False),  # campaign number << 32 | row
    Column("campaign_id", NameText(CampaignId), nullable=False),
    Column("row", BigInteger, nullable=False),
    Column("status", Text, nullable=False),
    Column("column", Text),  # the recipient field at fault, for a failed row
    Column("watch", Text),  # a synthesis key it still waits for; null when it can be finished
    Column("characters", Integer, nullable=False, server_default="0"),
    Column("planned_version", Integer, nullable=False, server_default="1"),
    Column("current_version", Integer),
    Column("t_stored_ms", BigInteger),
    *lease_columns(),
    ForeignKeyConstraint(
        ["campaign_id", "row"], ["recipients.campaign_id", "recipients.row"], ondelete="CASCADE"
    ),
    one_of("status", RowStatus),
    Index("ix_assets_campaign_status", "campaign_id", "status"),
    Index(
        "ix_assets_ready",
        "campaign_id",
        "id",
        sqlite_where=text("status = 'pending' AND watch IS NULL"),
        postgresql_where=text("status = 'pending' AND watch IS NULL"),
    ),
    Index("ix_assets_watch", "watch"),
    Index(
        "ix_assets_lease",
        "lease_until_ms",
        sqlite_where=text("status = 'claimed'"),
        postgresql_where=text("status = 'claimed'"),
    ),
)

asset_utterances = Table(
    "asset_utterances",
    metadata,
    Column("asset_id", BigInteger, ForeignKey("assets.id", ondelete="CASCADE"), primary_key=True),
    Column("version", Integer, primary_key=True),
    Column("position", Integer, primary_key=True),
    Column("utterance_key", Text, nullable=False),
    Column("pause_after_ms", Integer),  # null: the finish profile's
    Column(
        "value_places", JSON
    ),  # which of its words are values: [kind, first, one past the last, column]; no words
    Index("ix_asset_utterances_utterance_key", "utterance_key"),
)

asset_versions = Table(
    "asset_versions",
    metadata,
    Column("asset_id", BigInteger, ForeignKey("assets.id", ondelete="CASCADE"), primary_key=True),
    Column("version", Integer, primary_key=True),
    Column("object_key", Text, nullable=False),
    Column("sha256", Text, nullable=False),
    Column("sound_sha256", Text, nullable=False),
    Column("size_bytes", BigInteger, nullable=False),
    Column("content_type", Text, nullable=False),
    Column("codec", Text, nullable=False),
    Column("codec_settings", JSON, nullable=False),
    Column("samples", BigInteger, nullable=False),
    Column("rate_hz", Integer, nullable=False),
    Column("loudness_lufs", Float),
    Column("true_peak_dbtp", Float),
    Column("timebase", JSON, nullable=False),  # first sample of each utterance
    Column(
        "listening", JSON(none_as_null=True)
    ),  # what a recogniser heard in it (text!); null: nobody listened
    Column("likeness", Float),  # cosine of its voice to its preset's print, -1 to 1; null: not scored
    Column("run_ids", JSON, nullable=False),  # the runs whose sound it holds, in order
    Column("pin_id", Text, nullable=False),
    Column("preset", Text, nullable=False),
    Column("finish_revision", Integer, nullable=False),
    Column("t_stored_ms", BigInteger, nullable=False),
    Index("ix_asset_versions_pin_id", "pin_id"),
)

likenesses = Table(
    "likenesses",
    metadata,
    Column(
        "campaign_id", NameText(CampaignId), ForeignKey("campaigns.id", ondelete="CASCADE"), primary_key=True
    ),
    Column("preset", Text, primary_key=True),  # name@version
    Column("calibration", Text, nullable=False),  # digest of the record whose print they were held against
    Column("encoder", Text, nullable=False),
    Column("scored", Integer, nullable=False),  # files
    Column("unscored", Integer, nullable=False),
    Column("median", Float),  # of the scores; null: none
    Column("lowest", Float),
    Column("t_ms", BigInteger, nullable=False),  # when the campaign ended; until then, when it was submitted
    Index("ix_likenesses_preset", "preset"),
)

utterances = Table(
    "utterances",
    metadata,
    Column("key", Text, primary_key=True),  # synthesis key
    Column(
        "campaign_id", NameText(CampaignId), nullable=False
    ),  # in whose name it is claimed: the most urgent running one
    Column("status", Text, nullable=False),
    Column("rank", BigInteger, nullable=False),  # lower is made earlier; shared ones first
    Column("spec", JSON, nullable=False),  # spans, take: what the engine is given (text!)
    Column("preset", Text, nullable=False),
    Column("pin_id", Text, nullable=False),
    Column("engine", Text, nullable=False),
    Column("engine_revision", Integer, nullable=False),
    Column("characters", Integer, nullable=False),
    Column("pcm_key", Text),
    Column("pcm_sha256", Text),
    Column("samples", BigInteger),
    Column("rate_hz", Integer),
    Column("run_id", Text),
    Column("t_stored_ms", BigInteger),
    Column(
        "heard", JSON
    ),  # how its sound was judged, and by what (text!); the next file need not judge it again
    *lease_columns(),
    one_of("status", RowStatus),
    Index("ix_utterances_campaign_status", "campaign_id", "status"),  # a million rows are counted in 0.1 s
    Index(
        "ix_utterances_ready",
        "campaign_id",
        "rank",
        sqlite_where=text("status = 'pending'"),
        postgresql_where=text("status = 'pending'"),
    ),
    Index(
        "ix_utterances_lease",
        "lease_until_ms",
        sqlite_where=text("status = 'claimed'"),
        postgresql_where=text("status = 'claimed'"),
    ),
    Index(
        "ix_utterances_broken",
        "key",
        sqlite_where=text("status IN ('failed', 'quarantined')"),
        postgresql_where=text("status IN ('failed', 'quarantined')"),
    ),
)


CURRENT_VERSION = and_(
    asset_versions.c.asset_id == assets.c.id, asset_versions.c.version == assets.c.current_version
)
"""Joins an asset to the version that its recipient gets."""
PLANNED_PLACES = and_(
    asset_utterances.c.asset_id == assets.c.id, asset_utterances.c.version == assets.c.planned_version
)
"""Joins an asset to the utterances of the version that is made, or was made last."""
