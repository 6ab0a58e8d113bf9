"""Erasing: one of two who share a sentence, whole campaigns, versioned buckets, in mid-campaign, and retention."""

from __future__ import annotations

import json
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import delete, insert, select, update

from campaign.errors import NotFoundError
from campaign.operations.control import find_campaign
from campaign.operations.erase import erase_campaign, erase_recipient, purge, purge_previews
from campaign.operations.foreground import report_if_due
from campaign.report.manifest import root_of
from campaign.report.publish import ARTEFACTS, publish_report
from campaign.results.folder import result_folder
from campaign.results.row_lists import ERRORS, RowList
from storage.erasing import erasure
from storage.errors import StoreUnavailableError
from storage.installation import Installation
from storage.names import CampaignId
from storage.service import intakes
from storage.service.intakes import Found, FoundFault, FoundProblem
from storage.session import UTTERANCES_LOCK, shared_lock
from storage.tables import Lane, asset_utterances, assets, campaigns, erasures, recipients, runs, utterances
from tests import build
from tests.servers import S3Endpoint
from tests.waiting import LONGEST_S
from workers.process.app import assemble

TEMPLATE = "Welcome back, friend. Hello {{ name }}. Your bill of {{ amount }} is due."


def made(home: Path, **settings: Any) -> Installation:
    return build.installation(home, **settings)


def sent(installation: Installation, count: int = 3, **options: Any) -> CampaignId:
    people = [{**one, "amount": f"{number} euros"} for number, one in enumerate(build.people(count), 1)]
    asked = build.brief(TEMPLATE, columns={"name": "name", "amount": "text"})
    submission = build.submitted(installation, people, asked, **options)
    return submission.campaign.id


def test_erasing_one_of_two_who_share_a_sentence(tmp_path: Path) -> None:
    installation = made(tmp_path / "home")
    campaign_id = sent(installation, 2)
    build.worked(installation, campaign_id)
    before = build.manifest(installation.store, campaign_id)
    root = publish_report(installation, campaign_id).document["manifest_root"]
    cached = set(build.objects(installation.store, "cache/"))

    done = erase_recipient(installation, "person-1", actor="test")

    erased = done.campaigns[campaign_id]
    assert (erased.rows, erased.versions, erased.utterances, erased.shared) == (1, 1, 2, 1)
    assert done.swept.open == 0
    left = set(build.objects(installation.store))
    gone = before[0]["url"].partition("/")[0]
    assert not [key for key in left if gone in key]
    assert len(cached - left) == 2
    files = [key for key in left if key.endswith(".wav")]
    assert [key.removeprefix(f"campaigns/{campaign_id}/") for key in files] == [before[1]["url"]]
    after = build.manifest(installation.store, campaign_id)
    assert after[0] == {"row": 1, "status": "erased", "leaf": before[0]["leaf"]}
    assert after[1] == before[1]
    document = json.loads(installation.store.get(f"campaigns/{campaign_id}/report.json"))
    assert document["manifest_root"] == root == root_of(line["leaf"] for line in after)
    assert document["rows"]["by_status"] == {"erased": 1, "stored": 1}
    results = (result_folder(installation, campaign_id) / "recipients-result.csv").read_text()
    assert "person-1" not in results
    assert "person-2" in results
    installation.close()
    kept = (tmp_path / "home" / "campaign.sqlite").read_bytes()
    for personal in ("person-1", f"Hello {build.spelled(1)}.", "1 euros", gone):
        assert personal.encode() not in kept
    assert f"Hello {build.spelled(2)}.".encode() in kept


def test_who_is_left_can_be_made_again_after_the_erasure(tmp_path: Path) -> None:
    installation = made(tmp_path / "home")
    first = sent(installation, 2)
    build.worked(installation, first)
    erase_recipient(installation, "person-1", actor="test")
    second = sent(installation, 2, campaign_id="again", new=True)
    build.worked(installation, second)
    assert build.statuses(build.manifest(installation.store, second)) == {"stored": 2}


def test_an_id_that_nobody_has_is_an_error_and_erases_nothing(tmp_path: Path) -> None:
    installation = made(tmp_path / "home")
    sent(installation, 1)
    with pytest.raises(NotFoundError, match="no campaign has a recipient"):
        erase_recipient(installation, "person-9", actor="test")


def test_erasing_reaches_every_version_in_a_versioned_bucket(tmp_path: Path, moto: S3Endpoint) -> None:
    bucket = moto.create_bucket()
    settings = {**build.s3_settings(moto, f"{bucket}-own"), "object_store": f"s3://{bucket}/site"}
    with moto.client() as client:
        client.put_bucket_versioning(Bucket=bucket, VersioningConfiguration={"Status": "Enabled"})
        installation = made(tmp_path / "home", **settings)
        campaign_id = sent(installation, 2)
        build.worked(installation, campaign_id)
        publish_report(installation, campaign_id)
        lines = build.manifest(installation.store, campaign_id)
        installation.store.delete(f"campaigns/{campaign_id}/{lines[0]['url']}")  # leaves a marker
        gone = lines[0]["url"].partition("/")[0]
        erase_recipient(installation, "person-1", actor="test")
        found = client.list_object_versions(Bucket=bucket)
        entries = [*found.get("Versions", ()), *found.get("DeleteMarkers", ())]
        assert entries
        assert not [entry for entry in entries if gone in entry["Key"]]
        manifests = [entry for entry in entries if entry["Key"].endswith("manifest.jsonl")]
        assert len(manifests) == 1
        body = client.get_object(Bucket=bucket, Key=manifests[0]["Key"])["Body"].read().decode()
        assert gone not in body


def test_erasing_in_mid_campaign_stops_what_is_in_a_worker_s_hands(tmp_path: Path) -> None:
    installation = made(tmp_path / "home", lease_seconds=1, grace_seconds=0)
    campaign_id = sent(installation, 3)
    worker = assemble(installation)
    pipeline = worker.pipeline
    while pipeline.synthesise():
        pass
    stored: list[str] = []
    put = installation.store.put

    def erasing_put(key: str, data: bytes, **more: Any) -> None:
        if key.startswith("campaigns/") and not stored:
            stored.append(key)
            erase_recipient(installation, "person-1", actor="test")
        put(key, data, **more)

    installation.store.put = erasing_put  # type: ignore[method-assign]
    while pipeline.finish():
        pass
    assert stored
    with installation.database.read() as connection:
        assert find_campaign(installation, campaign_id).state == "finished"
        waiting = list(connection.scalars(select(erasures.c.prefix)))
    assert waiting
    assert stored[0] in build.objects(installation.store)
    with installation.database.write() as connection:
        connection.execute(update(erasures).values(not_before_ms=0))
    assert erasure.sweep_all(installation.database, installation.store).open == 0
    assert stored[0] not in build.objects(installation.store)
    publish_report(installation, campaign_id)
    assert build.statuses(build.manifest(installation.store, campaign_id)) == {"erased": 1, "stored": 2}


def test_erasing_the_last_open_row_ends_the_campaign(tmp_path: Path) -> None:
    installation = made(tmp_path / "home")
    campaign_id = sent(installation, 1)
    erase_recipient(installation, "person-1", actor="test")
    assert find_campaign(installation, campaign_id).state == "finished"
    assert build.objects(installation.store, "cache/") == {}


def test_a_store_that_is_away_leaves_the_objects_to_be_swept_later(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    installation = made(tmp_path / "home")
    campaign_id = sent(installation, 2)
    build.worked(installation, campaign_id)

    def away(_prefix: str) -> int:
        raise StoreUnavailableError("no route to the store")

    with monkeypatch.context() as patch:
        patch.setattr(installation.store, "erase", away)
        done = erase_recipient(installation, "person-1", actor="test")
    assert done.swept.problem == "no route to the store"
    assert done.swept.open == 3
    assert find_campaign(installation, campaign_id).t_reported_ms is None
    with installation.database.write() as connection:
        connection.execute(update(erasures).values(not_before_ms=0))
    assert erasure.sweep_all(installation.database, installation.store).open == 0
    report_if_due(installation, campaign_id)
    assert len([key for key in build.objects(installation.store) if key.endswith(".wav")]) == 1
    assert build.statuses(build.manifest(installation.store, campaign_id)) == {"erased": 1, "stored": 1}


def test_erasing_a_campaign_keeps_lock_runs_and_totals(tmp_path: Path) -> None:
    installation = made(tmp_path / "home")
    campaign_id = sent(installation, 3)
    build.worked(installation, campaign_id)
    before = build.manifest(installation.store, campaign_id)
    erase_campaign(installation, campaign_id, actor="test")
    document = json.loads(installation.store.get(f"campaigns/{campaign_id}/report.json"))
    assert document["rows"]["by_status"] == {"erased": 3}
    assert document["manifest_root"] == root_of(line["leaf"] for line in before)
    with installation.database.read() as connection:
        assert list(connection.scalars(select(utterances.c.key))) == []
        texts = set(connection.scalars(select(runs.c.input_text_hash)))
        people = set(connection.scalars(select(recipients.c.external_id)))
    assert texts == people == {None}
    artefacts = set(build.objects(installation.store))
    assert {key.rpartition("/")[2] for key in artefacts} == set(ARTEFACTS)


def test_what_an_upload_s_reading_said_of_a_row_goes_with_it(tmp_path: Path) -> None:
    installation = made(tmp_path / "home")
    campaign_id = sent(installation, 2)
    problems = [
        FoundProblem(row=row, field="name", code="no", reason=f"'person {row}' cannot be said", mend="-")
        for row in (1, 2)
    ]
    faults = [
        FoundFault(code=code, column="name", rows=1, first_row=row, reason=f"'person {row}'", mend="-")
        for row, code in ((1, "no"), (2, "nul"))
    ]
    found = Found(
        rows=2,
        by_outcome={"failed": 2},
        by_language={},
        by_type={},
        by_warning={},
        problems=problems,
        duplicates=[{"row": 1, "first": 2}],
        faults=faults,
    )
    with installation.database.write() as connection:
        intakes.expect(connection, campaign_id, brief={}, starts=True, actor="test")
        intakes.acknowledge(connection, campaign_id, encoding="utf-8", sha256="0" * 64, size_bytes=1)
        intakes.begin_reading(connection, campaign_id)
        intakes.end_reading(connection, campaign_id, preflight=found)
    erase_recipient(installation, "person-1", actor="test")
    with installation.database.read() as connection:
        kept = intakes.find(connection, campaign_id)
    assert kept is not None
    assert kept.preflight == replace(found, problems=problems[1:], faults=faults[1:], duplicates=[], notes=[])


def test_who_is_only_in_the_lists_of_a_refused_upload_is_found_there(tmp_path: Path) -> None:
    installation = made(tmp_path / "home")
    name = CampaignId("refused")
    errors = RowList(result_folder(installation, name), ERRORS)
    problems = []
    for row in (1, 2):
        errors.add(row, f"person-{row}", "name", "no", f"'name {row}' cannot be said", "-")
        problems.append(FoundProblem(row=row, field="name", code="no", reason=f"'name {row}'", mend="-"))
    errors.close()
    found = Found(
        rows=2, by_outcome={}, by_language={}, by_type={}, by_warning={}, problems=problems, duplicates=[]
    )
    with installation.database.write() as connection:
        intakes.expect(connection, name, brief={}, starts=True, actor="test")
        intakes.acknowledge(connection, name, encoding="utf-8", sha256="0" * 64, size_bytes=1)
        intakes.begin_reading(connection, name)
        intakes.refuse(connection, name, problem="bad rows", preflight=found)
    assert list(erase_recipient(installation, "person-1", actor="test").campaigns) == [name]
    with installation.database.read() as connection:
        kept = intakes.find(connection, name)
    assert kept is not None and kept.preflight is not None
    assert kept.preflight.problems == problems[1:]
    with pytest.raises(NotFoundError):
        erase_recipient(installation, "person-1", actor="test")


def test_purge_takes_what_ended_long_ago_and_nothing_else(tmp_path: Path) -> None:
    installation = made(tmp_path / "home")
    old = sent(installation, 2, campaign_id="old")
    build.worked(installation, old)
    new = sent(installation, 2, campaign_id="new")
    build.worked(installation, new)
    with installation.database.write() as connection:
        connection.execute(update(campaigns).where(campaigns.c.id == "old").values(t_finished_ms=1))
    ended, _ = purge(installation, older_than_ms=3_600_000, actor="test", dry_run=True)
    assert ended == ["old"]
    assert build.statuses(build.manifest(installation.store, old)) == {"stored": 2}
    before = build.objects(installation.store, "campaigns/old/").keys()
    _, done = purge(installation, older_than_ms=3_600_000, actor="test")
    gone = before - build.objects(installation.store, "campaigns/old/").keys()
    assert done.swept.objects >= len(gone) == 2, "what was removed is counted"
    assert build.statuses(build.manifest(installation.store, old)) == {"erased": 2}
    assert build.statuses(build.manifest(installation.store, new)) == {"stored": 2}
    assert purge(installation, older_than_ms=3_600_000, actor="test")[0] == []


def test_purge_of_previews_leaves_campaigns_of_the_same_age(tmp_path: Path) -> None:
    installation = made(tmp_path / "home")
    for campaign_id in ("heard", "mine"):
        build.worked(installation, sent(installation, 1, campaign_id=campaign_id))
    with installation.database.write() as connection:
        connection.execute(update(campaigns).where(campaigns.c.id == "heard").values(lane=Lane.PREVIEW))
    assert purge_previews(installation, older_than_ms=3_600_000, actor="test")[0] == []
    with installation.database.write() as connection:
        connection.execute(update(campaigns).values(t_finished_ms=1))
    assert purge_previews(installation, older_than_ms=3_600_000, actor="test", dry_run=True)[0] == ["heard"]
    purge_previews(installation, older_than_ms=3_600_000, actor="test")
    assert build.statuses(build.manifest(installation.store, "mine")) == {"stored": 1}
    with installation.database.read() as connection:
        assert erasure.remaining_rows(connection, CampaignId("heard"), after=0, limit=9) == []


def test_cached_sound_that_was_purged_is_made_again_when_it_is_needed(tmp_path: Path) -> None:
    installation = made(tmp_path / "home")
    build.worked(installation, sent(installation, 2, campaign_id="first"))
    with installation.database.write() as connection:
        connection.execute(update(utterances).values(t_stored_ms=1))
        connection.execute(delete(erasures))
    purge(installation, older_than_ms=3_600_000, actor="test")
    assert build.objects(installation.store, "cache/") == {}
    build.worked(installation, sent(installation, 2, campaign_id="second"))
    assert build.statuses(build.manifest(installation.store, "second")) == {"stored": 2}


def test_erasing_on_postgresql(tmp_path: Path, postgres_url: str) -> None:
    installation = made(tmp_path / "home", database_url=postgres_url)
    campaign_id = sent(installation, 2)
    build.worked(installation, campaign_id)
    done = erase_recipient(installation, "person-1", actor="test")
    assert (done.campaigns[campaign_id].utterances, done.campaigns[campaign_id].shared) == (2, 1)
    assert build.statuses(build.manifest(installation.store, campaign_id)) == {"erased": 1, "stored": 1}
    with installation.database.write() as connection:
        connection.execute(update(campaigns).values(t_finished_ms=1))
    assert purge(installation, older_than_ms=1000, actor="test")[0] == [campaign_id]
    assert build.objects(installation.store, "cache/") == {}
    installation.close()


def test_an_utterance_that_a_submit_refers_to_at_this_moment_stays(tmp_path: Path, postgres_url: str) -> None:
    installation = made(tmp_path / "home", database_url=postgres_url)
    campaign_id = sent(installation, 2)
    build.worked(installation, campaign_id)
    with installation.database.read() as connection:
        one, two = connection.scalars(select(assets.c.id).order_by(assets.c.row))
        own = select(asset_utterances.c.utterance_key).where(asset_utterances.c.asset_id == one)
        key = connection.scalars(own.order_by(asset_utterances.c.position)).all()[1]
    with ThreadPoolExecutor(1) as pool:
        with installation.database.write() as connection:
            shared_lock(connection, UTTERANCES_LOCK)
            erasing = pool.submit(erase_recipient, installation, "person-1", actor="test")
            with pytest.raises(TimeoutError):
                erasing.result(timeout=0.5)
            connection.execute(
                insert(asset_utterances).values(asset_id=two, version=1, position=9, utterance_key=key)
            )
        done = erasing.result(timeout=LONGEST_S)
    assert (done.campaigns[campaign_id].utterances, done.campaigns[campaign_id].shared) == (1, 2)
    with installation.database.read() as connection:
        assert key in set(connection.scalars(select(utterances.c.key)))
    installation.close()
