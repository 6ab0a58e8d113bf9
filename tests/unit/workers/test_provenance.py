"""What a file's descriptor is made of: runs as they may leave the database, each read once."""

from __future__ import annotations

from dataclasses import replace

import pytest

from storage.history import runs as run_rows
from storage.installation import Installation
from storage.queue import assets as asset_rows
from storage.queue import campaigns as campaign_rows
from storage.queue import leases
from storage.queue.leases import ASSETS
from storage.records import AssetWork, Campaign
from tests import build
from workers import provenance
from workers.pipeline import Pipeline
from workers.provenance import RunCache, provenance_of
from workers.resources import WorkerResources

SECRET = b"s" * 32


@pytest.fixture
def campaign(installed: Installation) -> Campaign:
    return build.submitted(installed, build.people(3)).campaign


@pytest.fixture
def work(installed: Installation, campaign: Campaign) -> list[AssetWork]:
    """Three assets whose utterances are spoken, in a worker's hands."""
    resources = WorkerResources(installed)
    assert Pipeline(resources).synthesise() == 3
    resources.close()
    with installed.database.write() as connection:
        claims = leases.claim(
            connection, ASSETS, campaign_id=campaign.id, worker="me", lease_ms=60_000, limit=9
        )
        return list(asset_rows.load(connection, claims))


def test_runs_carry_no_key_of_words_and_no_name_of_a_machine(
    installed: Installation, work: list[AssetWork]
) -> None:
    runs = RunCache(installed.database, SECRET).of(work)
    assert runs.keys() == {part.run_id for asset in work for part in asset.parts}
    for run in runs.values():
        assert not {"utterance_key", "worker"} & run.keys()
        assert run["utterance"]


def test_run_is_read_once(
    installed: Installation, work: list[AssetWork], monkeypatch: pytest.MonkeyPatch
) -> None:
    cache = RunCache(installed.database, SECRET)
    first = cache.of(work)
    monkeypatch.setattr(run_rows, "by_id", pytest.fail)
    assert cache.of(work) == first


def test_no_more_runs_are_kept_than_the_limit_and_the_oldest_goes_first(
    installed: Installation, work: list[AssetWork], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(provenance, "KEPT_RUNS", 2)
    cache = RunCache(installed.database, SECRET)
    for asset in (work[0], work[1], work[0], work[2]):
        cache.of([asset])
    assert list(cache._runs) == [work[0].parts[0].run_id, work[2].parts[0].run_id]


def test_descriptor_names_what_was_locked_and_the_runs_in_order(
    installed: Installation, work: list[AssetWork], campaign: Campaign
) -> None:
    runs = RunCache(installed.database, SECRET).of(work)
    with installed.database.read() as connection:
        campaign = campaign_rows.get(connection, campaign.id)
    two = replace(work[0], parts=(*work[1].parts, *work[0].parts))
    made = provenance_of(two, campaign, runs)
    assert made is not None
    assert [run["run_id"] for run in made.runs] == [part.run_id for part in two.parts]
    assert made.about["pin"] == {"id": "tone", "digest": campaign.lock.pin.digest}
    assert made.about["recipient"] == work[0].recipient_hmac
    assert made.about["templates"] == dict(campaign.lock.templates)


def test_asset_with_a_run_that_was_erased_has_no_descriptor(
    installed: Installation, work: list[AssetWork], campaign: Campaign
) -> None:
    assert provenance_of(work[0], campaign, {}) is None
