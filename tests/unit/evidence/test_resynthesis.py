"""Campaigns said again and held against what was delivered; locks sealed with the classes that made the sound."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from click.testing import CliRunner
from sqlalchemy import select, update

from campaign.cli import cli, exits
from campaign.errors import ConflictError
from campaign.evidence.resynthesis import Same, Verification, verify_campaign
from campaign.speech.templates import TemplateSource
from storage.installation import Installation
from storage.lock import Lock
from storage.names import CampaignId
from storage.queue import campaigns as campaign_rows
from storage.tables import campaigns, runs, utterances
from tests import build
from workers.engines.engine import Imperfection
from workers.engines.registry import create_engine
from workers.pcm import from_raw, to_raw


@pytest.fixture
def installed(tmp_path: Path) -> Iterator[Installation]:
    made = build.installation(tmp_path / "home")
    yield made
    made.close()


@pytest.fixture
def made(installed: Installation) -> Installation:
    """A campaign of three, delivered."""
    submission = build.submitted(installed, build.people(3), build.brief(model="espeak"), campaign_id="three")
    build.worked(installed, submission.campaign.id)
    return installed


def verified(installed: Installation, sample: int = 10, **options: float) -> Verification:
    with installed.database.read() as connection:
        campaign = campaign_rows.get(connection, CampaignId("three"))
    return verify_campaign(installed, campaign, sample=sample, **options)  # type: ignore[arg-type]


def exchange_sound(installed: Installation, noise: int | None) -> None:
    """As if one utterance had been made on another machine: with other last bits, or not kept."""
    with installed.database.write() as connection:
        row = connection.execute(select(utterances).order_by(utterances.c.key)).first()
        assert row is not None
        values = {"pcm_key": None, "pcm_sha256": "0" * 64}
        if noise is not None:
            pcm = from_raw(installed.store.get(row.pcm_key)).copy()
            pcm[100:-100] += np.random.default_rng(1).integers(-noise, noise + 1, len(pcm) - 200, np.int16)
            data = to_raw(pcm)
            sha256 = hashlib.sha256(data).hexdigest()
            installed.store.put("cache/other", data, sha256=sha256, content_type="audio/L16")
            values = {"pcm_key": "cache/other", "pcm_sha256": sha256}
        connection.execute(update(utterances).where(utterances.c.key == row.key).values(**values))
        connection.execute(update(runs).values(numeric_class="another-machine"))


def test_the_same_machine_gives_the_same_bits(made: Installation) -> None:
    found = verified(made)
    assert found.holds and found.lock == ()
    assert (found.utterances, [one.same for one in found.compared]) == (3, [Same.BIT_EXACT] * 3)


def test_the_flaws_of_preset_and_template_are_made_again_with_it(installed: Installation) -> None:
    clipping = Imperfection(kind="clipping", stage="codec", probability=1.0, bitrate_kbps=12)
    flawed = TemplateSource(name="en", text="Hello {{ name }}.", imperfections=(clipping,))
    brief = build.brief(model="espeak", preset="demo-voice-hesitant@1", templates={"en": flawed})
    submission = build.submitted(installed, build.people(3), brief, campaign_id="three")
    build.worked(installed, submission.campaign.id)
    with installed.database.read() as connection:
        noted = [row.notes["imperfections"] for row in connection.execute(select(runs.c.notes))]
    assert len(noted) == 3
    assert all(events[-1]["kind"] == "clipping" for events in noted)
    assert {event["kind"] for events in noted for event in events} > {"clipping"}
    assert {one.same for one in verified(installed).compared} == {Same.BIT_EXACT}
    described = build.manifest(installed.store, "three")
    assert [line["status"] for line in described] == ["stored"] * 3


def test_a_sample_is_drawn_and_the_same_again(made: Installation) -> None:
    first = verified(made, sample=2)
    assert len(first.compared) == 2
    assert verified(made, sample=2) == first
    drawn = {tuple(one.key for one in verified(made, sample=1, seed=seed).compared) for seed in range(12)}
    assert len(drawn) > 1


def test_other_last_bits_are_within_tolerance_with_the_number_and_the_reason(made: Installation) -> None:
    exchange_sound(made, noise=1)
    found = verified(made)
    (apart,) = [one for one in found.compared if one.same != Same.BIT_EXACT]
    assert found.holds and apart.same == Same.WITHIN_TOLERANCE
    assert apart.difference_db is not None and -80 < apart.difference_db < -50
    assert "made by another-machine" in apart.why[0]
    assert not verified(made, tolerance_db=-90).holds


@pytest.mark.parametrize("noise", [2000, None])
def test_another_sound_is_different_and_so_is_one_that_nobody_kept(
    made: Installation, noise: int | None
) -> None:
    exchange_sound(made, noise)
    found = verified(made)
    assert not found.holds
    (apart,) = [one for one in found.compared if one.same != Same.BIT_EXACT]
    assert (apart.difference_db is None) == (noise is None)
    assert ("gone from the cache" in apart.why[0]) == (noise is None)


def test_kept_sound_that_was_changed_since_is_not_compared_with(made: Installation) -> None:
    exchange_sound(made, noise=1)
    kept = next(made.store.get(key) for key in ("cache/other",))
    changed = to_raw(from_raw(kept) + np.int16(1))
    made.store.put(
        "cache/other", changed, sha256=hashlib.sha256(changed).hexdigest(), content_type="audio/L16"
    )
    found = verified(made)
    (apart,) = [one for one in found.compared if one.same != Same.BIT_EXACT]
    assert not found.holds and apart.difference_db is None
    assert "gone from the cache" in apart.why[0]


def test_verifying_changes_nothing(made: Installation) -> None:
    before = build.objects(made.store)
    verified(made)
    assert build.objects(made.store) == before
    with made.database.read() as connection:
        assert len(connection.execute(select(runs)).all()) == 3


def test_a_campaign_without_sound_is_named(installed: Installation) -> None:
    build.submitted(installed, build.people(1), campaign_id="three", start=False)
    with pytest.raises(ConflictError, match="has no sound to compare with"):
        verified(installed)


def test_the_lock_names_everything_that_decided_the_sound_and_the_classes_that_made_it(
    made: Installation,
) -> None:
    lock = json.loads(made.store.get("campaigns/three/campaign.lock"))
    engine = create_engine("espeak")
    assert lock["numeric_classes"] == [engine.numeric_class]
    engine.close()
    assert lock.keys() >= {
        *("brief", "templates", "lexicons", "grammars", "preset", "pin", "engine"),
        *("speech_revision", "finish", "numeric_classes"),
    }
    with made.database.read() as connection:
        assert campaign_rows.get(connection, CampaignId("three")).lock == Lock.from_json(lock)


def test_what_is_not_as_it_was_locked_is_said(made: Installation) -> None:
    with made.database.write() as connection:
        lock = campaign_rows.get(connection, CampaignId("three")).lock.as_json()
        lock |= {"speech_revision": 0, "finish": {**lock["finish"], "revision": 0}}
        lock |= {
            "pin": {"id": "espeak", "digest": "f" * 64},
            "preset": {**lock["preset"], "sound_digest": "f"},
        }
        connection.execute(update(campaigns).values(lock=lock))
    found = verified(made, sample=1)
    assert [line.split(":")[0] for line in found.lock] == [
        "text front end",
        "finish",
        "preset demo-voice@1",
        "pin espeak",
    ]


def test_the_command_says_it_and_leaves_with_ten_when_it_differs(
    made: Installation, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CAMPAIGN_HOME", str(made.settings.home))
    monkeypatch.setenv("CAMPAIGN_SECRET", "5e" * 32)
    done = CliRunner().invoke(cli, ["verify", "three", "--sample", "2"])
    assert done.exit_code == exits.OK, done.output
    assert "2 of 3 utterances" in done.output and "2 bit-exact" in done.output
    exchange_sound(made, noise=2000)
    done = CliRunner().invoke(cli, ["verify", "three", "--json"])
    assert done.exit_code == exits.UNHEALTHY
    assert json.loads(done.output)["counts"] == {"bit-exact": 2, "different": 1}
