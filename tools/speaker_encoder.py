"""The delta that makes `speaker-encoder`'s model.onnx of the published CAM++ checkpoint.

    python -m tools.speaker_encoder campplus_cn_en_common.pt

writes voices/speaker-encoder.delta and prints the catalogue's numbers. The graph is the network of speakerlab 0.0.6
(3D-Speaker, Apache-2.0) for inference, in ONNX's opset 17.
"""

from __future__ import annotations

import sys
from collections.abc import Mapping
from pathlib import Path

from tools.onnx_deltas import FLOAT, Graph, Message, Tensor, tensors_of, value_info, write

PLACE = Path("voices/speaker-encoder.delta")
MADE_OF = "CAM++ of 3D-Speaker by Alibaba, speech_campplus_sv_zh_en_16k-common_advanced v1.0.0 (Apache-2.0)"
CHANNELS, DIMENSIONS = 80, 192
BLOCKS = ((12, 1), (24, 2), (16, 2))
"""Layers and dilation of each."""
SEGMENT = 100
"""Frames over which a layer's context is taken."""


def network(tensors: Mapping[str, Tensor]) -> Message:
    """(1, frames, 80) filterbanks less their mean in, (1, 192) out."""
    graph = Graph(tensors=tensors)
    x = graph.add("Transpose", ["features"], perm=[0, 2, 1])
    x = _head(graph, graph.add("Unsqueeze", [x, graph.whole("axis1", 1)]))
    x = graph.convolved(x, "xvector.tdnn.linear", pads=[2], strides=[2])
    x = _norm_relu(graph, x, "xvector.tdnn.nonlinear")
    frames = graph.add("Slice", [graph.add("Shape", [x]), graph.whole("two", 2), graph.whole("three", 3)])
    for number, (layers, dilation) in enumerate(BLOCKS, 1):
        for layer in range(1, layers + 1):
            grown = _layer(graph, x, f"xvector.block{number}.tdnnd{layer}", frames, dilation)
            x = graph.add("Concat", [x, grown], axis=1)
        x = _norm_relu(graph, x, f"xvector.transit{number}.nonlinear")
        x = graph.convolved(x, f"xvector.transit{number}.linear", pads=[0])
    x = _statistics(graph, _norm_relu(graph, x, "xvector.out_nonlinear"), frames)
    rows, columns = tensors["xvector.dense.linear.weight"].shape[:2]
    x = graph.add("Gemm", [x, graph.weight("xvector.dense.linear.weight", (rows, columns))], transB=1)
    end = "xvector.dense.nonlinear.batchnorm"
    inputs = [x, graph.real("ones", [1.0] * rows), graph.real("zeros", [0.0] * rows)]
    inputs += [graph.weight(f"{end}.running_mean"), graph.weight(f"{end}.running_var")]
    graph.add("BatchNormalization", inputs, "vector", epsilon=1e-5)
    return graph.as_model(
        "campplus",
        value_info("features", [1, "frames", CHANNELS]),
        value_info("vector", [1, rows]),
        made_of=MADE_OF,
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


def _norm_relu(graph: Graph, x: str, name: str) -> str:
    return graph.relu(graph.norm(x, f"{name}.batchnorm"))


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
    x = graph.convolved(_norm_relu(graph, x, f"{name}.nonlinear1"), f"{name}.linear1", pads=[0])
    x = _norm_relu(graph, x, f"{name}.nonlinear2")
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


if __name__ == "__main__":
    write(network(tensors_of(Path(sys.argv[1]))), PLACE)
