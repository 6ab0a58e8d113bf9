"""Engines by name. An installed package adds one under the entry-point group `campaign.engines`.

    [project.entry-points."campaign.engines"]
    mine = "my_package:MyEngine"          # a class with the `Engine` protocol and `__init__(*, device=...)`

Nothing is imported before it is asked for.
"""

from __future__ import annotations

from importlib import import_module
from importlib.metadata import entry_points
from inspect import signature
from typing import Any, Protocol, cast

from workers.engines.engine import Engine, EngineError

GROUP = "campaign.engines"
SHIPPED = {
    "espeak": "workers.engines.espeak:EspeakEngine",
    "tone": "workers.engines.tone:ToneEngine",
}


class _EngineClass(Protocol):
    revision: int

    def __call__(self, **options: Any) -> Engine: ...


def engine_names() -> tuple[str, ...]:
    """Every name that `create_engine` knows, sorted."""
    return tuple(sorted({*SHIPPED, *(entry.name for entry in entry_points(group=GROUP))}))


def create_engine(name: str, *, device: str = "cpu") -> Engine:
    """A new engine; nothing heavy is loaded before `warm`. Raises `EngineError` for an unknown name.

    `device` is handed to engines that take one.
    """
    kind = _engine_class(name)
    return kind(device=device) if "device" in signature(kind).parameters else kind()


def engine_revision(name: str) -> int:
    """The revision of the engine's code that is installed here, without making one."""
    return _engine_class(name).revision


def _engine_class(name: str) -> _EngineClass:
    if name in SHIPPED:  # a package cannot take a shipped name: pins name engines
        module, _, attribute = SHIPPED[name].partition(":")
        return cast(_EngineClass, getattr(import_module(module), attribute))
    for entry in entry_points(group=GROUP, name=name):
        try:
            return cast(_EngineClass, entry.load())
        except (ImportError, AttributeError) as problem:
            raise EngineError(
                f"engine {name!r} cannot be imported ({problem}); reinstall {entry.value}"
            ) from problem
    raise EngineError(f"no engine {name!r}; known are {', '.join(engine_names())}")
