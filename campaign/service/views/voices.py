"""Presets, pins and channels."""

from __future__ import annotations

from pydantic import Field, JsonValue

from campaign.service.views.base import Name, View


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
    purposes: list[str]
    capabilities: dict[str, JsonValue]
    t_created_ms: int


class Channel(View):
    """A movable name for a pin."""

    name: str
    pin: str


class Promotion(View):
    """A move of a channel."""

    pin: Name
    reason: Name
    identity_confirmed_by: str = Field(
        default="", max_length=200, description="Who heard the voice and knows it."
    )
    override_by: str = Field(
        default="", max_length=200, description="Without a verdict, on this person's word."
    )
    gate: str = Field(default="", max_length=200)


class Rollback(View):
    """A move back."""

    reason: Name


class Move(View):
    """What a move did."""

    channel: str
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
