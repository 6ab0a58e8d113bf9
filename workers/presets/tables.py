"""An engine's parameter table, made whole and checked by the engine's own rules before it is frozen."""

from __future__ import annotations

import contextlib
from collections.abc import Mapping
from pathlib import Path

from workers.engines.engine import EngineError, JsonValue, Pcm, PresetSound
from workers.engines.registry import create_engine
from workers.errors import RecordingError
from workers.strict import read_toml

F5_DEFAULTS: Mapping[str, JsonValue] = {
    "nfe": 32,
    "schedule": "epss",
    "cfg_strength": 2.0,
    "sway": -1.0,
    "seed_policy": "key",
    "gain_db": 0.0,
}
"""Written out, so that a preset stands for itself whatever later code takes for a default."""


def read_table(path: Path | None) -> dict[str, JsonValue]:
    """A table from a TOML file; None is an empty one."""
    if path is None:
        return {}
    return read_toml(path, error=RecordingError, option="--engine-table")


def complete_table(
    engine: str,
    given: Mapping[str, JsonValue],
    *,
    language: str,
    reference: Pcm | None = None,
    reference_rate_hz: int = 0,
) -> dict[str, JsonValue]:
    """`given` with the engine's defaults; raises `RecordingError` when the engine would refuse it."""
    table = dict(given)
    try:
        if engine == "f5":
            from workers.engines.f5.settings import F5Settings

            table = {**F5_DEFAULTS, "reference_language": language, **given}
            F5Settings.parse(table).check_languages()
        elif engine == "kokoro":  # whose weights are a pin's, and not needed to know its tables
            from workers.engines.kokoro.settings import KokoroSettings

            KokoroSettings.parse(table)
        else:
            sound = PresetSound(
                name="new",
                version=1,
                sound_digest="0" * 64,
                engine=engine,
                parameters=table,
                reference=reference,
                reference_rate_hz=reference_rate_hz,
            )
            with contextlib.closing(create_engine(engine)) as speaker:
                speaker.warm([sound])
    except EngineError as exc:
        raise RecordingError(f"{str(exc).rstrip('.')}. Correct the file given with --engine-table.") from exc
    return table
