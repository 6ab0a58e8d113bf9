"""The `pocket` table of a preset, typed. Everything here decides sound and enters the preset's sound digest.

    {"temperature": 0.3, "sampler_steps": 1, "noise_clamp": null, "eos_threshold": -4.0, "frames_after_eos": null,
     "prompt_tokens": 50, "fewest_words": {"default": 3, "en": 1}, "seed_policy": "key", "gain_db": 0.0,
     "imperfections": []}

What is left out is the model's own, which its configuration says and the pin keeps.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Literal, Self

from pydantic import Field, model_validator

from workers.engines.engine import EngineError, JsonValue
from workers.engines.imperfection import VoiceTable
from workers.languages import checked_primary
from workers.mends import Words
from workers.strict import read

Language = Annotated[str, Field(pattern="^[a-z]+$"), Words("a primary language such as en, or default")]
WordCount = Annotated[int, Field(ge=0, le=20)]

FEWEST_WORDS = 3
"""Shorter texts come out garbled; upstream's users found it of one and two words."""


class PocketSettings(VoiceTable):
    """How a preset speaks through Pocket TTS."""

    temperature: float | None = Field(default=None, ge=0.0, le=2.0)
    """Variance of the noise that a frame begins from; null is the model's own, 0.3 of those published."""
    sampler_steps: int = Field(default=1, ge=1, le=64)
    """Steps from noise to a frame. 1 is upstream's; a head of the type `flow_matching` wants 16."""
    noise_clamp: float | None = Field(default=None, ge=0.1, le=10.0)
    """Noise beyond this is drawn again; null for none, upstream's."""
    eos_threshold: float | None = Field(default=None, ge=-20.0, le=20.0)
    """Speech ends where the model's mark of the end is above this; null is the model's own, mostly -4."""
    frames_after_eos: int | None = Field(default=None, ge=0, le=25)
    """Frames of 80 ms kept after that mark; null is upstream's rule, 5 for up to four words and 3 for more."""
    prompt_tokens: int = Field(default=50, ge=10, le=200)
    """Longer texts are spoken in parts that end with a sentence or a comma, as upstream does; it has 50."""
    fewest_words: Mapping[Language, WordCount] = Field(default={}, examples=["{ default = 3, en = 1 }"])
    """Language to the fewest words that the model says well; fewer are refused. `default` is for all others, 3."""
    seed_policy: Literal["key", "fixed"] = "key"
    """`key`: the utterance's own seed, from its key. `fixed`: one for all."""
    seed: int | None = Field(default=None, ge=0, le=2**63 - 1)
    """The one for all."""
    gain_db: float = Field(default=0.0, ge=-40.0, le=20.0)
    """Of the finished sound."""

    @model_validator(mode="after")
    def _seed_with_its_policy(self) -> Self:
        if (self.seed_policy == "fixed") != (self.seed is not None):
            raise ValueError('seed goes with seed_policy = "fixed", and only with it; correct it')
        return self

    @classmethod
    def parse(cls, parameters: Mapping[str, JsonValue]) -> PocketSettings:
        """From a preset's table; raises `EngineError` that names the key and the fix."""
        return read(cls, parameters, where="pocket preset", error=EngineError)

    def check_languages(self) -> None:
        """Raise `EngineError` for a key that no text has: of a new preset; a frozen one is for good."""
        try:
            for language in self.fewest_words.keys() - {"default"}:
                checked_primary(language)
        except ValueError as exc:
            raise EngineError(f"pocket preset: {exc}.") from exc

    def fewest_words_of(self, language: str) -> int:
        """The fewest words that are spoken in one language."""
        return self.fewest_words.get(language, self.fewest_words.get("default", FEWEST_WORDS))
