"""Values among an utterance's words, what a recogniser heard of it, and what became of each version by it.

Revision ID: 0013
Revises: 0012
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("asset_utterances", sa.Column("value_places", sa.JSON()))
    op.add_column("utterances", sa.Column("heard", sa.JSON()))
    op.add_column("asset_versions", sa.Column("listening", sa.JSON()))


def downgrade() -> None:
    op.drop_column("asset_versions", "listening")
    op.drop_column("utterances", "heard")
    op.drop_column("asset_utterances", "value_places")
