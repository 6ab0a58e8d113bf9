"""The service's own: who may call it, what was uploaded, and who listens to sound that is being made."""

from __future__ import annotations

from sqlalchemy import JSON, BigInteger, Boolean, Column, Float, ForeignKey, Table, Text

from storage.names import CampaignId, KeyName
from storage.tables.base import NameText, Serial, metadata, one_of
from storage.tables.states import IntakeState

api_keys = Table(
    "api_keys",
    metadata,
    Column("id", Serial, primary_key=True),
    Column("name", NameText(KeyName), nullable=False, unique=True),
    Column("digest", Text, nullable=False, unique=True),  # sha256 of a random token: nothing to guess
    Column("scopes", JSON, nullable=False),
    Column("actor", Text, nullable=False),
    Column("t_created_ms", BigInteger, nullable=False),
    Column("t_revoked_ms", BigInteger),
)

intakes = Table(
    "intakes",
    metadata,
    Column("campaign_id", NameText(CampaignId), primary_key=True),
    Column("state", Text, nullable=False),
    Column("brief", JSON, nullable=False),  # as the client gave it
    Column("starts", Boolean, nullable=False),  # at once, when it is read
    Column("actor", Text, nullable=False),
    Column("file_name", Text),  # its own, for messages
    Column("encoding", Text),
    Column("delimiter", Text),  # of its cells, and the sheet, where its file does not say
    Column("sheet", Text),
    Column("suppression_sha256", Text),  # of the opt-out list as it came; null where there is none
    Column("upload_sha256", Text),  # of the recipients file as it came
    Column("upload_bytes", BigInteger),
    Column("share", Float),  # of it that is read
    Column("rows_read", BigInteger),
    Column("preflight", JSON),  # counts, and the first problems
    Column("problem", Text),  # why there is no campaign of it
    Column("t_created_ms", BigInteger, nullable=False),
    Column("t_changed_ms", BigInteger, nullable=False),
    one_of("state", IntakeState),
)

listeners = Table(
    "listeners",
    metadata,
    Column(
        "campaign_id",
        NameText(CampaignId),
        ForeignKey("campaigns.id", ondelete="CASCADE"),
        primary_key=True,
    ),
    Column(
        "url", Text, primary_key=True
    ),  # where workers send the PCM of its utterances as soon as it is spoken
    Column("t_ms", BigInteger, nullable=False),
)
