"""What a worker has loaded: each pin once, whoever asks; one thread at a time at an engine."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, nullcontext
from typing import Any

import pytest

from storage.installation import Installation
from tests.waiting import LONGEST_S
from workers import voices as voices_module
from workers.engines.engine import DeviceLostError, EngineError, Outcome, PresetSound, SynthesisRequest
from workers.engines.options import DeviceOptions, Mode
from workers.engines.tone import ToneEngine
from workers.voices import Voices


class Watched(ToneEngine):
    """Tones; warming waits for the test and counts who is inside."""

    inside = 0
    most = 0
    gate = threading.Event()
    lock = threading.Lock()

    def __init__(self) -> None:
        super().__init__()
        self.warmed: list[str] = []
        self.closed = 0
        self.problem: EngineError | None = None

    def warm(self, presets: Sequence[PresetSound]) -> None:
        with Watched.lock:
            Watched.inside += 1
            Watched.most = max(Watched.most, Watched.inside)
        try:
            assert Watched.gate.wait(LONGEST_S)
            self.warmed += [preset.name for preset in presets]
            if self.problem is not None:
                raise self.problem
        finally:
            with Watched.lock:
                Watched.inside -= 1

    def close(self) -> None:
        self.closed += 1


class Reading(Watched):
    """Reads beside others, and takes turns at the device by itself; whoever asks for its class has it load."""

    def __init__(self) -> None:
        super().__init__()
        self.loading_lock: AbstractContextManager[object] = nullcontext()
        self.between_steps = self.on_outcome = None
        self.loads = 0

    @property
    def numeric_class(self) -> str:  # type: ignore[override]
        self.loads += 1
        raise EngineError("no GPU")


@pytest.fixture
def made(monkeypatch: pytest.MonkeyPatch) -> Iterator[dict[str, Watched]]:
    """Engines by pin, as they are made; presets are whatever they are called."""
    engines: dict[str, Watched] = {}

    def make(_name: str, *, options: DeviceOptions, **_others: Any) -> Watched:
        engine = Reading() if options.precision == "float16" else Watched()
        engines[f"pin-{len(engines)}"] = engine
        return engine

    def preset(_voices: Voices, label: str, engine: str) -> PresetSound:
        return PresetSound(name=label, version=1, sound_digest=label, engine=engine)

    monkeypatch.setattr(voices_module, "create_engine", make)
    monkeypatch.setattr(Voices, "preset", preset)
    Watched.inside = Watched.most = 0
    Watched.gate = threading.Event()
    yield engines
    Watched.gate.set()


def opened(installed: Installation, monkeypatch: pytest.MonkeyPatch, **options: Any) -> Voices:
    """Voices of pins that all are the tone's."""
    voices = Voices(installed.database, installed.store, options=DeviceOptions(**options))
    tone = voices.pin("tone")
    monkeypatch.setattr(voices, "pin", lambda _pin_id: tone)
    return voices


def start(*steps: Callable[[], object]) -> list[threading.Thread]:
    threads = [threading.Thread(target=step, daemon=True) for step in steps]
    for thread in threads:
        thread.start()
    return threads


def until(condition: Callable[[], bool]) -> None:
    deadline = time.monotonic() + LONGEST_S
    while not condition():
        assert time.monotonic() < deadline
        time.sleep(0.01)


def finish(threads: Sequence[threading.Thread]) -> None:
    Watched.gate.set()
    for thread in threads:
        thread.join(LONGEST_S)


def test_pin_that_several_threads_want_is_loaded_once(
    installed: Installation, made: dict[str, Watched], monkeypatch: pytest.MonkeyPatch
) -> None:
    voices = opened(installed, monkeypatch)
    threads = start(*[lambda: voices.warm("a", "anna@1")] * 4)
    until(lambda: Watched.inside == 1)
    assert voices.is_loading("a") and not voices.is_loading("b")
    finish(threads)
    (engine,) = made.values()
    assert engine.warmed == ["anna@1"]
    assert voices.is_warm("a", "anna@1") and not voices.is_loading("a")


def test_two_presets_of_one_pin_are_loaded_one_after_the_other(
    installed: Installation, made: dict[str, Watched], monkeypatch: pytest.MonkeyPatch
) -> None:
    voices = opened(installed, monkeypatch)
    threads = start(lambda: voices.warm("a", "anna@1"), lambda: voices.warm("a", "anna@2"))
    until(lambda: Watched.inside == 1)
    time.sleep(0.1)
    finish(threads)
    (engine,) = made.values()
    assert sorted(engine.warmed) == ["anna@1", "anna@2"]
    assert Watched.most == 1


@pytest.mark.parametrize(
    ("options", "most"),
    [({}, 2), ({"device": "cuda:0"}, 1), ({"device": "cuda:0", "precision": "float16"}, 2)],
)
def test_pins_load_beside_each_other_but_for_the_device_that_they_share(
    options: dict[str, Any],
    most: int,
    installed: Installation,
    made: dict[str, Watched],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """On a GPU an engine that does not take turns itself has it for the whole of its loading."""
    voices = opened(installed, monkeypatch, **options)
    threads = start(lambda: voices.warm("a", "anna@1"), lambda: voices.warm("b", "anna@1"))
    until(lambda: Watched.inside == most)
    time.sleep(0.1)
    finish(threads)
    assert Watched.most == most
    assert voices.is_warm("a", "anna@1") and voices.is_warm("b", "anna@1")


def test_engines_that_take_turns_are_given_one_lock(
    installed: Installation, made: dict[str, Watched], monkeypatch: pytest.MonkeyPatch
) -> None:
    voices = opened(installed, monkeypatch, precision="float16")
    first, second = voices.engine_for("a"), voices.engine_for("b")
    assert isinstance(first, Reading) and isinstance(second, Reading)
    assert first.loading_lock is second.loading_lock
    assert not isinstance(first.loading_lock, nullcontext)


def test_making_an_engine_loads_nothing(
    installed: Installation, made: dict[str, Watched], monkeypatch: pytest.MonkeyPatch
) -> None:
    voices = Voices(
        installed.database,
        installed.store,
        options=DeviceOptions(precision="float16"),
        on_outcome=lambda _request, _outcome: None,
    )
    monkeypatch.setattr(voices, "pin", opened(installed, monkeypatch).pin)
    engine = voices.engine_for("a")
    assert isinstance(engine, Reading)
    assert engine.loads == 0 and engine.on_outcome is not None


def test_who_speaks_has_the_pin_to_itself_and_may_load_more_with_it(
    installed: Installation, made: dict[str, Watched], monkeypatch: pytest.MonkeyPatch
) -> None:
    Watched.gate.set()
    voices = opened(installed, monkeypatch)
    with voices.owned("a"):
        (other,) = start(lambda: voices.warm("a", "anna@1"))
        time.sleep(0.1)
        assert not voices.is_warm("a", "anna@1")
        voices.warm("a", "anna@2")
        assert voices.is_warm("a", "anna@2")
    other.join(LONGEST_S)
    assert voices.is_warm("a", "anna@1")


def test_what_is_wrong_with_a_voice_shows_when_it_speaks_but_a_lost_device_at_once(
    installed: Installation,
    made: dict[str, Watched],
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    Watched.gate.set()
    voices = opened(installed, monkeypatch)
    engine = voices.engine_for("a")
    assert isinstance(engine, Watched)
    engine.problem = DeviceLostError("the device is lost")
    with pytest.raises(DeviceLostError):
        voices.warm("a", "anna@1")
    assert not voices.is_warm("a", "anna@1") and not voices.is_loading("a")
    engine.problem = EngineError("no weights")
    assert not voices.warm("a", "anna@1")
    assert voices.is_warm("a", "anna@1")
    assert "anna@1 cannot be warmed" in caplog.text


def test_closing_waits_for_no_load_and_leaves_its_engine_to_the_end_of_the_process(
    installed: Installation, made: dict[str, Watched], monkeypatch: pytest.MonkeyPatch
) -> None:
    voices = opened(installed, monkeypatch)
    voices.engine_for("b")
    threads = start(lambda: voices.warm("a", "anna@1"))
    until(lambda: Watched.inside == 1)
    voices.close()
    idle, loading = made.values()
    assert (idle.closed, loading.closed) == (1, 0)
    finish(threads)
    voices.close()


def test_options_walk_to_the_engine_as_one_record(
    installed: Installation, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Mine(ToneEngine):
        def __init__(self, *, precision: str | None, mode: Mode | None, max_vram_gib: float | None) -> None:
            super().__init__()
            self.given = (precision, mode, max_vram_gib)

        def synthesise(self, batch: Sequence[SynthesisRequest]) -> Sequence[Outcome]:
            return super().synthesise(batch)

    monkeypatch.setattr("workers.engines.registry._engine_class", lambda _name: Mine)
    options = DeviceOptions(precision="bfloat16", mode=Mode.FUSED, max_vram_gib=9.5, frame_budgets=(4096,))
    voices = Voices(installed.database, installed.store, options=options)
    engine = voices.engine_for("tone")
    assert isinstance(engine, Mine)
    assert engine.given == ("bfloat16", Mode.FUSED, 9.5)
