"""lexicons

Revision ID: 0002
Revises: 0001
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "lexicon_rules",
        sa.Column("digest", sa.Text(), nullable=False),
        sa.Column("body", sa.JSON(), nullable=False),
        sa.Column("entries", sa.Integer(), nullable=False),
        sa.Column("t_created_ms", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("digest", name=op.f("pk_lexicon_rules")),
    )
    op.create_table(
        "lexicon_versions",
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("digest", sa.Text(), nullable=False),
        sa.Column("scope", sa.Text(), nullable=False),
        sa.Column("language", sa.Text(), nullable=False),
        sa.Column("preset", sa.Text(), server_default="", nullable=False),
        sa.Column("samples", sa.Text(), server_default="", nullable=False),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("actor", sa.Text(), nullable=False),
        sa.Column("t_created_ms", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(
            ["digest"], ["lexicon_rules.digest"], name=op.f("fk_lexicon_versions_digest_lexicon_rules")
        ),
        sa.PrimaryKeyConstraint("name", "version", name=op.f("pk_lexicon_versions")),
    )


def downgrade() -> None:
    op.drop_table("lexicon_versions")
    op.drop_table("lexicon_rules")
