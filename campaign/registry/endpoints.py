"""Pins of models behind HTTP: where the server is, which model it says it runs, what that model may be used for."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol, runtime_checkable

from campaign.errors import InputError
from campaign.registry.pins import check_asked, digests_of, keep_pin
from campaign.registry.voice import described
from storage.canonical import digest
from storage.installation import Installation
from storage.registry.pins import Pin
from workers.engines.registry import create_engine


@runtime_checkable
class SaysWhatItRuns(Protocol):
    """An engine whose model lies elsewhere."""

    def identified(self) -> dict[str, Any] | None:
        """What the server says of its model; None when it says nothing."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class NewEndpoint:
    """What a person asks for."""

    name: str
    engine: str
    endpoint: Mapping[str, Any]
    """`url`, `model` and options, as `workers.engines.http.endpoint.Endpoint` takes them."""
    licence: str
    purposes: tuple[str, ...]
    weights: Path | None = None
    """The server's own files where they can be read here: they identify what the server cannot."""
    repo: str = ""
    revision: str = ""


def connect_model(installation: Installation, asked: NewEndpoint, *, actor: str) -> tuple[Pin, bool]:
    """Pin a server's model; (pin, whether it is new). Raises `InputError`, `ConflictError`, `EngineError`.

    The same model at another address is the same pin, moved.
    """
    check_asked(asked.name, asked.purposes)
    with closing(create_engine(asked.engine, endpoint=asked.endpoint)) as made:
        if not isinstance(made, SaysWhatItRuns):
            raise InputError(f"engine {asked.engine} has no server. Pin its files with `campaign model add`.")
        identity = made.identified()
        capabilities = made.capabilities
    files = {} if asked.weights is None else digests_of(asked.weights)
    content = digest(
        {
            "engine": asked.engine,
            "repo": asked.repo,
            "revision": asked.revision,
            "model": asked.endpoint.get("model", ""),
            "identity": identity,
            "files": files,
            "url": asked.endpoint["url"] if identity is None and not files else None,
        }
    )
    values = {
        "engine": asked.engine,
        "repo": asked.repo or None,
        "revision": asked.revision or None,
        "files": files,
        "vocoder": None,
        "vocabulary_sha256": None,
        "licence": asked.licence,
        "purposes": list(asked.purposes),
        "capabilities": described(capabilities),
    }
    with installation.database.write() as connection:
        return keep_pin(
            connection,
            asked.name,
            content,
            values,
            location=None if asked.weights is None else str(asked.weights.resolve()),
            endpoint={**asked.endpoint, "identity": identity},
            actor=actor,
        )
