"""A file that is made here of what a source gives: a wheel for another machine, the web, what somebody brought."""

from __future__ import annotations

import hashlib
import importlib.metadata
import importlib.util
import sys
from pathlib import Path
from typing import Any

import pytest

from campaign.errors import FetchError
from campaign.registry.catalogue import fetch_files, fetching
from campaign.registry.catalogue.deltas import Copy, write_delta
from campaign.registry.catalogue.table import Role
from tests.servers.sources import SourceFault, Sources
from tests.services.catalogue.entries import Seen, entry_of, file_of, package, set_environment, whole

CHECKPOINT = b"names in a pickle" + bytes(range(256)) * 300
MADE = b"<" + CHECKPOINT[1000:3000] + b"|" + CHECKPOINT[20:40] + b">"
TAGS = "cp313-cp313-manylinux_2_28_aarch64"
WEB = "/web/checkpoint.pt"


@pytest.fixture
def made(server: Sources, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> dict[str, Any]:
    """An entry whose one file is made of a checkpoint in a wheel, or on the web."""
    shipped = tmp_path / "voices"
    shipped.mkdir()
    steps: list[Copy | bytes] = [b"<", Copy(offset=1000, size=2000), b"|", Copy(offset=20, size=20), b">"]
    write_delta(steps, shipped / "some.delta")
    monkeypatch.setattr(fetching, "data_folder", lambda name: tmp_path / name)
    server.put(WEB, CHECKPOINT)
    wheel = server.add_wheel("some-checkpoint", "1.0.0", {"some/checkpoint.pt": CHECKPOINT}, tags=TAGS)
    file = file_of("model.onnx", MADE, [("wheel", "some/checkpoint.pt")], [("web", "checkpoint.pt")])
    sha256 = hashlib.sha256(CHECKPOINT).hexdigest()
    file["made_from"] = {"size": len(CHECKPOINT), "sha256": sha256, "delta": "some.delta"}
    origins = {
        "wheel": package("wheel", "some-checkpoint", wheel) | {"tags": TAGS},
        "web": {"kind": "address", "url": f"{server.url}/web"},
    }
    return whole(origins, [file], role="encoder", engine="")


@pytest.mark.parametrize("client", ["pip", "pip that tells addresses", "uv"])
def test_any_machine_gets_it_from_a_wheel_that_is_for_another(
    made: dict[str, Any], tmp_path: Path, monkeypatch: pytest.MonkeyPatch, client: str
) -> None:
    if client == "pip that tells addresses":
        monkeypatch.setattr(importlib.metadata, "version", lambda name: "25.3")
    if client == "uv":
        monkeypatch.setattr(importlib.util, "find_spec", lambda name: None)
        (tmp_path / "bin").mkdir()
        (tmp_path / "bin" / "uv").symlink_to(Path(sys.executable).with_name("uv").resolve())
        monkeypatch.setenv("PATH", str(tmp_path / "bin"))
    seen = Seen()
    entry = entry_of(tmp_path, made)
    folder = fetch_files(entry, tmp_path / "some", watch=seen)
    assert entry.role is Role.ENCODER and seen.passed == []
    assert [path.name for path in folder.iterdir()] == ["model.onnx"]
    assert (folder / "model.onnx").read_bytes() == MADE
    assert not folder.with_name("some.part").exists()


def test_the_web_gives_what_it_is_made_of_too(server: Sources, made: dict[str, Any], tmp_path: Path) -> None:
    made["origins"]["wheel"]["version"] = "1.0.1"
    seen = Seen()
    folder = fetch_files(entry_of(tmp_path, made), tmp_path / "some", watch=seen)
    assert [label for label, _ in seen.passed] == ["wheel some-checkpoint 1.0.1"]
    assert (folder / "model.onnx").read_bytes() == MADE and server.bodies(WEB) == [0]


def test_without_a_network_what_it_is_made_of_is_asked_for_and_taken(
    server: Sources, made: dict[str, Any], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    set_environment(monkeypatch, {"PIP_INDEX_URL": "http://127.0.0.1:9/simple"})
    server.faults[WEB] = SourceFault(status=404)
    entry = entry_of(tmp_path, made)
    with pytest.raises(FetchError) as raised:
        fetch_files(entry, tmp_path / "some")
    assert (
        "pip download --no-deps --only-binary :all: --python-version 3.13 --implementation cp --abi cp313 "
        "--platform manylinux_2_28_aarch64 some-checkpoint==1.0.0" in str(raised.value)
    )
    brought = tmp_path / "stick"
    brought.mkdir()
    (brought / "copy").write_bytes(CHECKPOINT)
    folder = fetch_files(entry, tmp_path / "some", brought=brought)
    assert (folder / "model.onnx").read_bytes() == MADE


@pytest.mark.parametrize(
    ("damage", "told"),
    [
        (b"delta-1\nno delta", "the shipped some.delta cannot be read"),
        (b"", "the shipped some.delta cannot be read"),
        (None, "the shipped some.delta cannot be read"),
        ([b"<", Copy(offset=1000, size=2000)], "model.onnx from it has sha256"),
        ([Copy(offset=len(CHECKPOINT) - 1, size=2)], "shorter than it should be"),
    ],
    ids=["garbage", "empty", "gone", "another", "beyond"],
)
def test_what_is_made_otherwise_than_meant_is_never_kept(
    made: dict[str, Any], tmp_path: Path, damage: Any, told: str
) -> None:
    delta = tmp_path / "voices" / "some.delta"
    delta.unlink()
    if isinstance(damage, bytes):
        delta.write_bytes(damage)
    elif damage is not None:
        write_delta(damage, delta)
    with pytest.raises(FetchError, match=told):
        fetch_files(entry_of(tmp_path, made), tmp_path / "some")
    assert not (tmp_path / "some").exists()
