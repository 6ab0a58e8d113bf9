"""The `f5` table of a preset, typed. Everything here decides sound and enters the preset's sound digest.

    {"nfe": 16, "schedule": "epss", "cfg_strength": 2.0, "sway": -1.0, "reference_language": "en",
     "speed": {"default": 1.0, "de": 0.95}, "pace_unit": "syllables", "pace": {"de": 5.4},
     "short_text": {"below_units": 4, "speed": 0.8, "minimum_s": 0.7},
     "seed_policy": "key", "gain_db": 0.0, "target_rms_dbfs": -20.0, "max_total_s": 30.0, "imperfections": []}

What belongs to the machine and not to the voice (frame budgets, device, memory) is the engine's constructor's.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from workers.engines.engine import EngineError, JsonValue
from workers.engines.imperfection import Imperfection, parse_imperfections

SCHEDULES = ("epss", "uniform")
PACE_UNITS = ("syllables", "characters")
SEED_POLICIES = ("key", "fixed")
KNOWN = frozenset(
    {
        "nfe", "schedule", "cfg_strength", "sway", "reference_language", "speed", "pace_unit", "pace", "short_text",
        "seed_policy", "seed", "gain_db", "target_rms_dbfs", "max_total_s", "imperfections",
    }
)  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class ShortText:
    """The rule of texts so short that the model would swallow them at their normal length."""

    below_units: int
    """Fewer syllables (or characters) than this are short."""
    speed: float
    """What the pace is multiplied by, under 1 for more time."""
    minimum_s: float
    """No utterance is shorter."""


@dataclass(frozen=True, slots=True, kw_only=True)
class F5Settings:
    """How a preset speaks through F5."""

    nfe: int
    """Steps: 32 is upstream's quality, 16 half the cost, 7 with EPSS a quarter."""
    schedule: str
    cfg_strength: float
    """0 for none, which halves the work."""
    sway: float | None
    """Upstream's sway sampling coefficient; None for unswayed steps."""
    reference_language: str
    """BCP 47 primary language of the transcript."""
    speed: Mapping[str, float]
    """Language -> factor, `default` for all others; 1.1 speaks faster."""
    pace_unit: str
    pace: Mapping[str, float]
    """Language -> units a second where it was measured; otherwise carried over from the reference."""
    short_text: ShortText
    fixed_seed: int | None
    """None: the utterance's own seed, from its key. Otherwise one for all, as one-voice demos do."""
    gain_db: float
    """Of the finished sound."""
    target_rms_dbfs: float
    """A quieter reference is raised to this and the sound lowered again, as upstream does."""
    max_total_s: float
    """Reference and speech together; longer is `too-long`. The model was trained on 30 s."""
    imperfections: tuple[Imperfection, ...]

    @classmethod
    def parse(cls, parameters: Mapping[str, JsonValue]) -> F5Settings:
        """From a preset's table; raises `EngineError` that names the key and the fix."""
        table = _Table(parameters)
        if unknown := sorted(parameters.keys() - KNOWN):
            raise EngineError(
                f"f5 preset: unknown {', '.join(unknown)}; known are {', '.join(sorted(KNOWN))}"
            )
        policy = table.choice("seed_policy", SEED_POLICIES)
        if (policy == "fixed") != ("seed" in parameters):
            raise EngineError('f5 preset: `seed` goes with `seed_policy = "fixed"`, and only with it')
        sway = parameters.get("sway", -1.0)
        return cls(
            nfe=table.whole("nfe", default=32, low=1, high=256),
            schedule=table.choice("schedule", SCHEDULES),
            cfg_strength=table.number("cfg_strength", default=2.0, low=0.0, high=10.0),
            sway=None if sway is None else table.number("sway", default=-1.0, low=-1.0, high=1.75),
            reference_language=table.language("reference_language"),
            speed=table.by_language("speed", low=0.3, high=3.0),
            pace_unit=table.choice("pace_unit", PACE_UNITS),
            pace=table.by_language("pace", low=1.0, high=40.0),
            short_text=_short_text(parameters.get("short_text", {})),
            fixed_seed=table.whole("seed", default=0, low=0, high=2**63 - 1) if policy == "fixed" else None,
            gain_db=table.number("gain_db", default=0.0, low=-40.0, high=20.0),
            target_rms_dbfs=table.number("target_rms_dbfs", default=-20.0, low=-60.0, high=-6.0),
            max_total_s=table.number("max_total_s", default=30.0, low=2.0, high=43.0),
            imperfections=parse_imperfections(parameters.get("imperfections", ())),
        )

    def speed_of(self, language: str) -> float:
        """The factor for one language."""
        return self.speed.get(language, self.speed.get("default", 1.0))


class _Table:
    """Checked reads of a table; each error names the key, the value and what is allowed."""

    def __init__(self, parameters: Mapping[str, JsonValue], place: str = "") -> None:
        self._parameters = parameters
        self._place = place

    def number(self, key: str, *, default: float, low: float, high: float) -> float:
        value = self._parameters.get(key, default)
        if isinstance(value, bool) or not isinstance(value, int | float) or not low <= value <= high:
            raise EngineError(f"f5 preset: `{self._place}{key}` is {value!r}; give {low:g} to {high:g}")
        return float(value)

    def whole(self, key: str, *, default: int, low: int, high: int) -> int:
        value = self._parameters.get(key, default)
        if isinstance(value, bool) or not isinstance(value, int) or not low <= value <= high:
            raise EngineError(
                f"f5 preset: `{self._place}{key}` is {value!r}; give a whole number from {low} to {high}"
            )
        return value

    def choice(self, key: str, allowed: Sequence[str]) -> str:
        value = self._parameters.get(key, allowed[0])
        if not isinstance(value, str) or value not in allowed:
            raise EngineError(f"f5 preset: `{key}` is {value!r}; give {' or '.join(allowed)}")
        return value

    def language(self, key: str) -> str:
        value = self._parameters.get(key, "en")
        if not isinstance(value, str) or not value.isalpha() or not value.islower():
            raise EngineError(f"f5 preset: `{key}` is {value!r}; give a primary language such as en")
        return value

    def by_language(self, key: str, *, low: float, high: float) -> Mapping[str, float]:
        table = self._parameters.get(key, {})
        if not isinstance(table, Mapping):
            raise EngineError(f'f5 preset: `{key}` is {table!r}; give a table such as {{"de": 1.0}}')
        inner = _Table(table, f"{key}.")
        return {language: inner.number(language, default=low, low=low, high=high) for language in table}


def _short_text(value: JsonValue) -> ShortText:
    if not isinstance(value, Mapping) or value.keys() - {"below_units", "speed", "minimum_s"}:
        raise EngineError("f5 preset: `short_text` has below_units, speed and minimum_s")
    table = _Table(value, "short_text.")
    return ShortText(
        below_units=table.whole("below_units", default=4, low=0, high=100),
        speed=table.number("speed", default=0.8, low=0.2, high=1.0),
        minimum_s=table.number("minimum_s", default=0.7, low=0.2, high=5.0),
    )
