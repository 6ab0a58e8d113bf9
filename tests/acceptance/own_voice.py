"""A voice of one's own, from weights and a recording to delivered files, as a person types it. Random weights of the
true format: what is proven is the way, not the sound."""

from __future__ import annotations

import hashlib
import io
from dataclasses import dataclass
from pathlib import Path

import soundfile

from storage.installation import Installation
from tests import build, voices
from tests.acceptance.conftest import Done, ProgramHere

BRIEF = """\
name = "Own voice"
purpose = "{purpose}"
languages = ["en"]
territories = ["DE"]
preset = "clinic-voice"
model = "own-model"
[templates]
default = "hello.en.txt"
[columns]
name = "name"
[finish]
codec = "wav"
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Story:
    """The commands of docs/presets.md, in order, on one installation."""

    program: ProgramHere
    folder: Path
    weights: Path
    model: Done
    preset: Done
    submitted: Done

    def for_purpose(self, purpose: str) -> Path:
        """The recipients, beside a brief of that purpose."""
        return _brief(self.folder, purpose)


def tell(folder: Path, *, engine: str, weights: Path, table: str, licence: str, words: str = "") -> Story:
    """Pin the weights for all but commerce, freeze the speaker with the engine's `table`, submit three people.

    `words`: those of the recording, where the engine needs them.
    """
    program = ProgramHere(home=folder / "home")
    purposes = ("--purpose", "non-commercial", "--purpose", "research")
    model = program.run(
        *("model", "add", weights, "--as", "own-model", "--engine", engine),
        *("--licence", licence, *purposes, "--json"),
    )
    (folder / "engine.toml").write_text(table)
    preset = program.run(
        *("preset", "add", "clinic-voice", "--engine", engine, "--engine-table", folder / "engine.toml"),
        *("--audio", voices.write_recording(folder / "reference.wav"), *(("--text", words) if words else ())),
        *("--consent", voices.write_consent(folder), "--tag", "clinic", "--json"),
    )
    (folder / "hello.en.txt").write_text("Hello {{ name }}, your table is ready.")
    build.write_csv(folder / "people.csv", build.people(3))
    submitted = program.run("submit", _brief(folder, "non-commercial"), "--id", "own", "--json")
    return Story(
        program=program, folder=folder, weights=weights, model=model, preset=preset, submitted=submitted
    )


def check_delivered(installed: Installation) -> None:
    """Three files of that voice and that pin, each what its line says, none blank; what was made once is kept."""
    lines = build.manifest(installed.store, "own")
    assert build.statuses(lines) == {"stored": 3}
    for line in lines:
        data = installed.store.get(f"campaigns/own/{line['url']}")
        assert hashlib.sha256(data).hexdigest() == line["sha256"]
        samples, _rate_hz = soundfile.read(io.BytesIO(data))
        assert abs(samples).max() > 0.01
    text = str(lines)
    assert "own-model" in text and "clinic-voice@1" in text
    assert "nobody: espeak-ng" not in text
    assert len([key for key in build.objects(installed.store) if key.startswith("conditioning/")]) == 1


def _brief(folder: Path, purpose: str) -> Path:
    (folder / "campaign.toml").write_text(BRIEF.format(purpose=purpose))
    return folder / "people.csv"
