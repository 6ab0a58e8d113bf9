"""evidence

Revision ID: 0004
Revises: 0003
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

RUN_COLUMNS = {
    "clock_offset_ms": sa.BigInteger,
    "lexicons": sa.JSON,
    "energy_source": sa.Text,
    "driver_version": sa.Text,
    "frames": sa.BigInteger,
    "batch_frames": sa.BigInteger,
}


def upgrade() -> None:
    serial = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
    with op.batch_alter_table("runs") as batch_op:
        for name, kind in RUN_COLUMNS.items():
            batch_op.add_column(sa.Column(name, kind(), nullable=True))
        batch_op.alter_column("seed", existing_type=sa.BigInteger(), nullable=True)
        batch_op.alter_column("input_text_hash", existing_type=sa.Text(), nullable=True)
    with op.batch_alter_table("recipients") as batch_op:
        batch_op.add_column(sa.Column("lexicon_hits", sa.JSON(), nullable=True))
    op.create_table(
        "tombstones",
        sa.Column("campaign_id", sa.Text(), nullable=False),
        sa.Column("row", sa.BigInteger(), nullable=False),
        sa.Column("leaf", sa.Text(), nullable=False),
        sa.Column("was", sa.Text(), nullable=False),
        sa.Column("t_erased_ms", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(
            ["campaign_id", "row"],
            ["recipients.campaign_id", "recipients.row"],
            name=op.f("fk_tombstones_campaign_id_row_recipients"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("campaign_id", "row", name=op.f("pk_tombstones")),
    )
    op.create_table(
        "erasures",
        sa.Column("id", serial, nullable=False),
        sa.Column("prefix", sa.Text(), nullable=False),
        sa.Column("not_before_ms", sa.BigInteger(), nullable=False),
        sa.Column("t_asked_ms", sa.BigInteger(), nullable=False),
        sa.Column("problem", sa.Text(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_erasures")),
    )
    op.create_index("ix_erasures_not_before_ms", "erasures", ["not_before_ms"])
    op.create_table(
        "reviews",
        sa.Column("id", serial, nullable=False),
        sa.Column("asset_id", sa.BigInteger(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("verdict", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("actor", sa.Text(), nullable=False),
        sa.Column("t_ms", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(
            ["asset_id"], ["assets.id"], name=op.f("fk_reviews_asset_id_assets"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_reviews")),
    )
    op.create_index("ix_reviews_asset_id", "reviews", ["asset_id"])
    op.create_table(
        "events",
        sa.Column("id", serial, nullable=False),
        sa.Column("campaign_id", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("body", sa.JSON(), nullable=False),
        sa.Column("t_ms", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_events")),
    )
    op.create_index("ix_events_campaign_id", "events", ["campaign_id"])
    op.create_table(
        "webhook_deliveries",
        sa.Column("event_id", sa.BigInteger(), nullable=False),
        sa.Column("url", sa.Text(), nullable=False),
        sa.Column("attempts", sa.Integer(), server_default="0", nullable=False),
        sa.Column("not_before_ms", sa.BigInteger(), server_default="0", nullable=False),
        sa.Column("t_delivered_ms", sa.BigInteger(), nullable=True),
        sa.Column("t_given_up_ms", sa.BigInteger(), nullable=True),
        sa.Column("problem", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(
            ["event_id"],
            ["events.id"],
            name=op.f("fk_webhook_deliveries_event_id_events"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("event_id", "url", name=op.f("pk_webhook_deliveries")),
    )
    op.create_table(
        "gpu_samples",
        sa.Column("batch_id", sa.Text(), nullable=False),
        sa.Column("gpu_uuid", sa.Text(), nullable=False),
        sa.Column("samples", sa.JSON(), nullable=False),
        sa.PrimaryKeyConstraint("batch_id", name=op.f("pk_gpu_samples")),
    )


def downgrade() -> None:
    for name in ("gpu_samples", "webhook_deliveries", "events", "reviews", "erasures", "tombstones"):
        op.drop_table(name)
    with op.batch_alter_table("recipients") as batch_op:
        batch_op.drop_column("lexicon_hits")
    with op.batch_alter_table("runs") as batch_op:
        for name in RUN_COLUMNS:
            batch_op.drop_column(name)
