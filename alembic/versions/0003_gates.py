"""gates

Revision ID: 0003
Revises: 0002
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("pins", sa.Column("endpoint", sa.JSON(), nullable=True))
    op.add_column("channel_moves", sa.Column("confirmed_by", sa.Text(), nullable=True))
    op.create_table(
        "gates",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("number", sa.BigInteger(), nullable=False),
        sa.Column("candidate", sa.Text(), nullable=False),
        sa.Column("baseline", sa.Text(), nullable=False),
        sa.Column("candidate_preset", sa.Text(), nullable=False),
        sa.Column("baseline_preset", sa.Text(), nullable=False),
        sa.Column("prompts", sa.Text(), nullable=False),
        sa.Column("prompts_digest", sa.Text(), nullable=False),
        sa.Column("rule", sa.JSON(), nullable=False),
        sa.Column("rule_digest", sa.Text(), nullable=False),
        sa.Column("options", sa.JSON(), nullable=False),
        sa.Column("sides", sa.JSON(), nullable=False),
        sa.Column("outcome", sa.Text(), nullable=True),
        sa.Column("verdict", sa.JSON(), nullable=True),
        sa.Column("verdict_digest", sa.Text(), nullable=True),
        sa.Column("actor", sa.Text(), nullable=False),
        sa.Column("t_created_ms", sa.BigInteger(), nullable=False),
        sa.Column("t_verdict_ms", sa.BigInteger(), nullable=True),
        sa.ForeignKeyConstraint(["candidate"], ["pins.id"], name=op.f("fk_gates_candidate_pins")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_gates")),
        sa.UniqueConstraint("number", name=op.f("uq_gates_number")),
    )
    op.create_index("ix_gates_candidate", "gates", ["candidate"])
    op.create_table(
        "gate_scores",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("gate_id", sa.Text(), nullable=False),
        sa.Column("listener", sa.Text(), nullable=False),
        sa.Column("trial", sa.Integer(), nullable=False),
        sa.Column("prompt", sa.Text(), nullable=False),
        sa.Column("is_repeat", sa.Boolean(), nullable=False),
        sa.Column("candidate_score", sa.Float(), nullable=False),
        sa.Column("baseline_score", sa.Float(), nullable=False),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("t_ms", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["gate_id"], ["gates.id"], name=op.f("fk_gate_scores_gate_id_gates")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_gate_scores")),
    )
    op.create_index("ix_gate_scores_gate_id_listener", "gate_scores", ["gate_id", "listener"])


def downgrade() -> None:
    op.drop_table("gate_scores")
    op.drop_table("gates")
    op.drop_column("channel_moves", "confirmed_by")
    op.drop_column("pins", "endpoint")
