"""Which encoder an installation measures speakers with."""

from __future__ import annotations

from pathlib import Path

import pytest

from campaign.registry.catalogue import shipped_catalogue
from campaign.registry.catalogue.deltas import Copy
from campaign.registry.catalogue.keeping import place_of
from campaign.registry.encoder import catalogue_encoder_name, find_encoder
from storage.settings import Settings
from tools.onnx_deltas import Graph, value_info
from workers.engines.engine import EngineError
from workers.measure.likeness import SpectralEncoder


@pytest.fixture
def own(tmp_path: Path) -> Path:
    """An encoder that somebody brings: the mean of each band."""
    graph = Graph(tensors={})
    graph.add("ReduceMean", ["features"], "vector", axes=[1], keepdims=0)
    steps = graph.as_model(
        "mean", value_info("features", [1, "frames", 80]), value_info("vector", [1, 80]), made_of="nobody"
    )
    path = tmp_path / "own.onnx"
    path.write_bytes(b"".join(step for step in steps if not isinstance(step, Copy)))
    return path


def test_without_any_it_is_the_spectra(tmp_path: Path) -> None:
    assert isinstance(find_encoder(Settings(home=tmp_path, models=tmp_path)), SpectralEncoder)


def test_what_is_named_comes_before_all_else(
    tmp_path: Path, own: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings = Settings(home=tmp_path, models=tmp_path)
    name = find_encoder(settings, own).name
    assert name.startswith("onnx-2-") and name != catalogue_encoder_name()
    monkeypatch.setenv("CAMPAIGN_SPEAKER_ENCODER", str(own))
    assert find_encoder(Settings(home=tmp_path, models=tmp_path)).name == name
    monkeypatch.setenv("CAMPAIGN_SPEAKER_ENCODER", str(tmp_path / "gone.onnx"))
    with pytest.raises(EngineError, match="cannot be read"):
        find_encoder(Settings(home=tmp_path, models=tmp_path))


def test_a_fetched_copy_that_is_damaged_is_told_and_never_measured_with(tmp_path: Path, own: Path) -> None:
    settings = Settings(home=tmp_path, models=tmp_path)
    entry = shipped_catalogue().find("speaker-encoder")
    place = place_of(settings, entry)
    place.mkdir()
    own.rename(place / "model.onnx")
    assert isinstance(find_encoder(settings), SpectralEncoder), "a part is not it"
    (file,) = entry.files
    with (place / "model.onnx").open("ab") as grown:  # an unknown field of bytes, which a reader skips
        left = file.size - grown.tell()
        header = b"\xfa\x06" + _length(left)
        grown.write(header + bytes(left - len(header)))
    with pytest.raises(EngineError, match="is damaged; `campaign voice get speaker-encoder` mends it"):
        find_encoder(settings)


def _length(left: int) -> bytes:
    """A varint of 4 bytes for what comes after it and a tag of 2."""
    number = left - 6
    return bytes([number & 0x7F | 0x80, number >> 7 & 0x7F | 0x80, number >> 14 & 0x7F | 0x80, number >> 21])
