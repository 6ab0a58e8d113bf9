"""Lexicons: immutable rules under their digest, and the `name@version` that point at them."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from sqlalchemy import Connection, insert, select

from storage.clock import now_ms
from storage.errors import DatabaseError
from storage.names import LexiconName
from storage.records import JsonObject, columns_of
from storage.tables import lexicon_rules, lexicon_versions


@dataclass(frozen=True, slots=True, kw_only=True)
class NewLexicon:
    """A version of a lexicon that is to be registered, without its rules."""

    name: LexiconName
    version: int
    digest: str
    scope: str
    language: str
    preset: str
    samples: str
    """`written~spoken` lines."""
    source: str
    """The file it came from, for people."""
    actor: str

    @property
    def label(self) -> str:
        """`name@version`."""
        return f"{self.name}@{self.version}"


@dataclass(frozen=True, slots=True, kw_only=True)
class LexiconVersion(NewLexicon):
    """One version of one lexicon, without its rules."""

    t_created_ms: int
    entries: int


_COLUMNS = (*lexicon_versions.c, lexicon_rules.c.entries)
_JOINED = lexicon_versions.join(lexicon_rules, lexicon_rules.c.digest == lexicon_versions.c.digest)


def keep_rules(connection: Connection, digest: str, body: JsonObject, *, entries: int) -> None:
    """Keep rules under their digest; does nothing when they are there."""
    if (
        connection.execute(select(lexicon_rules.c.digest).where(lexicon_rules.c.digest == digest)).first()
        is None
    ):
        connection.execute(
            insert(lexicon_rules).values(
                digest=digest, body=dict(body), entries=entries, t_created_ms=now_ms()
            )
        )


def add(connection: Connection, lexicon: NewLexicon) -> LexiconVersion:
    """Register a version whose rules are kept; other rules under a label that exists are refused."""
    existing = find(connection, lexicon.name, lexicon.version)
    if existing is not None:
        if existing.digest != lexicon.digest:
            raise DatabaseError(
                f"lexicon {existing.label} exists with other rules; changed rules are a new version: "
                f"use {lexicon.name}@{lexicon.version + 1}."
            )
        return existing
    connection.execute(
        insert(lexicon_versions).values(t_created_ms=now_ms(), **columns_of(NewLexicon, lexicon))
    )
    created = find(connection, lexicon.name, lexicon.version)
    if created is None:
        raise DatabaseError(f"lexicon {lexicon.label} was not written; try again.")
    return created


def find(connection: Connection, name: str, version: int | None = None) -> LexiconVersion | None:
    """`name@version`, or the newest version of `name`."""
    query = select(*_COLUMNS).select_from(_JOINED).where(lexicon_versions.c.name == name)
    if version is not None:
        query = query.where(lexicon_versions.c.version == version)
    row = connection.execute(query.order_by(lexicon_versions.c.version.desc()).limit(1)).mappings().first()
    return None if row is None else LexiconVersion(**row)


def all_versions(connection: Connection) -> list[LexiconVersion]:
    """Every version of every lexicon, by name and version."""
    query = (
        select(*_COLUMNS).select_from(_JOINED).order_by(lexicon_versions.c.name, lexicon_versions.c.version)
    )
    return [LexiconVersion(**row) for row in connection.execute(query).mappings()]


def newest_of_scopes(connection: Connection, scopes: Collection[str]) -> list[LexiconVersion]:
    """The newest version of each lexicon, where that version has one of the scopes; by name."""
    newest = {lexicon.name: lexicon for lexicon in all_versions(connection)}
    return [lexicon for lexicon in newest.values() if lexicon.scope in scopes]


def rules(connection: Connection, digest: str) -> JsonObject | None:
    """The kept rules whose digest begins so; None where there are none."""
    query = (
        select(lexicon_rules.c.body)
        .where(lexicon_rules.c.digest.startswith(digest, autoescape=True))
        .limit(1)
    )
    body: JsonObject | None = connection.execute(query).scalars().first()
    return body
