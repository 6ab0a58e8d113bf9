"""What every message says is made once, before all else, and crosses the network once for each worker."""

from __future__ import annotations

import hashlib
import time
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import cast

import numpy as np
import pytest
from sqlalchemy import func, select

from storage.objects import ObjectStore, open_store
from storage.tables import runs, utterances
from tests import build
from workers.pcm import PcmMemoryCache, to_raw
from workers.pipeline import Pipeline
from workers.process.app import assemble

ROWS = 60


class CountedStore:
    """A store that counts what is read from it."""

    def __init__(self, store: ObjectStore, *, slow_s: float = 0.0) -> None:
        self._store = store
        self._slow_s = slow_s
        self.reads: Counter[str] = Counter()

    def get(self, key: str) -> bytes:
        self.reads[key] += 1
        time.sleep(self._slow_s)
        return self._store.get(key)

    def __getattr__(self, name: str) -> object:
        return getattr(self._store, name)


def test_shared_utterance_is_made_once_and_read_once_by_each_worker(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    installed = build.installation(tmp_path, synthesis_batch=8, finish_batch=8)
    build.submitted(
        installed,
        build.people(ROWS),
        build.brief("Welcome back, friend. Hello {{ name }}."),
        campaign_id="mine",
    )
    maker = assemble(installed)
    while Pipeline(maker.resources).synthesise():
        pass
    with installed.database.read() as connection:
        attempts = connection.execute(
            select(runs.c.utterance_key, func.count()).group_by(runs.c.utterance_key)
        ).tuples()
        assert set(dict(attempts.all()).values()) == {1}
        shared = connection.execute(
            select(utterances.c.pcm_key).order_by(utterances.c.rank).limit(1)
        ).scalar_one()
    finishers = [assemble(installed), assemble(installed)]
    for worker in finishers:
        counted = CountedStore(worker.resources.store)
        monkeypatch.setattr(worker.resources.pcm, "_store", counted)
        for _ in range(3):
            assert Pipeline(worker.resources).finish() == 8
        assert counted.reads[shared] == 1
        assert set(counted.reads.values()) == {1}
        assert len(counted.reads) == 1 + 3 * 8
    installed.close()


def test_threads_that_want_the_same_utterance_at_once_read_it_once(tmp_path: Path) -> None:
    store = open_store(tmp_path.as_uri())
    data = to_raw(np.zeros(1000, dtype=np.int16))
    sha256 = hashlib.sha256(data).hexdigest()
    store.put("cache/x", data, sha256=sha256, content_type="audio/L16")
    counted = CountedStore(store, slow_s=0.1)
    shelf = PcmMemoryCache(cast("ObjectStore", counted), limit_bytes=1 << 20)
    with ThreadPoolExecutor(8) as pool:
        found = list(pool.map(lambda _: shelf.get("cache/x", sha256), range(8)))
    assert counted.reads["cache/x"] == 1
    assert {len(pcm) for pcm in found} == {1000}
