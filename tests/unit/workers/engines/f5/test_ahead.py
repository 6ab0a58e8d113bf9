"""The next pack is prepared beside the one in hand, and is the same pack."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
import torch

from workers.engines.f5.device.admission import probe_sample
from workers.engines.f5.device.ahead import PackAhead
from workers.engines.f5.network import Network
from workers.engines.f5.packing import Budget
from workers.engines.f5.sampler import Guidance, Schedule, draw
from workers.engines.f5.weights import load, open_folder

BUDGET = Budget(frames=512)
GUIDED = frozenset({2})


@pytest.fixture(scope="module")
def network(tiny_folder: Path) -> Network:
    return Network(load(open_folder(tiny_folder)).dit, device=torch.device("cpu"), dtype=torch.float32)


@pytest.fixture
def ahead(network: Network) -> Iterator[PackAhead]:
    one = PackAhead(network)
    yield one
    one.forget()


def test_what_was_prepared_ahead_is_drawn_to_the_same_bits(network: Network, ahead: PackAhead) -> None:
    samples = [probe_sample(number, 90 + number, 100) for number in range(2)]
    times = (0.0, 0.4, 1.0)
    schedule = Schedule(times=times, table=network.modulation(torch.tensor(times[:-1])))
    expected = draw(network, samples, schedule, Guidance(strength=2.0), budget=BUDGET)
    ahead.begin(samples, GUIDED, budget=BUDGET)
    prepared = ahead.take(samples, GUIDED, budget=BUDGET)
    assert prepared is not None
    found = draw(network, samples, schedule, Guidance(strength=2.0), budget=BUDGET, prepared=prepared)
    assert all(torch.equal(one, other) for one, other in zip(found, expected, strict=True))


def test_only_exactly_the_pack_that_was_begun_is_taken_and_once(ahead: PackAhead) -> None:
    one, equal, other = probe_sample(1, 90, 100), probe_sample(1, 90, 100), probe_sample(2, 90, 100)
    ahead.begin([one, other], GUIDED, budget=BUDGET)
    assert ahead.take([equal, other], GUIDED, budget=BUDGET) is None
    assert ahead.take([one], GUIDED, budget=BUDGET) is None
    assert ahead.take([one, other], frozenset({1}), budget=BUDGET) is None
    assert ahead.take([one, other], GUIDED, budget=Budget(frames=1024)) is None
    assert ahead.take([one, other], GUIDED, budget=BUDGET) is not None
    assert ahead.take([one, other], GUIDED, budget=BUDGET) is None


def test_what_fails_in_the_thread_fails_where_it_is_taken(
    ahead: PackAhead, monkeypatch: pytest.MonkeyPatch
) -> None:
    def starved(*_pack: object, **_options: object) -> object:
        raise torch.OutOfMemoryError("CUDA out of memory")

    monkeypatch.setattr("workers.engines.f5.device.ahead.prepare", starved)
    samples = [probe_sample(1, 90, 100)]
    ahead.begin(samples, GUIDED, budget=BUDGET)
    with pytest.raises(torch.OutOfMemoryError):
        ahead.take(samples, GUIDED, budget=BUDGET)
    assert ahead.take(samples, GUIDED, budget=BUDGET) is None
    ahead.begin(samples, GUIDED, budget=BUDGET)
    ahead.forget()  # nobody asks for it: nothing is raised


def test_it_is_prepared_in_a_thread_of_its_own_that_ends(
    network: Network, monkeypatch: pytest.MonkeyPatch
) -> None:
    seen: list[str] = []
    monkeypatch.setattr(
        "workers.engines.f5.device.ahead.prepare",
        lambda *_pack, **_options: seen.append(threading.current_thread().name),
    )
    one = PackAhead(network)
    one.begin([probe_sample(1, 90, 100)], GUIDED, budget=BUDGET)
    one.forget()
    assert seen == ["f5-next-pack"]
    assert not any(thread.name.startswith("f5-next-pack") for thread in threading.enumerate())


def test_where_no_thread_can_begin_the_pack_waits_for_its_turn(
    ahead: PackAhead, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def refuses(_thread: threading.Thread) -> None:
        raise RuntimeError("can't start new thread")

    samples = [probe_sample(1, 90, 100)]
    with monkeypatch.context() as patch:
        patch.setattr(threading.Thread, "start", refuses)
        ahead.begin(samples, GUIDED, budget=BUDGET)
    assert ahead.take(samples, GUIDED, budget=BUDGET) is None
    assert "can't start new thread" in caplog.text
