"""Run descriptors, kept and read for files, exports and reports; what leaves the database is `published`."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from sqlalchemy import Connection, RowMapping, Select, insert, select, update

from storage.keys import keyed_hash
from storage.names import CampaignId
from storage.records import GpuSample, JsonObject, RunDescriptor
from storage.tables import Lane, gpu_samples, runs

STREAMED_ROWS = 1000
COLUMN_TYPES: Mapping[str, type] = {column.name: column.type.python_type for column in runs.c}
"""Every column of a run and the type of its values; JSON is `object`."""
HOST_COLUMNS = frozenset({"worker"})
"""Names of machines: in the operator's exports, not in what recipients get."""
HIDDEN_COLUMNS = frozenset({"utterance_key"})
"""In nothing that leaves the database."""


def by_id(connection: Connection, run_ids: Iterable[str]) -> dict[str, RunDescriptor]:
    """Ids that are unknown are left out."""
    query = select(runs).where(runs.c.run_id.in_(list(run_ids)))
    return {run.run_id: run for run in map(_descriptor, connection.execute(query).mappings())}


def of_campaign(connection: Connection, campaign_id: CampaignId) -> Iterator[RunDescriptor]:
    """Every run made in a campaign's name, in the order of claiming; memory does not grow with their number."""
    query = _of_campaign(campaign_id).execution_options(yield_per=STREAMED_ROWS)
    yield from map(_descriptor, connection.execute(query).mappings())


def page(connection: Connection, campaign_id: CampaignId, *, after: int, limit: int) -> list[RunDescriptor]:
    """`limit` of them after the first `after`."""
    query = _of_campaign(campaign_id).offset(after).limit(limit)
    return [_descriptor(row) for row in connection.execute(query).mappings()]


def ids_of_campaign(connection: Connection, campaign_id: CampaignId) -> set[str]:
    """Of every run made in a campaign's name: for campaigns of a few hundred rows."""
    return set(connection.scalars(select(runs.c.run_id).where(runs.c.campaign_id == campaign_id)))


def _of_campaign(campaign_id: CampaignId) -> Select[Any]:
    return (
        select(runs)
        .where(runs.c.campaign_id == campaign_id)
        .order_by(runs.c.t_claim_ms, runs.c.batch_id, runs.c.batch_position, runs.c.run_id)
    )


def _descriptor(row: RowMapping) -> RunDescriptor:
    return RunDescriptor(**{**row, "lane": Lane(row["lane"])})


def published(run: RunDescriptor, secret: bytes, *, with_hosts: bool = False) -> dict[str, Any]:
    """A run as it may leave the database (contract 6): the synthesis key, which is a plain digest of the text,
    becomes the keyed hash `utterance`."""
    hidden = HIDDEN_COLUMNS if with_hosts else HIDDEN_COLUMNS | HOST_COLUMNS
    out = {name: getattr(run, name) for name in COLUMN_TYPES if name not in hidden}
    return {"utterance": keyed_hash(secret, "cache", run.utterance_key), **out}


def add_samples(
    connection: Connection, batch_id: str, *, gpu_uuid: str, samples: Sequence[GpuSample]
) -> None:
    """What NVML said while a batch was made."""
    connection.execute(
        insert(gpu_samples).values(batch_id=batch_id, gpu_uuid=gpu_uuid, samples=[list(s) for s in samples])
    )


def samples_of(connection: Connection, batch_ids: Iterable[str]) -> dict[str, list[GpuSample]]:
    """By batch; batches without samples are left out."""
    query = select(gpu_samples).where(gpu_samples.c.batch_id.in_(list(batch_ids)))
    return {row.batch_id: [GpuSample(*sample) for sample in row.samples] for row in connection.execute(query)}


def by_id_prefix(connection: Connection, run_id: str) -> list[RunDescriptor]:
    """At most two runs whose id begins so: one is an answer, two are a question."""
    query = select(runs).where(runs.c.run_id.startswith(run_id, autoescape=True)).limit(2)
    return [_descriptor(row) for row in connection.execute(query).mappings()]


def note(connection: Connection, campaign_id: CampaignId, notes: JsonObject) -> None:
    """Add to the notes of every run that was made in a campaign's name: for campaigns of a few."""
    query = select(runs.c.run_id, runs.c.notes).where(runs.c.campaign_id == campaign_id)
    for row in connection.execute(query).all():
        connection.execute(
            update(runs).where(runs.c.run_id == row.run_id).values(notes={**(row.notes or {}), **notes})
        )
