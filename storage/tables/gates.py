"""The gate: a candidate pin measured and heard against a baseline, and the verdict."""

from __future__ import annotations

from sqlalchemy import JSON, BigInteger, Boolean, Column, Float, ForeignKey, Index, Integer, Table, Text

from storage.names import GateId
from storage.tables.base import NameText, Serial, metadata

gates = Table(
    "gates",
    metadata,
    Column("id", NameText(GateId), primary_key=True),
    Column("number", BigInteger, nullable=False, unique=True),
    Column("candidate", Text, ForeignKey("pins.id"), nullable=False),
    Column("baseline", Text, nullable=False),  # a pin's name; it may not exist yet
    Column("candidate_preset", Text, nullable=False),
    Column("baseline_preset", Text, nullable=False),
    Column("prompts", Text, nullable=False),  # name@version
    Column("prompts_digest", Text, nullable=False),
    Column("rule", JSON, nullable=False),  # as read; committed before anything is measured
    Column("rule_digest", Text, nullable=False),
    Column("options", JSON, nullable=False),  # languages, recogniser, batch
    Column("sides", JSON, nullable=False),  # candidate, baseline -> campaign and measures, as far as made
    Column("outcome", Text),  # null until there is a verdict
    Column("verdict", JSON),
    Column("verdict_digest", Text),
    Column("actor", Text, nullable=False),
    Column("t_created_ms", BigInteger, nullable=False),
    Column("t_verdict_ms", BigInteger),
    Index("ix_gates_candidate", "candidate"),
)

gate_scores = Table(
    "gate_scores",
    metadata,
    Column("id", Serial, primary_key=True),
    Column("gate_id", NameText(GateId), ForeignKey("gates.id"), nullable=False),
    Column("listener", Text, nullable=False),
    Column("trial", Integer, nullable=False),  # the listener's own order
    Column("prompt", Text, nullable=False),
    Column("is_repeat", Boolean, nullable=False),  # a hidden one: says how steady the listener is
    Column("candidate_score", Float, nullable=False),
    Column("baseline_score", Float, nullable=False),
    Column("source", Text, nullable=False),  # page, csv
    Column("t_ms", BigInteger, nullable=False),
    Index("ix_gate_scores_gate_id_listener", "gate_id", "listener"),
)
