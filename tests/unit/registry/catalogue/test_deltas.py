"""The delta that ships: within what it is made from, as long as the catalogue says, and a model that runs."""

from __future__ import annotations

from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest

from campaign.registry.catalogue import shipped_catalogue
from campaign.registry.catalogue.deltas import Copy, apply, read_delta, write_delta
from campaign.registry.catalogue.watching import SourceRefusedError
from storage.resources import data_folder
from tests import voices
from workers.measure.likeness import OnnxEncoder

ENTRY = shipped_catalogue().find("speaker-encoder")
DELTA = data_folder("voices") / "speaker-encoder.delta"


def test_steps_are_read_as_they_were_written(tmp_path: Path) -> None:
    place = tmp_path / "some.delta"
    write_delta([b"a", b"b", Copy(offset=1 << 40, size=7), Copy(offset=0, size=1), b"", b"\1"], place)
    assert list(read_delta(place)) == [b"ab", Copy(offset=1 << 40, size=7), Copy(offset=0, size=1), b"\1"]
    place.write_bytes(place.read_bytes()[:-3])
    with pytest.raises(SourceRefusedError, match="reinstall campaign"):
        list(read_delta(place))


@pytest.mark.parametrize("name", ["speaker-encoder", "distillmos"])
def test_a_models_delta_takes_every_weight_once_and_brings_none(name: str) -> None:
    (file,) = shipped_catalogue().find(name).files
    assert file.made_from is not None and file.made_from.delta == f"{name}.delta"
    steps = list(read_delta(data_folder("voices") / file.made_from.delta))
    copies = sorted((step for step in steps if isinstance(step, Copy)), key=lambda step: step.offset)
    own = [step for step in steps if isinstance(step, bytes)]
    assert sum(map(len, own)) + sum(copy.size for copy in copies) == file.size
    assert all(one.offset + one.size <= after.offset for one, after in pairwise(copies))
    assert copies[-1].offset + copies[-1].size <= file.made_from.size
    assert sum(map(len, own)) < 200_000, "the rest is the network's shape"


def test_what_it_makes_is_a_network_that_gives_a_vector_for_any_length(tmp_path: Path) -> None:
    """With other weights in the checkpoint's place: the real ones come with `campaign voice get`."""
    (file,) = ENTRY.files
    assert file.made_from is not None
    checkpoint = tmp_path / "checkpoint.pt"
    weights = np.random.default_rng(0).uniform(0.001, 0.02, file.made_from.size // 4)
    checkpoint.write_bytes(weights.astype("<f4").tobytes())
    apply(DELTA, checkpoint, tmp_path / "model.onnx")
    encoder = OnnxEncoder(tmp_path / "model.onnx")
    for seconds in (0.5, 1.0, 2.6):
        noise = np.random.default_rng(1).normal(0, 3000, round(seconds * voices.RATE_HZ)).astype(np.int16)
        vector = encoder.embed(noise, voices.RATE_HZ)
        assert vector.shape == (192,) and np.linalg.norm(vector) == pytest.approx(1.0)
