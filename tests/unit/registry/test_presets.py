"""Presets in an installation: versions, verification, retirement, revocation, consent while work runs."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import delete

from campaign.brief import Purpose
from campaign.errors import BriefError, ConflictError, InputError, NotFoundError
from campaign.operations import control
from campaign.preview.one_off import say
from campaign.registry.consent import read_consent
from campaign.registry.presets import (
    NewPreset,
    add_preset,
    renew_consent,
    retire_preset,
    revoke_preset,
    verify_preset,
)
from campaign.registry.voice import find_preset
from storage.history import audit
from storage.installation import Installation
from storage.names import PresetName
from storage.queue import campaigns as campaign_rows
from storage.records import Campaign
from storage.registry import presets as preset_rows
from storage.registry.presets import FrozenPreset, Preset
from storage.session import Connection
from storage.tables import CampaignState, preset_records
from tests import build, voices
from workers.engines.engine import Capabilities
from workers.errors import RecordingError
from workers.permission import consents as consents_module
from workers.permission.consents import Consents
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
FITTING: dict[str, Any] = {"preset": "person", "territories": ("DE",), "purpose": Purpose.RESEARCH}


@pytest.fixture
def installed(tmp_path: Path) -> Iterator[Installation]:
    made = build.installation(tmp_path / "home")
    yield made
    made.close()


@pytest.fixture
def cloner(monkeypatch: pytest.MonkeyPatch) -> None:
    """The f5 engine's abilities, without its libraries."""
    monkeypatch.setattr("campaign.registry.presets.engine_capabilities", lambda *_: CLONER)


@pytest.fixture(scope="module")
def recording(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return voices.write_recording(tmp_path_factory.mktemp("voice") / "reference.wav")


def cloned(recording: Path, **changes: Any) -> NewPreset:
    consent = recording.parent / "consent.toml"
    if not consent.exists():
        voices.write_consent(recording.parent)
    asked = NewPreset(
        name=PresetName("own"),
        engine="f5",
        audio=recording,
        text=voices.TEXT,
        consent=consent,
        table={},
        tags=("clinic",),
    )
    return replace(asked, **changes)


def person_on_tone(installed: Installation, tmp_path: Path, *, version: int = 1, **consent: Any) -> Preset:
    """A preset that needs consent, on the free engine."""
    table = {"characters_per_second": 40, "pitch_hz": 199 + version}
    body = read_consent(voices.write_consent(tmp_path)).as_json() | consent
    with installed.database.write() as connection:
        frozen = FrozenPreset(
            name=PresetName("person"),
            version=version,
            sound_digests={"tone": sound_digest(engine="tone", parameters=table)},
            parameters={"tone": table},
            provenance={"person": "see the consent record"},
        )
        preset = preset_rows.add(connection, frozen)
        preset_rows.record(connection, preset, "consent", body, actor="test")
    return preset


def test_the_same_recording_text_and_table_are_the_same_version(
    installed: Installation, recording: Path, cloner: None
) -> None:
    first = add_preset(installed, cloned(recording), actor="test")
    again = add_preset(installed, cloned(recording), actor="test")
    other = add_preset(installed, cloned(recording, table={"nfe": 16}), actor="test")
    assert (first.preset.label, first.is_new) == ("own@1", True)
    assert (again.preset.label, again.is_new) == ("own@1", False)
    assert (other.preset.label, other.is_new) == ("own@2", True)
    assert first.preset.sound_digests != other.preset.sound_digests
    with installed.database.read() as connection:
        actions = [row["action"] for row in audit.of(connection, "own@1")]
    assert actions == ["preset.add"]


def test_verify_finds_a_changed_reference_and_a_lost_one(
    installed: Installation, recording: Path, cloner: None
) -> None:
    preset = add_preset(installed, cloned(recording), actor="test").preset
    assert preset.reference_key is not None
    assert all(one.holds for one in verify_preset(installed, "own")[1])
    path = Path(installed.store.url(preset.reference_key).removeprefix("file://"))
    path.chmod(0o644)
    data = path.read_bytes()
    path.write_bytes(data[:-2] + b"\x01\x01")
    assert [one.what for one in verify_preset(installed, "own")[1] if not one.holds] == [
        "reference",
        "sound f5",
    ]
    path.unlink()
    assert [(one.what, one.holds) for one in verify_preset(installed, "own")[1]] == [("reference", False)]


def test_a_recording_without_consent_or_for_an_engine_that_cannot_clone_is_refused(
    installed: Installation, recording: Path
) -> None:
    with pytest.raises(InputError, match="--consent"):
        add_preset(installed, cloned(recording, consent=None), actor="test")
    with pytest.raises(RecordingError, match="cannot clone"):
        add_preset(installed, cloned(recording, engine="tone"), actor="test")
    with pytest.raises(NotFoundError):
        find_in(installed, "own")


def find_in(installed: Installation, label: str) -> Preset:
    with installed.database.read() as connection:
        return find_preset(connection, label)


def test_a_table_that_the_engine_refuses_makes_no_preset(installed: Installation) -> None:
    asked = NewPreset(name=PresetName("plain"), engine="tone", table={"pitch_hz": 9})
    with pytest.raises(RecordingError, match="--engine-table"):
        add_preset(installed, asked, actor="test")
    made = add_preset(installed, replace(asked, table={"pitch_hz": 300}), actor="test")
    assert made.preset.provenance["person"] is None
    assert installed.store is not None and made.preset.reference_key is None


def test_a_cloned_preset_on_an_engine_that_cannot_clone_is_refused_at_submit(
    installed: Installation, recording: Path, cloner: None
) -> None:
    preset = add_preset(installed, cloned(recording), actor="test").preset
    with installed.database.write() as connection:
        tone = {"characters_per_second": 15}
        both = FrozenPreset(
            name=PresetName("both"),
            version=1,
            sound_digests={"tone": "0" * 64},
            parameters={"tone": tone},
            reference_key=preset.reference_key,
            provenance=dict(preset.provenance),
        )
        preset_rows.add(connection, both)
    with pytest.raises(BriefError, match="cannot clone"):
        build.submitted(installed, build.people(1), build.brief(preset="both"))


@pytest.mark.parametrize(
    ("consent", "brief", "said"),
    [
        ({"until_ms": 1000, "until": "1970-01-01"}, {}, "ended on 1970-01-01"),
        ({"purposes": ["non-commercial"]}, {}, "not research"),
        ({"languages": ["de"]}, {}, "not en"),
        ({}, {"territories": ("US",)}, "not US"),
        ({}, {"columns": {"name": {"type": "name", "language": "fr"}}}, "languages en, de, not fr"),
        ({}, {"territories": ()}, "does not say where"),
    ],
)
def test_submit_outside_the_consent_is_refused_and_leaves_nothing(
    installed: Installation, tmp_path: Path, consent: dict[str, Any], brief: dict[str, Any], said: str
) -> None:
    person_on_tone(installed, tmp_path, **consent)
    with pytest.raises(ConflictError, match=said):
        build.submitted(installed, build.people(2), build.brief(**(FITTING | brief)))
    with installed.database.read() as connection:
        assert campaign_rows.recent(connection) == []


def test_a_voice_of_limited_territory_can_be_heard_where_it_is_made(
    installed: Installation, tmp_path: Path
) -> None:
    person_on_tone(installed, tmp_path, purposes=["commercial"])
    asked: dict[str, Any] = {
        "preset": "person",
        "model": "tone",
        "language": "en",
        "finish": {"codec": "wav"},
    }
    made = say(installed, "Hello.", **asked, purpose=Purpose.COMMERCIAL, actor="test", watch=lambda *_: None)
    assert made.audio is not None and len(made.audio) > 1000
    with pytest.raises(ConflictError, match="covers commercial, not non-commercial"):
        say(installed, "Hello.", **asked, actor="test", watch=lambda *_: None)


def test_renewed_consent_opens_the_way_again(installed: Installation, tmp_path: Path) -> None:
    person_on_tone(installed, tmp_path, until_ms=1000, until="1970-01-01")
    renew_consent(installed, "person@1", voices.write_consent(tmp_path), actor="test")
    campaign = build.submitted(installed, build.people(2), build.brief(**FITTING)).campaign
    assert build.worked(installed, campaign.id).state == CampaignState.FINISHED


def test_consent_that_ends_while_work_waits_pauses_the_campaign_with_the_reason(
    installed: Installation, tmp_path: Path
) -> None:
    preset = person_on_tone(installed, tmp_path)
    campaign = build.submitted(installed, build.people(2), build.brief(**FITTING)).campaign
    body = read_consent(voices.write_consent(tmp_path)).as_json() | {"until_ms": 1000, "until": "1970-01-01"}
    with installed.database.write() as connection:
        preset_rows.record(connection, preset, "consent", body, actor="test")
    ended = build.worked(installed, campaign.id)
    assert ended.state == CampaignState.PAUSED
    assert "ended on 1970-01-01" in str(ended.state_reason)
    assert [key for key in build.objects(installed.store) if key.startswith("c")] == []


def test_consent_is_asked_of_the_database_at_most_every_few_seconds(
    installed: Installation, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    person_on_tone(installed, tmp_path)
    campaign = build.submitted(installed, build.people(1), build.brief(**FITTING)).campaign
    consents = Consents(installed.database)
    asked: list[str] = []
    look = consents_module.refusal

    def noted(connection: Connection, one: Campaign) -> str | None:
        asked.append(one.id)
        return look(connection, one)

    monkeypatch.setattr(consents_module, "refusal", noted)
    assert all(consents.allows(campaign) for _ in range(50))
    assert asked == [campaign.id]


def test_retired_preset_takes_no_new_campaign_and_finishes_the_old(
    installed: Installation, tmp_path: Path
) -> None:
    person_on_tone(installed, tmp_path)
    campaign = build.submitted(installed, build.people(2), build.brief(**FITTING)).campaign
    for _ in range(2):
        retire_preset(installed, "person@1", reason="a better one", actor="test")
    with pytest.raises(ConflictError, match="a better one"):
        build.submitted(installed, build.people(3), build.brief(**FITTING))
    assert build.worked(installed, campaign.id).state == CampaignState.FINISHED
    with installed.database.read() as connection:
        assert [row["action"] for row in audit.of(connection, "person@1")] == ["preset.retire"]


def test_revoked_preset_stops_running_work_and_lists_what_was_delivered(
    installed: Installation, tmp_path: Path
) -> None:
    person_on_tone(installed, tmp_path)
    done = build.submitted(installed, build.people(2), build.brief(**FITTING)).campaign
    build.worked(installed, done.id)
    elsewhere = build.submitted(installed, build.people(1, prefix="third"), build.brief()).campaign
    build.worked(installed, elsewhere.id)  # by another voice: none of what was delivered
    waiting = build.submitted(installed, build.people(3, prefix="other"), build.brief(**FITTING)).campaign
    revoked = revoke_preset(installed, "person@1", reason="asked to", actor="test")
    assert revoked.paused == (waiting.id,)
    assert [(one.campaign_id, one.row, one.is_current) for one in revoked.delivered] == [
        (done.id, 1, True),
        (done.id, 2, True),
    ]
    stored = build.objects(installed.store, f"campaigns/{done.id}/")
    assert all(one.object_key in stored for one in revoked.delivered)
    again = revoke_preset(installed, "person@1", reason="twice", actor="test")
    assert len(again.delivered) == 2
    with installed.database.read() as connection:
        assert [row["action"] for row in audit.of(connection, "person@1")] == ["preset.revoke"]
    with pytest.raises(ConflictError, match="final"):
        renew_consent(installed, "person@1", voices.write_consent(tmp_path), actor="test")


def test_a_campaign_resumed_against_a_revocation_is_paused_again(
    installed: Installation, tmp_path: Path
) -> None:
    person_on_tone(installed, tmp_path)
    campaign = build.submitted(installed, build.people(2), build.brief(**FITTING)).campaign
    revoke_preset(installed, "person@1", reason="asked to", actor="test")
    person_on_tone(installed, tmp_path, version=2)  # whose speaker agrees
    with installed.database.write() as connection:
        campaign_rows.move(connection, campaign.id, CampaignState.RUNNING)
    ended = build.worked(installed, campaign.id)
    assert ended.state == CampaignState.PAUSED
    assert "preset person@1 was revoked" in str(ended.state_reason)
    assert [key for key in build.objects(installed.store) if key.startswith("c")] == []


def test_a_campaign_whose_consent_is_not_there_any_more_is_paused(
    installed: Installation, tmp_path: Path
) -> None:
    person_on_tone(installed, tmp_path)
    campaign = build.submitted(installed, build.people(2), build.brief(**FITTING)).campaign
    with installed.database.write() as connection:
        connection.execute(delete(preset_records))
    ended = build.worked(installed, campaign.id)
    assert ended.state == CampaignState.PAUSED
    assert "preset person@1 has no consent of its speaker" in str(ended.state_reason)


def test_resume_and_retry_against_a_revocation_are_refused_with_the_reason(
    installed: Installation, tmp_path: Path
) -> None:
    person_on_tone(installed, tmp_path)
    campaign = build.submitted(installed, build.people(2), build.brief(**FITTING)).campaign
    revoke_preset(installed, "person@1", reason="asked to", actor="test")
    for go_on in (control.resume, control.retry):
        with pytest.raises(ConflictError, match="was revoked"):
            go_on(installed, campaign.id, actor="test")
    with installed.database.read() as connection:
        assert campaign_rows.get(connection, campaign.id).state == CampaignState.PAUSED
