"""A speaker's own voice without a GPU, from weights and a recording to files that say whom their licence wants named.
Random weights of the true format: what is proven is the way, not the sound."""

from __future__ import annotations

import hashlib
import io
import json
import zipfile
from dataclasses import dataclass
from pathlib import Path

import pytest
import soundfile

from campaign.cli import exits
from storage.installation import Installation
from tests import build, voices
from tests.acceptance.conftest import Done, ProgramHere
from tests.unit.workers.engines.pocket.weights import make_weights

NAMED = "Pocket TTS by Kyutai, CC BY 4.0"
BRIEF = """\
name = "Own voice"
purpose = "non-commercial"
languages = ["en"]
territories = ["DE"]
preset = "clinic-voice"
model = "pocket-english"
[templates]
default = "hello.en.txt"
[columns]
name = "name"
[finish]
codec = "wav"
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Story:
    """The commands of docs/pocket.md, in order, on one installation."""

    program: ProgramHere
    folder: Path
    preset: Done
    submitted: Done


@pytest.fixture(scope="module")
def story(tmp_path_factory: pytest.TempPathFactory) -> Story:
    folder = tmp_path_factory.mktemp("pocket")
    program = ProgramHere(home=folder / "home")
    weights = make_weights(folder / "english")
    licence = ("--licence", "CC-BY-4.0", "--purpose", "non-commercial")
    added = program.run("model", "add", weights, "--as", "pocket-english", "--engine", "pocket", *licence)
    assert added.code == exits.OK, added.err
    (folder / "pocket.toml").write_text(
        "eos_threshold = 1.5\nframes_after_eos = 15\n"
    )  # random weights: an end, and not too early
    preset = program.run(
        *("preset", "add", "clinic-voice", "--audio", voices.write_recording(folder / "reference.wav")),
        *("--engine", "pocket", "--engine-table", folder / "pocket.toml"),
        *("--consent", voices.write_consent(folder), "--json"),
    )
    (folder / "hello.en.txt").write_text("Hello {{ name }}, your table is ready.")
    (folder / "campaign.toml").write_text(BRIEF)
    build.write_csv(folder / "people.csv", build.people(3))
    submitted = program.run("submit", folder / "people.csv", "--id", "own", "--json")
    return Story(program=program, folder=folder, preset=preset, submitted=submitted)


@pytest.fixture(scope="module")
def installed(story: Story) -> Installation:
    return build.installation(story.program.home)


def test_a_preset_is_frozen_without_a_transcript(story: Story) -> None:
    assert story.preset.code == exits.OK, story.preset.err
    assert story.preset.json["engines"]["pocket"]["eos_threshold"] == 1.5


def test_every_person_gets_a_file_of_that_speaker(story: Story, installed: Installation) -> None:
    assert story.submitted.code == exits.OK, story.submitted.err
    lines = build.manifest(installed.store, "own")
    assert build.statuses(lines) == {"stored": 3}
    for line in lines:
        data = installed.store.get(f"campaigns/own/{line['url']}")
        assert hashlib.sha256(data).hexdigest() == line["sha256"]
        samples, _rate_hz = soundfile.read(io.BytesIO(data))
        assert abs(samples).max() > 0.01
    assert [key for key in build.objects(installed.store) if key.startswith("conditioning/")]


def test_whom_the_licence_wants_named_is_in_pin_report_and_bundle(
    story: Story, installed: Installation
) -> None:
    shown = story.program.run("model", "show", "pocket-english", "--json")
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
