"""An installation opened: settings, database, objects and the secret, each on first use."""

from __future__ import annotations

from collections.abc import Callable
from functools import cached_property

from storage import schema
from storage.objects import ObjectStore, S3Options, open_store
from storage.session import Database
from storage.settings import Settings


class Installation:
    """What every command and every worker works on. Opens nothing until it is asked."""

    def __init__(self, settings: Settings, *, on_open: Callable[[Database, str], None] | None = None) -> None:
        """`on_open` sees the database once, before its first use, and the schema that it was at: what must be in it
        is looked for there.
        """
        self.settings = settings
        self._on_open = on_open

    @cached_property
    def database(self) -> Database:
        """The database, checked to be of this program's schema; a SQLite file is made and migrated."""
        database = Database(self.settings.database_url, idle_transaction_s=2 * self.settings.lease_seconds)
        was = (schema.upgrade(database) if database.is_sqlite else None) or schema.HEAD
        schema.check(database)
        if self._on_open is not None:
            self._on_open(database, was)
        return database

    @cached_property
    def store(self) -> ObjectStore:
        """The object store."""
        return open_store(self.settings.object_store, s3=self.s3_options)

    @cached_property
    def s3_options(self) -> S3Options:
        """How S3 is reached."""
        settings = self.settings
        return S3Options(
            endpoint_url=settings.s3_endpoint_url or None,
            region=settings.s3_region or None,
            access_key=settings.s3_access_key_id.get_secret_value() or None,
            secret_key=settings.s3_secret_access_key.get_secret_value() or None,
            addressing="path" if settings.s3_path_style else "auto",
            public_base_url=settings.base_url or None,
            encryption=settings.s3_encryption or None,
            kms_key_id=settings.s3_kms_key_id or None,
            cache_s=settings.cache_seconds,
        )

    @cached_property
    def secret(self) -> bytes:
        """The secret under which names leave the database."""
        return self.settings.installation_secret()

    def close(self) -> None:
        """Give connections back. Idempotent."""
        for name in ("database", "store"):
            if name in self.__dict__:
                getattr(self, name).close()
                del self.__dict__[name]
