"""`campaign preset` as the owner of a voice meets it."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from pydantic import JsonValue

from campaign.cli import exits
from storage.installation import Installation
from storage.names import PresetName
from storage.registry import presets as preset_rows
from storage.registry.presets import FrozenPreset
from tests import build, voices
from tests.commands import Done, run
from workers.presets.sound import sound_digest


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("CAMPAIGN_HOME", str(tmp_path / "home"))
    monkeypatch.setenv("CAMPAIGN_SECRET", "5e" * 32)
    return tmp_path


@pytest.fixture
def person(home: Path) -> Iterator[Installation]:
    """An installation with `person@1`, somebody's voice, without a consent."""
    made = build.installation(home / "home")
    parameters: dict[str, JsonValue] = {"characters_per_second": 40}
    frozen = FrozenPreset(
        name=PresetName("person"),
        version=1,
        sound_digests={"tone": sound_digest(engine="tone", parameters=parameters)},
        parameters={"tone": parameters},
        provenance={"person": "see the consent record", "tags": ["clinic"]},
    )
    with made.database.write() as connection:
        preset_rows.add(connection, frozen)
    yield made
    made.close()


def good(done: Done) -> Done:
    assert done.code == exits.OK, done.err
    return done


def test_consent_is_recorded_with_its_proof_and_shown(person: Installation, home: Path) -> None:
    done = good(run("preset", "consent", "person@1", voices.write_consent(home), "--json"))
    assert [record["kind"] for record in done.json["records"]] == ["consent"]
    assert "clinic" in good(run("preset", "list")).out
    assert "consent" in good(run("preset", "show", "person@1")).out


def test_a_consent_that_cannot_be_meant_changes_nothing(person: Installation, home: Path) -> None:
    path = voices.write_consent(home, voices.CONSENT.replace('["DE", "AT"]', '["Germany"]'))
    refused = run("preset", "consent", "person@1", path)
    assert (refused.code, "'Germany' is no code of ISO 3166; write DE" in refused.err) == (exits.INPUT, True)
    assert good(run("preset", "show", "person@1", "--json")).json["records"] == []


def test_a_retired_preset_says_so_with_the_reason(person: Installation) -> None:
    done = good(run("preset", "retire", "person@1", "--reason", "a better one", "--json"))
    assert done.json["records"][-1]["body"]["reason"] == "a better one"
    assert "retired" in good(run("preset", "list")).out


def test_a_preset_that_is_not_what_was_frozen_is_an_exit_code(person: Installation) -> None:
    assert good(run("preset", "verify", "person@1", "--json")).json["holds"] is True
    with person.database.write() as connection:
        connection.exec_driver_sql("UPDATE presets SET parameters = '{\"tone\": {}}' WHERE name = 'person'")
    changed = run("preset", "verify", "person@1")
    assert changed.code == exits.UNHEALTHY
    assert "CHANGED" in changed.out and "restore it or add a version" in changed.err


def test_clips_of_a_recording_are_cut_at_its_alignment_each_with_its_text(home: Path) -> None:
    recording = voices.write_recording(home / "book.wav")
    length_s = len(voices.recording()) / voices.RATE_HZ
    (home / "lines.tsv").write_text(f"0.2\t{length_s - 0.2:.2f}\t{voices.TEXT}\n")
    done = good(
        run("preset", "clips", recording, "--segments", home / "lines.tsv", "-o", home / "clips", "--json")
    )
    (clip,) = done.json
    assert clip["text"] == voices.TEXT and 0 <= clip["start_s"] < 1
    assert {path.suffix for path in (home / "clips").iterdir()} == {".wav", ".txt"}


def test_a_voice_that_is_not_there_is_named(home: Path) -> None:
    for words in (
        ("show", "nobody@1"),
        ("verify", "nobody@1"),
        ("retire", "nobody@1", "--reason", "x"),
        ("consent", "nobody@1", str(voices.write_consent(home))),
    ):
        refused = run("preset", *words)
        assert (refused.code, "there is no preset nobody@1" in refused.err) == (exits.NOT_FOUND, True), words


def test_a_campaign_s_voice_is_loaded_and_timed_before_it_is_needed(person: Installation) -> None:
    campaign = build.submitted(person, build.people(1), start=False).campaign
    steps = good(run("warm", campaign.id, "--json")).json
    assert {step["what"].split()[0] for step in steps} >= {"engine", "finish"}
    assert all(step["seconds"] >= 0 for step in steps)
    assert json.loads(json.dumps(steps)) == steps
    assert run("warm", "none").code == exits.NOT_FOUND
