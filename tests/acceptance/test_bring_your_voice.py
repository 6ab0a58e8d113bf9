"""A voice of one's own, from weights and a recording to delivered files, as a person types it. Random weights of the
true format: what is proven is the way, not the sound."""

from __future__ import annotations

import hashlib

import pytest

from campaign.cli import exits
from campaign.operations.warm import warm_campaign
from storage.installation import Installation
from storage.names import CampaignId
from storage.queue import campaigns as campaign_rows
from tests import build, voices
from tests.acceptance.own_voice import Story, check_delivered, tell
from tests.unit.workers.engines.f5.checkpoint import make_checkpoint


@pytest.fixture(scope="module")
def story(tmp_path_factory: pytest.TempPathFactory) -> Story:
    folder = tmp_path_factory.mktemp("own-voice")
    weights = make_checkpoint(folder / "weights")
    return tell(
        folder, engine="f5", weights=weights, table="nfe = 4\n", licence="CC-BY-NC-4.0", words=voices.TEXT
    )


@pytest.fixture(scope="module")
def installed(story: Story) -> Installation:
    return build.installation(story.program.home)


def test_pin_holds_every_file_s_digest(story: Story) -> None:
    assert story.model.code == exits.OK, story.model.err
    weights = story.weights
    files = story.model.json["files"]
    assert set(files) >= {"vocab.txt", "model_1250000.safetensors", "vocoder/model.safetensors"}
    assert all(
        hashlib.sha256((weights / name).read_bytes()).hexdigest() == found for name, found in files.items()
    )
    assert story.model.json["capabilities"]["clones"] is True


def test_preset_is_frozen_with_scores_consent_and_where_it_came_from(story: Story) -> None:
    assert story.preset.code == exits.OK, story.preset.err
    document = story.preset.json
    records = {one["kind"]: one["body"] for one in document["records"]}
    assert records["scores"]["dnsmos_overall"] > 1
    assert 150 < records["scores"]["f0_median_hz"] < 250
    assert records["consent"]["territories"] == ["DE", "AT"]
    recording = (story.folder / "reference.wav").read_bytes()
    assert document["provenance"]["recording"]["sha256"] == hashlib.sha256(recording).hexdigest()
    assert document["engines"]["f5"]["nfe"] == 4


def test_three_files_are_delivered_with_that_pin_and_that_voice(
    story: Story, installed: Installation
) -> None:
    assert story.submitted.code == exits.OK, story.submitted.err
    check_delivered(installed)


def test_warm_loads_the_conditioning_that_was_made_once(story: Story, installed: Installation) -> None:
    with installed.database.read() as connection:
        campaign = campaign_rows.get(connection, CampaignId("own"))
    warm_campaign(installed, campaign)  # this process may be of another numeric class
    steps = {one.what: one for one in warm_campaign(installed, campaign)}
    assert steps["conditioning"].note == "loaded"
    assert steps["conditioning"].seconds < 1


def test_commercial_use_of_non_commercial_weights_is_refused(story: Story) -> None:
    done = story.program.run("submit", story.for_purpose("commercial"), "--id", "sold")
    assert done.code == exits.INPUT
    assert "CC-BY-NC-4.0" in done.err and "not commercial" in done.err


def test_changed_weights_are_found_and_not_spoken_with(story: Story) -> None:
    path = story.weights / "model_1250000.safetensors"
    good = path.read_bytes()
    path.write_bytes(good[:-1] + bytes([good[-1] ^ 1]))
    try:
        done = story.program.run("model", "verify", "own-model")
        assert done.code == exits.UNHEALTHY
        assert "CHANGED  model_1250000.safetensors" in done.out
        story.for_purpose("research")
        others = build.write_csv(
            story.folder / "others.csv", build.people(9)[6:]
        )  # their words are in no cache
        again = story.program.run("submit", others, "--id", "changed")
        assert again.code == exits.ENGINE
        assert "was changed since it was pinned" in again.err
    finally:
        path.write_bytes(good)


def test_revoking_lists_exactly_the_files_that_hold_the_voice_and_ends_its_use(
    story: Story, installed: Installation
) -> None:
    done = story.program.run("preset", "revoke", "clinic-voice@1", "--reason", "asked to", "--json")
    assert done.json["paused"] == ["changed"]
    lines = build.manifest(installed.store, "own")
    assert {one["object"].removeprefix("campaigns/own/") for one in done.json["delivered"]} == {
        line["url"] for line in lines
    }
    assert all(voices.TEXT not in str(one) and "person-" not in str(one) for one in done.json["delivered"])
    again = story.program.run("submit", story.for_purpose("non-commercial"), "--id", "more")
    assert again.code == exits.CONFLICT
    assert "was revoked: asked to" in again.err
