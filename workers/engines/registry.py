"""Engines by name. An installed package adds one under the entry-point group `campaign.engines`.

    [project.entry-points."campaign.engines"]
    mine = "my_package:MyEngine"          # a class with the `Engine` protocol; `__init__(*, device=...)`

Nothing is imported before it is asked for.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from dataclasses import fields
from importlib import import_module
from importlib.metadata import entry_points
from inspect import signature
from pathlib import Path
from typing import Any, Protocol, cast

from workers.engines.engine import Engine, EngineError, ImperfectEngine, JsonValue, UnknownEngineError
from workers.engines.options import ON_CPU, DeviceOptions
from workers.engines.pronunciation import IpaReaders

GROUP = "campaign.engines"
SHIPPED = {
    "chatterbox": "workers.engines.http:ChatterboxEngine",
    "cosyvoice": "workers.engines.http:CosyVoiceEngine",
    "espeak": "workers.engines.espeak:EspeakEngine",
    "f5": "workers.engines.f5:F5Engine",
    "gpt-sovits": "workers.engines.http:GptSovitsEngine",
    "kokoro": "workers.engines.kokoro:KokoroEngine",
    "openai": "workers.engines.http:OpenAiEngine",
    "pocket": "workers.engines.pocket:PocketEngine",
    "tone": "workers.engines.tone:ToneEngine",
}


_OPTION_NAMES = tuple(item.name for item in fields(DeviceOptions))


class _EngineClass(Protocol):
    revision: int

    __call__: Callable[..., Engine]


def engine_names() -> tuple[str, ...]:
    """Every name that `create_engine` knows, sorted."""
    return tuple(sorted({*SHIPPED, *(entry.name for entry in entry_points(group=GROUP))}))


def create_engine(
    name: str,
    *,
    options: DeviceOptions = ON_CPU,
    location: Path | None = None,
    files: Mapping[str, str] | None = None,
    endpoint: Mapping[str, Any] | None = None,
) -> Engine:
    """A new engine; nothing heavy is loaded before `warm`. Raises `EngineError` for an unknown name.

    `location` is the folder of weights that a pin names and `files` their sha256 digests by path, which the engine
    checks before it reads them; `endpoint` is the server of a model that lies elsewhere. Each of these, and each field
    of `options`, is handed to engines whose constructor takes it.
    """
    kind = _engine_class(name)
    given: dict[str, Any] = {name: getattr(options, name) for name in _OPTION_NAMES}
    given |= {"location": location, "files": files, "endpoint": endpoint}
    taken = signature(kind).parameters
    return kind(**{name: value for name, value in given.items() if name in taken})


def engine_revision(name: str) -> int:
    """The revision of the engine's code that is installed here, without making one."""
    return _engine_class(name).revision


def attribution_of(name: str) -> str:
    """Whom the licence of every model of an engine wants named, where its class says so (`attribution`); else ""."""
    return str(getattr(_engine_class(name), "attribution", ""))


def check_table(name: str, parameters: Mapping[str, JsonValue], files: Collection[str]) -> None:
    """Raise `EngineError` where a preset's table asks for what the files of a pin do not have. Loads nothing.

    An engine says so by a static method of this name.
    """
    check = getattr(_engine_class(name), "check_table", None)
    if check is not None:
        check(parameters, files)


def ipa_readers(name: str, parameters: Mapping[str, JsonValue]) -> IpaReaders | None:
    """What the voices of a preset's table can say of IPA, where the engine's class tells it (`ipa_readers`); else None.

    Loads nothing. Raises `EngineError` for a table that cannot be read.
    """
    tell: Callable[[Mapping[str, JsonValue]], IpaReaders] | None
    tell = getattr(_engine_class(name), "ipa_readers", None)
    return None if tell is None else tell(parameters)


def sound_files(name: str, folder: Path) -> Mapping[str, Path] | None:
    """Which files of a folder decide an engine's sound, by their path in it; None where the engine does not say.

    An engine says so by a static method `sound_files(folder)`; it may refuse the folder with an `EngineError`.
    """
    choose = getattr(_engine_class(name), "sound_files", None)
    return None if choose is None else cast(Mapping[str, Path], choose(folder))


def speaker_table(name: str, speaker: str, language: str) -> Mapping[str, JsonValue]:
    """The table of a preset that is one named voice of a model, by the engine's static method of this name.

    Loads nothing. Raises `EngineError` for an engine without such voices and for a voice that it cannot have.
    """
    tell = getattr(_engine_class(name), "speaker_table", None)
    if tell is None:
        raise EngineError(f"engine {name} has no voices by name; write its table for `campaign preset add`")
    return cast(Mapping[str, JsonValue], tell(speaker, language))


def imperfection_stages(name: str) -> frozenset[str]:
    """Stages at which an engine makes flaws that a template declares; empty for one that makes none."""
    kind = _engine_class(name)
    return kind.imperfection_stages if isinstance(kind, ImperfectEngine) else frozenset()


def tells_words(name: str) -> bool:
    """Whether an engine tells when it says each word (`WORDS` among its notes)."""
    return bool(getattr(_engine_class(name), "tells_words", False))


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
    raise UnknownEngineError(f"no engine {name!r}; known are {', '.join(engine_names())}")
