"""Voices are loaded beside each other, not for longer than the limit, and never in anybody's way."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from typing import cast

import pytest

from tests.waiting import LONGEST_S
from workers.engines.engine import DeviceLostError
from workers.process import warm_up
from workers.process.warm_up import WarmUp
from workers.voices import Voices


class Slow:
    """Voices whose loading the test lets go on, pin by pin."""

    def __init__(self) -> None:
        self.begun: list[tuple[str, str]] = []
        self.now = 0
        self.most = 0
        self.gates: dict[str, threading.Event] = {}
        self.problems: dict[str, Exception] = {}
        self.unfit: set[str] = set()
        self._lock = threading.Lock()

    def warm(self, pin_id: str, label: str) -> bool:
        with self._lock:
            self.begun.append((pin_id, label))
            self.now += 1
            self.most = max(self.most, self.now)
        try:
            if pin_id in self.gates:
                assert self.gates[pin_id].wait(LONGEST_S)
            if pin_id in self.problems:
                raise self.problems[pin_id]
            return pin_id not in self.unfit
        finally:
            with self._lock:
                self.now -= 1

    def warming(self, *wanted: tuple[str, str], limit_s: float = LONGEST_S) -> WarmUp:
        return WarmUp(cast(Voices, self), wanted, limit_s=limit_s)

    def hold(self, *pins: str) -> None:
        self.gates |= {pin: threading.Event() for pin in pins}

    def release(self) -> None:
        for gate in self.gates.values():
            gate.set()


@pytest.fixture
def slow() -> Slow:
    return Slow()


def until(condition: Callable[[], bool]) -> None:
    deadline = time.monotonic() + LONGEST_S
    while not condition():
        assert time.monotonic() < deadline
        time.sleep(0.01)


def never() -> bool:
    return False


def test_each_voice_is_told_as_it_is_warm_with_its_seconds(slow: Slow) -> None:
    slow.hold("b")
    warming = slow.warming(("b", "anna@1"), ("a", "anna@1"), ("a", "anna@1"))
    told = warming.run(never)
    voice, _seconds = next(told)
    assert voice == "anna@1 on a", "whoever is done first"
    assert warming.left == ("anna@1 on b",)
    time.sleep(0.05)
    slow.release()
    (last,) = list(told)
    assert last[0] == "anna@1 on b"
    assert last[1] >= 0.05
    assert not warming.left
    assert not warming.is_loading


def test_pins_are_loaded_beside_each_other_but_no_more_than_a_disk_bears(slow: Slow) -> None:
    pins = [f"pin-{number}" for number in range(6)]
    slow.hold(*pins)
    told = slow.warming(*((pin, "anna@1") for pin in pins)).run(never)
    loading = threading.Thread(target=lambda: list(told))
    loading.start()
    until(lambda: slow.now == warm_up.PINS_AT_ONCE)
    time.sleep(0.1)
    slow.release()
    loading.join(LONGEST_S)
    assert slow.most == warm_up.PINS_AT_ONCE == 4
    assert {pin for pin, _label in slow.begun} == set(pins)


def test_presets_of_one_pin_are_loaded_one_after_another(slow: Slow) -> None:
    list(slow.warming(*(("a", f"anna@{version}") for version in range(1, 5))).run(never))
    assert slow.begun == [("a", f"anna@{version}") for version in range(1, 5)]
    assert slow.most == 1


def test_limit_ends_the_wait_and_begins_nothing_more(slow: Slow) -> None:
    slow.hold("a")
    warming = slow.warming(("a", "anna@1"), ("a", "anna@2"), ("b", "anna@1"), limit_s=0.3)
    told = [voice for voice, _seconds in warming.run(never)]
    assert told == ["anna@1 on b"]
    assert warming.left == ("anna@1 on a", "anna@2 on a")
    assert warming.is_loading
    slow.release()
    until(lambda: not warming.is_loading)
    assert slow.begun.count(("a", "anna@2")) == 0, "that is loaded when it is first needed"
    assert warming.fault is None


def test_voice_that_cannot_be_loaded_is_not_told_as_warm(slow: Slow) -> None:
    slow.unfit.add("a")
    warming = slow.warming(("a", "anna@1"), ("b", "anna@1"))
    assert [voice for voice, _seconds in warming.run(never)] == ["anna@1 on b"]
    assert not warming.left


def test_being_told_to_stop_ends_the_wait_at_once(slow: Slow) -> None:
    slow.hold("a")
    warming = slow.warming(("a", "anna@1"))
    start = time.monotonic()
    assert list(warming.run(lambda: bool(slow.begun))) == []
    assert time.monotonic() - start < 5
    slow.release()


def test_lost_device_is_raised_while_somebody_waits(slow: Slow) -> None:
    slow.problems["a"] = DeviceLostError("the device is lost")
    with pytest.raises(DeviceLostError):
        list(slow.warming(("a", "anna@1")).run(never))


def test_device_that_is_lost_after_the_limit_is_a_fault_of_the_worker(slow: Slow) -> None:
    slow.hold("a")
    slow.problems["a"] = DeviceLostError("the device is lost")
    warming = slow.warming(("a", "anna@1"), limit_s=0.1)
    assert list(warming.run(never)) == []
    assert warming.fault is None
    slow.release()
    until(lambda: not warming.is_loading)
    assert warming.fault is slow.problems["a"]


def test_nothing_to_warm_is_done_at_once(slow: Slow) -> None:
    warming = slow.warming()
    assert list(warming.run(never)) == []
    assert not warming.is_loading
