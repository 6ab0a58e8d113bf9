"""Presets that come with the program: TOML files beside this module, each version frozen."""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import Any

from workers.engines.engine import EngineError, PresetSound
from workers.presets.sound import sound_digest

FOLDER = Path(__file__).parent


def shipped_presets() -> tuple[tuple[str, int], ...]:
    """(name, version) of every preset that ships, sorted."""
    names = [
        (table["name"], entry["version"]) for table in map(_read, _files()) for entry in table["versions"]
    ]
    return tuple(sorted(names))


def shipped_engines(name: str, version: int) -> tuple[str, ...]:
    """The engines that `name@version` has a table for, sorted."""
    entries = [
        entry
        for table in map(_read, _files())
        for entry in table["versions"]
        if (table["name"], entry["version"]) == (name, version)
    ]
    return tuple(sorted(engine for entry in entries for engine in entry["engines"]))


def shipped_preset(name: str, version: int, *, engine: str) -> PresetSound:
    """The part of `name@version` that decides sound in `engine`; raises `EngineError` when there is none."""
    for table in map(_read, _files()):
        for entry in table["versions"]:
            if (table["name"], entry["version"]) == (name, version) and engine in entry["engines"]:
                parameters = entry["engines"][engine]
                return PresetSound(
                    name=name,
                    version=version,
                    sound_digest=sound_digest(engine=engine, parameters=parameters),
                    engine=engine,
                    parameters=parameters,
                )
    labels = ", ".join(f"{shipped}@{number}" for shipped, number in shipped_presets())
    raise EngineError(f"no shipped preset {name}@{version} for {engine}; known are {labels}")


def _files() -> list[Path]:
    return sorted(FOLDER.glob("*.toml"))


def _read(path: Path) -> dict[str, Any]:
    return tomllib.loads(path.read_text(encoding="utf-8"))
