"""Opt-outs of the whole installation, who a row is, what an upload's list was, why a report is not out; ids that were paths get another name.

No campaign under such an id ever delivered a file: it could not be part of a key, so every row failed. Its rows are
still there to be erased. Names of other kinds that are no longer given stay as they are.

Revision ID: 0008
Revises: 0007
"""

from __future__ import annotations

import hashlib
import re

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None

GOOD_ID = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,99}")
PARENTS = {
    "recipients": "campaigns",
    "listeners": "campaigns",
    "assets": "recipients",
    "tombstones": "recipients",
}
"""Tables whose foreign key holds a campaign's id, and what it points at."""
OTHERS = ("utterances", "intakes", "events", "runs")


def upgrade() -> None:
    op.add_column("campaigns", sa.Column("opt_outs", sa.JSON()))
    op.add_column("campaigns", sa.Column("report_problem", sa.Text()))
    op.add_column("recipients", sa.Column("person", sa.Text()))
    op.create_index("ix_recipients_person", "recipients", ["person"])
    op.add_column("intakes", sa.Column("suppression_sha256", sa.Text()))
    op.create_table(
        "suppressions",
        sa.Column("person", sa.Text(), nullable=False),
        sa.Column("external_id", sa.Text()),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("actor", sa.Text(), nullable=False),
        sa.Column("t_ms", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("person", name=op.f("pk_suppressions")),
    )
    op.create_table(
        "suppression_log",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("person", sa.Text(), nullable=False),
        sa.Column("external_id", sa.Text()),
        sa.Column("change", sa.Text(), nullable=False),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("actor", sa.Text(), nullable=False),
        sa.Column("t_ms", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_suppression_log")),
        sa.CheckConstraint("change IN ('added', 'removed')", name=op.f("ck_suppression_log_change")),
    )
    op.create_index("ix_suppression_log_person", "suppression_log", ["person"])
    _rename_ids()


def downgrade() -> None:
    op.drop_table("suppression_log")
    op.drop_table("suppressions")
    op.drop_column("intakes", "suppression_sha256")
    op.drop_index("ix_recipients_person", "recipients")
    op.drop_column("recipients", "person")
    op.drop_column("campaigns", "report_problem")
    op.drop_column("campaigns", "opt_outs")


def _rename_ids() -> None:
    connection = op.get_bind()
    told = " UNION ".join(f"SELECT campaign_id FROM {table}" for table in (*PARENTS, *OTHERS))
    ids = set(connection.scalars(sa.text(f"SELECT id FROM campaigns UNION {told}")))
    bad = sorted(name for name in ids if not GOOD_ID.fullmatch(name))
    if not bad:
        return
    _defer_foreign_keys(connection, deferred=True)
    for name in bad:
        renamed = {"old": name, "new": f"renamed-{hashlib.sha256(name.encode()).hexdigest()[:16]}"}
        connection.execute(sa.text("UPDATE campaigns SET id = :new WHERE id = :old"), renamed)
        for table in (*PARENTS, *OTHERS):
            connection.execute(
                sa.text(f"UPDATE {table} SET campaign_id = :new WHERE campaign_id = :old"), renamed
            )
    _defer_foreign_keys(connection, deferred=False)


def _defer_foreign_keys(connection: sa.Connection, *, deferred: bool) -> None:
    """Let parents and children change their id one after the other, in one transaction."""
    if connection.dialect.name == "sqlite":
        connection.exec_driver_sql(f"PRAGMA defer_foreign_keys = {'ON' if deferred else 'OFF'}")
        return
    if not deferred:
        connection.exec_driver_sql("SET CONSTRAINTS ALL IMMEDIATE")
    for table in PARENTS:
        for key in sa.inspect(connection).get_foreign_keys(table):
            if key["referred_table"] in PARENTS.values():
                how = "DEFERRABLE INITIALLY DEFERRED" if deferred else "NOT DEFERRABLE"
                connection.exec_driver_sql(f'ALTER TABLE {table} ALTER CONSTRAINT "{key["name"]}" {how}')
