"""A finish profile is read strictly and says how to mend it."""

from __future__ import annotations

from typing import Any

import pytest
from annotated_types import Ge

from workers.finish import FinishProfile, ProfileError


def test_a_table_is_read_and_written_back() -> None:
    table: dict[str, Any] = {
        "codec": "mp3",
        "rate_hz": 16_000,
        "gain": "asset",
        "target_lufs": -18,
        "characters_per_second": {"de": [6, 25]},
    }
    profile = FinishProfile.from_mapping(table)
    assert (profile.codec, profile.rate_hz, profile.target_lufs) == ("mp3", 16_000, -18.0)
    assert profile.bounds_for("de") == (6.0, 25.0)
    assert FinishProfile.from_mapping(profile.as_mapping()) == profile
    assert FinishProfile.from_mapping({}) == FinishProfile()


def test_every_parameter_enters_the_digest() -> None:
    changed: dict[str, Any] = {
        "codec": "flac",
        "rate_hz": 16_000,
        "gain": "asset",
        "opus_application": "voip",
        "mp3_kbps": 96,
        "marks": ("c2pa",),
        "captions": ("vtt",),
        "pause_before_values": "300 ms",
        "slow_values": "85 %",
        "say_twice": ("code",),
        "characters_per_second": {"de": [6.0, 25.0]},
    }
    for name, field in FinishProfile.model_fields.items():
        for bound in field.metadata:
            if isinstance(bound, Ge):
                low: Any = bound.ge
                changed[name] = low if low != field.default else field.default + 1
    assert changed.keys() == FinishProfile.model_fields.keys()
    digests = {FinishProfile().digest} | {
        FinishProfile.from_mapping({name: value}).digest for name, value in changed.items()
    }
    assert len(digests) == len(changed) + 1


def test_captions_are_in_a_profile_only_where_they_are_asked_for() -> None:
    """Profiles of before have no such key: their files keep their digests."""
    assert "captions" not in FinishProfile().as_mapping()
    assert FinishProfile.from_mapping({"captions": []}).digest == FinishProfile().digest
    asked = FinishProfile.from_mapping({"captions": ["vtt", "json", "vtt"]})
    assert asked.as_mapping()["captions"] == ["json", "vtt"]
    assert FinishProfile.from_mapping(asked.as_mapping()) == asked


@pytest.mark.parametrize(
    ("table", "mend"),
    [
        ({"codek": "wav"}, "no key codek; did you mean codec"),
        ({"codec": "aac"}, "give one of wav, flac"),
        ({"codec": 3}, "give one of wav"),
        ({"gain": "loud"}, "give preset or asset"),
        ({"rate_hz": "8000"}, "give a whole number"),
        ({"rate_hz": True}, "give a whole number"),
        ({"rate_hz": 23_000}, "choose from 8000"),
        ({"codec": "ulaw", "rate_hz": 16_000}, "ulaw has no rate_hz 16000"),
        ({"codec": "opus", "rate_hz": 22_050}, "choose from 8000, 12000"),
        ({"codec": "mp3", "rate_hz": 8_000, "mp3_kbps": 128}, "lower mp3_kbps"),
        ({"marks": "c2pa"}, "give a list"),
        ({"captions": "vtt"}, "give a list; each is one of vtt, srt, json"),
        ({"captions": ["ass"]}, "give one of vtt, srt, json"),
        ({"subtitles": ["vtt"]}, "did you mean captions"),
        ({"mp3_kbps": 65}, "give one of 16"),
        ({"pause_ms": -1}, "give a whole number from 0 to 10000"),
        ({"pause_ms": 1.5}, "give a whole number"),
        ({"target_lufs": "loud"}, "give a number from -40 to -5"),
        ({"target_lufs": float("nan")}, "give a number from -40 to -5"),
        ({"characters_per_second": 12}, "give a table"),
        ({"characters_per_second": {"en": [30, 5]}}, "slowest < fastest"),
        ({"characters_per_second": {"en": ["a", "b"]}}, r"en\[1\] is"),
    ],
)
def test_a_bad_table_is_refused_with_the_mend(table: dict[str, Any], mend: str) -> None:
    with pytest.raises(ProfileError, match=mend):
        FinishProfile.from_mapping(table)


@pytest.mark.parametrize(
    ("codec", "rate_hz", "engine_hz", "file_hz"),
    [
        ("wav", None, 22_050, 22_050),
        ("wav", 8_000, 22_050, 8_000),
        ("opus", None, 22_050, 24_000),
        ("opus", None, 44_100, 48_000),
        ("ulaw", None, 24_000, 8_000),
        ("mp3", None, 96_000, 48_000),
    ],
)
def test_the_file_s_rate_is_the_engine_s_or_the_next_that_the_codec_has(
    codec: str, rate_hz: int | None, engine_hz: int, file_hz: int
) -> None:
    assert FinishProfile.from_mapping({"codec": codec, "rate_hz": rate_hz}).rate_for(engine_hz) == file_hz


def test_codec_settings_name_what_the_encoder_was_asked_for() -> None:
    assert FinishProfile(codec="mp3", mp3_kbps=96).codec_settings == {"kbps": 96, "quality": 5}
    assert FinishProfile(codec="wav").codec_settings == {}
