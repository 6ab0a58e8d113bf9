"""An index to count a campaign's utterances by.

Revision ID: 0005
Revises: 0004
"""

from __future__ import annotations

from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_index("ix_utterances_campaign_status", "utterances", ["campaign_id", "status"])


def downgrade() -> None:
    op.drop_index("ix_utterances_campaign_status", table_name="utterances")
