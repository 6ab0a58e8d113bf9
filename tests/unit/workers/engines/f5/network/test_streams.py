"""A tensor that another stream made is waited for, and its memory kept; stood in for, there is no GPU here."""

from __future__ import annotations

from typing import Any

import pytest
import torch

from workers.engines.f5.network.streams import Shared


class Stream:
    def __init__(self, name: str) -> None:
        self.name = name
        self.waited: list[Stream] = []

    def wait_event(self, event: Event) -> None:
        assert event.recorded is not None
        self.waited.append(event.recorded)


class Event:
    recorded: Stream | None = None

    def record(self, stream: Stream) -> None:
        self.recorded = stream


class OnCuda:
    is_cuda, device, nbytes = True, "cuda:0", 4

    def __init__(self) -> None:
        self.used_on: list[Stream] = []

    def record_stream(self, stream: Stream) -> None:
        self.used_on.append(stream)


def test_each_stream_waits_for_the_one_that_made_it(monkeypatch: pytest.MonkeyPatch) -> None:
    side, main = Stream("side"), Stream("main")
    current: list[Stream] = [side]
    monkeypatch.setattr(torch.cuda, "Event", Event)
    monkeypatch.setattr(torch.cuda, "current_stream", lambda _device: current[0])
    made = OnCuda()
    tensor: Any = made
    shared = Shared(tensor)
    current[0] = main
    assert shared.here() is tensor
    assert main.waited == [side]
    assert made.used_on == [main]
    assert shared.nbytes == 4


def test_on_the_cpu_it_is_the_tensor() -> None:
    tensor = torch.ones(3)
    assert Shared(tensor).here() is tensor
