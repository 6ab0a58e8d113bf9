"""Models in ONNX made of published checkpoints, offline: a delta for the catalogue, with no pickle where it is fetched.

A checkpoint is a zip of raw tensors and a pickle that names them. Here the pickle is read by a reader that knows four
names; a machine that fetches reads none. The protobuf is written by hand, so that each tensor's place in the checkpoint
stands where its bytes are to go.
"""

from __future__ import annotations

import hashlib
import pickle
import struct
import sys
import zipfile
from collections import OrderedDict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO, Any

import click

from campaign.registry.catalogue.deltas import Copy, Step, apply, write_delta

FLOAT, INT64 = 1, 7
OPSET, IR_VERSION = 17, 8


# the checkpoint's table


@dataclass(frozen=True, slots=True, kw_only=True)
class Tensor:
    """Where its bytes lie in the checkpoint's file."""

    shape: tuple[int, ...]
    place: Copy


class _TableReader(pickle.Unpickler):
    """Knows tensors and ordered tables of them; anything else is refused."""

    def __init__(self, stream: IO[bytes], places: Mapping[str, Copy]) -> None:
        super().__init__(stream)
        self._places = places

    def find_class(self, module: str, name: str) -> Any:
        known = {
            ("collections", "OrderedDict"): OrderedDict,
            ("torch._utils", "_rebuild_tensor_v2"): _tensor,
            ("torch", "FloatStorage"): 4,
            ("torch", "LongStorage"): 8,
        }
        return known[module, name]

    def persistent_load(self, pid: Any) -> tuple[Copy, int]:
        _, item_bytes, key, _, _ = pid
        return self._places[key], item_bytes


def _tensor(
    storage: tuple[Copy, int], first: int, shape: tuple[int, ...], stride: tuple[int, ...], *_: object
) -> Tensor:
    place, item_bytes = storage
    size, expected = item_bytes, []
    for length in reversed(shape):
        expected.append(size // item_bytes)
        size *= length
    assert tuple(reversed(expected)) == stride, "a tensor that does not lie as it is read"
    return Tensor(shape=shape, place=Copy(offset=place.offset + first * item_bytes, size=size))


def tensors_of(checkpoint: Path) -> dict[str, Tensor]:
    """Every tensor by its name, of the model alone where a checkpoint holds more."""
    places = {}
    with zipfile.ZipFile(checkpoint) as archive, checkpoint.open("rb") as raw:
        for member in archive.infolist():
            assert member.compress_type == zipfile.ZIP_STORED
            raw.seek(member.header_offset + 26)
            name_bytes, extra_bytes = struct.unpack("<HH", raw.read(4))
            offset = member.header_offset + 30 + name_bytes + extra_bytes
            places[Path(member.filename).name] = Copy(offset=offset, size=member.file_size)
        [name] = [one for one in archive.namelist() if one.endswith("/data.pkl")]
        with archive.open(name) as stream:
            table: dict[str, Any] = _TableReader(stream, places).load()
    tensors: dict[str, Tensor] = table.get("model", table)
    return tensors


# protobuf

Message = list[Step]


def varint(number: int) -> bytes:
    out = bytearray()
    while number > 0x7F:
        out.append(number & 0x7F | 0x80)
        number >>= 7
    return bytes([*out, number])


def _size(message: Message) -> int:
    return sum(step.size if isinstance(step, Copy) else len(step) for step in message)


def _field(number: int, value: int | float | str | bytes | Message) -> Message:
    if isinstance(value, int):
        return [varint(number << 3) + varint(value)]
    if isinstance(value, float):
        return [varint(number << 3 | 5) + struct.pack("<f", value)]
    value = [value.encode()] if isinstance(value, str) else [value] if isinstance(value, bytes) else value
    return [varint(number << 3 | 2) + varint(_size(value)), *value]


def message(*fields: tuple[int, int | float | str | bytes | Message]) -> Message:
    return [step for number, value in fields for step in _field(number, value)]


def _constant(name: str, data_type: int, shape: Sequence[int], data: bytes | Message) -> Message:
    return message(*((1, length) for length in shape), (2, data_type), (8, name), (9, data))


def _attribute(name: str, value: int | float | Sequence[int]) -> Message:
    if isinstance(value, int):
        return message((1, name), (3, value), (20, 2))
    if isinstance(value, float):
        return message((1, name), (2, value), (20, 1))
    return message((1, name), *((8, one) for one in value), (20, 7))


def value_info(name: str, shape: Sequence[int | str]) -> Message:
    lengths = [(1, message((1 if isinstance(one, int) else 2, one))) for one in shape]
    return message((1, name), (2, message((1, message((1, FLOAT), (2, message(*lengths)))))))


# the graph


@dataclass(slots=True, kw_only=True)
class Graph:
    """Nodes in their order, and the constants that they take."""

    tensors: Mapping[str, Tensor]
    nodes: list[Message] = field(default_factory=list)
    constants: dict[str, Message] = field(default_factory=dict)

    def add(self, kind: str, inputs: Iterable[str], output: str = "", **attributes: Any) -> str:
        """A node; the name of what it gives."""
        output = output or f"v{len(self.nodes)}"
        self.nodes.append(
            message(
                *((1, name) for name in inputs),
                (2, output),
                (4, kind),
                *((5, _attribute(name, value)) for name, value in sorted(attributes.items())),
            )
        )
        return output

    def weight(self, name: str, shape: Sequence[int] = ()) -> str:
        """A tensor of the checkpoint."""
        tensor = self.tensors[name]
        self.constants[name] = _constant(name, FLOAT, shape or tensor.shape, [tensor.place])
        return name

    def whole(self, name: str, *values: int) -> str:
        """Whole numbers."""
        self.constants[name] = _constant(name, INT64, [len(values)], struct.pack(f"<{len(values)}q", *values))
        return name

    def real(self, name: str, values: Sequence[float]) -> str:
        """Real numbers."""
        self.constants[name] = _constant(name, FLOAT, [len(values)], struct.pack(f"<{len(values)}f", *values))
        return name

    def norm(self, x: str, name: str) -> str:
        """Batch normalisation."""
        parts = (f"{name}.{part}" for part in ("weight", "bias", "running_mean", "running_var"))
        return self.add("BatchNormalization", [x, *map(self.weight, parts)], epsilon=1e-5)

    def relu(self, x: str) -> str:
        """What is above 0."""
        return self.add("Relu", [x])

    def convolved(self, x: str, name: str, *, pads: Sequence[int], **attributes: Any) -> str:
        """A convolution, with its bias where it has one."""
        inputs = [x, self.weight(f"{name}.weight")]
        if f"{name}.bias" in self.tensors:
            inputs.append(self.weight(f"{name}.bias"))
        return self.add("Conv", inputs, pads=[*pads, *pads], **attributes)

    def as_model(self, name: str, inputs: Message, outputs: Message, *, made_of: str) -> Message:
        """The whole file; `made_of` names whose weights they are."""
        graph = message(
            *((1, node) for node in self.nodes),
            (2, name),
            *((5, constant) for constant in self.constants.values()),
            (10, made_of),
            (11, inputs),
            (12, outputs),
        )
        return message((1, IR_VERSION), (2, "campaign"), (7, graph), (8, message((1, ""), (2, OPSET))))


def write(model: Message, place: Path) -> None:
    """Write the delta, make the model once of the checkpoint that the command names, print the catalogue's numbers."""
    checkpoint = Path(sys.argv[1])
    write_delta(model, place)
    made = Path(sys.argv[2]) if len(sys.argv) > 2 else checkpoint.with_suffix(".onnx")
    apply(place, checkpoint, made)
    for path in (checkpoint, place, made):
        data = path.read_bytes()
        click.echo(f"{path}  size = {len(data)}, sha256 = {hashlib.sha256(data).hexdigest()}")
