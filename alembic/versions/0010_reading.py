"""How an upload is to be read, where its file does not say so: what parts its cells, which sheet; and its own name.

Revision ID: 0010
Revises: 0009
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("intakes", sa.Column("file_name", sa.Text()))
    op.add_column("intakes", sa.Column("delimiter", sa.Text()))
    op.add_column("intakes", sa.Column("sheet", sa.Text()))


def downgrade() -> None:
    for column in ("sheet", "delimiter", "file_name"):
        op.drop_column("intakes", column)
