"""The worker inside a service: it waits for its turn, and begins anew after a fault."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from campaign.service import working
from campaign.service.working import ServiceWorker
from storage.errors import DatabaseError, StorageError
from storage.installation import Installation
from storage.names import CampaignId
from storage.worker_lock import WorkerLock, WorkerNote, holder
from tests import build
from tests.acceptance.conftest import eventually
from workers.process.app import assemble
from workers.resources import ALL_LANES


@pytest.fixture
def installed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Installation]:
    monkeypatch.setattr(working, "LOOK_EVERY_S", 0.05)
    monkeypatch.setattr(working, "AFTER_FAULT_S", 0.2)
    made = build.installation(tmp_path)
    yield made
    made.close()


@pytest.fixture
def settled() -> list[CampaignId]:
    return []


@pytest.fixture
def work(installed: Installation, settled: list[CampaignId]) -> Iterator[ServiceWorker]:
    """Not started."""
    made = ServiceWorker(installed, on_settled=settled.append)
    yield made
    made.stop()


def test_it_takes_the_lock_when_it_is_free_and_works(
    installed: Installation, work: ServiceWorker, settled: list[CampaignId]
) -> None:
    other = WorkerLock(installed.database)
    assert other.take(ALL_LANES)
    work.start()
    assert work.worker is None
    assert work.problem.startswith("nothing works here: process ")
    campaign = build.submitted(installed, build.people(2)).campaign
    other.release()
    eventually(lambda: work.worker is not None, what="its turn")
    assert work.problem == ""
    eventually(lambda: settled == [campaign.id], what="the end of the campaign")
    assert isinstance(holder(installed.database), WorkerNote)


def test_a_worker_that_cannot_go_on_is_put_together_anew(
    installed: Installation, work: ServiceWorker
) -> None:
    """A full disk, say: the only worker of a SQLite file ends, and the service lives on."""
    work.start()
    first = work.worker
    assert first is not None
    first.threads.fault = DatabaseError("database or disk is full")
    assert work.problem == "nothing works here: the worker of this service cannot go on. Its log says why."
    eventually(lambda: work.worker not in (None, first), what="another worker")
    assert work.problem == ""


def test_what_keeps_it_from_starting_is_said_and_tried_again(
    installed: Installation, work: ServiceWorker, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fails(*_arguments: object, **_options: object) -> None:
        raise StorageError("the object store cannot be made")

    monkeypatch.setattr("campaign.service.working.assemble", fails)
    work.start()
    assert "cannot go on" in work.problem
    monkeypatch.setattr("campaign.service.working.assemble", assemble)
    eventually(lambda: work.worker is not None, what="a worker")


def test_stopping_lets_another_have_the_lock(installed: Installation) -> None:
    first = ServiceWorker(installed, on_settled=lambda _campaign_id: None)
    first.start()
    first.stop()
    assert holder(installed.database) is None
    other = WorkerLock(installed.database)
    assert other.take(ALL_LANES)
    other.release()
