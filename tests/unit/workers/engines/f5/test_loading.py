"""What is held once the weights are read: voices share a table of steps, and kept conditioning is used as it is."""

from __future__ import annotations

from contextlib import nullcontext
from pathlib import Path

import pytest

from tests.unit.workers.engines.f5.requests import preset_sound
from workers.engines.f5.device import DeviceChoice
from workers.engines.f5.loading import ReadyModel, load_on
from workers.engines.f5.sampler import Schedule
from workers.engines.f5.settings import F5Settings
from workers.engines.f5.weights import open_folder


@pytest.fixture(scope="module")
def ready(tiny_folder: Path) -> ReadyModel:
    return load_on(open_folder(tiny_folder), DeviceChoice(device="cpu"), {}, nullcontext())


def test_presets_of_the_same_steps_share_their_table(ready: ReadyModel) -> None:
    schedules: dict[tuple[object, ...], Schedule] = {}
    first, second, other = (
        ready.voice(
            preset_sound(**table),
            F5Settings.parse({"nfe": 4, **table}),
            schedules,
            None,
        )
        for table in ({"cfg_strength": 1.0}, {"cfg_strength": 3.0}, {"sway": None})
    )
    assert first.schedule is second.schedule
    assert other.schedule is not first.schedule
    assert (first.guidance.strength, second.guidance.strength) == (1.0, 3.0)
    assert len(first.schedule.times) == 5


def test_kept_conditioning_is_used_and_not_made_again(ready: ReadyModel) -> None:
    settings, preset = F5Settings.parse({"nfe": 4}), preset_sound()
    made = ready.voice(preset, settings, {}, None)
    assert made.conditioning.weights_digest == ready.weights_digest
    assert ready.voice(preset, settings, {}, made.conditioning).conditioning is made.conditioning


def test_weights_are_told_apart_by_the_digests_of_their_files(tiny_folder: Path, ready: ReadyModel) -> None:
    folder = open_folder(tiny_folder)
    other = load_on(folder, DeviceChoice(device="cpu"), {"vocab.txt": "0" * 64}, nullcontext())
    assert other.weights_digest != ready.weights_digest
    other.release()
