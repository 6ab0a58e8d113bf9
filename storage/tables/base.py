"""What every table is made with: the metadata, its names, and the columns of a lease."""

from __future__ import annotations

from enum import StrEnum

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    Column,
    Dialect,
    Integer,
    MetaData,
    Text,
    TypeDecorator,
)

from storage.names import Name

metadata = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "ck": "ck_%(table_name)s_%(constraint_name)s",
        "fk": "fk_%(table_name)s_%(column_0_N_name)s",
        "pk": "pk_%(table_name)s",
    }
)

Serial = BigInteger().with_variant(Integer, "sqlite")
"""SQLite counts only an INTEGER PRIMARY KEY up by itself."""


class NameText(TypeDecorator[Name]):
    """A column that holds names of one kind and nothing else."""

    impl = Text
    cache_ok = True

    def __init__(self, kind: type[Name]) -> None:
        super().__init__()
        self.kind = kind

    def process_bind_param(self, value: str | None, dialect: Dialect) -> str | None:
        """Raises `NameRefusedError` for what is none; what this column gave out is taken back."""
        if value is None or type(value) is self.kind:
            return value if value is None else str(value)
        return str(self.kind(value))

    def process_result_value(self, value: str | None, dialect: Dialect) -> Name | None:
        """What was kept before names had a form is given out as it is."""
        return None if value is None else self.kind.kept(value)


def one_of(column: str, kinds: type[StrEnum]) -> CheckConstraint:
    """A check that a text column holds one of the kinds' values."""
    return CheckConstraint(f"{column} IN ({', '.join(repr(kind.value) for kind in kinds)})", name=column)


def lease_columns() -> tuple[Column[object], ...]:
    """What makes a row claimable work: see `storage.queue.leases`."""
    return (
        Column("attempt", Integer, nullable=False, server_default="0"),  # the fence: a commit must name it
        Column("worker", Text),
        Column("lease_until_ms", BigInteger),
        Column("claimed_with", Integer, nullable=False, server_default="0"),  # rows in that claim
        Column("expiries", Integer, nullable=False, server_default="0"),  # leases lost: > 0 is a suspect
        Column("deaths_alone", Integer, nullable=False, server_default="0"),
        Column("retries", Integer, nullable=False, server_default="0"),  # retryable failures so far
        Column("not_before_ms", BigInteger, nullable=False, server_default="0"),
        Column("code", Text),
        Column("reason", Text),
    )
