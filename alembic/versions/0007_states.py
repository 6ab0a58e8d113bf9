"""Campaigns are no longer `queued`: nothing ever put one there.

SQLite cannot alter a CHECK, and making the table anew would cascade to every row that hangs on it. So the table's
text is changed in place, the procedure of https://sqlite.org/lang_altertable.html#otheralter for changes that leave
the content as it is.

Revision ID: 0007
Revises: 0006
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None

NAME = "ck_campaigns_state"
BEFORE = "state IN ('draft', 'validated', 'queued', 'running', 'paused', 'finished', 'finished_with_errors', 'cancelled')"
AFTER = BEFORE.replace("'queued', ", "")


def upgrade() -> None:
    op.execute("UPDATE campaigns SET state = 'validated' WHERE state = 'queued'")
    _exchange(BEFORE, AFTER)


def downgrade() -> None:
    _exchange(AFTER, BEFORE)


def _exchange(old: str, new: str) -> None:
    connection = op.get_bind()
    if connection.dialect.name != "sqlite":
        op.drop_constraint(op.f(NAME), "campaigns")
        op.create_check_constraint(op.f(NAME), "campaigns", new)
        return
    version = connection.exec_driver_sql("PRAGMA schema_version").scalar_one()
    connection.exec_driver_sql("PRAGMA writable_schema = ON")
    done = connection.execute(
        sa.text(
            "UPDATE sqlite_master SET sql = replace(sql, :old, :new) "
            "WHERE type = 'table' AND name = 'campaigns' AND instr(sql, :old)"
        ),
        {"old": old, "new": new},
    )
    connection.exec_driver_sql(f"PRAGMA schema_version = {version + 1}")
    connection.exec_driver_sql("PRAGMA writable_schema = OFF")
    if done.rowcount != 1:
        raise RuntimeError(f"the table campaigns has no check that says {old}")
