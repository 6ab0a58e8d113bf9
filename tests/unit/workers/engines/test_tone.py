"""The engine that costs nothing keeps the protocol all the same."""

from __future__ import annotations

import pytest

from tests.unit.workers.engines.spoken import HELLO, demo_voice, failure, preset, request, sha256, sound
from workers.engines.engine import EngineError
from workers.engines.tone import ToneEngine


def test_a_tone_lasts_as_long_as_the_words_would() -> None:
    made = sound(ToneEngine().synthesise([request(("en", "x" * 150), preset=demo_voice("tone"))])[0])
    assert made.duration_s == pytest.approx(10, abs=0.05)
    assert made.rate_hz == 24_000


def test_same_request_same_samples_other_seed_other_samples() -> None:
    engine, tone = ToneEngine(), demo_voice("tone")
    first, again, other = engine.synthesise(
        [request(("en", HELLO), preset=tone, seed=seed) for seed in (5, 5, 5 + 32)]
    )
    assert sha256(first) == sha256(again) != sha256(other)


def test_a_tone_that_is_too_long_is_a_failure() -> None:
    outcome = ToneEngine().synthesise([request(("en", "x" * 150), preset=demo_voice("tone"), max_seconds=9)])[
        0
    ]
    assert failure(outcome).code == "too-long"


@pytest.mark.parametrize(
    "parameters", [{"characters_per_second": 0}, {"pitch_hz": 1.5}, {"pitch_hz": 20_000}, {"pich": 1}]
)
def test_a_bad_table_is_refused(parameters: dict[str, object]) -> None:
    with pytest.raises(EngineError, match="tone preset"):
        ToneEngine().warm([preset("tone", **parameters)])
