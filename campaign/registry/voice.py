"""Which voice a brief means: a preset, a pin, and whether they may be used together for this purpose."""

from __future__ import annotations

import contextlib
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Annotated

from pydantic import Field, JsonValue

from campaign.brief import Brief
from campaign.errors import BriefError, ConflictError, NotFoundError
from storage.clock import read_now_ms
from storage.registry import pins as pin_rows
from storage.registry import presets as preset_rows
from storage.registry.pins import Pin
from storage.registry.presets import Preset
from storage.session import Connection
from workers.digits import whole_number
from workers.engines.engine import Capabilities, EngineError
from workers.engines.registry import check_table, create_engine, engine_revision
from workers.languages import primary
from workers.presets import standing
from workers.strict import Several, StrictTable
from workers.synthesis_key import Voice

DEFAULT_CHANNEL = "production"
NATURAL_FIRST = ("kokoro", "espeak", "tone")
"""Engines that can have a pin of their own name: fetched, or shipped."""
OWN = ""
"""What a row says that is spoken by its campaign's own preset."""
_IN_ONE = ", or make a campaign for each model: the presets of one campaign speak on one pin"


@dataclass(frozen=True, slots=True, kw_only=True)
class ChosenVoice:
    """A preset on a pin, ready to be planned with."""

    preset: Preset
    pin: Pin
    voice: Voice
    capabilities: Capabilities


def choose_voice(connection: Connection, brief: Brief) -> ChosenVoice:
    """The preset and the pin a brief names; raises `NotFoundError` or `BriefError` with the mend."""
    return choose_voices(connection, brief.revised(presets={}))[OWN]


def choose_voices(connection: Connection, brief: Brief) -> dict[str, ChosenVoice]:
    """The voice of a campaign (`OWN`) and those that its rows may ask for, by what a row says; all on one pin.

    Raises `NotFoundError` or `BriefError` with the mend.
    """
    presets = {OWN: find_preset(connection, brief.preset)}
    for voice, label in brief.presets.items():
        presets[voice] = find_preset(connection, label)
    pin = find_speaking_pin(connection, brief.model, list(presets.values()))
    return {voice: _chosen(preset, pin, brief) for voice, preset in presets.items()}


def _chosen(preset: Preset, pin: Pin, brief: Brief) -> ChosenVoice:
    if pin.engine not in preset.parameters:
        has = ", ".join(sorted(preset.parameters))
        raise BriefError(
            f"preset {preset.label} has no table for engine {pin.engine} (pin {pin.id}), only for {has}. "
            f"Choose another model or preset{_IN_ONE if brief.presets else ''}."
        )
    if brief.purpose not in pin.purposes:
        raise BriefError(
            f"pin {pin.id} is licensed {pin.licence} and allows {', '.join(pin.purposes)}, not {brief.purpose}. "
            "Choose another model, or change the purpose if it is wrong."
        )
    try:
        check_table(pin.engine, preset.parameters[pin.engine], pin.files)
    except EngineError as exc:
        raise BriefError(
            f"preset {preset.label} cannot speak on pin {pin.id}: {exc}. Choose another model or preset."
        ) from exc
    capabilities = capabilities_of(pin)
    _fit(preset, pin, capabilities)
    if capabilities.languages:
        languages = capabilities.languages | preset.languages_elsewhere(pin.engine)
        capabilities = replace(capabilities, languages=languages)
        unknown = [tag for tag in brief.languages if primary(tag) not in capabilities.languages]
        if unknown:
            raise BriefError(
                f"engine {pin.engine} does not speak {', '.join(unknown)}. Leave them out of `languages` or choose "
                "another model."
            )
    voice = Voice(
        preset_digest=preset.sound_digests[pin.engine],
        pin_digest=pin.digest,
        engine=pin.engine,
        engine_revision=engine_revision(pin.engine),
    )
    return ChosenVoice(preset=preset, pin=pin, voice=voice, capabilities=capabilities)


def _fit(preset: Preset, pin: Pin, capabilities: Capabilities) -> None:
    is_cloned = preset.reference_key is not None
    if is_cloned and not capabilities.clones:
        raise BriefError(
            f"preset {preset.label} is cloned from a recording, and pin {pin.id} cannot clone: it would be another "
            "voice. Choose another model or preset."
        )
    if not is_cloned and (capabilities.needs_recording or capabilities.needs_transcript):
        raise BriefError(
            f"pin {pin.id} needs a recording to speak from, and preset {preset.label} has none. Choose another preset."
        )


def check_use(connection: Connection, chosen: ChosenVoice, brief: Brief) -> None:
    """Raise `ConflictError` when a new campaign may not use the preset: retired, revoked, or outside its consent."""
    preset = chosen.preset
    records = preset_rows.records(connection, preset)
    problem = standing.retirement(preset.label, records) or standing.refusal(
        preset.label,
        records,
        standing.Use.of_brief(brief.purpose, brief.as_json()),
        read_now_ms(connection),
        is_of_a_person=preset.is_of_a_person,
    )
    if problem is not None:
        raise ConflictError(problem)


def engine_capabilities(connection: Connection, engine: str, model: str = "") -> Capabilities:
    """What an engine can do: as the pin `model` records it, or as its code says. Raises `NotFoundError`."""
    if model:
        pin = pin_rows.resolve(connection, model)
        if pin is None or pin.engine != engine:
            raise NotFoundError(
                f"there is no pin or channel {model!r} of engine {engine}. `campaign model list` shows those "
                "that exist."
            )
        return capabilities_of(pin)
    with contextlib.closing(create_engine(engine)) as opened_engine:
        return opened_engine.capabilities


class CapabilityTable(StrictTable):
    """Capabilities as a pin records them."""

    clones: bool
    languages: Several[str]
    phonemes: Several[str]
    needs_transcript: bool
    needs_recording: bool = False
    reference_limit_s: float | None
    streams: bool
    rate_hz: int
    characters: Several[Annotated[tuple[int, int], Field(strict=False)]]


def capability_table(capabilities: Capabilities) -> dict[str, JsonValue]:
    """Capabilities as a pin records them; the inverse of `capabilities_of`."""
    table = CapabilityTable(
        clones=capabilities.clones,
        languages=tuple(sorted(capabilities.languages)),
        phonemes=tuple(sorted(capabilities.phoneme_alphabets)),
        needs_transcript=capabilities.needs_transcript,
        needs_recording=capabilities.needs_recording,
        reference_limit_s=capabilities.reference_limit_s,
        streams=capabilities.streams,
        rate_hz=capabilities.rate_hz,
        characters=tuple((first, last) for first, last in capabilities.characters),
    )
    return table.model_dump(mode="json")


def capabilities_of(pin: Pin) -> Capabilities:
    """What the engine can do with these weights, as recorded in the pin."""
    table = CapabilityTable.model_validate(pin.capabilities)
    return Capabilities(
        clones=table.clones,
        languages=frozenset(primary(tag) for tag in table.languages),
        phoneme_alphabets=frozenset(table.phonemes),
        needs_transcript=table.needs_transcript,
        needs_recording=table.needs_recording,
        reference_limit_s=table.reference_limit_s,
        streams=table.streams,
        rate_hz=table.rate_hz,
        characters=table.characters,
    )


def find_preset(connection: Connection, label: str) -> Preset:
    """`name@version`, or the newest of `name`; raises `NotFoundError`."""
    name, at, version = label.partition("@")
    number = whole_number(version)
    if at and number is None:
        raise NotFoundError(f"{label!r} is not a preset: write name@number, for example demo-voice@1.")
    preset = preset_rows.find(connection, name, number)
    if preset is None:
        raise NotFoundError(f"there is no preset {label}. `campaign preset list` shows those that exist.")
    return preset


def _naturalness(engine: str) -> int:
    """Where no model is named, the first of these with a pin of its own name speaks; others follow in their order."""
    return NATURAL_FIRST.index(engine) if engine in NATURAL_FIRST else len(NATURAL_FIRST)


def find_speaking_pin(connection: Connection, model: str, presets: Sequence[Preset]) -> Pin:
    """The pin or channel `model`, or, where it is empty, the one on which presets speak that name none.

    Raises `NotFoundError`, and `BriefError` where no engine serves all of them.
    """
    if model:
        pin = pin_rows.resolve(connection, model)
        if pin is None:
            raise NotFoundError(
                f"there is no pin or channel {model!r}. `campaign model list` shows those that exist."
            )
        return pin
    served = [engine for engine in presets[0].parameters if all(engine in one.parameters for one in presets)]
    production = pin_rows.resolve(connection, DEFAULT_CHANNEL)
    if production is not None and production.engine in served:
        return production
    for engine in sorted(served, key=_naturalness):
        pin = pin_rows.find(connection, engine)
        if pin is not None:
            return pin
    labels = ", ".join(dict.fromkeys(preset.label for preset in presets))
    if len(presets) > 1 and not served:
        has = "; ".join(f"{one.label} for {', '.join(sorted(one.parameters))}" for one in presets)
        raise BriefError(
            f"no engine has a table in all of the presets {labels} ({has}). Leave one of them out{_IN_ONE}."
        )
    raise NotFoundError(
        f"no pin serves preset {labels}. Add one with `campaign model add` or name it with --model."
    )
