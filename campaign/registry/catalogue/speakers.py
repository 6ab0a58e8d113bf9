"""Speakers of the catalogue's models, by name: found, and made presets when somebody wants to hear them.

A speaker's preset is an ordinary one, `kokoro-af-heart@1`: its table is the engine's for that voice alone, its
provenance the catalogue's entry with licence and attribution. Like the voices that ship it is no person's, so no
consent is asked.
"""

from __future__ import annotations

import difflib
from collections.abc import Iterator
from dataclasses import dataclass

from campaign.errors import InputError, NotFoundError
from campaign.registry.catalogue.table import Catalogue, CatalogueEntry, ModelSpeaker, shipped_catalogue
from campaign.registry.presets import NewPreset, add_preset
from storage.installation import Installation
from storage.names import PresetName
from storage.registry import pins as pin_rows
from storage.registry import presets as preset_rows
from storage.registry.pins import Pin
from storage.registry.presets import Preset
from storage.session import Connection
from workers.engines.registry import speaker_table
from workers.languages import normal, primary
from workers.presets.sound import sound_digest


@dataclass(frozen=True, slots=True, kw_only=True)
class ListedSpeaker:
    """A speaker with the model that has it."""

    entry: CatalogueEntry
    speaker: ModelSpeaker
    sample: str | None
    """What it says to be heard; None where the catalogue has no text of its language."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SpeakerVoice:
    """A speaker that can be spoken with."""

    listed: ListedSpeaker
    preset: Preset
    pin: Pin
    is_new: bool
    """Whether the preset was made just now."""


def list_speakers(*, language: str = "", catalogue: Catalogue | None = None) -> list[ListedSpeaker]:
    """Every speaker, by language and name; those that speak `language`: `pt` means every `pt`, `pt-BR` only that."""
    catalogue = catalogue or shipped_catalogue()
    found = [
        ListedSpeaker(entry=entry, speaker=speaker, sample=catalogue.samples.get(primary(speaker.language)))
        for entry in catalogue.entries
        for speaker in entry.speakers
        if not language or normal(language) in (normal(speaker.language), primary(speaker.language))
    ]
    return sorted(found, key=lambda one: (one.speaker.language, one.entry.name, one.speaker.name))


def find_speaker(name: str, *, catalogue: Catalogue | None = None) -> ListedSpeaker:
    """The speaker of that name; `kokoro/af_heart` where two models have one of it. Raises `NotFoundError`."""
    listed = list_speakers(catalogue=catalogue)
    found = [one for one in listed if name in (one.speaker.name, f"{one.entry.name}/{one.speaker.name}")]
    if len(found) == 1:
        return found[0]
    if found:
        whole = " or ".join(f"{one.entry.name}/{one.speaker.name}" for one in found)
        raise NotFoundError(f"more than one model has a speaker {name}. Write {whole}.")
    near = difflib.get_close_matches(name.lower(), [one.speaker.name for one in listed], n=3, cutoff=0.6)
    mend = "`campaign voice list --speakers` shows those that there are."
    if near:
        mend = f"Did you mean {' or '.join(near)}? {mend}"
    raise NotFoundError(f"there is no speaker {name[:60]!r} in the catalogue. {mend}")


def pins_here(connection: Connection, catalogue: Catalogue | None = None) -> dict[str, Pin]:
    """The pin that holds an entry's very files, by the entry's name, of those that were fetched."""
    pins = pin_rows.all_pins(connection)
    return dict(_pinned(pins, catalogue or shipped_catalogue()))


def _pinned(pins: list[Pin], catalogue: Catalogue) -> Iterator[tuple[str, Pin]]:
    for entry in catalogue.entries:
        files = {file.path: file.sha256 for file in entry.files}
        fitting = [
            pin
            for pin in pins
            if pin.engine == entry.engine and pin.files and pin.files.items() <= files.items()
        ]
        if fitting:
            yield entry.name, max(fitting, key=lambda pin: len(pin.files))


def voice_of(
    installation: Installation,
    name: str,
    *,
    language: str = "",
    actor: str,
    catalogue: Catalogue | None = None,
) -> SpeakerVoice:
    """A speaker's preset and pin; the preset is made the first time. `language` is that of a text it is to say.

    Raises `NotFoundError` for a name that is none and for a model that was not fetched, `InputError` for another
    language than the speaker's; nothing is made then.
    """
    listed = find_speaker(name, catalogue=catalogue)
    entry, speaker = listed.entry, listed.speaker
    if language and primary(language) != primary(speaker.language):
        raise InputError(
            f"{speaker.name} speaks {speaker.language}, not {language}. Choose another: "
            f"`campaign voice list --speakers --language {primary(language)}`."
        )
    table = speaker_table(entry.engine, speaker.name, speaker.language)
    digests = {entry.engine: sound_digest(engine=entry.engine, parameters=table)}
    preset_name = PresetName(f"{entry.name}-{speaker.name}".lower().replace("_", "-"))
    with installation.database.read() as connection:
        pin = pins_here(connection, catalogue).get(entry.name)
        presets = [one for one in preset_rows.all_presets(connection) if one.name == preset_name]
    if pin is None:
        raise NotFoundError(
            f"{speaker.name} is a speaker of {entry.name}, which was not fetched. "
            f"Run `campaign voice get {entry.name}`."
        )
    for preset in reversed(presets):
        if dict(preset.sound_digests) == digests:
            return SpeakerVoice(listed=listed, preset=preset, pin=pin, is_new=False)
    added = add_preset(
        installation,
        NewPreset(
            name=preset_name,
            engine=entry.engine,
            model=pin.id,
            table=table,
            language=speaker.language,
            use_case=f"{speaker.name} of {entry.title}",
            source=f"catalogue: {entry.name}",
            catalogue={
                "entry": entry.name,
                "content": entry.content,
                "speaker": speaker.name,
                "language": speaker.language,
                "licence": entry.licence,
                "attribution": entry.attribution,
            },
        ),
        actor=actor,
    )
    return SpeakerVoice(listed=listed, preset=added.preset, pin=pin, is_new=added.is_new)
