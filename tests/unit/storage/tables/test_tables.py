"""What holds for all tables: states are checked, rows go with their campaign, the queue's questions have an index."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from enum import StrEnum

import pytest
from sqlalchemy import CheckConstraint, Column, text

from storage.installation import Installation
from storage.tables import base, work
from storage.tables.evidence import tombstones
from storage.tables.fleet import audit
from storage.tables.service import listeners
from storage.tables.states import CampaignState, IntakeState, Lane, RowStatus
from storage.tables.voices import pins, preset_records
from tests import ROOT

TABLES = list(base.metadata.tables.values())
CHECKED: dict[tuple[str, str], type[StrEnum]] = {
    ("campaigns", "state"): CampaignState,
    ("campaigns", "lane"): Lane,
    ("assets", "status"): RowStatus,
    ("utterances", "status"): RowStatus,
    ("intakes", "state"): IntakeState,
}
COPIED = {("runs", "lane"), ("objects", "state")}
"""A run's lane is its campaign's; an object is live or deleting, which its two writers say."""
UNUSED = {"objects.t_deleting_ms", "workers.t_seen_ms", "workers.t_started_ms"}
"""Of the first schema, and nobody's: no worker registers itself, no object is marked before it goes."""
REGISTRY = {"pins", "presets", "lexicon_rules", "gates"}
"""Immutable: what points there never goes with it."""


def columns() -> Iterator[Column[object]]:
    for table in TABLES:
        yield from table.c


def test_constraints_have_the_names_that_migrations_know_them_by() -> None:
    assert {constraint.name for constraint in tombstones.constraints} == {
        "pk_tombstones",
        "fk_tombstones_campaign_id_row",
    }
    assert "uq_pins_digest" in {constraint.name for constraint in pins.constraints}
    assert {index.name for table in (audit, preset_records) for index in table.indexes} == {
        "ix_audit_subject",
        "ix_preset_records_name_version",
    }
    assert {key.name for key in listeners.foreign_key_constraints} == {"fk_listeners_campaign_id"}


def test_every_column_that_holds_a_state_is_checked_against_its_enum() -> None:
    stated = {
        (column.table.name, column.name) for column in columns() if column.name in ("state", "status", "lane")
    }
    assert stated - COPIED == CHECKED.keys()
    for (table, column), kinds in CHECKED.items():
        checks = {
            check.name: str(check.sqltext)
            for check in base.metadata.tables[table].constraints
            if isinstance(check, CheckConstraint)
        }
        values = ", ".join(repr(kind.value) for kind in kinds)
        assert checks[f"ck_{table}_{column}"] == f"{column} IN ({values})"


def test_what_belongs_to_a_row_goes_with_it_and_what_names_the_registry_does_not() -> None:
    for table in TABLES:
        for key in table.foreign_key_constraints:
            assert (key.ondelete == "CASCADE") != (key.referred_table.name in REGISTRY), key.name


def test_times_are_wide_enough_for_milliseconds_since_1970() -> None:
    times = [
        column for column in columns() if column.name.startswith("t_") or column.name.endswith("_until_ms")
    ]
    assert len(times) > 30
    assert {column.type.python_type for column in times} == {int}
    assert all("BIGINT" in str(column.type) for column in times)


def test_what_makes_a_row_claimable_is_the_same_for_both_kinds_of_work() -> None:
    lease = {column.name for column in base.lease_columns()}
    assert lease <= set(work.assets.c.keys()) & set(work.utterances.c.keys())
    fence = work.assets.c.attempt
    assert not fence.nullable and fence.server_default is not None


def test_every_column_is_named_by_the_code_that_reads_or_writes_it() -> None:
    named: set[str] = set()
    for room in ("storage", "workers", "campaign"):
        for path in (ROOT / room).rglob("*.py"):
            if path.parent.name != "tables" or path.parent.parent.name != "storage":
                for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
                    if isinstance(node, ast.Attribute):
                        named.add(node.attr)
                    elif isinstance(node, ast.Constant) and isinstance(node.value, str):
                        named.add(node.value)
                    elif isinstance(node, ast.keyword) and node.arg:
                        named.add(node.arg)
                    elif isinstance(node, ast.AnnAssign) and isinstance(node.target, ast.Name):
                        named.add(node.target.id)
    assert {
        f"{column.table.name}.{column.name}" for column in columns() if column.name not in named
    } == UNUSED


@pytest.mark.parametrize(
    ("question", "index"),
    [
        (
            "SELECT key FROM utterances WHERE status = 'pending' AND campaign_id = 'x' ORDER BY rank LIMIT 64",
            "ix_utterances_ready (campaign_id=?)",
        ),
        (
            "SELECT id FROM assets WHERE status = 'pending' AND watch IS NULL AND campaign_id = 'x' "
            "ORDER BY id LIMIT 64",
            "ix_assets_ready (campaign_id=?)",
        ),
        (
            "SELECT key FROM utterances WHERE status = 'claimed' AND lease_until_ms < 5",
            "ix_utterances_lease (lease_until_ms<?)",
        ),
        (
            "SELECT id FROM assets WHERE status = 'claimed' AND lease_until_ms < 5",
            "ix_assets_lease (lease_until_ms<?)",
        ),
        ("SELECT id FROM assets WHERE watch = 'k'", "ix_assets_watch (watch=?)"),
        (
            "SELECT status, count(*) FROM assets WHERE campaign_id = 'x' GROUP BY status",
            "ix_assets_campaign_status (campaign_id=?)",
        ),
        (
            "SELECT asset_id FROM asset_utterances WHERE utterance_key = 'k'",
            "ix_asset_utterances_utterance_key (utterance_key=?)",
        ),
        ("SELECT id FROM audit WHERE subject = 'x'", "ix_audit_subject (subject=?)"),
    ],
)
def test_question_of_the_queue_is_answered_by_its_index_without_a_sort(
    installed: Installation, question: str, index: str
) -> None:
    with installed.database.read() as connection:
        plan = [row.detail for row in connection.execute(text(f"EXPLAIN QUERY PLAN {question}"))]
    assert len(plan) == 1, plan
    assert index in plan[0].replace("COVERING ", "")
