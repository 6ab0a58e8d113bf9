from __future__ import annotations

from typing import Any

import pytest

from tests.unit.workers.engines.f5.requests import preset_sound
from workers.engines.engine import EngineError, JsonValue, SpokenSpan
from workers.engines.f5 import F5Engine
from workers.engines.f5.settings import F5Settings
from workers.engines.f5.utterances import predicted_seconds
from workers.errors import RecordingError
from workers.presets.tables import complete_table


def test_an_empty_table_is_upstreams_own_setting() -> None:
    settings = F5Settings.parse({})
    assert (settings.nfe, settings.schedule, settings.cfg_strength, settings.sway) == (32, "epss", 2.0, -1.0)
    assert (settings.seed, settings.gain_db, settings.imperfections) == (None, 0.0, ())
    assert settings.cfg_interval == (0.0, 1.0)
    assert settings.speed_of("de") == 1.0


@pytest.mark.parametrize(
    ("table", "says"),
    [
        ({"nef": 16}, "no key nef; did you mean nfe"),
        ({"nfe": 16.5}, "nfe is"),
        ({"nfe": True}, "nfe is"),
        ({"schedule": "cosine"}, "epss or uniform"),
        ({"cfg_strength": -1}, "cfg_strength is -1; give a number from 0 to 10"),
        ({"cfg_interval": [0.5, 0.2]}, "the first time and a later one"),
        ({"cfg_interval": [0.2, 1.2]}, "cfg_interval"),
        ({"cfg_interval": 0.5}, "cfg_interval"),
        ({"sway": "no"}, "sway is"),
        ({"speed": 1.2}, "give a table"),
        ({"speed": {"de": 9}}, "speed.de is 9"),
        ({"reference_language": "EN"}, "primary language"),
        ({"pace_unit": "bytes"}, "syllables or characters"),
        ({"short_text": {"words": 1}}, "short_text"),
        ({"short_text": {"minimum_s": 99}}, "short_text.minimum_s"),
        ({"seed": 4}, "goes with"),
        ({"seed_policy": "fixed"}, "goes with"),
        ({"max_total_s": 90}, "max_total_s"),
        ({"imperfections": "all"}, "give a list"),
    ],
)
def test_a_wrong_entry_is_named_with_what_is_allowed(table: dict[str, JsonValue], says: str) -> None:
    with pytest.raises(EngineError, match=says):
        F5Settings.parse(table)


def test_speed_pace_and_short_texts_decide_how_long_it_takes(alone_engine: F5Engine) -> None:
    def seconds(text: str, language: str = "en", **table: Any) -> float:
        voice = alone_engine._voice(preset_sound(**table))
        return predicted_seconds([SpokenSpan(text=text, language=language)], voice)

    sentence = "The quick brown fox jumps over the lazy dog again and again."
    usual = seconds(sentence)
    assert seconds(sentence, speed={"default": 2.0}) == pytest.approx((usual - 0.15) / 2 + 0.15)
    assert seconds(sentence, speed={"de": 2.0}) == usual
    assert seconds(sentence, pace={"en": 3.0}) > seconds(sentence, pace={"en": 6.0})
    assert seconds("Yes.", short_text={"minimum_s": 1.5}) == 1.5
    assert seconds("Hello you.", short_text={"below_units": 9, "speed": 0.5, "minimum_s": 0.2}) > seconds(
        "Hello you.", short_text={"below_units": 0, "minimum_s": 0.2}
    )


def test_a_fixed_seed_is_one_for_all_keys() -> None:
    assert F5Settings.parse({"seed_policy": "fixed", "seed": 4}).seed == 4


@pytest.mark.parametrize(
    ("table", "says"),
    [
        ({"speed": {"DE": 1.0}}, "DE is no primary language"),
        ({"speed": {"defualt": 1.0}}, "defualt is no primary language"),
        ({"pace": {"default": 5.0}}, "default is no primary language"),
        ({"pace": {"de-AT": 5.0}}, "de-AT is no primary language"),
    ],
)
def test_a_language_that_no_text_has_is_an_error_of_a_new_preset_and_not_of_a_frozen_one(
    table: dict[str, JsonValue], says: str
) -> None:
    assert F5Settings.parse(table).speed_of("de") == 1.0
    with pytest.raises(RecordingError, match=says):
        complete_table("f5", table, language="en")
    complete_table("f5", {"speed": {"default": 1.1, "de": 0.9}, "pace": {"de": 5.0}}, language="en")
