"""The delta that makes `speaker-encoder`'s model.onnx of the published CAM++ checkpoint.

    python -m tools.speaker_encoder campplus_cn_en_common.pt

writes voices/speaker-encoder.delta and prints the catalogue's numbers. The checkpoint is a zip of raw tensors and a
pickle that names them. Here, offline, the pickle is read by a reader that knows three names; a machine that fetches
reads none. The graph is the network of speakerlab 0.0.6 (3D-Speaker, Apache-2.0) for inference, in ONNX's opset 17;
its protobuf is written by hand, so that each tensor's place in the checkpoint stands where its bytes are to go.
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

PLACE = Path("voices/speaker-encoder.delta")
FLOAT, INT64 = 1, 7
OPSET, IR_VERSION = 17, 8
MADE_OF = "CAM++ of 3D-Speaker by Alibaba, speech_campplus_sv_zh_en_16k-common_advanced v1.0.0 (Apache-2.0)"
CHANNELS, DIMENSIONS = 80, 192
BLOCKS = ((12, 1), (24, 2), (16, 2))
"""Layers and dilation of each."""
SEGMENT = 100
"""Frames over which a layer's context is taken."""


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
    """Every tensor by its name."""
    places = {}
    with zipfile.ZipFile(checkpoint) as archive, checkpoint.open("rb") as raw:
        for member in archive.infolist():
            assert member.compress_type == zipfile.ZIP_STORED
            raw.seek(member.header_offset + 26)
            name_bytes, extra_bytes = struct.unpack("<HH", raw.read(4))
            offset = member.header_offset + 30 + name_bytes + extra_bytes
            places[Path(member.filename).name] = Copy(offset=offset, size=member.file_size)
        with archive.open("archive/data.pkl") as stream:
            table: dict[str, Tensor] = _TableReader(stream, places).load()
    return table


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


# the network


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

    def norm_relu(self, x: str, name: str) -> str:
        """Both."""
        return self.relu(self.norm(x, f"{name}.batchnorm"))

    def convolved(self, x: str, name: str, *, pads: Sequence[int], **attributes: Any) -> str:
        """A convolution, with its bias where it has one."""
        inputs = [x, self.weight(f"{name}.weight")]
        if f"{name}.bias" in self.tensors:
            inputs.append(self.weight(f"{name}.bias"))
        return self.add("Conv", inputs, pads=[*pads, *pads], **attributes)

    def as_model(self, name: str, inputs: Message, outputs: Message) -> Message:
        """The whole file."""
        graph = message(
            *((1, node) for node in self.nodes),
            (2, name),
            *((5, constant) for constant in self.constants.values()),
            (10, MADE_OF),
            (11, inputs),
            (12, outputs),
        )
        return message((1, IR_VERSION), (2, "campaign"), (7, graph), (8, message((1, ""), (2, OPSET))))


def network(tensors: Mapping[str, Tensor]) -> Message:
    """(1, frames, 80) filterbanks less their mean in, (1, 192) out."""
    graph = Graph(tensors=tensors)
    x = graph.add("Transpose", ["features"], perm=[0, 2, 1])
    x = _head(graph, graph.add("Unsqueeze", [x, graph.whole("axis1", 1)]))
    x = graph.convolved(x, "xvector.tdnn.linear", pads=[2], strides=[2])
    x = graph.norm_relu(x, "xvector.tdnn.nonlinear")
    frames = graph.add("Slice", [graph.add("Shape", [x]), graph.whole("two", 2), graph.whole("three", 3)])
    for number, (layers, dilation) in enumerate(BLOCKS, 1):
        for layer in range(1, layers + 1):
            grown = _layer(graph, x, f"xvector.block{number}.tdnnd{layer}", frames, dilation)
            x = graph.add("Concat", [x, grown], axis=1)
        x = graph.norm_relu(x, f"xvector.transit{number}.nonlinear")
        x = graph.convolved(x, f"xvector.transit{number}.linear", pads=[0])
    x = _statistics(graph, graph.norm_relu(x, "xvector.out_nonlinear"), frames)
    rows, columns = tensors["xvector.dense.linear.weight"].shape[:2]
    x = graph.add("Gemm", [x, graph.weight("xvector.dense.linear.weight", (rows, columns))], transB=1)
    end = "xvector.dense.nonlinear.batchnorm"
    inputs = [x, graph.real("ones", [1.0] * rows), graph.real("zeros", [0.0] * rows)]
    inputs += [graph.weight(f"{end}.running_mean"), graph.weight(f"{end}.running_var")]
    graph.add("BatchNormalization", inputs, "vector", epsilon=1e-5)
    return graph.as_model(
        "campplus", value_info("features", [1, "frames", CHANNELS]), value_info("vector", [1, rows])
    )


def _head(graph: Graph, x: str) -> str:
    """Two-dimensional convolutions, which shorten the bands to an eighth."""
    x = graph.relu(graph.norm(graph.convolved(x, "head.conv1", pads=[1, 1]), "head.bn1"))
    for layer in ("layer1", "layer2"):
        x = _residual(graph, x, f"head.{layer}.0", stride=2)
        x = _residual(graph, x, f"head.{layer}.1", stride=1)
    x = graph.convolved(x, "head.conv2", pads=[1, 1], strides=[2, 1])
    x = graph.relu(graph.norm(x, "head.bn2"))
    return graph.add("Reshape", [x, graph.whole("channels", 0, 32 * CHANNELS // 8, -1)])


def _residual(graph: Graph, x: str, name: str, *, stride: int) -> str:
    y = graph.convolved(x, f"{name}.conv1", pads=[1, 1], strides=[stride, 1])
    y = graph.relu(graph.norm(y, f"{name}.bn1"))
    y = graph.norm(graph.convolved(y, f"{name}.conv2", pads=[1, 1]), f"{name}.bn2")
    if f"{name}.shortcut.0.weight" in graph.tensors:
        x = graph.convolved(x, f"{name}.shortcut.0", pads=[0, 0], strides=[stride, 1])
        x = graph.norm(x, f"{name}.shortcut.1")
    return graph.relu(graph.add("Add", [y, x]))


def _layer(graph: Graph, x: str, name: str, frames: str, dilation: int) -> str:
    """A dense layer, masked by what stands around it: the whole, and its segment."""
    x = graph.convolved(graph.norm_relu(x, f"{name}.nonlinear1"), f"{name}.linear1", pads=[0])
    x = graph.norm_relu(x, f"{name}.nonlinear2")
    local = graph.convolved(x, f"{name}.cam_layer.linear_local", pads=[dilation], dilations=[dilation])
    segments = graph.add(
        "AveragePool", [x], kernel_shape=[SEGMENT], strides=[SEGMENT], ceil_mode=1, count_include_pad=0
    )
    each = graph.add("Unsqueeze", [segments, graph.whole("axis3", 3)])
    each = graph.add("Expand", [each, graph.whole("segment", 1, 1, 1, SEGMENT)])
    each = graph.add("Reshape", [each, graph.whole("flat", 0, 0, -1)])
    each = graph.add("Slice", [each, graph.whole("zero", 0), frames, "two"])
    mean = graph.add("ReduceMean", [x], axes=[2], keepdims=1)
    context = graph.add("Add", [mean, each])
    context = graph.relu(graph.convolved(context, f"{name}.cam_layer.linear1", pads=[0]))
    mask = graph.add("Sigmoid", [graph.convolved(context, f"{name}.cam_layer.linear2", pads=[0])])
    return graph.add("Mul", [local, mask])


def _statistics(graph: Graph, x: str, frames: str) -> str:
    """Mean and spread over time."""
    mean = graph.add("ReduceMean", [x], axes=[2], keepdims=1)
    off = graph.add("Sub", [x, mean])
    squares = graph.add("ReduceSum", [graph.add("Mul", [off, off]), "two"], keepdims=0)
    fewer = graph.add("Sub", [graph.add("Cast", [frames], to=FLOAT), graph.real("one", [1.0])])
    spread = graph.add("Sqrt", [graph.add("Div", [squares, fewer])])
    return graph.add("Concat", [graph.add("Squeeze", [mean, "two"]), spread], axis=1)


def main() -> None:
    """Write the delta, make the model once beside it, print what the catalogue says of both."""
    checkpoint = Path(sys.argv[1])
    write_delta(network(tensors_of(checkpoint)), PLACE)
    made = Path(sys.argv[2]) if len(sys.argv) > 2 else checkpoint.with_suffix(".onnx")
    apply(PLACE, checkpoint, made)
    for path in (checkpoint, PLACE, made):
        data = path.read_bytes()
        click.echo(f"{path}  size = {len(data)}, sha256 = {hashlib.sha256(data).hexdigest()}")


if __name__ == "__main__":
    main()
