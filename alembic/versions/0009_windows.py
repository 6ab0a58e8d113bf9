"""When a campaign starts, and when a row may be sent.

Revision ID: 0009
Revises: 0008
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("campaigns", sa.Column("t_start_ms", sa.BigInteger()))
    for name in ("not_before", "not_after", "timezone"):
        op.add_column("recipients", sa.Column(name, sa.Text()))


def downgrade() -> None:
    for name in ("timezone", "not_after", "not_before"):
        op.drop_column("recipients", name)
    op.drop_column("campaigns", "t_start_ms")
