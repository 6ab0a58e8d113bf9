"""What is noted while a worker works: counts for dashboards, a span and the name of the campaign in every log line."""

from __future__ import annotations

import contextlib
from collections.abc import Collection, Iterator, Sequence

from storage.queue.leases import Work
from storage.records import Failure, Runnable
from workers.engines.engine import Outcome, Waveform
from workers.observability.logs import about
from workers.observability.meters import Meters
from workers.observability.traces import Traces
from workers.runs import BatchFacts


@contextlib.contextmanager
def step(
    traces: Traces, name: str, campaign: Runnable, *, trace_id: str, worker: str, rows: int
) -> Iterator[None]:
    """One batch from claim to commit."""
    facts = {
        "campaign.id": campaign.id,
        "campaign.lane": campaign.lane.value,
        "campaign.pin": campaign.pin_id,
        "campaign.rows": rows,
        "campaign.worker": worker,
    }
    with about(campaign=campaign.id, trace_id=trace_id), traces.span(name, trace_id, facts):
        yield


def claimed(meters: Meters, work: Work, campaign: Runnable, rows: int) -> None:
    """Rows were taken in hand."""
    kind, lane = work.table.name, campaign.lane.value
    meters.add("campaign_claims", work=kind, lane=lane)
    meters.add("campaign_claimed_rows", rows, work=kind, lane=lane)


def spoken(meters: Meters, facts: BatchFacts, outcomes: Sequence[Outcome]) -> None:
    """The engine is done with a batch."""
    waveforms = [outcome for outcome in outcomes if isinstance(outcome, Waveform)]
    if waveforms:
        engine = facts.campaign.engine
        engine_s = max(waveform.t_last_ms for waveform in waveforms) / 1000
        speech_s = sum(waveform.duration_s for waveform in waveforms)
        meters.add("campaign_engine_seconds", engine_s, engine=engine)
        meters.add("campaign_speech_seconds", speech_s, engine=engine)
        if speech_s:
            meters.put("campaign_rtf", engine_s / speech_s, engine=engine)
    if facts.before is not None and facts.after is not None and facts.after.unattributable is None:
        before, after = facts.before.energy_joules, facts.after.energy_joules
        if before is not None and after is not None:
            meters.add("campaign_energy_joules", after - before)


def committed(
    meters: Meters, work: Work, *, tried: int, accepted: int, failures: Collection[Failure]
) -> None:
    """A batch was committed; what was tried and not accepted had lost its lease or its campaign."""
    name = work.table.name
    meters.add("campaign_stored_rows", accepted, work=name)
    if tried > accepted:
        meters.add("campaign_fenced_rows", tried - accepted, work=name)
    for failure in failures:
        meters.add("campaign_failed_rows", work=name, code=failure.code)


def retried(meters: Meters, work: Work, code: str) -> None:
    """A row was given back to be tried again."""
    meters.add("campaign_retried_rows", work=work.table.name, code=code)
