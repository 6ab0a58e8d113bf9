"""What makes sound: presets, lexicons, pins and the channels that point at them."""

from __future__ import annotations

from sqlalchemy import JSON, BigInteger, Column, ForeignKey, ForeignKeyConstraint, Index, Integer, Table, Text

from storage.names import ChannelName, LexiconName, PinId, PresetName
from storage.tables.base import NameText, Serial, metadata

presets = Table(
    "presets",
    metadata,
    Column("name", NameText(PresetName), primary_key=True),
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
    Column("name", NameText(PresetName), nullable=False),
    Column("version", Integer, nullable=False),
    Column("kind", Text, nullable=False),  # consent, scores, voice, retirement, revocation, erasure
    Column("body", JSON, nullable=False),
    Column("actor", Text, nullable=False),
    Column("t_ms", BigInteger, nullable=False),
    ForeignKeyConstraint(["name", "version"], ["presets.name", "presets.version"]),
    Index("ix_preset_records_name_version", "name", "version"),
)

calibrations = Table(
    "calibrations",
    metadata,
    Column("id", Serial, primary_key=True),
    Column("name", NameText(PresetName), nullable=False),
    Column("version", Integer, nullable=False),
    Column("pin_id", NameText(PinId), ForeignKey("pins.id"), nullable=False),
    Column("recogniser", Text, nullable=False),
    Column("listening_revision", Integer, nullable=False),
    Column("encoder", Text, nullable=False, server_default=""),  # empty: none was at hand
    Column("record", JSON, nullable=False),  # what was learned; no words, no vectors
    Column(
        "vectors", JSON(none_as_null=True)
    ),  # digest -> voice print; null: none, or its speaker was erased
    Column("digest", Text, nullable=False),  # of what it says, the vector's digest with it
    Column("actor", Text, nullable=False),
    Column("t_created_ms", BigInteger, nullable=False),
    ForeignKeyConstraint(["name", "version"], ["presets.name", "presets.version"]),
    Index("ix_calibrations_name_version_pin_id", "name", "version", "pin_id"),
    Index("ix_calibrations_digest", "digest"),
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
    Column("name", NameText(LexiconName), primary_key=True),
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
    Column("id", NameText(PinId), primary_key=True),
    Column("digest", Text, nullable=False, unique=True),
    Column("engine", Text, nullable=False),
    Column("repo", Text),
    Column("revision", Text),
    Column("files", JSON, nullable=False),  # path -> sha256
    Column("vocoder", JSON),
    Column("vocabulary_sha256", Text),
    Column("licence", Text, nullable=False),
    Column("attribution", Text),  # whom the licence wants named
    Column("purposes", JSON, nullable=False),
    Column("capabilities", JSON, nullable=False),
    Column("location", Text),  # the folder its files were pinned from
    Column("endpoint", JSON),  # of an engine behind HTTP: url, model, and what the server says of that model
    Column("t_created_ms", BigInteger, nullable=False),
)

channels = Table(
    "channels",
    metadata,
    Column("name", NameText(ChannelName), primary_key=True),
    Column("pin_id", NameText(PinId), ForeignKey("pins.id"), nullable=False),
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
    Column("confirmed_by", Text),  # who heard the voice, or who answers for an override
    Column("t_ms", BigInteger, nullable=False),
    Index("ix_channel_moves_channel_t_ms", "channel", "t_ms"),
)
