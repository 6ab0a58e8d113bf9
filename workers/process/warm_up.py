"""Loading voices before the first claim: pins beside each other, presets of one pin one after another, not for ever.

A load under way cannot be interrupted: torch and the kernel compiler do not ask. So pins are loaded by threads that
nobody waits for, and whoever warms up looks at them ten times a second: it returns when all is warm, when it is told to
stop, and when the time is up. What is under way then goes on beside the work; what was not begun is loaded when it is
first needed.
"""

from __future__ import annotations

import logging
import queue
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from workers.engines.engine import DeviceLostError
from workers.voices import Voices

log = logging.getLogger(__name__)

PINS_AT_ONCE = 4
"""Reading and hashing weights is what takes long, and a disk is busy with four."""
LOOK_EVERY_S = 0.1


@dataclass(frozen=True, slots=True, kw_only=True)
class _Ended:
    """What became of one voice."""

    voice: tuple[str, str]
    seconds: float
    is_well: bool
    problem: Exception | None = None


class WarmUp:
    """Warms the voices of one process, once."""

    def __init__(self, voices: Voices, wanted: Sequence[tuple[str, str]], *, limit_s: float) -> None:
        """`wanted`: pins and presets, the most urgent first."""
        self._voices = voices
        self._pins: queue.SimpleQueue[list[tuple[str, str]]] = queue.SimpleQueue()
        self._limit_s = limit_s
        self._ended: queue.SimpleQueue[_Ended] = queue.SimpleQueue()
        self._left = list(dict.fromkeys(wanted))
        self._over = threading.Event()
        self._threads: list[threading.Thread] = []
        self.fault: DeviceLostError | None = None
        """The device was lost: the process cannot go on, whether or not somebody still waits."""
        by_pin: dict[str, list[tuple[str, str]]] = {}
        for pin_id, preset in self._left:
            by_pin.setdefault(pin_id, []).append((pin_id, preset))
        for voices_of_pin in by_pin.values():
            self._pins.put(voices_of_pin)
        self._count = min(PINS_AT_ONCE, len(by_pin))

    @property
    def is_loading(self) -> bool:
        """Whether a thread is still at it."""
        return any(thread.is_alive() for thread in self._threads)

    @property
    def left(self) -> tuple[str, ...]:
        """Voices that are not warm yet, in the order in which they were wanted."""
        return tuple(name_of(voice) for voice in self._left)

    def run(self, told_to_stop: Callable[[], bool]) -> Iterator[tuple[str, float]]:
        """Each voice as it is warm, with the seconds it took; raises what went wrong with one.

        One that cannot be loaded is not told of here: the log has why, and its rows will.
        """
        deadline = time.monotonic() + self._limit_s
        self._threads = [
            threading.Thread(target=self._load, name=f"warm-up-{number}", daemon=True)
            for number in range(self._count)
        ]
        for thread in self._threads:
            thread.start()
        try:
            while self._left and not told_to_stop() and time.monotonic() < deadline:
                try:
                    ended = self._ended.get(timeout=LOOK_EVERY_S)
                except queue.Empty:
                    continue
                if ended.problem is not None:
                    raise ended.problem
                self._left.remove(ended.voice)
                if ended.is_well:
                    yield name_of(ended.voice), ended.seconds
        finally:
            self._over.set()
            if not self._left:
                for thread in self._threads:
                    thread.join()

    def _load(self) -> None:
        """A thread's life: pins, until there are none or the time is up."""
        while not self._over.is_set():
            try:
                voices_of_pin = self._pins.get_nowait()
            except queue.Empty:
                return
            for voice in voices_of_pin:
                if self._over.is_set():
                    return
                self._ended.put(self._warmed(voice))

    def _warmed(self, voice: tuple[str, str]) -> _Ended:
        start = time.monotonic()
        is_well, problem = False, None
        try:
            is_well = self._voices.warm(*voice)
        except Exception as exc:  # noqa: BLE001 - raised again by whoever waits
            problem = exc
            if isinstance(exc, DeviceLostError):
                self.fault = exc
            if self._over.is_set():
                log.warning("%s was not loaded beside the work: %s", name_of(voice), exc)
        return _Ended(voice=voice, seconds=time.monotonic() - start, is_well=is_well, problem=problem)


def name_of(voice: tuple[str, str]) -> str:
    """For people."""
    pin_id, preset = voice
    return f"{preset} on {pin_id}"
