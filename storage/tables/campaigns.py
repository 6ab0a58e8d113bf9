"""Who is to hear what: campaigns and their recipients."""

from __future__ import annotations

from sqlalchemy import JSON, BigInteger, Column, Float, ForeignKey, Integer, LargeBinary, Table, Text

from storage.names import CampaignId
from storage.tables.base import NameText, metadata, one_of
from storage.tables.states import CampaignState, Lane

campaigns = Table(
    "campaigns",
    metadata,
    Column("id", NameText(CampaignId), primary_key=True),
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
    Column(
        "repins", Integer, nullable=False, server_default="0"
    ),  # how often a re-make changed what it speaks with
    Column("rows_total", BigInteger),  # null until the last row is in
    Column("opt_outs", JSON),  # what each opt-out list held and met, once the last row is in
    Column("source", Text, nullable=False, server_default=""),  # the recipients file's name, for people
    Column("trace_id", Text, nullable=False),
    Column("t_created_ms", BigInteger, nullable=False),
    Column("t_start_ms", BigInteger),  # held until then; null: until somebody says so, or not at all
    Column("t_queued_ms", BigInteger),
    Column("t_finished_ms", BigInteger),
    Column("t_reported_ms", BigInteger),  # manifest and report are out
    Column("report_problem", Text),  # why they were not, when somebody last tried
    one_of("state", CampaignState),
    one_of("lane", Lane),
)

recipients = Table(
    "recipients",
    metadata,
    Column(
        "campaign_id", NameText(CampaignId), ForeignKey("campaigns.id", ondelete="CASCADE"), primary_key=True
    ),
    Column("row", BigInteger, primary_key=True),  # 1 is the first row after the header
    Column("external_id", Text),  # null once erased
    Column("locale", Text, nullable=False),
    Column("fields", JSON),
    Column("script", Text),
    Column("salt", LargeBinary, nullable=False),  # of this row's manifest leaf
    Column("hmac", Text, nullable=False),  # the row's name outside the database
    Column(
        "person", Text, index=True
    ),  # `storage.persons.person_hash`; null where nobody is called, and once erased
    Column("language", Text, nullable=False, server_default=""),
    Column("voice", Text),  # what the brief's `presets` calls the row's preset; null: the campaign's own
    Column("fallbacks", JSON),  # optional columns whose fallback text was used
    Column("warnings", JSON),
    Column("lexicon_hits", JSON),  # lexicon#line -> how often
    Column("not_before", Text),  # when it may be sent, for whoever sends it: ISO 8601 with an offset
    Column("not_after", Text),
    Column("timezone", Text),  # the recipient's, as IANA calls it
)
