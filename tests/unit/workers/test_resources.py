"""What the parts of a worker share: a name of its own, lanes in their order, the end of a campaign told once."""

from __future__ import annotations

from storage.installation import Installation
from storage.queue import campaigns as campaign_rows
from storage.tables import CampaignState, Lane
from tests import build
from workers.pipeline import Pipeline
from workers.resources import WorkerResources, worker_name


def test_two_workers_of_one_process_have_two_names() -> None:
    assert worker_name() != worker_name()


def test_the_most_urgent_lane_is_first_however_they_were_asked_for(installed: Installation) -> None:
    assert WorkerResources(installed, lanes=[Lane.BULK, Lane.PREVIEW]).lanes == (Lane.PREVIEW, Lane.BULK)
    assert WorkerResources(installed, lanes=[Lane.BULK]).lanes == (Lane.BULK,)


def test_lease_is_told_in_milliseconds(installed: Installation) -> None:
    resources = WorkerResources(installed)
    assert resources.lease_ms == 1000 * installed.settings.lease_seconds


def test_campaign_that_ended_is_told_once_and_one_that_did_not_is_not(installed: Installation) -> None:
    told: list[str] = []
    made = build.submitted(installed, build.people(1)).campaign
    resources = WorkerResources(installed, on_settled=told.append)
    assert (resources.settle(made.id), told) == (None, [])
    pipeline = Pipeline(resources)
    pipeline.synthesise()
    pipeline.finish()
    assert told == [made.id]
    assert resources.settle(made.id) is None
    assert told == [made.id]
    with installed.database.read() as connection:
        assert campaign_rows.get(connection, made.id).state == CampaignState.FINISHED
    resources.close()
    resources.close()
