"""The evidence bundle: verifies offline, breaks when a byte changes, and outlives an erasure."""

from __future__ import annotations

import json
import subprocess
import sys
import zipfile
from dataclasses import dataclass
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from pydantic import JsonValue

from campaign.errors import ConflictError, EvidenceError, NotFoundError
from campaign.evidence.bundle import disclose, write_bundle
from campaign.evidence.check import verify_bundle, verify_disclosure, verify_manifest
from campaign.evidence.signature import public_pem, signing_key
from campaign.operations.erase import erase_recipient
from storage.installation import Installation
from storage.names import CampaignId
from storage.registry import gates as gate_rows
from storage.registry import presets as preset_rows
from storage.registry.gates import GateOptions, NewGate
from tests import build


@dataclass(frozen=True, slots=True)
class Done:
    installation: Installation
    campaign_id: str
    bundle: Path
    key: Path


@pytest.fixture
def done(tmp_path: Path) -> Done:
    made = build.installation(tmp_path / "home")
    asked = build.brief("Welcome back, friend. Hello {{ name }}.")
    campaign_id = build.submitted(made, build.people(3), asked, campaign_id="spring").campaign.id
    build.worked(made, campaign_id)
    bundle, key = tmp_path / "spring.zip", tmp_path / "key.pem"
    write_bundle(made, campaign_id, bundle)
    key.write_bytes(public_pem(signing_key(made.settings)))
    return Done(made, campaign_id, bundle, key)


def test_bundle_verifies_with_one_command_and_no_installation(done: Done, tmp_path: Path) -> None:
    ran = subprocess.run(
        [sys.executable, "-m", "campaign", "evidence", "verify", done.bundle, "--key", done.key, "--json"],
        env={"PATH": "", "HOME": str(tmp_path / "nobody")},
        capture_output=True,
        check=True,
    )
    found = json.loads(ran.stdout)
    assert (found["campaign"], found["rows"], found["key_given"]) == ("spring", 3, True)
    assert not (tmp_path / "nobody").exists()


def test_bundle_holds_report_lock_verdicts_consents_runs_and_leaves_but_no_person(done: Done) -> None:
    with zipfile.ZipFile(done.bundle) as archive:
        files = {name: archive.read(name).decode() for name in archive.namelist()}
    assert set(files) == {
        "statement.dsse.json",
        "public-key.pem",
        "README.txt",
        "report.json",
        "lock.json",
        "pins.json",
        "verdicts.json",
        "consents.json",
        "leaves.txt",
        "runs.tsv",
    }
    assert len(files["runs.tsv"].splitlines()) == 5
    everything = "".join(files.values())
    assert not [one for one in build.people(3) if one["id"] in everything or one["name"] in everything]


def test_bundle_says_what_the_speaker_agreed_to_and_which_verdict_let_the_pin_in(
    done: Done, tmp_path: Path
) -> None:
    said: dict[str, JsonValue] = {"person": "A. Speaker", "purposes": ["research"], "proof_sha256": "ab" * 32}
    with done.installation.database.write() as connection:
        preset = preset_rows.find(connection, "demo-voice", 1)
        assert preset is not None
        preset_rows.record(connection, preset, "consent", said, actor="test")
        asked = NewGate(
            candidate="tone",
            baseline="espeak",
            candidate_preset="demo-voice@1",
            baseline_preset="demo-voice@1",
            prompts="campaign-1",
            prompts_digest="0" * 64,
            rule={},
            rule_digest="0" * 64,
            options=GateOptions(),
            sides={},
            actor="test",
        )
        gate = gate_rows.create(connection, asked)
        gate_rows.decide(
            connection, gate.id, outcome="swap_candidate", verdict={"why": "better"}, digest="1" * 64
        )
    path = tmp_path / "with.zip"
    write_bundle(done.installation, CampaignId(done.campaign_id), path)
    assert verify_bundle(path, key=done.key).rows == 3
    with zipfile.ZipFile(path) as archive:
        (consent,) = json.loads(archive.read("consents.json"))
        (verdict,) = json.loads(archive.read("verdicts.json"))
    assert consent["said"] == {"purposes": ["research"], "proof_sha256": "ab" * 32}
    assert (verdict["outcome"], verdict["verdict"]) == ("swap_candidate", {"why": "better"})


def test_same_campaign_gives_the_same_bundle(done: Done, tmp_path: Path) -> None:
    again = tmp_path / "other" / "spring.zip"
    again.parent.mkdir()
    write_bundle(done.installation, CampaignId(done.campaign_id), again)
    assert again.read_bytes() == done.bundle.read_bytes()


@pytest.mark.parametrize(
    "name", ["report.json", "lock.json", "leaves.txt", "runs.tsv", "statement.dsse.json"]
)
def test_a_changed_file_is_found(done: Done, tmp_path: Path, name: str) -> None:
    changed = tmp_path / "changed.zip"
    with zipfile.ZipFile(done.bundle) as archive, zipfile.ZipFile(changed, "w") as fresh:
        for info in archive.infolist():
            data = archive.read(info)
            at = len(data) // 2
            flipped = data[:at] + bytes([data[at] ^ 1]) + data[at + 1 :]
            fresh.writestr(info.filename, flipped if info.filename == name else data)
    with pytest.raises(EvidenceError):
        verify_bundle(changed, key=done.key)


def test_another_key_a_cut_file_and_a_missing_one_are_clear_errors(done: Done, tmp_path: Path) -> None:
    other = tmp_path / "other.pem"
    other.write_bytes(public_pem(Ed25519PrivateKey.generate()))
    with pytest.raises(EvidenceError, match="not signed by key"):
        verify_bundle(done.bundle, key=other)
    cut = tmp_path / "cut.zip"
    cut.write_bytes(done.bundle.read_bytes()[:500])
    with pytest.raises(EvidenceError, match="cut off"):
        verify_bundle(cut)
    with pytest.raises(NotFoundError):
        verify_bundle(tmp_path / "nowhere.zip")


def test_bundle_stays_valid_after_an_erasure_and_the_new_manifest_is_still_in_it(
    done: Done, tmp_path: Path
) -> None:
    shown = tmp_path / "row-2.json"
    shown.write_text(json.dumps(disclose(done.installation, CampaignId(done.campaign_id), 2)))
    erase_recipient(done.installation, "person-1", actor="test")
    found = verify_bundle(done.bundle, key=done.key)
    manifest = tmp_path / "manifest.jsonl"
    manifest.write_bytes(done.installation.store.get("campaigns/spring/manifest.jsonl"))
    assert verify_manifest(found, manifest) == 3
    assert verify_disclosure(found, shown)["row"] == 2
    manifest.write_text(manifest.read_text().replace('"leaf":"', '"leaf":"0'))
    with pytest.raises(EvidenceError, match="line 1"):
        verify_manifest(found, manifest)
    document = json.loads(shown.read_text())
    document["line"]["duration_s"] = 1.0
    shown.write_text(json.dumps(document))
    with pytest.raises(EvidenceError, match="changed"):
        verify_disclosure(found, shown)


def test_evidence_of_a_campaign_that_runs_is_refused(tmp_path: Path) -> None:
    made = build.installation(tmp_path / "home")
    campaign_id = build.submitted(made, build.people(1)).campaign.id
    with pytest.raises(ConflictError, match="has ended"):
        write_bundle(made, campaign_id, tmp_path / "x.zip")
