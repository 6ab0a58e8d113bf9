"""Where a server is and how it is asked: what a pin of an engine behind HTTP records."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass, fields
from typing import Any
from urllib.parse import urlsplit

from workers.engines.engine import EngineError


@dataclass(frozen=True, slots=True, kw_only=True)
class Endpoint:
    """One server."""

    url: str
    """Up to where the protocol's own paths begin: `http://gpu-7:8000`."""
    model: str = ""
    """As the server calls it; empty where it serves only one."""
    rate_hz: int = 24_000
    """Of the sound that it gives; another rate is a failure, never resampled."""
    languages: tuple[str, ...] = ()
    clones: bool = False
    timeout_s: float = 60.0
    """Without a byte; an answer that keeps coming may take four times as long."""
    attempts: int = 3
    parallel: int = 4
    """Requests under way at once."""
    key_variable: str = ""
    """Name of the environment variable that holds the bearer token; the token itself is kept nowhere."""
    shared_folder: str = ""
    """A folder that the server reads too, for protocols that take a reference by its path."""
    shared_as: str = ""
    """That folder's path as the server sees it; empty when it is the same."""
    identity: Mapping[str, Any] | None = None
    """What the server said of its model when it was pinned; None when it says nothing."""

    @classmethod
    def parse(cls, table: Mapping[str, Any]) -> Endpoint:
        """From a pin; raises `EngineError` with what is wrong."""
        if unknown := sorted(table.keys() - {field.name for field in fields(cls)}):
            raise EngineError(f"endpoint: unknown {', '.join(unknown)}")
        endpoint = cls(**{**table, "languages": tuple(table.get("languages", ()))})
        parts = urlsplit(endpoint.url)
        if parts.scheme not in ("http", "https") or not parts.hostname or parts.query or parts.username:
            raise EngineError(
                f"{endpoint.url!r} is no address of a server; write http://host:port, with no key in it"
            )
        if not 8_000 <= endpoint.rate_hz <= 192_000:
            raise EngineError(f"endpoint: rate_hz is {endpoint.rate_hz}; give 8000 to 192000")
        if not (endpoint.timeout_s > 0 and endpoint.attempts > 0 and endpoint.parallel > 0):
            raise EngineError("endpoint: timeout_s, attempts and parallel are above 0")
        return endpoint

    @property
    def headers(self) -> dict[str, str]:
        """Of every request. Raises `EngineError` when the token is not there."""
        if not self.key_variable:
            return {}
        token = os.environ.get(self.key_variable)
        if not token:
            raise EngineError(
                f"{self.url} needs a token: set {self.key_variable} in the environment of the worker"
            )
        return {"Authorization": f"Bearer {token}"}
