"""Every error that `storage` raises on purpose, as a tree.

StorageError
├── HomeError                  a file of the installation itself (home, secret, settings) cannot be made or read
├── DatabaseError
│   ├── DamagedDatabaseError   the file is no database, or no longer a whole one
│   ├── SchemaError            the database's schema is older or newer than this code
│   ├── UnstorableTextError    a value holds a character that the database cannot keep
│   ├── DuplicateRowError      another process wrote the same row first
│   └── StateError             the state of a campaign or upload forbids this move
├── RecordMissingError         no campaign, pin or gate of that id
├── NameRefusedError           a text that cannot be an id or name, or a place outside its folder
└── ObjectStoreError           `retryable` says whether trying again can help
    ├── ObjectMissingError     no object of that key
    ├── ObjectRefusedError     the store will not take this object: its key, its checksum, its size
    ├── StoreRefusedError      the store takes nothing from us: rights, settings, no bucket, no room
    ├── ObjectCorruptError     what the store gave back is not what was stored
    └── StoreUnavailableError  retryable: a timeout, a 503, a lost connection
"""

from __future__ import annotations


class StorageError(Exception):
    """Rows or bytes could not be read or kept."""


class HomeError(StorageError):
    """A file of the installation itself cannot be made or read: its home, its secret, its settings."""


class DatabaseError(StorageError):
    """The database refused, or cannot be reached."""


class DamagedDatabaseError(DatabaseError):
    """The file is no database, or no longer a whole one: nothing is written to it."""


class SchemaError(DatabaseError):
    """The database's schema is older or newer than this code; the message ends with the command that fixes it."""


class UnstorableTextError(DatabaseError):
    """A value that the database cannot keep: NUL, half of a surrogate pair, a number out of range."""


class DuplicateRowError(DatabaseError):
    """Another process wrote the same row first."""


class StateError(DatabaseError):
    """The state of a campaign or upload forbids this move."""


class RecordMissingError(StorageError):
    """No campaign, pin or gate of that id: it was removed since, or never was."""


class NameRefusedError(StorageError):
    """A text that cannot be an id or name, or a place outside its folder."""


class ObjectStoreError(StorageError):
    """The object store refused, failed or answered with something else than was stored."""

    retryable: bool = False
    """True when the same call may succeed later by itself: a timeout, a 503, a lost connection."""


class ObjectMissingError(ObjectStoreError):
    """No object of that key."""


class ObjectRefusedError(ObjectStoreError):
    """The store will not take this one object: its key, its checksum, its size. Trying again changes nothing."""


class StoreRefusedError(ObjectStoreError):
    """The store takes nothing from us: rights, settings, no bucket, no room. It says the same of every object until
    somebody mends it."""


class ObjectCorruptError(ObjectStoreError):
    """What the store gave back is not what was stored; the next put may go well."""

    retryable = True


class StoreUnavailableError(ObjectStoreError):
    """A timeout, a 503, a lost connection: it may be back at any moment."""

    retryable = True
