"""The database: one set of tables for SQLite and PostgreSQL, and the states their rows pass through.

Times are integers, milliseconds since 1970 on the *database's* clock (`storage.clock.now_ms`), so that two
hosts with different clocks agree about a lease. Personal data (fields, scripts, spoken text, external ids)
lives in `recipients`, `utterances.spec`, `intakes`, `suppressions` and nowhere else; everything outside carries ids
and HMACs.

`alembic/` holds the migrations; `tests/contracts/test_migrations.py` compares them with this file. Imports nothing of
this program.

                 campaigns ──< recipients ── assets ──< asset_versions
                                              │
    presets   pins ─< channels, gates         └──< asset_utterances >── utterances ──< runs

    lexicon_rules ──< lexicon_versions   presets, pins ──< calibrations   campaigns ──< likenesses

    api_keys   intakes   suppressions   campaigns ──< listeners

    recipients ── tombstones   assets ──< reviews   campaigns ──< events ──< webhook_deliveries
"""

from __future__ import annotations

from storage.tables.base import metadata
from storage.tables.campaigns import campaigns, recipients
from storage.tables.evidence import (
    erasures,
    events,
    gpu_samples,
    reviews,
    tombstones,
    webhook_deliveries,
)
from storage.tables.fleet import audit, objects, workers
from storage.tables.gates import gate_scores, gates
from storage.tables.runs import runs
from storage.tables.service import api_keys, intakes, listeners
from storage.tables.states import (
    BROKEN_ROWS,
    FIRST_STATUSES,
    INTAKE_MOVES,
    LANE_RANK,
    OPEN_ROWS,
    REMAKEABLE_ROWS,
    ROW_MOVES,
    CampaignState,
    IntakeState,
    Lane,
    RowStatus,
    SuppressionChange,
)
from storage.tables.suppressions import suppression_log, suppressions
from storage.tables.voices import (
    calibrations,
    channel_moves,
    channels,
    lexicon_rules,
    lexicon_versions,
    pins,
    preset_records,
    presets,
)
from storage.tables.work import (
    CURRENT_VERSION,
    PLANNED_PLACES,
    asset_utterances,
    asset_versions,
    assets,
    likenesses,
    utterances,
)

__all__ = [
    "BROKEN_ROWS",
    "CURRENT_VERSION",
    "FIRST_STATUSES",
    "INTAKE_MOVES",
    "LANE_RANK",
    "OPEN_ROWS",
    "PLANNED_PLACES",
    "REMAKEABLE_ROWS",
    "ROW_MOVES",
    "CampaignState",
    "IntakeState",
    "Lane",
    "RowStatus",
    "SuppressionChange",
    "api_keys",
    "asset_utterances",
    "asset_versions",
    "assets",
    "audit",
    "calibrations",
    "campaigns",
    "channel_moves",
    "channels",
    "erasures",
    "events",
    "gate_scores",
    "gates",
    "gpu_samples",
    "intakes",
    "lexicon_rules",
    "lexicon_versions",
    "likenesses",
    "listeners",
    "metadata",
    "objects",
    "pins",
    "preset_records",
    "presets",
    "recipients",
    "reviews",
    "runs",
    "suppression_log",
    "suppressions",
    "tombstones",
    "utterances",
    "webhook_deliveries",
    "workers",
]
