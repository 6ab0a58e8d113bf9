"""One row per run: the run descriptor. Times are on the database's clock; null is unknown, never 0."""

from __future__ import annotations

from sqlalchemy import JSON, BigInteger, Boolean, Column, Float, Index, Integer, Table, Text, text

from storage.names import CampaignId
from storage.tables.base import NameText, metadata

runs = Table(
    "runs",
    metadata,
    Column("run_id", Text, primary_key=True),
    Column("utterance_key", Text, nullable=False),
    Column("campaign_id", NameText(CampaignId), nullable=False),
    Column("attempt", Integer, nullable=False),
    Column("outcome", Text, nullable=False),  # stored, fenced, or a failure's code
    Column("lane", Text, nullable=False),
    Column("worker", Text, nullable=False),
    Column("host_class", Text),
    Column("clock_offset_ms", BigInteger),  # database clock minus the worker's; taken into account below
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
    Column("lexicons", JSON),  # label -> digest
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
    Column("energy_source", Text),  # how it was shared out, or why it cannot be
    Column("driver_version", Text),
    Column("sample_rate_hz", Integer),
    Column("bit_depth", Integer),
    Column("codec", Text),
    Column("codec_settings", JSON),
    Column("input_text_hash", Text),  # HMAC under the installation secret
    Column("ref_audio_hashes", JSON, nullable=False),
    Column("output_audio_hash", Text),
    Column("duration_ms", BigInteger),
    Column("batch_id", Text, nullable=False),
    Column("batch_size", Integer, nullable=False),
    Column("batch_position", Integer, nullable=False),
    Column("frames", BigInteger),  # of this utterance: the engine's, or samples
    Column("batch_frames", BigInteger),
    Column("queue_depth", BigInteger),
    Column("seed", BigInteger),
    Column("nfe", Integer),
    Column("failed_promotion", Boolean, nullable=False, server_default=text("false")),
    Column("versions", JSON, nullable=False),
    Column("trace_id", Text, nullable=False),
    Column("notes", JSON, nullable=False),
    Index("ix_runs_utterance_key", "utterance_key"),
    Index("ix_runs_campaign_id", "campaign_id"),
)
