"""Networks with Kokoro's inputs and outputs, made byte by byte (field numbers: onnx.proto)."""

from __future__ import annotations

from collections.abc import Sequence

FLOAT, INT64 = 1, 7


def field(number: int, body: bytes | str | int) -> bytes:
    """One field of protobuf."""
    if isinstance(body, int):
        return varint(number << 3) + varint(body)
    data = body.encode() if isinstance(body, str) else body
    return varint(number << 3 | 2) + varint(len(data)) + data


def varint(number: int) -> bytes:
    low, rest = number & 0x7F, number >> 7
    return bytes([low]) if not rest else bytes([low | 0x80]) + varint(rest)


def value(name: str, kind: int, *sizes: int | str) -> bytes:
    dims = b"".join(field(1, field(1, size) if isinstance(size, int) else field(2, size)) for size in sizes)
    return field(1, name) + field(2, field(1, field(1, kind) + field(2, dims)))


def node(kind: str, inputs: Sequence[str], output: str, attribute: bytes = b"") -> bytes:
    return b"".join(field(1, name) for name in inputs) + field(2, output) + field(4, kind) + attribute


def export(*, tokens: str = "input_ids", durations: str = "durations") -> bytes:
    """A network whose sound is its style times its speed, and whose letters last as long as their numbers."""
    to_float = field(5, field(1, "to") + field(3, FLOAT) + field(20, 2))
    graph = (
        field(1, node("Mul", ["style", "speed"], "waveform"))
        + field(1, node("Cast", [tokens], durations, to_float))
        + field(2, "made")
        + field(11, value(tokens, INT64, 1, "letters"))
        + field(11, value("style", FLOAT, 1, 256))
        + field(11, value("speed", FLOAT, 1))
        + field(12, value("waveform", FLOAT, 1, 256))
    )
    if durations == "durations":
        graph += field(12, value(durations, FLOAT, 1, "letters"))
    return field(1, 8) + field(7, graph) + field(8, field(2, 17))
