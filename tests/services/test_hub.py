"""Weights pulled from a hub: the true client against a server that speaks the hub's protocol."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from huggingface_hub import hf_hub_download

from campaign.errors import ConflictError, InputError
from campaign.registry.hub import NewHubModel, pull_model
from campaign.registry.pins import verify_model
from storage.installation import Installation
from storage.names import PinId
from tests import build
from tests.servers.hub import ModelHub, Repo, model_hub

WEIGHTS = b"weights" * 1000
NO_TENSORS = len(b"{}").to_bytes(8, "little") + b"{}"
"""As safetensors has it."""


@pytest.fixture
def installed(tmp_path: Path) -> Iterator[Installation]:
    made = build.installation(tmp_path / "home")
    yield made
    made.close()


@pytest.fixture
def hub(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[ModelHub]:
    monkeypatch.setattr("huggingface_hub.file_download.constants.HF_HUB_CACHE", str(tmp_path / "cache"))
    repos = {
        "maker/model": Repo(
            licence="cc-by-nc-4.0",
            files={
                "README.md": b"about",
                "large/model.safetensors": WEIGHTS,
                "large/vocab.txt": b" \na\n",
                "large/old.pt": b"pickle",
                "small/model.safetensors": b"small",
            },
        ),
        "maker/f5": Repo(
            licence="cc-by-nc-4.0",
            files={
                "E2TTS_Base/model_1200000.safetensors": b"other",
                "F5TTS_v1_Base/model_1250000.pt": b"pickle",
                "F5TTS_v1_Base/model_1250000.safetensors": NO_TENSORS,
                "F5TTS_v1_Base/vocab.txt": b" \na\n",
            },
        ),
        "maker/vocoder": Repo(files={"config.yaml": b"a: 1", "model.safetensors": b"vocoder"}, licence="mit"),
        "maker/pickles": Repo(files={"model.bin": b"pickle", "config.json": b"{}"}, licence="mit"),
    }
    with model_hub(repos) as running:
        monkeypatch.setenv("HF_ENDPOINT", running.url)
        yield running


def asked(hub: ModelHub, repo: str = "maker/model", **more: Any) -> NewHubModel:
    model = NewHubModel(source=hub.source(repo), name=PinId("mine"), engine="tone", path="large")
    return replace(model, **more)


def test_files_at_that_commit_are_fetched_digested_and_pinned(installed: Installation, hub: ModelHub) -> None:
    pin, is_new = pull_model(installed, asked(hub, vocoder=hub.source("maker/vocoder")), actor="test")
    assert is_new
    assert pin.files["model.safetensors"] == hashlib.sha256(WEIGHTS).hexdigest()
    assert set(pin.files) == {
        "model.safetensors",
        "vocab.txt",
        "vocoder/config.yaml",
        "vocoder/model.safetensors",
    }
    assert (pin.repo, pin.revision) == ("maker/model", hub.revision("maker/model"))
    assert pin.vocoder is not None
    assert (pin.vocoder.repo, pin.vocoder.revision) == ("maker/vocoder", hub.revision("maker/vocoder"))
    assert (pin.licence, pin.purposes) == ("cc-by-nc-4.0", ["non-commercial", "research"])
    assert "large/old.pt" not in hub.served and "README.md" not in hub.served


def test_of_f5_s_repository_the_base_model_is_meant_and_its_vocoder_may_lie_here(
    installed: Installation, hub: ModelHub, tmp_path: Path
) -> None:
    (tmp_path / "vocos").mkdir()
    (tmp_path / "vocos" / "config.yaml").write_text("backbone: {}")
    (tmp_path / "vocos" / "model.safetensors").write_bytes(NO_TENSORS)
    pin, _ = pull_model(
        installed,
        NewHubModel(source=hub.source("maker/f5"), name=PinId("f5-v1"), vocoder=str(tmp_path / "vocos")),
        actor="test",
    )
    assert hub.served == ["F5TTS_v1_Base/model_1250000.safetensors", "F5TTS_v1_Base/vocab.txt"]
    assert (pin.engine, pin.capabilities["clones"], pin.capabilities["languages"]) == (
        "f5",
        True,
        ["en", "zh"],
    )
    assert pin.vocabulary_sha256 == hashlib.sha256(b" \na\n").hexdigest()


def test_the_same_pull_again_fetches_nothing_and_is_the_same_pin(
    installed: Installation, hub: ModelHub
) -> None:
    first, _ = pull_model(installed, asked(hub), actor="test")
    hub.served.clear()
    assert pull_model(installed, asked(hub), actor="test") == (first, False)
    assert hub.served == []


def test_what_a_killed_pull_left_is_thrown_away(installed: Installation, hub: ModelHub) -> None:
    first, _ = pull_model(installed, asked(hub), actor="test")
    root = Path(first.location or "").parent
    root.rename(root.with_name(f"{root.name}.part"))
    (root.with_name(f"{root.name}.part") / "large" / "stale.safetensors").write_bytes(b"half")
    assert pull_model(installed, asked(hub), actor="test") == (first, False)
    assert sorted(path.name for path in (root / "large").iterdir()) == ["model.safetensors", "vocab.txt"]


def test_a_file_that_is_tampered_with_later_is_found(installed: Installation, hub: ModelHub) -> None:
    pin, _ = pull_model(installed, asked(hub), actor="test")
    (Path(pin.location or "") / "model.safetensors").write_bytes(b"other")
    assert [one.path for one in verify_model(installed, "mine")[1] if not one.holds] == ["model.safetensors"]


def test_a_damaged_file_in_the_library_s_own_cache_is_fetched_anew(
    installed: Installation, hub: ModelHub, tmp_path: Path
) -> None:
    kept = Path(
        hf_hub_download(
            "maker/model",
            "large/model.safetensors",
            revision=hub.revision("maker/model"),
            cache_dir=tmp_path / "cache",
            endpoint=hub.url,
        )
    )
    kept.write_bytes(b"damaged")
    pin, _ = pull_model(installed, asked(hub), actor="test")
    assert pin.files["model.safetensors"] == hashlib.sha256(WEIGHTS).hexdigest()
    assert hub.served.count("large/model.safetensors") == 2


def test_bytes_other_than_the_hub_promises_are_refused_and_nothing_stays(
    installed: Installation, hub: ModelHub
) -> None:
    hub.repos["maker/model"].corrupt.add("large/model.safetensors")
    with pytest.raises(ConflictError, match="different bytes from those the hub promises"):
        pull_model(installed, asked(hub), actor="test")
    assert list((installed.settings.home / "models").glob("*")) == []


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"source": "hf:maker/model@main"}, "not a full commit"),
        ({"source": "maker/model"}, "write hf:OWNER/NAME@COMMIT"),
        ({"source": f"hf:maker/model@{'0' * 40}"}, "has no commit 0000"),
        ({"source": f"hf:maker/none@{'0' * 40}"}, "there is no maker/none"),
        ({"path": "none"}, "large, small. Name one with --path"),
    ],
)
def test_what_is_not_there_is_named_with_the_mend(
    installed: Installation, hub: ModelHub, change: dict[str, str], message: str
) -> None:
    with pytest.raises(InputError, match=message):
        pull_model(installed, asked(hub, **change), actor="test")


def test_pickles_alone_are_refused_with_the_way_to_convert_them(
    installed: Installation, hub: ModelHub
) -> None:
    with pytest.raises(InputError, match="campaign model convert"):
        pull_model(installed, asked(hub, "maker/pickles", path=""), actor="test")
    assert hub.served == []


def test_a_licence_that_nobody_knows_needs_a_person_s_word(installed: Installation, hub: ModelHub) -> None:
    hub.repos["maker/model"].licence = "house-licence"
    with pytest.raises(InputError, match="give --purpose"):
        pull_model(installed, asked(hub), actor="test")


def test_a_hub_that_is_away_is_named(installed: Installation, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HF_ENDPOINT", "http://127.0.0.1:9")
    with pytest.raises(InputError, match=r"http://127\.0\.0\.1:9 gave no answer"):
        pull_model(
            installed,
            NewHubModel(source=f"hf:maker/model@{'a' * 40}", name=PinId("mine"), engine="tone"),
            actor="test",
        )
