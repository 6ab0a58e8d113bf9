"""Gates: what was measured and heard of a candidate and a baseline, and what was decided."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field, fields

from pydantic import JsonValue, TypeAdapter
from sqlalchemy import Connection, RowMapping, delete, func, insert, select, update

from storage.clock import now_ms
from storage.errors import RecordMissingError
from storage.names import CampaignId, GateId
from storage.records import JsonObject, columns_of
from storage.tables import gate_scores, gates, runs

SWAP_CANDIDATE = "swap_candidate"
NEXT_CANDIDATE = "next_candidate"
KEEP_BASELINE = "keep_baseline"
SIDES = ("candidate", "baseline")
"""A side is the campaign `<gate>-<side>`."""


@dataclass(frozen=True, slots=True, kw_only=True)
class GateOptions:
    """What is remembered beside the rule."""

    languages: tuple[str, ...] = ()
    """Those of the prompt set that are made; empty for all."""
    purpose: str = ""
    """Empty for research, or what the pin's licence allows."""
    waits: Mapping[str, str] = field(default_factory=dict)
    """Side to why it is not made yet."""

    def as_json(self) -> dict[str, JsonValue]:
        """As kept and shown."""
        waits: dict[str, JsonValue] = {"waits": {**self.waits}} if self.waits else {}
        return {"languages": [*self.languages], "purpose": self.purpose, **waits}


@dataclass(frozen=True, slots=True, kw_only=True)
class GateSide:
    """What one side gave."""

    campaign: str
    pin: str
    pin_digest: str
    preset_digest: str
    runs: JsonObject
    """What its runs say: `campaign.gate.sides.SideRuns`."""
    surroundings: Mapping[str, float]
    """What was seen around it while it was made."""
    side_numbers: Mapping[str, float]
    recogniser: str | None
    encoder: str
    sounds: Mapping[str, str]
    """Prompt to the object that people hear."""
    measured: Sequence[JsonObject]
    """Each prompt's numbers: `campaign.gate.measures.Measurement`."""
    totals: Mapping[str, float | None]
    by_language: Mapping[str, Mapping[str, float | None]]
    opinion: str = ""
    """Who predicted `distillmos`; empty where nobody was at hand."""

    @property
    def numbers(self) -> dict[str, float | None]:
        """Of the whole side, by name."""
        return {**self.totals, **self.side_numbers}


@dataclass(frozen=True, slots=True, kw_only=True)
class NewGate:
    """A comparison that is to be made."""

    candidate: str
    baseline: str
    candidate_preset: str
    baseline_preset: str
    prompts: str
    prompts_digest: str
    rule: JsonObject
    """As written: `campaign.gate.rule.Rule`."""
    rule_digest: str
    options: GateOptions
    sides: Mapping[str, GateSide]
    """`candidate` and `baseline`, as far as they are made."""
    actor: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Gate(NewGate):
    """One comparison."""

    id: GateId
    number: int
    outcome: str | None
    verdict: JsonObject | None
    """The document that was published."""
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


_OPTIONS = TypeAdapter(GateOptions)
_SIDES = TypeAdapter(dict[str, GateSide])


def create(connection: Connection, gate: NewGate) -> Gate:
    """Insert a gate, rule and all; its id is `gate-<number>`."""
    number = int(connection.execute(select(func.coalesce(func.max(gates.c.number), 0) + 1)).scalar_one())
    gate_id = GateId(f"gate-{number}")
    json = {
        "options": gate.options.as_json(),
        "sides": {name: asdict(side) for name, side in gate.sides.items()},
    }
    connection.execute(
        insert(gates).values(
            id=gate_id, number=number, t_created_ms=now_ms(), **columns_of(NewGate, gate) | json
        )
    )
    created = find(connection, gate_id)
    if created is None:
        raise RecordMissingError(f"there is no gate {gate_id}. `campaign gate list` shows those that exist.")
    return created


def find(connection: Connection, gate_id: GateId) -> Gate | None:
    """One gate, or None."""
    row = connection.execute(select(gates).where(gates.c.id == gate_id)).mappings().one_or_none()
    return None if row is None else _record(row)


def of_side(connection: Connection, campaign_id: CampaignId) -> Gate | None:
    """The gate that a campaign was made for; None for everybody else's."""
    gate_id, _, side = campaign_id.rpartition("-")
    return find(connection, GateId(gate_id)) if side in SIDES and re.fullmatch(GateId.form, gate_id) else None


def all_gates(connection: Connection) -> list[Gate]:
    """Every gate, newest first."""
    rows = connection.execute(select(gates).order_by(gates.c.number.desc())).mappings()
    return [_record(row) for row in rows]


def _record(row: RowMapping) -> Gate:
    read = {
        "options": _OPTIONS.validate_python(row["options"]),
        "sides": _SIDES.validate_python(row["sides"]),
    }
    return Gate(**{**row, **read})


def keep_side(connection: Connection, gate_id: GateId, name: str, side: GateSide) -> None:
    """Keep what one side gave."""
    sides = dict(connection.execute(select(gates.c.sides).where(gates.c.id == gate_id)).scalar_one())
    connection.execute(update(gates).where(gates.c.id == gate_id).values(sides=sides | {name: asdict(side)}))


def keep_options(connection: Connection, gate_id: GateId, options: GateOptions) -> None:
    """Exchange what is remembered beside the rule."""
    connection.execute(update(gates).where(gates.c.id == gate_id).values(options=options.as_json()))


def decide(
    connection: Connection, gate_id: GateId, *, outcome: str, verdict: JsonObject, digest: str
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
    return None if row is None else _record(row)


def refused(connection: Connection, pin_ids: set[str]) -> set[str]:
    """Which of these pins failed their newest gate: their runs carry `failed_promotion`."""
    query = (
        select(gates.c.candidate, gates.c.outcome)
        .where(gates.c.candidate.in_(pin_ids), gates.c.outcome.is_not(None))
        .order_by(gates.c.t_verdict_ms, gates.c.number)
    )
    newest = dict(connection.execute(query).tuples().all())
    return {pin_id for pin_id, outcome in newest.items() if outcome != SWAP_CANDIDATE}


def score(connection: Connection, gate_id: GateId, given: NewScore) -> None:
    """Keep a listener's scores of a trial; given again, the newer ones count."""
    same = (
        gate_scores.c.gate_id == gate_id,
        gate_scores.c.listener == given.listener,
        gate_scores.c.trial == given.trial,
    )
    connection.execute(delete(gate_scores).where(*same))
    connection.execute(
        insert(gate_scores).values(gate_id=gate_id, t_ms=now_ms(), **columns_of(NewScore, given))
    )


def forget_scores(connection: Connection, gate_id: GateId, listener: str) -> None:
    """Remove all that a listener scored."""
    connection.execute(
        delete(gate_scores).where(gate_scores.c.gate_id == gate_id, gate_scores.c.listener == listener)
    )


def scores(connection: Connection, gate_id: GateId, listener: str | None = None) -> list[Score]:
    """Every score of a gate, by listener and trial."""
    query = select(gate_scores).where(gate_scores.c.gate_id == gate_id)
    if listener is not None:
        query = query.where(gate_scores.c.listener == listener)
    rows = connection.execute(query.order_by(gate_scores.c.listener, gate_scores.c.trial)).mappings()
    return [Score(**{item.name: row[item.name] for item in fields(Score)}) for row in rows]
