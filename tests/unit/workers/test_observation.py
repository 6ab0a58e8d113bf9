"""What is counted of a batch: claims, speech, what was fenced, and energy only where a GPU told it."""

from __future__ import annotations

import json
import logging
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace

import numpy as np
import pytest

from storage.names import CampaignId
from storage.queue.leases import ASSETS, UTTERANCES
from storage.records import Claim, Failure, Runnable
from storage.tables import Lane
from workers import observation
from workers.engines.engine import SynthesisFailure, Waveform
from workers.observability.gpu import GpuReading
from workers.observability.logs import JsonFormatter
from workers.observability.meters import Meters
from workers.runs import BatchFacts

CAMPAIGN = Runnable(
    repins=0,
    id=CampaignId("autumn"),
    lane=Lane.BULK,
    engine="tone",
    engine_revision=1,
    finish_revision=1,
    preset="demo-voice@1",
    pin_id="tone",
)
FACTS = BatchFacts(batch_id="b", campaign=CAMPAIGN, size=2, queue_depth=0, clock_offset_ms=0, started_ms=0)
GPU = GpuReading(
    model="H100", uuid="u", driver="1", clock_mhz=None, power_w=None, utilisation=None, energy_joules=100.0
)


def spoken(seconds: float, done_ms: float) -> Waveform:
    pcm = np.zeros(round(seconds * 1000), dtype=np.int16)
    return Waveform(pcm=pcm, rate_hz=1000, t_first_ms=0, t_last_ms=done_ms)


def test_claim_is_counted_once_and_its_rows_each() -> None:
    meters = Meters()
    observation.claimed(meters, UTTERANCES, CAMPAIGN, 7)
    labels = {"work": "utterances", "lane": "bulk"}
    assert meters.value("campaign_claims", **labels) == 1
    assert meters.value("campaign_claimed_rows", **labels) == 7


def test_engine_s_time_is_that_of_the_last_sample_and_its_speech_that_of_all() -> None:
    meters = Meters()
    failed = SynthesisFailure(code="silent", reason="no sound")
    observation.spoken(meters, FACTS, [spoken(2, 500), failed, spoken(6, 2000)])
    assert meters.value("campaign_engine_seconds", engine="tone") == 2
    assert meters.value("campaign_speech_seconds", engine="tone") == 8
    assert meters.value("campaign_rtf", engine="tone") == 0.25


@pytest.mark.parametrize("after", [None, replace(GPU, energy_joules=None)])
def test_energy_that_nobody_measured_is_not_counted_as_zero(after: GpuReading | None) -> None:
    meters = Meters()
    observation.spoken(meters, replace(FACTS, before=GPU, after=after), [])
    assert [reading.name for reading in meters.read()] == []


def test_energy_is_what_the_gpu_spent_meanwhile() -> None:
    meters = Meters()
    observation.spoken(meters, replace(FACTS, before=GPU, after=replace(GPU, energy_joules=130.0)), [])
    assert meters.value("campaign_energy_joules") == 30


def test_energy_of_a_board_that_several_processes_share_is_counted_by_none_of_them() -> None:
    """Each would count all of it."""
    meters = Meters()
    after = replace(GPU, energy_joules=130.0, unattributable="the board is shared")
    observation.spoken(meters, replace(FACTS, before=GPU, after=after), [])
    assert [reading.name for reading in meters.read()] == []


def test_what_was_tried_and_not_accepted_is_fenced() -> None:
    meters = Meters()
    failure = Failure(claim=Claim(key="k", attempt=1), code="silent", reason="no sound")
    observation.committed(meters, ASSETS, tried=5, accepted=3, failures=[failure, failure])
    assert meters.value("campaign_stored_rows", work="assets") == 3
    assert meters.value("campaign_fenced_rows", work="assets") == 2
    assert meters.value("campaign_failed_rows", work="assets", code="silent") == 2
    observation.retried(meters, ASSETS, "store-failed")
    assert meters.value("campaign_retried_rows", work="assets", code="store-failed") == 1


class Noted:
    """Keeps spans."""

    def __init__(self) -> None:
        self.spans: list[tuple[str, str, dict[str, str | int]]] = []

    @contextmanager
    def span(self, name: str, trace_id: str, facts: Mapping[str, str | int]) -> Iterator[None]:
        self.spans.append((name, trace_id, dict(facts)))
        yield

    def close(self) -> None:
        """Nothing is held."""


def test_step_is_a_span_of_the_campaign_s_trace_and_names_it_in_every_log_line() -> None:
    traces = Noted()
    record = logging.LogRecord("workers", logging.INFO, __file__, 1, "made", None, None)
    with observation.step(traces, "finish", CAMPAIGN, trace_id="4b", worker="w", rows=3):
        line = json.loads(JsonFormatter().format(record))
    assert (line["campaign"], line["trace_id"]) == ("autumn", "4b")
    facts = {"id": "autumn", "lane": "bulk", "pin": "tone", "rows": 3, "worker": "w"}
    assert traces.spans == [("finish", "4b", {f"campaign.{name}": value for name, value in facts.items()})]
