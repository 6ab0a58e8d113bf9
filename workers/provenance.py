"""What a worker knows of the assets it finishes, for the descriptors that their files carry."""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Mapping, Sequence
from dataclasses import asdict

from storage.history import runs as run_rows
from storage.records import AssetWork, Campaign, JsonObject
from storage.session import Database
from workers.finish import Provenance

KEPT_RUNS = 4096
"""Shared utterances' runs come again and again; one takes about 3 kB."""


class RunCache:
    """The most recently used runs, so that a shared one is read and hashed once a worker. Safe between threads."""

    def __init__(self, database: Database, secret: bytes) -> None:
        self._database = database
        self._secret = secret
        self._runs: OrderedDict[str, JsonObject] = OrderedDict()
        self._lock = threading.Lock()

    def of(self, work: Sequence[AssetWork]) -> dict[str, JsonObject]:
        """The runs of all parts, as they may leave the database, by id. One query for those not cached."""
        run_ids = {part.run_id for asset in work for part in asset.parts}
        with self._lock:
            known_runs = {run_id: self._runs[run_id] for run_id in run_ids if run_id in self._runs}
        missing = run_ids - known_runs.keys()
        if missing:
            with self._database.read() as connection:
                found = run_rows.by_id(connection, missing)
            known_runs |= {run_id: run_rows.published(run, self._secret) for run_id, run in found.items()}
        with self._lock:
            for run_id in run_ids & known_runs.keys():
                self._runs[run_id] = known_runs[run_id]
                self._runs.move_to_end(run_id)
            while len(self._runs) > KEPT_RUNS:
                self._runs.popitem(last=False)
        return known_runs


def provenance_of(work: AssetWork, campaign: Campaign, runs: Mapping[str, JsonObject]) -> Provenance | None:
    """Of one asset; None when a run is not known (it was erased since), and then the file carries ids only."""
    if any(part.run_id not in runs for part in work.parts):
        return None
    lock = campaign.lock
    return Provenance(
        about={
            "campaign": campaign.id,
            "recipient": work.recipient_hmac,
            "version": work.version,
            "language": work.language,
            "trace_id": campaign.trace_id,
            "pin": asdict(lock.pin),
            "preset": asdict(lock.preset_of(work.voice)),
            "lexicons": dict(lock.lexicons),
            "templates": dict(lock.templates),
            "speech_revision": campaign.speech_revision,
        },
        runs=[runs[part.run_id] for part in work.parts],
    )
