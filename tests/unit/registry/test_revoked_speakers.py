"""A speaker whose consent was revoked, recognised in a new recording; what cannot be checked, and what is erased."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import TypeVar

import pytest

from campaign.errors import ConflictError
from campaign.registry.preset_erasure import erase_speaker
from campaign.registry.presets import AddedPreset, NewPreset, add_preset, revoke_preset, verify_preset
from campaign.service.routes.voices import preset_view
from storage.history import audit
from storage.installation import Installation
from storage.keys import conditioning_key
from storage.names import PresetName
from storage.registry import calibrations as calibration_rows
from storage.registry import presets as preset_rows
from storage.registry.calibrations import NewCalibration
from storage.registry.presets import Preset, PresetRecord
from tests import build, voices
from tests.encoders import PitchEncoder
from tests.unit.registry.test_presets import CLONER
from workers.measure.likeness import SpeakerEncoder, SpectralEncoder
from workers.pcm import to_wav
from workers.presets import standing

Heard = TypeVar("Heard", bound=SpeakerEncoder)
TEXT = "The second text has other words, and the same speaker reads it aloud."


@pytest.fixture
def installed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Installation]:
    monkeypatch.setattr("campaign.registry.presets.engine_capabilities", lambda *_: CLONER)
    made = build.installation(tmp_path / "home")
    yield made
    made.close()


@pytest.fixture
def encoder(monkeypatch: pytest.MonkeyPatch) -> PitchEncoder:
    return hear(monkeypatch, PitchEncoder())


def hear(monkeypatch: pytest.MonkeyPatch, encoder: Heard) -> Heard:
    monkeypatch.setattr("campaign.registry.presets.find_encoder", lambda _settings: encoder)
    return encoder


def asked(folder: Path, name: str, text: str, *, variant: str = "f2", pitch: int = 50) -> NewPreset:
    path = folder / f"{name}.wav"
    (said,) = voices.spoken([text], variant=variant, pitch=pitch)
    path.write_bytes(to_wav(said, voices.RATE_HZ))
    consent = voices.write_consent(folder)
    return NewPreset(name=PresetName(name), engine="f5", audio=path, text=text, consent=consent, table={})


def records(installed: Installation, preset: Preset) -> list[PresetRecord]:
    with installed.database.read() as connection:
        return preset_rows.records(connection, preset)


def voice_of(installed: Installation, preset: Preset) -> list[PresetRecord]:
    return [record for record in records(installed, preset) if record.kind == standing.VOICE]


def revoked(installed: Installation, folder: Path, name: str = "anna") -> AddedPreset:
    added = add_preset(installed, asked(folder, name, voices.TEXT), actor="test")
    revoke_preset(installed, added.preset.label, reason="she left", actor="test")
    return added


def names(installed: Installation) -> set[str]:
    with installed.database.read() as connection:
        return {preset.name for preset in preset_rows.all_presets(connection) if preset.reference_key}


def test_the_speaker_of_a_revoked_preset_is_refused_and_another_is_not(
    installed: Installation, encoder: PitchEncoder, tmp_path: Path
) -> None:
    revoked(installed, tmp_path)
    keys = set(build.objects(installed.store))
    with pytest.raises(ConflictError, match=r"speaker of preset anna@1 .*: she left\. .*--despite anna@1"):
        add_preset(installed, asked(tmp_path, "new", TEXT), actor="test")
    assert names(installed) == {"anna"} and set(build.objects(installed.store)) == keys
    man = add_preset(installed, asked(tmp_path, "ben", TEXT, variant="m3", pitch=30), actor="test")
    assert (man.is_new, man.advice) == (True, ())


def test_while_nobody_revoked_it_a_voice_may_have_many_presets(
    installed: Installation, encoder: PitchEncoder, tmp_path: Path
) -> None:
    add_preset(installed, asked(tmp_path, "anna", voices.TEXT), actor="test")
    assert add_preset(installed, asked(tmp_path, "new", TEXT), actor="test").is_new


def test_who_names_the_preset_may_add_it_and_the_log_keeps_who_did(
    installed: Installation, encoder: PitchEncoder, tmp_path: Path
) -> None:
    revoked(installed, tmp_path)
    new = asked(tmp_path, "new", TEXT)
    with pytest.raises(ConflictError):
        add_preset(installed, replace(new, despite=("ann@1",)), actor="kim")
    added = add_preset(installed, replace(new, despite=("anna@1",)), actor="kim")
    with installed.database.read() as connection:
        (note,) = audit.of(connection, added.preset.label)
    assert (note["actor"], note["detail"]["despite"]) == ("kim", ["anna@1"])


def test_the_vector_is_kept_beside_the_scores_and_shown_to_nobody(
    installed: Installation, encoder: PitchEncoder, tmp_path: Path
) -> None:
    preset = add_preset(installed, asked(tmp_path, "anna", voices.TEXT), actor="test").preset
    (voice,) = voice_of(installed, preset)
    assert voice.body["encoder"] == encoder.name
    assert isinstance(voice.body["vector"], list) and len(voice.body["vector"]) == 2
    scores = next(one for one in records(installed, preset) if one.kind == standing.SCORES)
    assert scores.body["similarity_encoder"] == encoder.name
    shown = preset_view(preset, records(installed, preset)).model_dump_json()
    assert encoder.name in shown and "vector" not in shown


def test_a_preset_from_before_the_encoder_is_measured_when_it_is_needed_and_once(
    installed: Installation, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    hear(monkeypatch, SpectralEncoder())
    before = revoked(installed, tmp_path).preset
    assert voice_of(installed, before) == []
    encoder = hear(monkeypatch, PitchEncoder())
    with pytest.raises(ConflictError, match="anna@1"):
        add_preset(installed, asked(tmp_path, "new", TEXT), actor="test")
    assert len(voice_of(installed, before)) == 1
    embedded = encoder.embedded
    with pytest.raises(ConflictError, match="anna@1"):
        add_preset(installed, asked(tmp_path, "new", TEXT), actor="test")
    assert encoder.embedded == embedded + 3, "halves and whole of the new one, and not the old one again"


def test_without_the_encoder_it_is_said_that_nobody_looked_and_the_same_recording_is_found_all_the_same(
    installed: Installation, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    hear(monkeypatch, SpectralEncoder())
    added = add_preset(installed, asked(tmp_path, "anna", voices.TEXT), actor="test")
    assert not [line for line in added.advice if "revoked" in line], "nobody was revoked yet"
    revoke_preset(installed, "anna@1", reason="she left", actor="test")
    other = add_preset(installed, asked(tmp_path, "new", TEXT), actor="test")
    assert (
        "anna@1 (revoked) was not checked: spectral-1 does not tell. `campaign voice get" in other.advice[-1]
    )
    with pytest.raises(ConflictError, match=r"anna@1 \(likeness 1\.00"):
        add_preset(installed, asked(tmp_path, "again", voices.TEXT), actor="test")
    with pytest.raises(ConflictError, match=r"anna@1 \(likeness 1\.00"):
        add_preset(installed, asked(tmp_path, "anna", voices.TEXT), actor="test")


def calibration_of(preset: Preset) -> NewCalibration:
    return NewCalibration(
        preset=preset,
        pin_id="tone",
        recogniser="ears",
        listening_revision=1,
        encoder="onnx-2-abc",
        record={},
        vectors=[(0.6, 0.8)],
    )


def test_erasing_a_revoked_speaker_leaves_neither_recording_nor_vector_nor_what_engines_made(
    installed: Installation, encoder: PitchEncoder, tmp_path: Path
) -> None:
    preset = revoked(installed, tmp_path).preset
    made = conditioning_key(sound_digest=preset.sound_digests["f5"], pin_digest="1" * 64, sha256="2" * 64)
    data = b"of the voice"
    sha256 = hashlib.sha256(data).hexdigest()
    installed.store.put(made, data, sha256=sha256, content_type="application/octet-stream")
    other = add_preset(installed, asked(tmp_path, "ben", TEXT, variant="m3", pitch=30), actor="test").preset
    with pytest.raises(ConflictError, match="preset ben@1 was not revoked"):
        erase_speaker(installed, "ben@1", reason="asked", actor="test")

    with installed.database.write() as connection:
        for one in (preset, other):
            calibration_rows.add(connection, calibration_of(one), actor="test")
    for objects in (2, 0):
        erased = erase_speaker(installed, "anna@1", reason="asked", actor="test")
        assert (erased.preset, erased.objects) == (preset, objects)
    assert set(build.objects(installed.store)) == {other.reference_key}
    with installed.database.read() as connection:
        found = [calibration_rows.of_preset(connection, one)[0].has_vectors for one in (preset, other)]
    assert found == [False, True]
    assert voice_of(installed, preset) == [] and len(voice_of(installed, other)) == 1
    kinds = [record.kind for record in records(installed, preset)]
    assert kinds == [standing.CONSENT, standing.SCORES, standing.REVOCATION, standing.ERASURE]
    (finding,) = verify_preset(installed, "anna@1")[1]
    assert (finding.holds, finding.found) == (False, "was erased: asked")

    again = add_preset(installed, asked(tmp_path, "new", TEXT), actor="test")
    assert "speaker of anna@1 (revoked) was not checked: the recording is gone." in again.advice[-1]
