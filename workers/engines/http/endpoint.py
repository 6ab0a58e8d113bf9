"""Where a server is and how it is asked: what a pin of an engine behind HTTP records."""

from __future__ import annotations

import os
import re
from collections.abc import Mapping
from typing import Annotated
from urllib.parse import urlsplit

from pydantic import AfterValidator, Field, JsonValue

from workers.engines.engine import EngineError
from workers.mends import Words
from workers.strict import Several, StrictTable, read


def _checked(url: str) -> str:
    if not _is_address(url):
        raise ValueError("it is no address of a server; write http://host:port, with no key in it")
    return url


def _is_address(url: str) -> bool:
    try:
        parts = urlsplit(url)
        has_port = parts.port != 0  # raises for one above 65535 and for one that is no number
    except ValueError:
        return False
    plain = parts.scheme in ("http", "https") and not parts.query and not parts.fragment
    return (
        plain and has_port and bool(parts.hostname) and not re.search(r"[@\s\\]", url) and url.isprintable()
    )


class Endpoint(StrictTable):
    """One server."""

    url: Annotated[str, AfterValidator(_checked)]
    """Up to where the protocol's own paths begin: `http://gpu-7:8000`."""
    model: str = ""
    """As the server calls it; empty where it serves only one."""
    rate_hz: int = Field(default=24_000, ge=8_000, le=192_000)
    """Of the sound that it gives; another rate is a failure, never resampled."""
    languages: Several[str] = ()
    """Those that it speaks."""
    clones: bool = False
    """Whether it takes a recording to speak like."""
    timeout_s: float = Field(default=60.0, gt=0)
    """Without a byte; an answer that keeps coming may take four times as long."""
    attempts: int = Field(default=3, gt=0)
    """Requests for one utterance before it fails."""
    parallel: int = Field(default=4, gt=0)
    """Requests under way at once."""
    key_variable: Annotated[str, Field(pattern=r"^[^=\s]*$"), Words("an environment variable's name")] = ""
    """Name of the environment variable that holds the bearer token; the token itself is kept nowhere."""
    shared_folder: str = ""
    """A folder that the server reads too, for protocols that take a reference by its path."""
    shared_as: str = ""
    """That folder's path as the server sees it; empty when it is the same."""
    identity: Mapping[str, JsonValue] | None = None
    """What the server said of its model when it was pinned; None when it says nothing."""

    @classmethod
    def parse(cls, table: Mapping[str, JsonValue]) -> Endpoint:
        """From a pin; raises `EngineError` with what is wrong."""
        return read(cls, table, where="endpoint", error=EngineError)

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
