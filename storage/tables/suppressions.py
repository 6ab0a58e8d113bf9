"""Who must not be spoken to, in any campaign of the installation; and who said so, when."""

from __future__ import annotations

from sqlalchemy import BigInteger, Column, Index, Table, Text

from storage.tables.base import Serial, metadata, one_of
from storage.tables.states import SuppressionChange

suppressions = Table(
    "suppressions",
    metadata,
    Column("person", Text, primary_key=True),  # keyed hash of the id in its comparable form
    Column("external_id", Text),  # as it came; null where only the hash is kept
    Column("source", Text, nullable=False),  # the file's name, or what was said
    Column("actor", Text, nullable=False),
    Column("t_ms", BigInteger, nullable=False),
)

suppression_log = Table(
    "suppression_log",
    metadata,
    Column("id", Serial, primary_key=True),
    Column("person", Text, nullable=False),
    Column("external_id", Text),
    Column("change", Text, nullable=False),
    Column("source", Text, nullable=False),
    Column("actor", Text, nullable=False),
    Column("t_ms", BigInteger, nullable=False),
    one_of("change", SuppressionChange),
    Index("ix_suppression_log_person", "person"),
)
"""Rows are added and never changed, apart from an erased person's id, which goes."""
