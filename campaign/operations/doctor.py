"""Looks an installation over: each part is asked whether it can be used, and nothing is changed.

A probe that fails in a way nobody foresaw is a finding like the others: whoever asks what is wrong gets every answer.
"""

from __future__ import annotations

import hashlib
import json
import logging
import os
import platform
import shutil
import sqlite3
import uuid
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path

from campaign.brief import checked_defaults
from campaign.errors import BriefError
from campaign.operations.device_health import compiler, gpu, kernels
from campaign.operations.finding import HealthFinding
from campaign.operations.restrictions import installed_restrictions
from campaign.registry.shipped import require_shipped
from storage import schema, sqlite_file
from storage.errors import DamagedDatabaseError, HomeError, SchemaError, StorageError
from storage.installation import Installation
from storage.notices import listening, notify
from storage.objects.s3 import S3ObjectStore
from storage.session import WAL_FIXED, Database, wal_is_safe
from storage.settings import Doorbell, Settings
from workers.engines.engine import EngineError
from workers.engines.registry import create_engine, engine_names
from workers.errors import BrokerError
from workers.runs import package_versions

log = logging.getLogger(__name__)

HEARD_WITHIN_S = 5.0
LEAST_FREE_MIB = 16
LITTLE_FREE_MIB = 1024
LARGEST_CHECKED_BYTES = 2 << 30
"""A SQLite file is read through up to this size: some ten seconds."""


def examine(installation: Installation) -> list[HealthFinding]:
    """Every finding, in the order in which parts depend on each other. Raises nothing."""
    probes: tuple[tuple[str, Callable[[], Iterable[HealthFinding]]], ...] = (
        ("program", _program),
        ("licences", _licences),
        ("home", lambda: _home(installation)),
        ("defaults", lambda: _defaults(installation.settings)),
        ("disk", lambda: _disk(installation)),
        ("database", lambda: _database(installation)),
        ("doorbell", lambda: [_doorbell(installation)]),
        ("objects", lambda: _store(installation)),
        *((name, lambda name=name: [_engine(name)]) for name in engine_names()),
        ("gpu", gpu),
        ("compiler", compiler),
        ("kernels", lambda: kernels(installation.settings.kernels_folder)),
    )
    return [finding for what, probe in probes for finding in _probed(what, probe)]


def _probed(what: str, probe: Callable[[], Iterable[HealthFinding]]) -> list[HealthFinding]:
    """What a probe found; whatever it raises is the last of it."""
    findings: list[HealthFinding] = []
    try:
        findings.extend(probe())
    except Exception as exc:
        log.debug("the probe of %s failed", what, exc_info=exc)
        findings.append(
            HealthFinding(
                what=what,
                level="bad",
                found=f"it could not be looked at: {type(exc).__name__}: {exc}",
                mend="Mend what it names; `campaign -vv doctor` shows where it happened.",
            )
        )
    return findings


def unset(problem: str) -> HealthFinding:
    """What is said where the settings themselves cannot be read: nothing else can be looked at then."""
    return HealthFinding(
        what="settings", level="bad", found=problem, mend="Correct it, then run `campaign doctor` again."
    )


def _program() -> Iterator[HealthFinding]:
    versions = ", ".join(f"{name} {version}" for name, version in package_versions().items())
    yield HealthFinding(
        what="program", level="good", found=f"{versions} on {platform.system()} {platform.machine()}"
    )


def _licences() -> Iterator[HealthFinding]:
    """A note for each installed extra that brings what is GPL or not for commercial use."""
    for restriction in installed_restrictions():
        brings = " and ".join(f"{name} ({terms})" for name, terms in restriction.brings)
        yield HealthFinding(
            what="licences",
            level="note",
            found=f"extra {restriction.extra}: brings {brings}",
            mend=restriction.so,
        )


def _home(installation: Installation) -> Iterator[HealthFinding]:
    settings = installation.settings
    try:
        settings.installation_secret()
    except HomeError as exc:
        yield HealthFinding(
            what="secret",
            level="bad",
            found=str(exc),
            mend="Give CAMPAIGN_SECRET 32 random bytes in hex, or make the home writable.",
        )
    if settings.home.is_dir() and not os.access(settings.home, os.W_OK | os.X_OK):
        yield HealthFinding(
            what="home",
            level="bad",
            found=f"{settings.home} takes no file: results and lists of bad rows are kept there",
            mend="Give this user the right to write it, or name another with CAMPAIGN_HOME.",
        )
    elif settings.home.exists() and not settings.home.is_dir():
        yield HealthFinding(
            what="home",
            level="bad",
            found=f"{settings.home} is no folder",
            mend="Move it away, or name another with CAMPAIGN_HOME.",
        )
    else:
        yield HealthFinding(what="home", level="good", found=str(settings.home))


def _defaults(settings: Settings) -> Iterator[HealthFinding]:
    """What stands under every brief."""
    if not settings.defaults:
        return
    try:
        checked_defaults(settings.defaults)
    except BriefError as exc:
        yield HealthFinding(what="defaults", level="bad", found=str(exc))
        return
    given = ", ".join(f"{key} = {json.dumps(value)}" for key, value in settings.defaults.items())
    yield HealthFinding(what="defaults", level="good", found=f"under every brief: {given}")


def _disk(installation: Installation) -> Iterator[HealthFinding]:
    """What is left on the disk of the home."""
    home = installation.settings.home
    there = next(folder for folder in (home, *home.parents) if folder.exists())
    free_mib = shutil.disk_usage(there).free >> 20
    found = f"{free_mib:,} MiB are free under {home}"
    mend = "Free space, or name a home on another disk with CAMPAIGN_HOME."
    if free_mib < LEAST_FREE_MIB:
        yield HealthFinding(what="disk", level="bad", found=found, mend=mend)
    elif free_mib < LITTLE_FREE_MIB:
        yield HealthFinding(what="disk", level="note", found=found, mend=mend)
    else:
        yield HealthFinding(what="disk", level="good", found=found)


def _sqlite(database: Database) -> Iterator[HealthFinding]:
    """What is good to know of the file before it is asked; nothing where all is as it should be."""
    if not wal_is_safe():
        yield HealthFinding(
            what="sqlite",
            level="note",
            found=f"SQLite {sqlite3.sqlite_version} lacks the write-ahead-log fix of "
            f"{'.'.join(map(str, WAL_FIXED))}; the slower rollback journal is used",
            mend="A newer Python build brings a newer SQLite; PostgreSQL is faster still.",
        )
    path = Path(database.url.database or "")
    if path.is_file() and not (os.access(path, os.W_OK) and os.access(path.parent, os.W_OK | os.X_OK)):
        yield HealthFinding(
            what="sqlite",
            level="bad",
            found=f"{path} or its folder cannot be written",
            mend="Give this user rights to both, or name another home with CAMPAIGN_HOME.",
        )
    if path.is_file() and path.stat().st_size <= LARGEST_CHECKED_BYTES:
        problem = sqlite_file.problem_of(path)
        if problem:
            yield HealthFinding(
                what="sqlite",
                level="bad",
                found=f"{path} is damaged: {problem}",
                mend=sqlite_file.mend_damage(path),
            )


def _database(installation: Installation) -> Iterator[HealthFinding]:
    url = installation.settings.database_url
    try:
        database = Database(url)
    except StorageError as exc:
        yield HealthFinding(what="database", level="bad", found=str(exc))
        return
    place = database.url.render_as_string(hide_password=True)
    if database.is_sqlite:
        yield from _sqlite(database)
    try:
        revision = schema.current(database)
        schema.refuse_unknown(revision)
        if revision == schema.HEAD and (missing := schema.missing_tables(database)):
            yield HealthFinding(
                what="database",
                level="bad",
                found=f"{place} lacks the tables {', '.join(missing)}",
                mend="Put a backup in its place: they do not go by themselves.",
            )
            return
        if revision == schema.HEAD and not database.is_sqlite:
            require_shipped(database)
    except SchemaError as exc:
        mend = "Run `campaign db upgrade`." if "db upgrade" in str(exc) else ""
        yield HealthFinding(what="database", level="bad", found=str(exc), mend=mend)
        return
    except DamagedDatabaseError as exc:
        yield HealthFinding(what="database", level="bad", found=str(exc))
        return
    except StorageError as exc:
        yield HealthFinding(
            what="database", level="bad", found=str(exc), mend="Start it, or correct CAMPAIGN_DATABASE_URL."
        )
        return
    finally:
        database.close()
    if revision == schema.HEAD or (revision is None and database.is_sqlite):
        yield HealthFinding(
            what="database", level="good", found=f"{place}, schema {revision or 'made on first use'}"
        )
    elif database.is_sqlite:
        yield HealthFinding(
            what="database",
            level="note",
            found=f"{place} is at schema {revision}: the next command brings it to {schema.HEAD}",
            mend="Keep a copy of the file before, if an older program is to read it again.",
        )
    else:
        yield HealthFinding(
            what="database",
            level="bad",
            found=f"{place} is at schema {revision}, this program needs {schema.HEAD}",
            mend="Run `campaign db upgrade`.",
        )


def _doorbell(installation: Installation) -> HealthFinding:
    match installation.settings.doorbell:
        case Doorbell.IN_PROCESS:
            return HealthFinding(what="doorbell", level="good", found="in this process (embedded default)")
        case Doorbell.POSTGRESQL:
            return _notices(installation.settings)
        case Doorbell.REDIS:
            return _redis(installation.settings)


def _notices(settings: Settings) -> HealthFinding:
    """Whether what is said on a channel is heard: a pooler in between may let only the saying pass."""
    database = Database(settings.database_url)
    channel = f"campaign_doctor_{uuid.uuid4().hex}"
    try:
        with listening(database, [channel]) as notices:
            with database.write() as connection:
                notify(connection, channel)
            heard = notices.wait(HEARD_WITHIN_S)
    except StorageError as exc:
        return HealthFinding(
            what="doorbell", level="bad", found=str(exc), mend="Start it, or correct CAMPAIGN_DATABASE_URL."
        )
    finally:
        database.close()
    if heard:
        return HealthFinding(what="doorbell", level="good", found="PostgreSQL, by NOTIFY (no Redis is set)")
    return HealthFinding(
        what="doorbell",
        level="bad",
        found="PostgreSQL's NOTIFY is not heard: is there a pooler in transaction mode?",
        mend="Give workers a CAMPAIGN_DATABASE_URL that goes past it, or set CAMPAIGN_REDIS_URL. "
        "Workers sweep meanwhile; nothing is lost.",
    )


def _redis(settings: Settings) -> HealthFinding:
    import redis

    try:
        client = redis.Redis.from_url(settings.redis_url, socket_timeout=5, socket_connect_timeout=5)
        info = client.info()
        policy = client.config_get("maxmemory-policy").get("maxmemory-policy")
    except redis.RedisError as exc:
        return HealthFinding(
            what="doorbell",
            level="bad",
            found=f"Redis does not answer: {exc}",
            mend="Start it, or correct CAMPAIGN_REDIS_URL. Workers sweep meanwhile; nothing is lost.",
        )
    if policy != "noeviction":
        return HealthFinding(
            what="doorbell",
            level="note",
            found=f"Redis {info['redis_version']} with maxmemory-policy {policy}",
            mend="Set maxmemory-policy noeviction, so that bells are not dropped.",
        )
    return HealthFinding(what="doorbell", level="good", found=f"Redis {info['redis_version']}")


def _store(installation: Installation) -> Iterator[HealthFinding]:
    """Writes, reads and removes one small object."""
    data = uuid.uuid4().bytes
    key = f"doctor/{uuid.uuid4().hex}"
    place = installation.settings.object_store
    try:
        store = installation.store
        store.put(key, data, sha256=hashlib.sha256(data).hexdigest(), content_type="application/octet-stream")
        same = store.get(key) == data
        store.delete(key)
    except (BrokerError, StorageError) as exc:
        yield HealthFinding(
            what="objects",
            level="bad",
            found=str(exc),
            mend="Correct CAMPAIGN_OBJECT_STORE or its credentials.",
        )
        return
    if same:
        yield HealthFinding(what="objects", level="good", found=f"{place}: written, read back and removed")
        if isinstance(store, S3ObjectStore):
            yield _capabilities(store, key)
    else:
        yield HealthFinding(
            what="objects",
            level="bad",
            found=f"{place} returned other bytes than were stored",
            mend="Do not use this store.",
        )


def _capabilities(store: S3ObjectStore, key: str) -> HealthFinding:
    """What the server does by itself; what it does not, this program does with one more request."""
    try:
        capabilities = store.probe(key)
    except StorageError as exc:
        return HealthFinding(what="s3", level="note", found=f"its capabilities cannot be determined: {exc}")
    words = ", ".join(f"{name}: {'yes' if holds else 'no'}" for name, holds in capabilities.items())
    if capabilities["refuses wrong checksums"]:
        return HealthFinding(what="s3", level="good", found=words)
    return HealthFinding(
        what="s3",
        level="note",
        found=words,
        mend="Nothing to do: every put is proven by its ETag, its checksum or by reading it back.",
    )


def _engine(name: str) -> HealthFinding:
    try:
        engine = create_engine(name)
        version = engine.version
        engine.close()
    except EngineError as exc:
        return HealthFinding(what=name, level="note", found=f"not usable here: {exc}")
    return HealthFinding(what=name, level="good", found=f"version {version}, revision {engine.revision}")
