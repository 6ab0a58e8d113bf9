"""Pins of models behind HTTP: where the server is, which model it says it runs, what that model may be used for."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol, runtime_checkable

from campaign.errors import InputError
from campaign.registry.pins import check_purposes, digests_of, keep_pin
from campaign.registry.voice import capability_table
from storage.canonical import digest
from storage.installation import Installation
from storage.names import PinId
from storage.registry.pins import NewPin, Pin
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

    name: PinId
    engine: str
    endpoint: Mapping[str, Any]
    """`url`, `model` and options, as `workers.engines.http.endpoint.Endpoint` takes them."""
    licence: str
    purposes: tuple[str, ...]
    weights: Path | None = None
    """The server's own files where they can be read here: they identify what the server cannot."""
    repo: str = ""
    revision: str = ""


def connect_model(installation: Installation, new_endpoint: NewEndpoint, *, actor: str) -> tuple[Pin, bool]:
    """Pin a server's model; (pin, whether it is new). Raises `InputError`, `ConflictError`, `EngineError`.

    The same model at another address is the same pin, moved.
    """
    check_purposes(new_endpoint.purposes)
    with closing(create_engine(new_endpoint.engine, endpoint=new_endpoint.endpoint)) as engine:
        if not isinstance(engine, SaysWhatItRuns):
            raise InputError(
                f"engine {new_endpoint.engine} has no server. Pin its files with `campaign model add`."
            )
        identity = engine.identified()
        capabilities = engine.capabilities
    files = {} if new_endpoint.weights is None else digests_of(new_endpoint.weights)
    content = digest(
        {
            "engine": new_endpoint.engine,
            "repo": new_endpoint.repo,
            "revision": new_endpoint.revision,
            "model": new_endpoint.endpoint.get("model", ""),
            "identity": identity,
            "files": files,
            "url": new_endpoint.endpoint["url"] if identity is None and not files else None,
        }
    )
    pin = NewPin(
        id=new_endpoint.name,
        digest=content,
        engine=new_endpoint.engine,
        repo=new_endpoint.repo or None,
        revision=new_endpoint.revision or None,
        files=files,
        licence=new_endpoint.licence,
        purposes=list(new_endpoint.purposes),
        capabilities=capability_table(capabilities),
        location=None if new_endpoint.weights is None else str(new_endpoint.weights.resolve()),
        endpoint={**new_endpoint.endpoint, "identity": identity},
    )
    with installation.database.write() as connection:
        return keep_pin(connection, pin, actor=actor)
