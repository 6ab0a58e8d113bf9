"""A speaker's own voice without a GPU, from weights and a recording to files that say whom their licence wants named.
Random weights of the true format: what is proven is the way, not the sound."""

from __future__ import annotations

import json
import zipfile

import pytest

from campaign.cli import exits
from storage.installation import Installation
from tests import build
from tests.acceptance.own_voice import Story, check_delivered, tell
from tests.unit.workers.engines.pocket.weights import make_weights

NAMED = "Pocket TTS by Kyutai, CC BY 4.0"
ENDS = "eos_threshold = 1.5\nframes_after_eos = 15\n"
"""With random weights: an end, and not too early."""


@pytest.fixture(scope="module")
def story(tmp_path_factory: pytest.TempPathFactory) -> Story:
    folder = tmp_path_factory.mktemp("pocket")
    weights = make_weights(folder / "english")
    return tell(folder, engine="pocket", weights=weights, table=ENDS, licence="CC-BY-4.0")


@pytest.fixture(scope="module")
def installed(story: Story) -> Installation:
    return build.installation(story.program.home)


def test_a_preset_is_frozen_without_a_transcript(story: Story) -> None:
    assert story.preset.code == exits.OK, story.preset.err
    assert story.preset.json["engines"]["pocket"]["eos_threshold"] == 1.5


def test_every_person_gets_a_file_of_that_speaker(story: Story, installed: Installation) -> None:
    assert story.submitted.code == exits.OK, story.submitted.err
    check_delivered(installed)


def test_whom_the_licence_wants_named_is_in_pin_report_and_bundle(
    story: Story, installed: Installation
) -> None:
    shown = story.program.run("model", "show", "own-model", "--json")
    assert shown.json["attribution"] == NAMED
    report = json.loads(installed.store.get("campaigns/own/report.json"))
    assert report["weights"] == {"licence": "CC-BY-4.0", "attribution": NAMED}
    assert NAMED in installed.store.get("campaigns/own/report.html").decode()
    bundle = story.folder / "bundle.zip"
    made = story.program.run("evidence", "own", "--out", bundle)
    assert made.code == exits.OK, made.err
    with zipfile.ZipFile(bundle) as opened:
        assert any(NAMED.encode() in opened.read(name) for name in opened.namelist())


def test_the_same_sound_again(story: Story) -> None:
    verified = story.program.run("verify", "own", "--json")
    assert verified.code == exits.OK, verified.err
    assert verified.json["counts"] == {"bit-exact": 3}
