"""Catalogue entries made for a test, and what was told while they were fetched."""

from __future__ import annotations

import hashlib
import threading
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from campaign.registry.catalogue import CatalogueEntry, read_catalogue
from tests.servers.sources import COMMIT, catalogue_of

MODEL = bytes(range(256)) * 4000
"""Joined from two wheels, or whole at the release."""
VOICES = {"a": b"first voice" * 500, "b": b"second voice" * 500}
RELEASE = "/web/model-v1.onnx"


class Seen:
    """What was told."""

    def __init__(self) -> None:
        self.passed: list[tuple[str, str]] = []
        self.arrived: dict[str, int] = {}
        self.waited = threading.Event()

    def arriving(self, what: str, done_bytes: int, total_bytes: int) -> None:
        assert done_bytes <= total_bytes
        self.arrived[what] = done_bytes

    def passed_over(self, what: str, why: str) -> None:
        self.passed.append((what, why))

    def waiting(self, for_what: str) -> None:
        self.waited.set()


def package(kind: str, name: str, data: bytes) -> dict[str, Any]:
    sha256 = hashlib.sha256(data).hexdigest()
    return {"kind": kind, "package": name, "version": "1.0.0", "size": len(data), "sha256": sha256}


def file_of(path: str, data: bytes, *sources_: list[tuple[str, str]]) -> dict[str, Any]:
    return {
        "path": path,
        "size": len(data),
        "sha256": hashlib.sha256(data).hexdigest(),
        "sources": [[{"origin": origin, "path": there} for origin, there in source] for source in sources_],
    }


def set_environment(monkeypatch: pytest.MonkeyPatch, environment: Mapping[str, str]) -> None:
    for name, value in environment.items():
        monkeypatch.setenv(name, value) if value else monkeypatch.delenv(name, raising=False)


def whole(origins: dict[str, Any], files: list[dict[str, Any]], **more: Any) -> dict[str, Any]:
    return {
        "name": "some-voice",
        "title": "Some voice",
        "role": "voice",
        "engine": "tone",
        "licence": "CC-BY-NC-4.0",
        "attribution": "Some voice by its makers.",
        "purposes": ["non-commercial", "research"],
        "languages": ["en", "fr"],
        "repo": "maker/model",
        "revision": COMMIT,
        "origins": origins,
        "files": files,
    } | more


def entry_of(tmp_path: Path, table: dict[str, Any]) -> CatalogueEntry:
    return read_catalogue(catalogue_of(tmp_path / "catalogue.toml", [table])).entries[0]
