"""Looks an installation over: each part is asked whether it can be used, and nothing is changed."""

from __future__ import annotations

import hashlib
import platform
import sqlite3
import uuid
from collections.abc import Iterator
from dataclasses import dataclass

from campaign.operations.restrictions import installed_restrictions
from campaign.registry.shipped import require_shipped
from storage import schema
from storage.errors import SchemaError, StorageError
from storage.installation import Installation
from storage.notices import listening, notify
from storage.objects.s3 import S3ObjectStore
from storage.session import WAL_FIXED, Database, wal_is_safe
from storage.settings import Doorbell, Settings
from workers.engines.engine import EngineError
from workers.engines.registry import create_engine, engine_names
from workers.errors import BrokerError
from workers.observability.gpu import Telemetry
from workers.runs import package_versions

HEARD_WITHIN_S = 5.0


@dataclass(frozen=True, slots=True, kw_only=True)
class HealthFinding:
    """One thing that was looked at."""

    what: str
    level: str
    """`good`, `note` (works, could be better) or `bad`."""
    found: str
    mend: str = ""


def examine(installation: Installation) -> list[HealthFinding]:
    """Every finding, in the order in which parts depend on each other."""
    findings = [*_program(), *_licences(), *_home(installation), *_database(installation)]
    findings += [_doorbell(installation), *_store(installation), *_engines(), *_gpu()]
    return findings


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
    except (OSError, ValueError) as exc:
        yield HealthFinding(
            what="secret",
            level="bad",
            found=str(exc),
            mend="Give CAMPAIGN_SECRET 32 random bytes in hex, or make the home writable.",
        )
        return
    yield HealthFinding(what="home", level="good", found=str(settings.home))


def _database(installation: Installation) -> Iterator[HealthFinding]:
    settings = installation.settings
    database = Database(settings.database_url)
    place = database.url.render_as_string(hide_password=True)
    if database.is_sqlite and not wal_is_safe():
        yield HealthFinding(
            what="sqlite",
            level="note",
            found=f"SQLite {sqlite3.sqlite_version} lacks the write-ahead-log fix of "
            f"{'.'.join(map(str, WAL_FIXED))}; the slower rollback journal is used",
            mend="A newer Python build brings a newer SQLite; PostgreSQL is faster still.",
        )
    try:
        revision = schema.current(database)
        if revision == schema.HEAD and not database.is_sqlite:
            require_shipped(database)
    except SchemaError as exc:
        yield HealthFinding(what="database", level="bad", found=str(exc), mend="Run `campaign db upgrade`.")
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


def _engines() -> Iterator[HealthFinding]:
    for name in engine_names():
        try:
            engine = create_engine(name)
            version = engine.version
            engine.close()
        except EngineError as exc:
            yield HealthFinding(what=name, level="note", found=f"not usable here: {exc}")
        else:
            yield HealthFinding(
                what=name, level="good", found=f"version {version}, revision {engine.revision}"
            )


def _gpu() -> Iterator[HealthFinding]:
    reading = Telemetry("cuda:0").read()
    if reading is None:
        yield HealthFinding(
            what="gpu", level="note", found="none that NVML can see; engines that need one will not run"
        )
    else:
        yield HealthFinding(what="gpu", level="good", found=f"{reading.model}, driver {reading.driver}")
