"""Which of a brief's presets speaks a row, and how often a campaign was given something else to speak with.

Revision ID: 0011
Revises: 0010
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("recipients", sa.Column("voice", sa.Text()))
    op.add_column("campaigns", sa.Column("repins", sa.Integer(), nullable=False, server_default="0"))


def downgrade() -> None:
    op.drop_column("campaigns", "repins")
    op.drop_column("recipients", "voice")
