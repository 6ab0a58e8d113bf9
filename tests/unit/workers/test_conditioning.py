"""What an engine makes of a recording is made once, and all workers of a numeric class speak from it."""

from __future__ import annotations

import numpy as np
import pytest

from storage.errors import StoreUnavailableError
from storage.installation import Installation
from storage.registry import pins as pin_rows
from storage.registry import presets as preset_rows
from storage.registry.pins import Pin
from tests import build
from workers import conditioning
from workers.conditioning import CONDITIONING, LOST, condition
from workers.engines.engine import PresetSound
from workers.engines.tone import ToneEngine

SOUND = PresetSound(
    name="demo-voice",
    version=1,
    sound_digest="ab" * 32,
    engine="tone",
    reference=np.ones(8, dtype=np.int16),
    reference_rate_hz=24_000,
)


class Conditioning(ToneEngine):
    """Makes other bytes each time it is asked, as two workers of another build would."""

    made = 0

    def __init__(self, numeric_class: str = "any") -> None:
        super().__init__()
        self.numeric_class = numeric_class
        self.loaded: list[bytes] = []

    def conditioning_bytes(self, preset: PresetSound) -> bytes:
        Conditioning.made += 1
        return b"made %d" % Conditioning.made

    def load_conditioning(self, preset: PresetSound, data: bytes) -> None:
        self.loaded.append(data)


@pytest.fixture
def pin(installed: Installation) -> Pin:
    with installed.database.read() as connection:
        found = pin_rows.find(connection, "tone")
    assert found is not None
    return found


def conditioned(installed: Installation, engine: ToneEngine, pin: Pin, sound: PresetSound = SOUND) -> str:
    return condition(installed.database, installed.store, engine, sound, pin)


def recorded(installed: Installation, kind: str) -> list[str]:
    """Digests of the records of a kind."""
    with installed.database.read() as connection:
        preset = preset_rows.find(connection, SOUND.name, SOUND.version)
        assert preset is not None
        records = preset_rows.records(connection, preset)
    return [str(record.body["sha256"]) for record in records if record.kind == kind]


def test_second_worker_loads_what_the_first_made(installed: Installation, pin: Pin) -> None:
    first, second = Conditioning(), Conditioning()
    assert (conditioned(installed, first, pin), conditioned(installed, second, pin)) == ("made", "loaded")
    assert (len(first.loaded), len(second.loaded)) == (0, 1)
    assert len(recorded(installed, CONDITIONING)) == 1


def test_another_numeric_class_makes_its_own(installed: Installation, pin: Pin) -> None:
    conditioned(installed, Conditioning("h100"), pin)
    assert conditioned(installed, Conditioning("a10"), pin) == "made"
    assert len(recorded(installed, CONDITIONING)) == 2


@pytest.mark.parametrize("fault", ["changed", "gone"])
def test_what_the_store_changed_or_lost_is_never_loaded_and_made_again(
    installed: Installation, pin: Pin, fault: str
) -> None:
    conditioned(installed, Conditioning(), pin)
    [key] = [key for key in build.objects(installed.store) if "conditioning" in key]
    path = installed.settings.home / "objects" / key
    path.write_bytes(b"other") if fault == "changed" else path.unlink()
    engine = Conditioning()
    assert (conditioned(installed, engine, pin), engine.loaded) == ("made", [])
    assert len(recorded(installed, LOST)) == 1
    assert conditioned(installed, Conditioning(), pin) == "loaded"


def test_the_same_bytes_made_again_after_a_loss_count_again(
    installed: Installation, pin: Pin, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Conditioning, "conditioning_bytes", lambda _engine, _preset: b"always these")
    conditioned(installed, Conditioning(), pin)
    [key] = [key for key in build.objects(installed.store) if "conditioning" in key]
    (installed.settings.home / "objects" / key).unlink()
    said = [conditioned(installed, Conditioning(), pin) for _ in range(3)]
    assert said == ["made", "loaded", "loaded"]
    assert (len(recorded(installed, CONDITIONING)), len(recorded(installed, LOST))) == (2, 1)


def test_store_that_does_not_answer_is_no_loss(
    installed: Installation, pin: Pin, monkeypatch: pytest.MonkeyPatch
) -> None:
    conditioned(installed, Conditioning(), pin)

    def fail(_key: str) -> bytes:
        raise StoreUnavailableError("a timeout")

    monkeypatch.setattr(installed.store, "get", fail)
    with pytest.raises(StoreUnavailableError):
        conditioned(installed, Conditioning(), pin)
    assert recorded(installed, LOST) == []


def test_of_two_that_make_it_at_once_the_first_record_counts_for_both(
    installed: Installation, pin: Pin, monkeypatch: pytest.MonkeyPatch
) -> None:
    quick, slow = Conditioning(), Conditioning()

    def make_meanwhile(preset: PresetSound) -> bytes:
        conditioned(installed, quick, pin)
        return b"made too late"

    monkeypatch.setattr(slow, "conditioning_bytes", make_meanwhile)
    assert conditioned(installed, slow, pin) == "made"
    assert len(slow.loaded) == 1
    assert slow.loaded != [b"made too late"]


def test_engine_or_preset_without_a_recording_needs_none(installed: Installation, pin: Pin) -> None:
    plain = PresetSound(name="demo-voice", version=1, sound_digest="ab" * 32, engine="tone")
    assert conditioned(installed, ToneEngine(), pin) == "none"
    assert conditioned(installed, Conditioning(), pin, plain) == "none"
    assert recorded(installed, conditioning.CONDITIONING) == []
