"""Files that no row names are removed, and only those."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from campaign.operations.erase import collect_orphans
from storage.erasing import erasure, orphans
from storage.installation import Installation
from storage.queue import leases
from storage.tables import RowStatus, assets
from tests import build
from workers import pipeline as pipeline_module
from workers.process.app import assemble


@pytest.fixture
def installed(tmp_path: Path) -> Iterator[Installation]:
    made = build.installation(tmp_path / "home")
    yield made
    made.close()


def test_file_of_a_killed_worker_is_removed_and_every_named_one_stays(installed: Installation) -> None:
    campaign = build.submitted(installed, build.people(4)).campaign
    build.worked(installed, campaign.id)
    before = build.objects(installed.store)
    row_file = next(key for key in before if orphans.ROW_FILE.fullmatch(key))
    orphan = f"{row_file.rpartition('/')[0]}/{'0' * 64}.wav"
    installed.store.put(
        orphan, b"sound", sha256=hashlib.sha256(b"sound").hexdigest(), content_type="audio/wav"
    )
    with installed.database.write() as connection:
        orphans.collect(connection, [row_file])  # a row names it: it is left alone
    assert collect_orphans(installed).objects == 1
    assert build.objects(installed.store) == before


def test_attempt_that_was_fenced_takes_its_own_file_away(
    installed: Installation, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The sleeper wakes up after another worker has stored the row; its file has other bytes."""
    campaign = build.submitted(installed, build.people(1)).campaign
    sleeper, other = assemble(installed), assemble(installed)
    sleeper.pipeline.synthesise()
    finish_one = pipeline_module.Pipeline._finish_one

    def asleep(pipeline: Any, *rest: Any) -> Any:
        made = finish_one(pipeline, *rest)
        if pipeline is sleeper.pipeline:
            with installed.database.write() as connection:
                leases.release_all(connection, worker=sleeper.resources.worker)
            monkeypatch.setattr(pipeline_module, "provenance_of", lambda *_: None)
            assert other.pipeline.finish() == 1
        return made

    monkeypatch.setattr(pipeline_module.Pipeline, "_finish_one", asleep)
    assert sleeper.pipeline.finish() == 1
    files = [key for key in build.objects(installed.store) if orphans.ROW_FILE.fullmatch(key)]
    assert len(files) == 2
    erasure.sweep_all(installed.database, installed.store)
    files = [key for key in build.objects(installed.store) if orphans.ROW_FILE.fullmatch(key)]
    with installed.database.read() as connection:
        [row] = connection.execute(assets.select().where(assets.c.campaign_id == campaign.id)).all()
    assert (len(files), row.status) == (1, RowStatus.STORED)
    for worker in (sleeper, other):
        worker.resources.close()
