"""The catalogue's encoder itself, fetched once a machine: torch's numbers, strangers apart, a revoked speaker refused;
and a gate, whose sides and rule are held to one encoder."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from campaign.errors import ConflictError
from campaign.gate.rule import rule_of
from campaign.gate.run import GateRequest, find_gate, resume_gate, run_gate
from campaign.gate.tools import GateTools
from campaign.registry.encoder import catalogue_encoder_name, find_encoder
from campaign.registry.presets import NewPreset, add_preset, revoke_preset
from campaign.registry.revoked_speakers import SAME_SPEAKER
from storage.installation import Installation
from storage.names import GateId, PresetName
from storage.registry import gates as gate_rows
from tests import build, voices
from tests.encoders import PitchEncoder, fetched_models
from tests.services.test_gate_at_work import ROWS, RULE, prompt_set
from tests.unit.registry.test_presets import CLONER
from workers.measure.likeness import SpeakerEncoder, SpectralEncoder, self_similarity, similarity
from workers.pcm import to_wav

RATE_HZ = voices.RATE_HZ
OTHER_TEXT = "The second text has other words, and the same speaker reads it aloud."
TORCHS = (-0.07716, -0.01945, 0.03614, -0.08529, -0.05349, 0.08739, 0.0111, 0.02925)
"""The first numbers of what speakerlab 0.0.6's network on torch 2.11 makes of `buzz`, by torchaudio's filterbank."""


@pytest.fixture
def installed(tmp_path: Path) -> Iterator[Installation]:
    made = build.installation(tmp_path / "home", models=fetched_models())
    yield made
    made.close()


@pytest.fixture
def encoder(installed: Installation) -> SpeakerEncoder:
    found = find_encoder(installed.settings)
    assert found.name == catalogue_encoder_name()
    return found


def buzz(rate_hz: int) -> np.ndarray[Any, np.dtype[np.int16]]:
    time_s = np.arange(round(2.6 * rate_hz)) / rate_hz
    phase = 2 * np.pi * (110 * time_s + 15 * time_s * time_s)
    wave = sum(np.sin(number * phase) / number for number in range(1, 20))
    return np.asarray(6000 * wave * (0.6 + 0.4 * np.sin(2 * np.pi * 3 * time_s)), dtype=np.int16)


def test_its_vectors_are_torchs(encoder: SpeakerEncoder) -> None:
    vector = encoder.embed(buzz(24_000), 24_000)
    assert vector.shape == (192,)
    assert np.abs(vector[:8] - TORCHS).max() < 1e-4


def test_it_tells_apart_whom_the_spectra_take_for_one(encoder: SpeakerEncoder) -> None:
    women = voices.spoken([voices.TEXT, OTHER_TEXT])
    (man,) = voices.spoken([OTHER_TEXT], variant="m3", pitch=30)

    def likeness(one: SpeakerEncoder) -> tuple[float, float]:
        first, same, other = (one.embed(pcm, RATE_HZ) for pcm in (*women, man))
        return similarity(first, same), similarity(first, other)

    same, other = likeness(encoder)
    assert same > 0.7 and other < SAME_SPEAKER - 0.1, (same, other)
    spectra = likeness(SpectralEncoder())
    assert spectra[1] > 0.8, "why they cannot be asked"
    two = self_similarity(encoder, np.concatenate((women[0], man)), RATE_HZ)
    assert two is not None and two < SAME_SPEAKER


def test_a_revoked_speaker_is_recognised_with_it(
    installed: Installation, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("campaign.registry.presets.engine_capabilities", lambda *_: CLONER)
    consent = voices.write_consent(tmp_path)

    def add(name: str, text: str, **variant: Any) -> None:
        path = tmp_path / f"{name}.wav"
        path.write_bytes(to_wav(voices.spoken([text], **variant)[0], RATE_HZ))
        new = NewPreset(name=PresetName(name), engine="f5", audio=path, text=text, consent=consent, table={})
        assert add_preset(installed, new, actor="test").is_new

    add("anna", voices.TEXT)
    revoke_preset(installed, "anna@1", reason="she left", actor="test")
    add("ben", OTHER_TEXT, variant="m3", pitch=30)
    with pytest.raises(ConflictError, match="sounds like the speaker of preset anna@1"):
        add("again", OTHER_TEXT)


# a gate


def request(tmp_path: Path, **more: Any) -> GateRequest:
    folder = tmp_path / "short-1"
    values: dict[str, Any] = {
        "candidate": "espeak",
        "baseline": "tone",
        "prompts": str(folder) if folder.exists() else prompt_set(folder, ROWS[:1]),
        "preset": "demo-voice@1",
        "rule": rule_of(RULE, "test"),
    }
    return GateRequest(**(values | more))


def ran(installed: Installation, asked: GateRequest) -> str:
    """The encoder of the sides."""
    watch = {"actor": "test", "watch": lambda *_: None, "steps": lambda *_: None}
    gate = run_gate(installed, asked, GateTools(), **watch)  # type: ignore[arg-type]
    (name,) = {side.encoder for side in gate.sides.values()}
    return name


def hear(monkeypatch: pytest.MonkeyPatch, encoder: SpeakerEncoder) -> None:
    monkeypatch.setattr("campaign.gate.tools.find_encoder", lambda _settings, _named: encoder)


def judging(**needs: Any) -> Any:
    bounds: dict[str, Any] = {"similarity": {"at_least": 0.95}}
    return rule_of({"swap": "errors == 0", "needs": needs, "bounds": bounds}, "test")


def test_a_limit_on_similarity_says_for_which_encoder_it_was_made(
    installed: Installation, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    hear(monkeypatch, PitchEncoder())
    name = catalogue_encoder_name()
    with pytest.raises(ConflictError, match=f'does not say by which encoder.* encoder = "{name}"'):
        ran(installed, request(tmp_path, rule=judging()))
    with pytest.raises(ConflictError, match=f"apart by {name}, and the rule was written with onnx-2-other"):
        ran(installed, request(tmp_path, rule=judging(encoder="onnx-2-other")))
    with installed.database.read() as connection:
        assert gate_rows.all_gates(connection) == [], "said before anything is kept"
    assert ran(installed, request(tmp_path, rule=judging(encoder=name))) == name
    assert ran(installed, request(tmp_path, rule=judging(encoder="spectral-1"))) == "spectral-1"
    assert ran(installed, request(tmp_path)) == name


def test_both_sides_of_a_gate_are_measured_with_one_encoder(
    installed: Installation, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def resumed() -> set[str]:
        watch = {"actor": "test", "watch": lambda *_: None, "steps": lambda *_: None}
        gate = find_gate(installed, GateId("gate-1"))
        gate = resume_gate(installed, gate, GateTools(), defer_baseline=True, **watch)  # type: ignore[arg-type]
        assert len(gate.sides) == made
        return {side.encoder for side in gate.sides.values()}

    made = 1
    hear(monkeypatch, PitchEncoder())
    asked = request(tmp_path, baseline="later", defer_baseline=True)
    assert ran(installed, asked) == catalogue_encoder_name()
    hear(monkeypatch, SpectralEncoder())
    with pytest.raises(ConflictError, match=f"the other side was measured with {catalogue_encoder_name()}"):
        resumed()
    hear(monkeypatch, PitchEncoder())
    assert resumed() == {catalogue_encoder_name()}
