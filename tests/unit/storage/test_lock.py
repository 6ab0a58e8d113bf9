"""The lock: the same JSON in and out, and what it replaces is kept in order."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from storage.lock import TELEPHONE_HZ, Lock, LockedCalibration

KEPT: dict[str, Any] = {
    "brief": "b" * 64,
    "templates": {"en": "t" * 64},
    "lexicons": {"names@1": "l" * 64},
    "grammars": {"en": "g" * 64},
    "preset": {"label": "demo-voice@1", "sound_digest": "s" * 64},
    "pin": {"id": "espeak", "digest": "p" * 64},
    "engine": {"name": "espeak", "revision": 1},
    "speech_revision": 2,
    "finish": {"digest": "f" * 64, "revision": 1},
}


LISTENING: dict[str, Any] = {
    "model": "whisper",
    "recogniser": "whisper-1",
    "share": 0.5,
    "unclear": "hold",
    "revision": 1,
    "languages": ["en"],
}
CALIBRATION: dict[str, Any] = {
    "digest": "c" * 64,
    "languages": {"en": {"nats": 1.5, "unlike_sounds": 0.4, "beyond": ["spell", "time"]}},
    "encoder": "onnx-2-abc",
    "encoder_file": "speaker-encoder-1/encoder.onnx",
    "prints": {"en": {"digest": "v" * 64, "lowest": 0.9, "median": 0.95}},
    "telephone_prints": {"en": {"digest": "t" * 64, "lowest": 0.8, "median": 0.85}},
}


def test_a_telephone_s_file_is_held_against_a_print_of_its_own() -> None:
    calibration = LockedCalibration.from_json(CALIBRATION)
    found = [calibration.print_for("en", rate_hz) for rate_hz in (TELEPHONE_HZ, 16_000, 24_000)]
    assert [one and one.digest[0] for one in found] == ["t", "v", "v"]
    assert calibration.print_for("fr", 24_000) is None


@pytest.mark.parametrize(
    "more",
    [
        {},
        {"numeric_classes": ["x86_64-espeak-ng-1.52.0"]},
        {"numeric_classes": []},
        {"listening": LISTENING},
        {"listening": LISTENING | {"calibrations": {"demo-voice@1": CALIBRATION}}},
        {"replaced": [KEPT, {**KEPT, "numeric_classes": ["a"]}]},
    ],
    ids=lambda more: ", ".join(more) or "as submitted",
)
def test_what_was_kept_comes_back_as_it_was(more: dict[str, Any]) -> None:
    assert Lock.from_json(KEPT | more).as_json() == KEPT | more


def test_a_lock_that_takes_anothers_place_keeps_it_and_all_before_it() -> None:
    first = Lock.from_json(KEPT)
    second = replace(first, speech_revision=3).replacing(first)
    third = replace(first, speech_revision=4).replacing(second)
    assert [lock.speech_revision for lock in third.with_replaced()] == [4, 2, 3]
    assert all(lock.replaced == () for lock in third.replaced)


@pytest.mark.parametrize("key", sorted(KEPT))
def test_what_is_no_lock_is_not_read_as_one(key: str) -> None:
    with pytest.raises((KeyError, TypeError)):
        Lock.from_json({name: value for name, value in KEPT.items() if name != key})
