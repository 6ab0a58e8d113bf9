"""Presets, pins and channels."""

from __future__ import annotations

from datetime import date
from typing import Literal

from pydantic import Field, JsonValue

from campaign.service.views.base import Name, Tag, View
from storage.names import ChannelName, GateId, PinId, PresetName


class Preset(View):
    """A frozen speaker."""

    name: str
    version: int
    engines: list[str]
    cloned: bool
    use_case: str | None
    tags: list[str]
    provenance: dict[str, JsonValue]
    records: list[dict[str, JsonValue]]
    problem: str | None = Field(description="Why no new campaign may use it, if so.")


class Pin(View):
    """An immutable record of which weights make sound."""

    id: str
    engine: str
    repo: str | None
    revision: str | None
    digest: str
    licence: str
    attribution: str | None = Field(description="Whom the licence wants named, if anybody.")
    purposes: list[str]
    capabilities: dict[str, JsonValue]
    t_created_ms: int


class PinIn(View):
    """Weights to be pinned, on a disk of the service."""

    name: PinId
    engine: Name
    folder: str = Field(
        max_length=500,
        pattern=r"^[A-Za-z0-9_][A-Za-z0-9_.-]*(/[A-Za-z0-9_][A-Za-z0-9_.-]*)*$",
        description="Below the service's `models_folder`; workers must see it at the same path.",
    )
    licence: Name
    purposes: list[Name] = Field(min_length=1, max_length=10)
    languages: list[Name] = Field(
        default=[], max_length=100, description="What it speaks, where the folder does not say."
    )


class AddedPin(View):
    """What became of it."""

    pin: Pin
    is_new: bool = Field(description="False when the same weights were pinned under this name before.")


class Channel(View):
    """A movable name for a pin."""

    name: str
    pin: str


class Promotion(View):
    """A move of a channel."""

    pin: Name
    reason: Name
    identity_confirmed_by: str = Field(
        default="", max_length=200, description="Who heard the voice and recognises it."
    )
    override_by: str = Field(
        default="", max_length=200, description="Promote without a verdict, on this person's word."
    )
    gate: GateId | None = None


class Rollback(View):
    """A move back."""

    reason: Name


class Move(View):
    """What a move did."""

    channel: ChannelName
    was: str | None
    now: str


class Revocation(View):
    """What ended with a voice."""

    paused: list[str] = Field(description="Campaigns that were stopped.")
    delivered: int = Field(description="Files that hold the voice.")


class ChannelMove(View):
    """One move of a channel."""

    from_pin: str | None
    to_pin: str
    kind: str
    reason: str
    actor: str
    t_ms: int


class CatalogueSpeaker(View):
    """A voice of a model that has several."""

    name: str
    language: str
    gender: str | None
    grade: str = Field(description="The makers' own, A to F; empty where they give none.")
    sample: str | None = Field(description="What it says to be heard, in its language.")


class CatalogueModel(View):
    """A model of the catalogue."""

    name: str
    title: str
    role: str
    licence: str
    attribution: str
    purposes: list[str]
    languages: list[str]
    size_bytes: int
    pin: str | None = Field(description="What holds its files here; null while it was not fetched.")
    command: str = Field(description="That fetches it.")
    speakers: list[CatalogueSpeaker]


class ConsentIn(View):
    """What the speaker agreed to, and its proof."""

    person: Name
    purposes: list[Name] = Field(min_length=1, max_length=10)
    languages: list[Name] = Field(min_length=1, max_length=100)
    territories: list[Name] = Field(min_length=1, max_length=300)
    given: date
    until: date | Literal["revoked"]
    proof: str = Field(
        min_length=4,
        max_length=6_000_000,
        description="The signed document, base64; only its digest is kept.",
    )


class PresetIn(View):
    """A speaker to be frozen."""

    name: PresetName
    engine: Name
    model: str = Field(default="", max_length=200)
    language: Tag = Field(default="en", pattern=r"^[A-Za-z]{2,3}([-_][A-Za-z]{2})?$")
    text: str = Field(default="", max_length=2000, description="Exactly what the recording says.")
    audio: str | None = Field(default=None, max_length=12_000_000, description="The recording, base64.")
    consent: ConsentIn | None = Field(default=None, description="Needed with a recording.")
    table: dict[str, JsonValue] = Field(default={}, max_length=50, description="The engine's parameters.")
    use_case: str = Field(default="", max_length=500)
    tags: list[Name] = Field(default=[], max_length=20)
    source: str = Field(default="", max_length=500)
    despite: list[Name] = Field(
        default=[],
        max_length=20,
        description="Revoked presets that it sounds like: it is another person, or they agreed anew.",
    )


class AddedPreset(View):
    """What became of it."""

    preset: Preset
    is_new: bool = Field(description="False when the newest version has exactly this sound.")
    advice: list[str]
