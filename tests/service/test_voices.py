"""Voices and lexicons over the API: frozen, retired, revoked, moved; each with its audit row."""

from __future__ import annotations

import base64
from pathlib import Path

import httpx
import pytest

from storage.history import audit
from storage.registry.pins import OVERRIDE
from tests import build, voices
from tests.servers.service import RunningService, served
from tests.service.calls import BRIEF

CONSENT = {
    "person": 'nobody: espeak-ng "quoted"',
    "purposes": ["non-commercial"],
    "languages": ["en"],
    "territories": ["DE"],
    "given": "2026-11-01",
    "until": "2100-12-31",
    "proof": base64.b64encode(b"signed").decode(),
}
PLAIN = {"name": "beep", "engine": "tone", "table": {"pitch_hz": 300, "characters_per_second": 14}}


def test_voice_is_frozen_retired_and_revoked(client: httpx.Client, service: RunningService) -> None:
    first, again = (client.post("/v1/presets", json=PLAIN) for _ in range(2))
    assert (first.status_code, again.status_code) == (201, 200)
    assert (first.json()["preset"]["version"], again.json()["is_new"]) == (1, False)
    assert client.post("/v1/presets/beep/retire", json={"reason": "a better one"}).status_code == 204
    assert "a better one" in client.get("/v1/presets/beep").json()["problem"]
    client.put("/v1/campaigns/beeps", json=BRIEF | {"preset": "beep@1"}).raise_for_status()
    assert client.post("/v1/presets/beep@1/revoke", json={"reason": "asked to"}).json()["delivered"] == 0
    with service.installation.database.read() as connection:
        actions = [row["action"] for row in audit.of(connection, "beep@1")]
    assert actions == ["preset.add", "preset.retire", "preset.revoke"]


def test_recording_needs_a_consent_and_an_engine_that_clones(client: httpx.Client, tmp_path: Path) -> None:
    audio = base64.b64encode(voices.write_recording(tmp_path / "a.wav").read_bytes()).decode()
    asked = {"name": "person", "engine": "f5", "text": voices.TEXT, "audio": audio, "table": {}}
    without = client.post("/v1/presets", json=asked)
    assert (without.status_code, "consent" in without.json()["detail"]) == (422, True)
    frozen = client.post("/v1/presets", json=asked | {"consent": CONSENT})
    assert frozen.status_code == 201, frozen.text
    kinds = [record["kind"] for record in frozen.json()["preset"]["records"]]
    assert "consent" in kinds and "scores" in kinds
    client.post("/v1/presets/person/revoke", json={"reason": "asked to"}).raise_for_status()
    back = asked | {"name": "somebody", "consent": CONSENT}
    refused = client.post("/v1/presets", json=back)
    assert refused.status_code == 409 and "the speaker of preset person@1" in refused.json()["detail"]
    assert client.post("/v1/presets", json=back | {"despite": ["person@1"]}).status_code == 201
    espeak = client.post("/v1/presets", json=asked | {"engine": "espeak", "consent": CONSENT})
    assert espeak.status_code == 422


@pytest.mark.parametrize(
    ("change", "named"),
    [
        ({"name": "No Name"}, "name"),
        ({"engine": "nothing"}, "nothing"),
        ({"table": {"pitch_hz": "high"}}, "pitch_hz"),
        ({"audio": "no base64!", "consent": CONSENT}, "audio"),
        ({"consent": CONSENT | {"given": "soon"}}, "given"),
    ],
)
def test_wrong_voice_names_the_field(client: httpx.Client, change: dict[str, object], named: str) -> None:
    answer = client.post("/v1/presets", json=PLAIN | change)
    assert (answer.status_code in (404, 422), named in answer.text) == (True, True), answer.text


def test_channel_moves_with_reason_and_name_and_back(client: httpx.Client) -> None:
    for pin in ("espeak", "tone"):
        moved = client.post(
            "/v1/channels/trial/promote", json={"pin": pin, "reason": "to try", "override_by": "A. Lead"}
        )
        assert moved.status_code == 200, moved.text
    assert moved.json() == {"channel": "trial", "was": "espeak", "now": "tone"}
    refused = client.post("/v1/channels/trial/promote", json={"pin": "espeak", "reason": "because"})
    assert refused.status_code in (409, 422)
    assert client.post("/v1/channels/trial/rollback", json={"reason": "worse"}).json()["now"] == "espeak"
    assert {"name": "trial", "pin": "espeak"} in client.get("/v1/channels").json()
    history = client.get("/v1/channels/trial/history").json()
    assert history[0]["kind"] == OVERRIDE
    assert len(history) == 3


def test_lexicon_is_versioned_and_read_back(client: httpx.Client) -> None:
    text = "written\talias\nAcme\tack me\n"
    first, again = (client.put("/v1/lexicons/brands", json={"text": text}) for _ in range(2))
    assert (first.status_code, again.status_code, again.json()["version"]) == (201, 200, 1)
    assert "ack me" in client.get("/v1/lexicons/brands@1").text
    refused = client.put("/v1/lexicons/brands", json={"text": text, "samples": "[en] Acme~Acme"})
    assert (refused.status_code, "samples fail" in refused.json()["detail"]) == (422, True), refused.text
    assert client.put("/v1/lexicons/brands", json={"text": "nonsense"}).status_code == 422


def test_weights_are_pinned_from_one_folder_and_no_other(tmp_path: Path) -> None:
    models = tmp_path / "models"
    (models / "mine").mkdir(parents=True)
    (models / "mine" / "model.safetensors").write_bytes(b"weights")
    (models / "link").symlink_to(tmp_path)
    asked = {"name": "mine", "engine": "tone", "folder": "mine", "licence": "MIT", "purposes": ["research"]}
    installation = build.installation(tmp_path / "home", models_folder=models)
    with served(installation, works=False) as service, httpx.Client(base_url=service.url) as client:
        first, again = (client.post("/v1/pins", json=asked) for _ in range(2))
        assert (first.status_code, again.status_code) == (201, 200), first.text
        assert again.json() == {"pin": client.get("/v1/pins/mine").json(), "is_new": False}
        (models / "mine" / "model.safetensors").write_bytes(b"others")
        assert client.post("/v1/pins", json=asked).status_code == 409
        for folder in ("nothing", "link", "link/home", "../home", "/etc", ""):
            answer = client.post("/v1/pins", json=asked | {"name": "other", "folder": folder})
            assert (answer.status_code, "folder" in answer.text) == (422, True), (folder, answer.text)
    installation.close()


def test_no_weights_are_pinned_where_no_folder_is_set(client: httpx.Client) -> None:
    asked = {"name": "mine", "engine": "tone", "folder": "mine", "licence": "MIT", "purposes": ["research"]}
    answer = client.post("/v1/pins", json=asked)
    assert (answer.status_code, "CAMPAIGN_MODELS_FOLDER" in answer.json()["detail"]) == (409, True)
