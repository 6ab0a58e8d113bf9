"""The delta that makes `distillmos`'s model.onnx of the checkpoint in the wheel distillmos 0.9.1.

    python -m tools.opinions distill_mos_v7.pt

writes voices/distillmos.delta and prints the catalogue's numbers. The graph is the network of distillmos 0.9.1 with
xls-r-sqa 0.1.0 (both MIT) for inference, in ONNX's opset 17. It begins behind the spectra, which
`workers/measure/distillmos.py` makes: ONNX's own transform is not in every runtime.
"""

from __future__ import annotations

import sys
from collections.abc import Mapping, Sequence
from pathlib import Path

from tools.onnx_deltas import Graph, Message, Tensor, tensors_of, value_info, write

PLACE = Path("voices/distillmos.delta")
MADE_OF = "DistillMOS variant 7 by Microsoft, distillmos 0.9.1 (MIT)"
BINS, FRAMES = 161, 768
STRIDES = ([1, 1], [2, 1], [2, 1], [2, 1], [2, 1], [2, 2])
"""Over (bins, frames), of each convolution."""
LEAK = 0.1
CHANNELS = 1024
"""Of the last convolution, its 4 bins side by side."""
LAYERS, WIDTH, HEADS = 7, 200, 8


def network(tensors: Mapping[str, Tensor]) -> Message:
    """(windows, 2, 161, 768) compressed spectra in, (windows, 1) opinions out, 1 to 5."""
    graph = Graph(tensors=tensors)
    x = "spectra"
    for number, strides in enumerate(STRIDES):
        x = graph.convolved(x, f"cnn.cnn.{2 * number}", pads=[0, 1], strides=strides)
        x = graph.add("LeakyRelu", [x], alpha=LEAK)
    x = graph.add("Reshape", [x, graph.whole("channels", 0, CHANNELS, -1)])
    model, encoder = "transformer_pool_attn", "transformer_pool_attn.transformer"
    x = graph.norm(graph.norm(x, f"{model}.norm_input"), f"{encoder}.norm")
    x = graph.add("Transpose", [x], perm=[0, 2, 1])
    x = _linear(graph, x, f"{encoder}.linear_proj")
    x = graph.add("Add", [x, graph.weight(f"{encoder}.position_encoding.pe")])
    for layer in range(LAYERS):
        x = _layer(graph, x, f"{encoder}.transformer_encoder.layers.{layer}")
    x = graph.norm(graph.add("Transpose", [x], perm=[0, 2, 1]), f"{model}.norm_trans")
    x = graph.add("Transpose", [x], perm=[0, 2, 1])
    weights = _linear(graph, graph.relu(_linear(graph, x, f"{model}.pool.linear1")), f"{model}.pool.linear2")
    weights = graph.add("Softmax", [graph.add("Transpose", [weights], perm=[0, 2, 1])], axis=2)
    pooled = graph.add("Squeeze", [graph.add("MatMul", [weights, x]), graph.whole("axis1", 1)])
    share = graph.add("Sigmoid", [_linear(graph, pooled, f"{model}.pool.linear3")])
    scaled = graph.add("Mul", [share, graph.real("four", [4.0])])
    graph.add("Add", [scaled, graph.real("one", [1.0])], "opinions")
    return graph.as_model(
        "distillmos",
        value_info("spectra", ["windows", 2, BINS, FRAMES]),
        value_info("opinions", ["windows", 1]),
        made_of=MADE_OF,
    )


def _linear(graph: Graph, x: str, name: str) -> str:
    return _product(graph, x, f"{name}.weight", f"{name}.bias")


def _product(graph: Graph, x: str, weight: str, bias: str) -> str:
    turned = graph.add("Transpose", [graph.weight(weight)], perm=[1, 0])
    return graph.add("Add", [graph.add("MatMul", [x, turned]), graph.weight(bias)])


def _layer(graph: Graph, x: str, name: str) -> str:
    """Attention, then two products; each is added to what came, and that normalised."""
    x = _normalised(graph, graph.add("Add", [x, _attention(graph, x, f"{name}.self_attn")]), f"{name}.norm1")
    y = _linear(graph, graph.relu(_linear(graph, x, f"{name}.linear1")), f"{name}.linear2")
    return _normalised(graph, graph.add("Add", [x, y]), f"{name}.norm2")


def _normalised(graph: Graph, x: str, name: str) -> str:
    inputs = [x, graph.weight(f"{name}.weight"), graph.weight(f"{name}.bias")]
    return graph.add("LayerNormalization", inputs, axis=2, epsilon=1e-5)


def _attention(graph: Graph, x: str, name: str) -> str:
    whole = _product(graph, x, f"{name}.in_proj_weight", f"{name}.in_proj_bias")
    parts = [
        graph.add(
            "Slice",
            [
                whole,
                graph.whole(f"from{part}", part * WIDTH),
                graph.whole(f"to{part}", (part + 1) * WIDTH),
                graph.whole("last", 2),
            ],
        )
        for part in range(3)
    ]
    query, key, value = (
        _in_heads(graph, part, perm)
        for part, perm in zip(parts, ([0, 2, 1, 3], [0, 2, 3, 1], [0, 2, 1, 3]), strict=True)
    )
    query = graph.add("Mul", [query, graph.real("scale", [(WIDTH // HEADS) ** -0.5])])
    weights = graph.add("Softmax", [graph.add("MatMul", [query, key])], axis=3)
    joined = graph.add("Transpose", [graph.add("MatMul", [weights, value])], perm=[0, 2, 1, 3])
    joined = graph.add("Reshape", [joined, graph.whole("joined", 0, 0, WIDTH)])
    return _linear(graph, joined, f"{name}.out_proj")


def _in_heads(graph: Graph, x: str, perm: Sequence[int]) -> str:
    shape = graph.whole("heads", 0, 0, HEADS, WIDTH // HEADS)
    return graph.add("Transpose", [graph.add("Reshape", [x, shape])], perm=perm)


if __name__ == "__main__":
    write(network(tensors_of(Path(sys.argv[1]))), PLACE)
