"""What the installation keeps of itself: objects, workers, the audit log."""

from __future__ import annotations

from sqlalchemy import JSON, BigInteger, Column, Index, Table, Text

from storage.tables.base import Serial, metadata

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
