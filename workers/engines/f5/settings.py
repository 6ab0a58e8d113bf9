"""The `f5` table of a preset, typed. Everything here decides sound and enters the preset's sound digest.

    {"nfe": 16, "schedule": "epss", "cfg_strength": 2.0, "cfg_interval": [0.0, 1.0], "sway": -1.0,
     "reference_language": "en", "speed": {"default": 1.0, "de": 0.95}, "pace_unit": "syllables", "pace": {"de": 5.4},
     "short_text": {"below_units": 4, "speed": 0.8, "minimum_s": 0.7},
     "seed_policy": "key", "gain_db": 0.0, "target_rms_dbfs": -20.0, "max_total_s": 30.0, "imperfections": []}

What belongs to the machine and not to the voice (frame budgets, device, memory) is the engine's constructor's.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Literal, Self

from pydantic import Field, model_validator

from workers.engines.engine import EngineError, JsonValue
from workers.engines.imperfection import Imperfection
from workers.languages import checked_primary
from workers.mends import Words
from workers.strict import Several, StrictTable, read

Language = Annotated[str, Field(pattern="^[a-z]+$"), Words("a primary language such as en")]
Speed = Annotated[float, Field(ge=0.3, le=3.0)]
Time = Annotated[float, Field(ge=0.0, le=1.0)]
UnitsPerSecond = Annotated[float, Field(ge=1.0, le=40.0)]

WHOLE_INTERVAL = (0.0, 1.0)
"""Every step is guided."""


class ShortText(StrictTable):
    """The rule of texts so short that the model would swallow them at their normal length."""

    below_units: int = Field(default=4, ge=0, le=100)
    """Fewer syllables (or characters) than this are short."""
    speed: float = Field(default=0.8, ge=0.2, le=1.0)
    """What the pace is multiplied by, under 1 for more time."""
    minimum_s: float = Field(default=0.7, ge=0.2, le=5.0)
    """No utterance is shorter."""


class F5Settings(StrictTable):
    """How a preset speaks through F5."""

    nfe: int = Field(default=32, ge=1, le=256)
    """Steps: 32 is upstream's quality, 16 half the cost, 7 with EPSS a quarter."""
    schedule: Literal["epss", "uniform"] = "epss"
    """How the steps lie."""
    cfg_strength: float = Field(default=2.0, ge=0.0, le=10.0)
    """0 for none, which halves the work."""
    cfg_interval: tuple[Time, Time] = Field(default=WHOLE_INTERVAL, strict=False, examples=["[0.2, 0.9]"])
    """Times, 0 is noise and 1 is sound, between whose first and last steps are guided; the others cost half."""
    sway: float | None = Field(default=-1.0, ge=-1.0, le=1.75)
    """Upstream's sway sampling coefficient; null for unswayed steps."""
    reference_language: Language = "en"
    """BCP 47 primary language of the transcript."""
    speed: Mapping[str, Speed] = Field(default={}, examples=["{ default = 1.0, de = 0.95 }"])
    """Language to factor, `default` for all others; 1.1 speaks faster."""
    pace_unit: Literal["syllables", "characters"] = "syllables"
    """What `pace` counts."""
    pace: Mapping[str, UnitsPerSecond] = Field(default={}, examples=["{ de = 5.4 }"])
    """Language to units a second where it was measured; otherwise carried over from the reference."""
    short_text: ShortText = ShortText()
    """Texts that the model would swallow."""
    seed_policy: Literal["key", "fixed"] = "key"
    """`key`: the utterance's own seed, from its key. `fixed`: one for all, as one-voice demos do."""
    seed: int | None = Field(default=None, ge=0, le=2**63 - 1)
    """The one for all."""
    gain_db: float = Field(default=0.0, ge=-40.0, le=20.0)
    """Of the finished sound."""
    target_rms_dbfs: float = Field(default=-20.0, ge=-60.0, le=-6.0)
    """A quieter reference is raised to this and the sound lowered again, as upstream does."""
    max_total_s: float = Field(default=30.0, ge=2.0, le=43.0)
    """Reference and speech together; longer is `too-long`. The model was trained on 30 s."""
    imperfections: Several[Imperfection] = ()
    """Flaws on purpose, docs/presets.md."""

    @model_validator(mode="after")
    def _seed_with_its_policy(self) -> Self:
        if (self.seed_policy == "fixed") != (self.seed is not None):
            raise ValueError('seed goes with seed_policy = "fixed", and only with it; correct it')
        return self

    @model_validator(mode="after")
    def _interval_in_order(self) -> Self:
        if self.cfg_interval[0] >= self.cfg_interval[1]:
            raise ValueError("cfg_interval is the first time and a later one, such as [0.2, 0.9]; correct it")
        return self

    @classmethod
    def parse(cls, parameters: Mapping[str, JsonValue]) -> F5Settings:
        """From a preset's table; raises `EngineError` that names the key and the fix."""
        return read(cls, parameters, where="f5 preset", error=EngineError)

    def check_languages(self) -> None:
        """Raise `EngineError` for a key that no text has: of a new preset; a frozen one is for good."""
        try:
            for language in (*(self.speed.keys() - {"default"}), *self.pace):
                checked_primary(language)
        except ValueError as exc:
            raise EngineError(f"f5 preset: {exc}.") from exc

    def speed_of(self, language: str) -> float:
        """The factor for one language."""
        return self.speed.get(language, self.speed.get("default", 1.0))
