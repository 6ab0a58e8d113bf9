"""One clock for the runs of all hosts."""

from __future__ import annotations

import pytest

from storage import session
from storage.installation import Installation
from workers import clock
from workers.clock import CLOCK_MEASURED_EVERY_S, DatabaseClock


def test_offset_leads_from_this_host_s_clock_to_the_database_s(
    installed: Installation, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(clock, "host_now_ms", lambda: 1_000)
    monkeypatch.setattr(clock, "read_now_ms", lambda _connection: 91_000)
    assert DatabaseClock(installed.database).offset_ms() == 90_000


def test_this_host_s_embedded_database_has_this_host_s_time(installed: Installation) -> None:
    assert abs(DatabaseClock(installed.database).offset_ms()) < 10_000


def test_it_is_measured_once_a_minute(installed: Installation, monkeypatch: pytest.MonkeyPatch) -> None:
    measured: list[int] = []
    seconds = [0.0]

    def read(_connection: session.Connection) -> int:
        measured.append(1)
        return clock.host_now_ms()

    monkeypatch.setattr(clock, "read_now_ms", read)
    monkeypatch.setattr("workers.clock.time.monotonic", lambda: seconds[0])
    ours = DatabaseClock(installed.database)
    for now in (0.0, 1.0, CLOCK_MEASURED_EVERY_S, CLOCK_MEASURED_EVERY_S + 1):
        seconds[0] = now
        ours.offset_ms()
    assert len(measured) == 2
