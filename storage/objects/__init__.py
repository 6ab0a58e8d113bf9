"""Bytes under keys: one interface (`store`), a directory and S3 behind it, one contract test over both.

Imports errors and nothing else: no rows, no keys.
"""

from storage.objects.directory import DirectoryObjectStore
from storage.objects.opening import open_store
from storage.objects.s3 import S3ObjectStore, S3Options
from storage.objects.store import ObjectInfo, ObjectStore

__all__ = [
    "DirectoryObjectStore",
    "ObjectInfo",
    "ObjectStore",
    "S3ObjectStore",
    "S3Options",
    "open_store",
]
