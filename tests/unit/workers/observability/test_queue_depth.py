"""How much running campaigns wait for: counted at most every two seconds."""

from __future__ import annotations

import pytest

from campaign.operations import control
from storage.installation import Installation
from tests import build
from workers.observability.queue_depth import MAX_AGE_S, QueueDepth


def test_it_is_of_running_campaigns_and_kept_for_a_while(
    installed: Installation, monkeypatch: pytest.MonkeyPatch
) -> None:
    seconds = [0.0]
    monkeypatch.setattr("workers.observability.queue_depth.time.monotonic", lambda: seconds[0])
    depth = QueueDepth(installed.database)
    assert depth.read() == 0
    made = build.submitted(installed, build.people(3)).campaign
    seconds[0] = MAX_AGE_S
    assert depth.read() == 0
    seconds[0] += 0.1
    assert depth.read() == 3
    control.pause(installed, made.id, actor="test", reason="by hand")
    seconds[0] += MAX_AGE_S + 0.1
    assert depth.read() == 0
