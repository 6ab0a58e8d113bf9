"""The preset's table."""

from __future__ import annotations

import pytest

from workers.engines.engine import EngineError, JsonValue
from workers.engines.pocket.settings import PocketSettings

MEL: JsonValue = [{"kind": "dropout", "stage": "mel", "probability": 1.0}]


@pytest.mark.parametrize(
    ("table", "told"),
    [
        ({"nfe": 32}, "nfe"),
        ({"temperature": -1.0}, "temperature"),
        ({"sampler_steps": 0}, "sampler_steps"),
        ({"prompt_tokens": 500}, "prompt_tokens"),
        ({"fewest_words": {"EN": 1}}, "fewest_words"),
        ({"seed": 1}, "seed_policy"),
        ({"seed_policy": "fixed"}, "seed_policy"),
        ({"imperfections": MEL}, "stage .mel., which this engine does not have"),
    ],
)
def test_a_key_that_is_unknown_or_impossible_is_named(table: dict[str, JsonValue], told: str) -> None:
    with pytest.raises(EngineError, match=told):
        PocketSettings.parse(table)


def test_fewest_words_are_a_languages_own() -> None:
    assert PocketSettings.parse({}).fewest_words_of("fr") == 3
    settings = PocketSettings.parse({"fewest_words": {"default": 2, "fr": 4}})
    assert [settings.fewest_words_of(language) for language in ("fr", "en")] == [4, 2]
    with pytest.raises(EngineError, match="english"):
        PocketSettings.parse({"fewest_words": {"english": 1}}).check_languages()
