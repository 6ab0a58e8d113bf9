"""The database: one set of tables for SQLite and PostgreSQL, and the states their rows pass through.

Times are integers, milliseconds since 1970 on the *database's* clock (`storage.clock.now_ms`), so that two
hosts with different clocks agree about a lease. Personal data (fields, scripts, spoken text, external ids)
lives in `recipients`, `utterances.spec` and nowhere else; everything outside carries ids and HMACs.

`alembic/` holds the migrations; `tests/contracts/test_migrations.py` compares them with this file.

                 campaigns ──< recipients ── assets ──< asset_versions
                                              │
    presets   pins ─< channels                └──< asset_utterances >── utterances ──< runs

    lexicon_rules ──< lexicon_versions
"""

from __future__ import annotations

from enum import StrEnum

from sqlalchemy import (
    JSON,
    BigInteger,
    Boolean,
    CheckConstraint,
    Column,
    Float,
    ForeignKey,
    ForeignKeyConstraint,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    Table,
    Text,
    text,
)


class CampaignState(StrEnum):
    """Where a campaign is; moves are guarded by `storage.campaigns.move`."""

    DRAFT = "draft"
    """Rows are being written; no worker sees it."""
    VALIDATED = "validated"
    """Every row is in and was checked; waits for `resume`."""
    QUEUED = "queued"
    """May be worked on from its start time."""
    RUNNING = "running"
    PAUSED = "paused"
    """Nothing is claimed and nothing becomes stored."""
    FINISHED = "finished"
    FINISHED_WITH_ERRORS = "finished_with_errors"
    """Every row is terminal and at least one failed."""
    CANCELLED = "cancelled"


class RowStatus(StrEnum):
    """Where a work row is. All but the first two are terminal."""

    PENDING = "pending"
    CLAIMED = "claimed"
    STORED = "stored"
    FAILED = "failed"
    """`code` says why."""
    QUARANTINED = "quarantined"
    """It killed its worker when claimed alone, more than once."""
    SUPPRESSED = "suppressed"
    """On a suppression list, or a duplicate; `code` says which."""
    CANCELLED = "cancelled"
    ERASED = "erased"
    """Personal data was removed on request; the tombstone stays."""


class Lane(StrEnum):
    """How urgent work is. `preview` is served first."""

    PREVIEW = "preview"
    BULK = "bulk"


LANE_RANK = {Lane.PREVIEW: 0, Lane.BULK: 1}
"""Lower is more urgent."""

metadata = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "ck": "ck_%(table_name)s_%(constraint_name)s",
        "fk": "fk_%(table_name)s_%(column_0_N_name)s",
        "pk": "pk_%(table_name)s",
    }
)

Serial = BigInteger().with_variant(Integer, "sqlite")
"""SQLite counts only an INTEGER PRIMARY KEY up by itself."""


def _one_of(column: str, kinds: type[StrEnum]) -> CheckConstraint:
    return CheckConstraint(f"{column} IN ({', '.join(repr(kind.value) for kind in kinds)})", name=column)


def _lease_columns() -> tuple[Column[object], ...]:
    """What makes a row claimable work: see `storage.leases`."""
    return (
        Column("attempt", Integer, nullable=False, server_default="0"),  # the fence: a commit must name it
        Column("worker", Text),
        Column("lease_until_ms", BigInteger),
        Column(
            "claimed_with", Integer, nullable=False, server_default="0"
        ),  # rows in the claim it was part of
        Column(
            "expiries", Integer, nullable=False, server_default="0"
        ),  # leases that ran out: > 0 is a suspect
        Column("deaths_alone", Integer, nullable=False, server_default="0"),
        Column("retries", Integer, nullable=False, server_default="0"),  # retryable failures so far
        Column("not_before_ms", BigInteger, nullable=False, server_default="0"),
        Column("code", Text),
        Column("reason", Text),
    )


campaigns = Table(
    "campaigns",
    metadata,
    Column("id", Text, primary_key=True),
    Column("number", BigInteger, nullable=False, unique=True),  # the high bits of its assets' ids
    Column("state", Text, nullable=False),
    Column("state_reason", Text),
    Column("lane", Text, nullable=False),
    Column("name", Text, nullable=False),
    Column("purpose", Text, nullable=False),
    Column("content_digest", Text, nullable=False),  # of brief and recipients file
    Column("brief", JSON, nullable=False),  # as resolved: templates and lists by content
    Column("lock", JSON, nullable=False),  # digests of everything that decides the sound
    Column("preset", Text, nullable=False),  # name@version
    Column("pin_id", Text, nullable=False),
    Column("engine", Text, nullable=False),
    Column("engine_revision", Integer, nullable=False),
    Column("speech_revision", Integer, nullable=False),
    Column("finish_revision", Integer, nullable=False),
    Column("finish_profile", JSON, nullable=False),
    Column("error_budget", Float),  # share of rows that may fail before the campaign pauses itself
    Column("rows_total", BigInteger),  # null until the last row is in
    Column("source", Text, nullable=False, server_default=""),  # the recipients file's name, for people
    Column("trace_id", Text, nullable=False),
    Column("t_created_ms", BigInteger, nullable=False),
    Column("t_queued_ms", BigInteger),
    Column("t_finished_ms", BigInteger),
    Column("t_reported_ms", BigInteger),  # manifest and report are out
    _one_of("state", CampaignState),
    _one_of("lane", Lane),
)

recipients = Table(
    "recipients",
    metadata,
    Column("campaign_id", Text, ForeignKey("campaigns.id", ondelete="CASCADE"), primary_key=True),
    Column("row", BigInteger, primary_key=True),  # 1 is the first row after the header
    Column("external_id", Text),  # null once erased
    Column("locale", Text, nullable=False),
    Column("fields", JSON),
    Column("script", Text),
    Column("salt", LargeBinary, nullable=False),  # of this row's manifest leaf
    Column("hmac", Text, nullable=False),  # the row's name outside the database
    Column("language", Text, nullable=False, server_default=""),
    Column("fallbacks", JSON),  # optional columns whose fallback text was used
    Column("warnings", JSON),
)

assets = Table(
    "assets",
    metadata,
    Column("id", BigInteger, primary_key=True, autoincrement=False),  # campaign number << 32 | row
    Column("campaign_id", Text, nullable=False),
    Column("row", BigInteger, nullable=False),
    Column("status", Text, nullable=False),
    Column("column", Text),  # the recipient field at fault, for a failed row
    Column("watch", Text),  # a synthesis key it still waits for; null when it can be finished
    Column("characters", Integer, nullable=False, server_default="0"),
    Column("planned_version", Integer, nullable=False, server_default="1"),
    Column("current_version", Integer),
    Column("t_stored_ms", BigInteger),
    *_lease_columns(),
    ForeignKeyConstraint(
        ["campaign_id", "row"], ["recipients.campaign_id", "recipients.row"], ondelete="CASCADE"
    ),
    _one_of("status", RowStatus),
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
    Column("run_ids", JSON, nullable=False),  # the runs whose sound it holds, in order
    Column("pin_id", Text, nullable=False),
    Column("preset", Text, nullable=False),
    Column("finish_revision", Integer, nullable=False),
    Column("t_stored_ms", BigInteger, nullable=False),
    Index("ix_asset_versions_pin_id", "pin_id"),
)

utterances = Table(
    "utterances",
    metadata,
    Column("key", Text, primary_key=True),  # synthesis key
    Column("campaign_id", Text, nullable=False),  # in whose name it is claimed: the most urgent running one
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
    *_lease_columns(),
    _one_of("status", RowStatus),
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

runs = Table(
    "runs",
    metadata,
    Column("run_id", Text, primary_key=True),
    Column("utterance_key", Text, nullable=False),
    Column("campaign_id", Text, nullable=False),
    Column("attempt", Integer, nullable=False),
    Column("outcome", Text, nullable=False),  # stored, fenced, or a failure's code
    Column("lane", Text, nullable=False),
    Column("worker", Text, nullable=False),
    Column("host_class", Text),
    Column("t_submit_ms", BigInteger),
    Column("t_claim_ms", BigInteger),
    Column("t_first_token_ms", BigInteger),
    Column("t_last_token_ms", BigInteger),
    Column("t_stored_ms", BigInteger),
    Column("model_repo", Text),
    Column("model_hash", Text),
    Column("vocoder_repo", Text),
    Column("vocoder_hash", Text),
    Column("pin_id", Text, nullable=False),
    Column("preset", Text, nullable=False),
    Column("preset_digest", Text, nullable=False),
    Column("engine", Text, nullable=False),
    Column("engine_version", Text, nullable=False),
    Column("engine_revision", Integer, nullable=False),
    Column("numeric_class", Text, nullable=False),
    Column("gpu_model", Text),
    Column("gpu_uuid", Text),
    Column("clock_mhz", Float),
    Column("power_w", Float),
    Column("util_gpu", Float),
    Column("energy_joules", Float),
    Column("sample_rate_hz", Integer),
    Column("bit_depth", Integer),
    Column("codec", Text),
    Column("codec_settings", JSON),
    Column("input_text_hash", Text, nullable=False),  # HMAC under the installation secret
    Column("ref_audio_hashes", JSON, nullable=False),
    Column("output_audio_hash", Text),
    Column("duration_ms", BigInteger),
    Column("batch_id", Text, nullable=False),
    Column("batch_size", Integer, nullable=False),
    Column("batch_position", Integer, nullable=False),
    Column("queue_depth", BigInteger),
    Column("seed", BigInteger, nullable=False),
    Column("nfe", Integer),
    Column("failed_promotion", Boolean, nullable=False, server_default=text("false")),
    Column("versions", JSON, nullable=False),
    Column("trace_id", Text, nullable=False),
    Column("notes", JSON, nullable=False),
    Index("ix_runs_utterance_key", "utterance_key"),
    Index("ix_runs_campaign_id", "campaign_id"),
)

presets = Table(
    "presets",
    metadata,
    Column("name", Text, primary_key=True),
    Column("version", Integer, primary_key=True),
    Column("sound_digests", JSON, nullable=False),  # engine -> digest that enters its synthesis keys
    Column("parameters", JSON, nullable=False),  # engine -> its table
    Column("transcript", Text, nullable=False, server_default=""),
    Column("reference_key", Text),  # object key of the reference PCM
    Column("reference_sha256", Text),
    Column("reference_rate_hz", Integer),
    Column("provenance", JSON, nullable=False),
    Column("t_created_ms", BigInteger, nullable=False),
)

preset_records = Table(
    "preset_records",
    metadata,
    Column("id", Serial, primary_key=True),
    Column("name", Text, nullable=False),
    Column("version", Integer, nullable=False),
    Column("kind", Text, nullable=False),  # consent, scores, retirement, revocation, note
    Column("body", JSON, nullable=False),
    Column("actor", Text, nullable=False),
    Column("t_ms", BigInteger, nullable=False),
    ForeignKeyConstraint(["name", "version"], ["presets.name", "presets.version"]),
    Index("ix_preset_records_name_version", "name", "version"),
)

lexicon_rules = Table(
    "lexicon_rules",
    metadata,
    Column("digest", Text, primary_key=True),  # of what decides sound
    Column("body", JSON, nullable=False),
    Column("entries", Integer, nullable=False),
    Column("t_created_ms", BigInteger, nullable=False),
)

lexicon_versions = Table(
    "lexicon_versions",
    metadata,
    Column("name", Text, primary_key=True),
    Column("version", Integer, primary_key=True),
    Column("digest", Text, ForeignKey("lexicon_rules.digest"), nullable=False),
    Column("scope", Text, nullable=False),  # installation, locale, preset, campaign
    Column("language", Text, nullable=False),  # of the texts it is for; empty for any
    Column("preset", Text, nullable=False, server_default=""),  # the preset's name, for that scope
    Column("samples", Text, nullable=False, server_default=""),  # written~spoken lines
    Column("source", Text, nullable=False),  # the file it came from, for people
    Column("actor", Text, nullable=False),
    Column("t_created_ms", BigInteger, nullable=False),
)

pins = Table(
    "pins",
    metadata,
    Column("id", Text, primary_key=True),
    Column("digest", Text, nullable=False, unique=True),
    Column("engine", Text, nullable=False),
    Column("repo", Text),
    Column("revision", Text),
    Column("files", JSON, nullable=False),  # path -> sha256
    Column("vocoder", JSON),
    Column("vocabulary_sha256", Text),
    Column("licence", Text, nullable=False),
    Column("purposes", JSON, nullable=False),
    Column("capabilities", JSON, nullable=False),
    Column("location", Text),  # the folder its files were pinned from
    Column("t_created_ms", BigInteger, nullable=False),
)

channels = Table(
    "channels",
    metadata,
    Column("name", Text, primary_key=True),
    Column("pin_id", Text, ForeignKey("pins.id"), nullable=False),
)

channel_moves = Table(
    "channel_moves",
    metadata,
    Column("id", Serial, primary_key=True),
    Column("channel", Text, nullable=False),
    Column("from_pin", Text),
    Column("to_pin", Text, nullable=False),
    Column("kind", Text, nullable=False),  # promote, rollback, override
    Column("reason", Text, nullable=False),
    Column("actor", Text, nullable=False),
    Column("verdict_digest", Text),
    Column("t_ms", BigInteger, nullable=False),
    Index("ix_channel_moves_channel_t_ms", "channel", "t_ms"),
)

objects = Table(
    "objects",
    metadata,
    Column("key", Text, primary_key=True),
    Column("sha256", Text, nullable=False),
    Column("size_bytes", BigInteger, nullable=False),
    Column("state", Text, nullable=False, server_default="live"),  # live, deleting
    Column("t_created_ms", BigInteger, nullable=False),
    Column("t_deleting_ms", BigInteger),
)

workers = Table(
    "workers",
    metadata,
    Column("id", Text, primary_key=True),
    Column("host", Text, nullable=False),
    Column("lanes", JSON, nullable=False),
    Column("device", Text, nullable=False),
    Column("engines", JSON, nullable=False),  # name -> revision that it implements
    Column("t_started_ms", BigInteger, nullable=False),
    Column("t_seen_ms", BigInteger, nullable=False),
)

audit = Table(
    "audit",
    metadata,
    Column("id", Serial, primary_key=True),
    Column("t_ms", BigInteger, nullable=False),
    Column("actor", Text, nullable=False),
    Column("action", Text, nullable=False),
    Column("subject", Text, nullable=False),
    Column("detail", JSON, nullable=False),
    Index("ix_audit_subject", "subject"),
)
