"""What a recogniser makes of a voice, and how much each file's voice is its preset's.

Revision ID: 0014
Revises: 0013
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "calibrations",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("pin_id", sa.Text(), nullable=False),
        sa.Column("recogniser", sa.Text(), nullable=False),
        sa.Column("listening_revision", sa.Integer(), nullable=False),
        sa.Column("encoder", sa.Text(), server_default="", nullable=False),
        sa.Column("record", sa.JSON(), nullable=False),
        sa.Column("vectors", sa.JSON()),
        sa.Column("digest", sa.Text(), nullable=False),
        sa.Column("actor", sa.Text(), nullable=False),
        sa.Column("t_created_ms", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(
            ["name", "version"],
            ["presets.name", "presets.version"],
            name=op.f("fk_calibrations_name_version"),
        ),
        sa.ForeignKeyConstraint(["pin_id"], ["pins.id"], name=op.f("fk_calibrations_pin_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_calibrations")),
    )
    op.create_index("ix_calibrations_name_version_pin_id", "calibrations", ["name", "version", "pin_id"])
    op.create_index("ix_calibrations_digest", "calibrations", ["digest"])
    op.create_table(
        "likenesses",
        sa.Column("campaign_id", sa.Text(), nullable=False),
        sa.Column("preset", sa.Text(), nullable=False),
        sa.Column("calibration", sa.Text(), nullable=False),
        sa.Column("encoder", sa.Text(), nullable=False),
        sa.Column("scored", sa.Integer(), nullable=False),
        sa.Column("unscored", sa.Integer(), nullable=False),
        sa.Column("median", sa.Float()),
        sa.Column("lowest", sa.Float()),
        sa.Column("t_ms", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(
            ["campaign_id"],
            ["campaigns.id"],
            name=op.f("fk_likenesses_campaign_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("campaign_id", "preset", name=op.f("pk_likenesses")),
    )
    op.create_index("ix_likenesses_preset", "likenesses", ["preset"])
    op.add_column("asset_versions", sa.Column("likeness", sa.Float()))


def downgrade() -> None:
    op.drop_column("asset_versions", "likeness")
    op.drop_table("likenesses")
    op.drop_table("calibrations")
