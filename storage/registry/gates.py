"""Gates: what was measured and heard of a candidate and a baseline, and what was decided."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields
from typing import Any

from sqlalchemy import Connection, delete, func, insert, select, update

from storage.clock import now_ms
from storage.errors import RecordMissingError
from storage.records import columns_of
from storage.tables import gate_scores, gates, runs

SWAP_CANDIDATE = "swap_candidate"
NEXT_CANDIDATE = "next_candidate"
KEEP_BASELINE = "keep_baseline"
SIDES = ("candidate", "baseline")
"""A side is the campaign `<gate>-<side>`."""


@dataclass(frozen=True, slots=True, kw_only=True)
class NewGate:
    """A comparison that is to be made."""

    candidate: str
    baseline: str
    candidate_preset: str
    baseline_preset: str
    prompts: str
    prompts_digest: str
    rule: Mapping[str, Any]
    rule_digest: str
    options: Mapping[str, Any]
    sides: Mapping[str, Any]
    """`candidate` and `baseline` to their campaign and measures, as far as they are made."""
    actor: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Gate(NewGate):
    """One comparison."""

    id: str
    number: int
    outcome: str | None
    verdict: Mapping[str, Any] | None
    verdict_digest: str | None
    t_created_ms: int
    t_verdict_ms: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class NewScore:
    """What one listener says of one pair."""

    listener: str
    trial: int
    prompt: str
    is_repeat: bool
    candidate_score: float
    baseline_score: float
    source: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Score(NewScore):
    """What one listener said of one pair, and when."""

    t_ms: int


def create(connection: Connection, gate: NewGate) -> Gate:
    """Insert a gate, rule and all; its id is `gate-<number>`."""
    number = int(connection.execute(select(func.coalesce(func.max(gates.c.number), 0) + 1)).scalar_one())
    gate_id = f"gate-{number}"
    connection.execute(
        insert(gates).values(id=gate_id, number=number, t_created_ms=now_ms(), **columns_of(gate))
    )
    created = find(connection, gate_id)
    if created is None:
        raise RecordMissingError(f"there is no gate {gate_id}. `campaign gate list` shows those that exist.")
    return created


def find(connection: Connection, gate_id: str) -> Gate | None:
    """One gate, or None."""
    row = connection.execute(select(gates).where(gates.c.id == gate_id)).mappings().one_or_none()
    return None if row is None else Gate(**row)


def of_side(connection: Connection, campaign_id: str) -> Gate | None:
    """The gate that a campaign was made for; None for everybody else's."""
    gate_id, _, side = campaign_id.rpartition("-")
    return find(connection, gate_id) if side in SIDES else None


def all_gates(connection: Connection) -> list[Gate]:
    """Every gate, newest first."""
    rows = connection.execute(select(gates).order_by(gates.c.number.desc())).mappings()
    return [Gate(**row) for row in rows]


def keep_side(connection: Connection, gate_id: str, side: str, measures: Mapping[str, Any]) -> None:
    """Keep what one side gave."""
    sides = dict(connection.execute(select(gates.c.sides).where(gates.c.id == gate_id)).scalar_one())
    connection.execute(
        update(gates).where(gates.c.id == gate_id).values(sides=sides | {side: dict(measures)})
    )


def keep_options(connection: Connection, gate_id: str, options: Mapping[str, Any]) -> None:
    """Exchange what is remembered beside the rule."""
    connection.execute(update(gates).where(gates.c.id == gate_id).values(options=dict(options)))


def decide(
    connection: Connection, gate_id: str, *, outcome: str, verdict: Mapping[str, Any], digest: str
) -> None:
    """Write the verdict, and mark the candidate's runs when it was refused."""
    connection.execute(
        update(gates)
        .where(gates.c.id == gate_id)
        .values(outcome=outcome, verdict=dict(verdict), verdict_digest=digest, t_verdict_ms=now_ms())
    )
    candidate = connection.execute(select(gates.c.candidate).where(gates.c.id == gate_id)).scalar_one()
    connection.execute(
        update(runs).where(runs.c.pin_id == candidate).values(failed_promotion=outcome != SWAP_CANDIDATE)
    )


def newest_verdict(connection: Connection, pin_id: str) -> Gate | None:
    """The newest gate of a candidate that has a verdict."""
    query = (
        select(gates)
        .where(gates.c.candidate == pin_id, gates.c.outcome.is_not(None))
        .order_by(gates.c.t_verdict_ms.desc(), gates.c.number.desc())
        .limit(1)
    )
    row = connection.execute(query).mappings().one_or_none()
    return None if row is None else Gate(**row)


def refused(connection: Connection, pin_ids: set[str]) -> set[str]:
    """Which of these pins failed their newest gate: their runs carry `failed_promotion`."""
    query = (
        select(gates.c.candidate, gates.c.outcome)
        .where(gates.c.candidate.in_(pin_ids), gates.c.outcome.is_not(None))
        .order_by(gates.c.t_verdict_ms, gates.c.number)
    )
    newest = dict(connection.execute(query).tuples().all())
    return {pin_id for pin_id, outcome in newest.items() if outcome != SWAP_CANDIDATE}


def score(connection: Connection, gate_id: str, given: NewScore) -> None:
    """Keep a listener's scores of a trial; given again, the newer ones count."""
    same = (
        gate_scores.c.gate_id == gate_id,
        gate_scores.c.listener == given.listener,
        gate_scores.c.trial == given.trial,
    )
    connection.execute(delete(gate_scores).where(*same))
    connection.execute(insert(gate_scores).values(gate_id=gate_id, t_ms=now_ms(), **columns_of(given)))


def scores(connection: Connection, gate_id: str, listener: str | None = None) -> list[Score]:
    """Every score of a gate, by listener and trial."""
    query = select(gate_scores).where(gate_scores.c.gate_id == gate_id)
    if listener is not None:
        query = query.where(gate_scores.c.listener == listener)
    rows = connection.execute(query.order_by(gate_scores.c.listener, gate_scores.c.trial)).mappings()
    return [Score(**{item.name: row[item.name] for item in fields(Score)}) for row in rows]
