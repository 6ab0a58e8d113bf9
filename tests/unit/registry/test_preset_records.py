"""What is kept of a preset: the frozen row, its records, its audit rows, each whole."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from campaign.errors import ConflictError
from campaign.registry.consent import read_consent
from campaign.registry.presets import (
    NewPreset,
    add_preset,
    renew_consent,
    retire_preset,
    revoke_preset,
    verify_preset,
)
from storage.history import audit
from storage.installation import Installation
from storage.keys import preset_key
from storage.names import CampaignId, PresetName
from storage.queue import campaigns as campaign_rows
from storage.registry import presets as preset_rows
from storage.registry.presets import FrozenPreset, Preset
from tests import build, voices
from workers.engines.engine import Capabilities
from workers.measure.scores import Scores, score
from workers.pcm import to_wav
from workers.presets.build import BuiltPreset
from workers.presets.reference import Reference
from workers.presets.sound import sound_digest

CLONER = Capabilities(
    clones=True,
    languages=frozenset(),
    phoneme_alphabets=frozenset(),
    needs_transcript=True,
    reference_limit_s=12.0,
    streams=False,
    rate_hz=24_000,
)


@pytest.fixture
def installed(tmp_path: Path) -> Iterator[Installation]:
    made = build.installation(tmp_path / "home")
    yield made
    made.close()


def records(installed: Installation, preset: Preset) -> list[tuple[str, dict[str, Any], str]]:
    with installed.database.read() as connection:
        return [(one.kind, dict(one.body), one.actor) for one in preset_rows.records(connection, preset)]


def last_note(installed: Installation, subject: str) -> tuple[str, str, dict[str, Any]]:
    with installed.database.read() as connection:
        note = audit.of(connection, subject)[-1]
    return note["action"], note["actor"], note["detail"]


def test_a_plain_preset_is_kept_whole(installed: Installation) -> None:
    asked = NewPreset(
        name=PresetName("plain"),
        engine="tone",
        table={"pitch_hz": 300},
        language="de",
        use_case="reminders",
        tags=("calm", "low"),
        source="a tone",
    )
    preset = add_preset(installed, asked, actor="kim").preset
    table = {"pitch_hz": 300}
    digest = sound_digest(engine="tone", parameters=table)
    assert (preset.label, preset.parameters) == ("plain@1", {"tone": table})
    assert preset.sound_digests == {"tone": digest}
    assert (preset.reference_key, preset.reference_sha256, preset.reference_rate_hz) == (None, None, None)
    said = {key: preset.provenance[key] for key in ("person", "use_case", "tags", "source")}
    assert said == {"person": None, "use_case": "reminders", "tags": ["calm", "low"], "source": "a tone"}
    assert records(installed, preset) == []
    assert last_note(installed, "plain@1") == ("preset.add", "kim", {"engine": "tone", "sound": digest})


@dataclass
class Building:
    """What cloned presets are built from, without listening to a recording."""

    asked: list[dict[str, Any]] = field(default_factory=list)
    scores: Scores | None = None


@pytest.fixture
def cloned(monkeypatch: pytest.MonkeyPatch) -> Building:
    building = Building()
    monkeypatch.setattr("campaign.registry.presets.engine_capabilities", lambda *_: CLONER)

    def build_cloned(path: Path, text: str, **options: Any) -> BuiltPreset:
        building.asked.append({"path": path, "text": text, **options})
        pcm = np.arange(2_400, dtype=np.int16)
        return BuiltPreset(
            engine=options["engine"],
            parameters={"nfe": 16},
            sound_digest=sound_digest(
                engine=options["engine"],
                parameters={"nfe": 16},
                reference=pcm,
                reference_rate_hz=24_000,
                transcript=text,
            ),
            transcript=text,
            reference=Reference(pcm=pcm, rate_hz=24_000, speech_s=0.1, steps={}, advice=("speak up",)),
            reference_wav=to_wav(pcm, 24_000),
            scores=building.scores,
            provenance={"person": "see the consent record", "origin": "test"},
        )

    monkeypatch.setattr("campaign.registry.presets.build_cloned", build_cloned)
    return building


def test_a_cloned_preset_keeps_recording_consent_and_where_it_came_from(
    installed: Installation, cloned: Building, tmp_path: Path
) -> None:
    consent = voices.write_consent(tmp_path)
    asked = NewPreset(
        name=PresetName("own"),
        engine="f5",
        audio=tmp_path / "a.wav",
        text="Hello.",
        consent=consent,
        table={"nfe": 16},
        language="sv",
    )
    added = add_preset(installed, asked, actor="kim")
    preset = added.preset
    assert [one.pop("encoder").name for one in cloned.asked] == ["spectral-1"]
    assert cloned.asked == [
        {
            "path": tmp_path / "a.wav",
            "text": "Hello.",
            "engine": "f5",
            "capabilities": CLONER,
            "table": {"nfe": 16},
            "language": "sv",
        }
    ]
    wav = to_wav(np.arange(2_400, dtype=np.int16), 24_000)
    sha256 = hashlib.sha256(wav).hexdigest()
    key = preset_key(name=PresetName("own"), version=1, sha256=sha256)
    assert installed.store.get(key) == wav
    assert (preset.reference_key, preset.reference_sha256) == (key, sha256)
    assert (preset.reference_rate_hz, preset.transcript) == (24_000, "Hello.")
    assert (added.is_new, added.advice) == (True, ("speak up",))
    assert preset.provenance["origin"] == "test"
    assert records(installed, preset) == [("consent", read_consent(consent).as_json(), "kim")]
    findings = verify_preset(installed, "own")[1]
    assert [(one.what, one.holds, one.found) for one in findings] == [
        ("reference", True, sha256),
        ("sound f5", True, preset.sound_digests["f5"]),
    ]
    again = add_preset(installed, asked, actor="kim")
    assert (again.preset, again.is_new, again.advice) == (preset, False, ("speak up",))


def person(installed: Installation) -> Preset:
    """A preset of somebody, without a consent yet."""
    table = {"characters_per_second": 40, "pitch_hz": 200}
    with installed.database.write() as connection:
        frozen = FrozenPreset(
            name=PresetName("person"),
            version=1,
            sound_digests={"tone": sound_digest(engine="tone", parameters=table)},
            parameters={"tone": table},
            provenance={"person": "see the consent record"},
        )
        return preset_rows.add(connection, frozen)


def test_a_renewed_consent_is_recorded_whole_and_noted(installed: Installation, tmp_path: Path) -> None:
    preset = person(installed)
    path = voices.write_consent(tmp_path)
    assert renew_consent(installed, "person@1", path, actor="kim") == preset
    consent = read_consent(path)
    assert records(installed, preset) == [("consent", consent.as_json(), "kim")]
    noted = {"until": "2100-12-31", "proof": consent.proof_sha256}
    assert last_note(installed, "person@1") == ("preset.consent", "kim", noted)
    with pytest.raises(ConflictError, match="demo-voice@1 is nobody's voice"):
        renew_consent(installed, "demo-voice@1", path, actor="kim")


def test_a_retirement_is_recorded_with_its_reason_and_noted(installed: Installation) -> None:
    preset = person(installed)
    assert retire_preset(installed, "person", reason="old", actor="kim") == preset
    assert records(installed, preset) == [("retirement", {"reason": "old"}, "kim")]
    assert last_note(installed, "person@1") == ("preset.retire", "kim", {"reason": "old"})


def test_a_revocation_is_recorded_noted_and_told_to_each_campaign_that_it_stops(
    installed: Installation, tmp_path: Path
) -> None:
    preset = person(installed)
    renew_consent(installed, "person@1", voices.write_consent(tmp_path), actor="test")
    asked = build.brief(preset="person@1", territories=("DE",), purpose="research")
    campaign = build.submitted(installed, build.people(1), asked, campaign_id="one").campaign
    revoked = revoke_preset(installed, "person@1", reason="asked to", actor="kim")
    assert (revoked.preset, revoked.paused, revoked.delivered) == (preset, (campaign.id,), ())
    assert records(installed, preset)[1:] == [("revocation", {"reason": "asked to"}, "kim")]
    assert last_note(installed, "person@1") == ("preset.revoke", "kim", {"reason": "asked to"})
    assert last_note(installed, "one") == ("pause", "kim", {"preset": "person@1"})
    with installed.database.read() as connection:
        reason = campaign_rows.get(connection, CampaignId("one")).state_reason
    assert reason == "preset person@1 was revoked: asked to"


def test_the_scores_of_a_recording_are_recorded(
    installed: Installation, cloned: Building, tmp_path: Path
) -> None:
    cloned.scores = score(voices.silence(1.0), voices.RATE_HZ)
    consent = voices.write_consent(tmp_path)
    asked = NewPreset(
        name=PresetName("own"), engine="f5", audio=tmp_path / "a.wav", consent=consent, table={}
    )
    preset = add_preset(installed, asked, actor="kim").preset
    assert records(installed, preset) == [
        ("consent", read_consent(consent).as_json(), "kim"),
        ("scores", cloned.scores.as_json(), "kim"),
    ]
