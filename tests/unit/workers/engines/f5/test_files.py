"""A folder of weights may be anybody's: what its files say of themselves is held against them before they are used."""

from __future__ import annotations

import json
import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import torch
import yaml
from hypothesis import given
from hypothesis import strategies as st
from safetensors.torch import save_file

from tests.examples import examples
from workers.engines.engine import EngineError
from workers.engines.f5 import CheckpointError
from workers.engines.f5.conditioning import from_bytes
from workers.engines.f5.files import check_header, read_lines, read_yaml
from workers.engines.f5.weights import load, open_folder, read_vocabulary

GOOD = {
    "a": {"dtype": "F32", "shape": [2], "data_offsets": [0, 8]},
    "b": {"dtype": "BF16", "shape": [], "data_offsets": [8, 10]},
}


def packed(header: object, body: bytes = bytes(10), *, says: int | None = None) -> bytes:
    data = header if isinstance(header, bytes) else json.dumps(header).encode()
    return (len(data) if says is None else says).to_bytes(8, "little") + data + body


def changed(**keys: Any) -> dict[str, Any]:
    return {**GOOD, "b": {**GOOD["b"], **keys}}


HEADERS: dict[str, tuple[bytes, str]] = {
    "empty": (b"", "says 0 bytes"),
    "a length without header": (packed(b"", b"", says=10), "ends in its header"),
    "a length of exabytes": (packed(GOOD, says=(1 << 64) - 1), "says 18,446,744,073,709,551,615 bytes"),
    "a length beyond the file": (packed(GOOD, says=10_000), "ends in its header"),
    "a length of a gigabyte": (packed(GOOD, says=1 << 30), "says 1,073,741,824 bytes"),
    "no JSON": (packed(b"{nonsense"), "line 1, column 2"),
    "no UTF-8": (packed(b'{"\xff": 1}'), "not UTF-8"),
    "deep": (packed(b"[" * 100_000), "more than 64 lists"),
    "a list": (packed([]), "no table of tensors"),
    "a name twice": (packed(b'{"a": 1, "a": 1}'), "'a' stands twice"),
    "NaN": (packed(b'{"a": NaN}'), "NaN"),
    "overlapping": (packed(changed(data_offsets=[6, 8])), "begins at 6, not where the one before ends, at 8"),
    "a hole": (packed(changed(data_offsets=[10, 12]), bytes(12)), "begins at 10"),
    "the same bytes twice": (packed(changed(dtype="F32", shape=[2], data_offsets=[0, 8])), "begins at 0"),
    "beyond the end": (packed(GOOD, bytes(9)), "10 bytes and 9 are there"),
    "more than it says": (packed(GOOD, bytes(11)), "10 bytes and 11 are there"),
    "backwards": (packed(changed(data_offsets=[10, 8])), "another size"),
    "below nothing": (packed(changed(data_offsets=[-2, 0])), "below nothing"),
    "a shape below nothing": (packed(changed(shape=[-1, -1])), "below nothing"),
    "a shape that overflows": (packed(changed(shape=[1 << 40, 1 << 40])), "another size"),
    "a shape of a text": (packed(changed(shape="2")), "shape"),
    "a shape of flags": (packed(changed(shape=[True])), "shape"),
    "a shape of many": (packed(changed(shape=[1] * 100)), "shape"),
    "an unknown type": (packed(changed(dtype="F128")), "type 'F128'"),
    "a type that is a list": (packed(changed(dtype=["F32"])), "dtype"),
    "no offsets": (packed({"a": {"dtype": "F32", "shape": []}}, b""), "data_offsets"),
    "one offset": (packed(changed(data_offsets=[8])), "data_offsets"),
    "offsets that are fractions": (packed(changed(data_offsets=[8.0, 10.5])), "data_offsets"),
    "a tensor that is a number": (packed({"a": 1}), "table"),
    "twenty thousand": (packed({str(n): 1 for n in range(20_001)}), "no table of tensors"),
}


@pytest.mark.parametrize("name", HEADERS)
def test_a_header_that_lies_is_refused_with_the_file(tmp_path: Path, name: str) -> None:
    data, complaint = HEADERS[name]
    path = tmp_path / "model.safetensors"
    path.write_bytes(data)
    with pytest.raises(CheckpointError, match=complaint) as caught:
        check_header(path)
    assert str(path) in str(caught.value)
    assert len(str(caught.value)) < 500


def test_what_the_library_writes_is_taken(tmp_path: Path) -> None:
    path = tmp_path / "model.safetensors"
    save_file(
        {
            "a": torch.zeros(3, 4),
            "b": torch.tensor(True),
            "c": torch.zeros(0),
            "d": torch.zeros(2, dtype=torch.bfloat16),
        },
        path,
        metadata={"format": "pt"},
    )
    check_header(path)


@examples(200)
@given(st.binary(max_size=120))
def test_no_bytes_are_a_header_by_chance(data: bytes) -> None:
    path = Path(f"/tmp/fuzz-{os.getpid()}.safetensors")
    path.write_bytes(data)
    try:
        with pytest.raises(CheckpointError):
            check_header(path)
    finally:
        path.unlink()


LAUGHS = "a: &a [ha, ha]\n" + "".join(
    f"{n}: &{n} [*{p}, *{p}]\n" for p, n in zip("abcdefgh", "bcdefghi", strict=True)
)


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        (LAUGHS, "line 2: an alias"),
        ("a: &a\n  <<: *a\n", "an alias"),
        ("[" * 10_000, "more than 32 levels"),
        ("a:\n" + "".join(" " * n + "- \n" for n in range(1, 200)), "(levels|no YAML)"),
        ("a: 1\na: 2\n", "line 2: a key twice"),
        ("? [a]\n: 1\n", "a key twice|no YAML"),
        ("!!python/object/apply:os.system [id]", "no YAML"),
        ("a: 2026-99-99", "no YAML"),
        ("a: [", "no YAML"),
        ("\x00", "no YAML"),
        ("#" * (2 << 20), "more than 1 MiB"),
    ],
)
def test_yaml_that_is_not_plain_is_refused_with_the_file(tmp_path: Path, text: str, complaint: str) -> None:
    path = tmp_path / "model.yaml"
    path.write_text(text)
    with pytest.raises(CheckpointError, match=complaint) as caught:
        read_yaml(path)
    assert str(path) in str(caught.value)
    assert "\n" not in str(caught.value)


@pytest.fixture
def folder(tiny_folder: Path, tmp_path: Path) -> Path:
    import shutil

    copy = tmp_path / "weights"
    shutil.copytree(tiny_folder, copy)
    return copy


def described(folder: Path, change: Callable[[dict[str, Any]], object], name: str = "model.yaml") -> None:
    path = folder / name
    table = yaml.safe_load(path.read_text())
    change(table)
    path.write_text(yaml.safe_dump(table))


@pytest.mark.parametrize(
    ("name", "change"),
    [
        ("model.yaml", lambda t: t["model"]["arch"].update(depth=10**9)),
        ("model.yaml", lambda t: t["model"]["arch"].update(dim=10**15)),
        ("model.yaml", lambda t: t["model"]["arch"].update(dim=-1)),
        ("model.yaml", lambda t: t["model"]["arch"].update(dim="x")),
        ("model.yaml", lambda t: t["model"]["arch"].update(dim=float("nan"))),
        ("model.yaml", lambda t: t["model"].update(arch=5)),
        ("model.yaml", lambda t: t["model"]["mel_spec"].update(target_sample_rate=10**12)),
        ("vocoder/config.yaml", lambda t: t["backbone"]["init_args"].update(num_layers=10**9)),
        ("vocoder/config.yaml", lambda t: t["backbone"]["init_args"].update(dim=[1])),
        ("vocoder/config.yaml", lambda t: t["backbone"].pop("init_args")),
        ("vocoder/config.yaml", lambda t: t["head"].update(init_args=None)),
    ],
)
def test_an_architecture_that_nobody_trained_is_refused_before_it_is_built(
    folder: Path, name: str, change: Callable[[dict[str, Any]], object]
) -> None:
    described(folder, change, name)
    with pytest.raises(CheckpointError, match=r"model|config"):
        load(open_folder(folder))


def test_weights_that_are_whole_numbers_are_refused(folder: Path) -> None:
    from safetensors.torch import load_file

    checkpoint = folder / "model_1250000.safetensors"
    tensors = load_file(checkpoint)
    save_file({name: tensor.to(torch.int8) for name, tensor in tensors.items()}, checkpoint)
    with pytest.raises(CheckpointError, match=r"is of torch\.int8, not of floats"):
        load(open_folder(folder))


def test_a_lying_header_is_refused_when_the_folder_is_opened(folder: Path) -> None:
    with (folder / "vocoder/model.safetensors").open("ab") as stream:
        stream.write(b"more")
    with pytest.raises(CheckpointError, match=r"bytes and .* are there"):
        open_folder(folder)


def test_a_vocabulary_is_bounded_utf_8_in_a_plain_file(tmp_path: Path) -> None:
    path = tmp_path / "vocab.txt"
    path.write_bytes(b" \n\xff\n")
    with pytest.raises(CheckpointError, match="not UTF-8 at byte 2"):
        read_vocabulary(path)
    path.write_bytes(b"a\n" * (9 << 20))
    with pytest.raises(CheckpointError, match="more than 16 MiB"):
        read_lines(path)
    path.unlink()
    os.mkfifo(path)
    with pytest.raises(CheckpointError, match="no plain file"):
        read_lines(path)


@pytest.mark.parametrize(
    "data",
    [
        b"",
        bytes(8),
        packed([]),
        packed({"__metadata__": 1}),
        packed(b"[" * 100_000),
        packed({"__metadata__": {"format": 1}}),
    ],
)
def test_a_stored_conditioning_that_is_none_is_refused(data: bytes) -> None:
    with pytest.raises(EngineError, match="no stored conditioning"):
        from_bytes(data, sound_digest="a", weights_digest="b")
