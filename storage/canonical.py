"""One spelling for one value: canonical JSON, and the digests made from it."""

from __future__ import annotations

import hashlib
import json

_ENCODER = json.JSONEncoder(sort_keys=True, separators=(",", ":"), ensure_ascii=False, allow_nan=False)


def canonical_json(value: object) -> str:
    """Sorted keys, no spaces, characters as they are; NaN is refused (ValueError)."""
    return _ENCODER.encode(value)


def digest(value: object) -> str:
    """sha256 hex of the canonical JSON in UTF-8."""
    return hashlib.sha256(canonical_json(value).encode()).hexdigest()
