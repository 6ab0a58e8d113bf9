"""Speech: what is asked and how it went."""

from __future__ import annotations

from typing import Literal

from pydantic import ConfigDict, Field

from campaign.service.views.base import Tag, View


class SpeechIn(View):
    """What to say. The fields of OpenAI's API of that name; further ones are this service's."""

    model_config = ConfigDict(
        extra="ignore",
        json_schema_extra={
            "example": {"model": "production", "voice": "demo-voice@2", "input": "Your code is A4-7731."}
        },
    )
    model: str = Field(
        default="", max_length=200, description="A pin or a channel; empty is the preset's own."
    )
    voice: str | dict[str, str] = Field(
        description='A preset, or {"id": preset}, or {"speaker": name}: a speaker of the catalogue, see /v1/catalogue.'
    )
    input: str = Field(min_length=1, max_length=4096)
    instructions: str | None = Field(
        default=None, max_length=4096, description="Refused: a preset is frozen."
    )
    response_format: Literal["mp3", "opus", "flac", "wav", "pcm"] = "mp3"
    speed: float = Field(default=1.0, ge=0.25, le=4.0)
    stream_format: Literal["audio", "sse"] | None = None
    language: Tag = Field(
        default="en",
        pattern=r"^[A-Za-z]{2,3}([-_][A-Za-z]{2})?$",
        description="Of the text; for a speaker of the catalogue its own by default.",
    )
    purpose: Literal["commercial", "non-commercial", "research"] = "non-commercial"


class SpeechStatistics(View):
    """How it went."""

    id: str
    audio_s: float
    total_ms: float
    t_first_audio_ms: float
    real_time_factor: float
    utterances: int
    utterances_made: int
    characters: int
