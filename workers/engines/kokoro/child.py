"""A process that has loaded the network, on one thread. Run as a file with `-I`: numpy and ONNX Runtime.

    child.py MODEL SHA256 THREADS      SHA256 of the file, or "" where nobody knows it

Frames on stdin and stdout: uint32 length of the head, uint32 length of the body (little endian), the head in JSON, the
body. The first frame out has the head `{"version", "times"}`, or `{"refused": reason}` after which the child ends. A
request's head is `{"tokens", "speed"}`, its body one style, float32; a reply's head is `{"durations"}`, its body the
samples, float32; `{"failed": reason}` where the network does not take it.

Threads would share each product of one utterance and gain little; processes share nothing.
"""

from __future__ import annotations

import hashlib
import json
import os
import signal
import struct
import sys
from typing import Any

import numpy as np

HEAD = struct.Struct("<II")
DURATIONS = (b"durations", b"/encoder/Round_output_0")
"""What exports call the frames that each letter lasts: an output of their own, or a tensor inside."""
FUSED = b"SkipLayerNormalization"
"""What only an optimiser writes into a file."""


def with_output(model: bytes, name: bytes) -> bytes:
    """An ONNX file with one more output, a tensor that is in it: protobuf reads what is appended as one with the rest.

    Fields: ModelProto.graph 7, GraphProto.output 12, ValueInfoProto.name 1 (onnx.proto).
    """
    addition = name
    for field in (1, 12, 7):
        addition = bytes([field << 3 | 2]) + _varint(len(addition)) + addition
    return model + addition


def _varint(number: int) -> bytes:
    low, rest = number & 0x7F, number >> 7
    return bytes([low]) if not rest else bytes([low | 0x80]) + _varint(rest)


class LoadedKokoro:
    """The network, loaded."""

    def __init__(self, path: str, sha256: str, threads: int) -> None:
        """Raises ValueError for a file that is not the promised one, or no such network."""
        import onnxruntime

        with open(path, "rb") as stream:  # noqa: PTH123
            model = stream.read()
        if sha256 and hashlib.sha256(model).hexdigest() != sha256:
            raise ValueError("it is not the file that was pinned")
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = threads
        options.inter_op_num_threads = 1
        options.add_session_config_entry(
            "session.intra_op.allow_spinning", "0"
        )  # who waits leaves its CPU to others
        options.log_severity_level = 4
        if (
            FUSED in model
        ):  # it was optimised when it was made: once more is half the start and changes no bit
            options.graph_optimization_level = onnxruntime.GraphOptimizationLevel.ORT_DISABLE_ALL
        inside = DURATIONS[1] if DURATIONS[1] in model else None
        self.session = onnxruntime.InferenceSession(
            model if inside is None else with_output(model, inside),
            options,
            providers=["CPUExecutionProvider"],
        )
        self.version: str = onnxruntime.__version__
        inputs = {one.name for one in self.session.get_inputs()}
        self.tokens = "tokens" if "tokens" in inputs else "input_ids"
        if inputs != {self.tokens, "style", "speed"}:
            raise ValueError(f"it takes {', '.join(sorted(inputs))}, not tokens, style and speed")
        names = [one.name for one in self.session.get_outputs()]
        self.sound = names[0]
        self.durations = next((name for name in names if name.encode() in DURATIONS), None)

    def speak(self, head: dict[str, Any], body: bytes) -> tuple[dict[str, Any], bytes]:
        """The reply to a request."""
        wanted = [self.sound] + ([self.durations] if self.durations else [])
        made = self.session.run(
            wanted,
            {
                self.tokens: np.array([head["tokens"]], dtype=np.int64),
                "style": np.frombuffer(body, dtype="<f4").reshape(1, -1).astype(np.float32),
                "speed": np.array([head["speed"]], dtype=np.float32),
            },
        )
        durations = np.asarray(made[1]).ravel().tolist() if self.durations else []
        return {"durations": durations}, np.asarray(made[0], dtype="<f4").ravel().tobytes()


def main() -> None:
    """Serve until stdin ends."""
    requests, replies = os.dup(0), os.dup(1)
    nowhere = os.open(os.devnull, os.O_RDWR)
    for descriptor in (0, 1, 2):  # what a library prints must not get between the frames
        os.dup2(nowhere, descriptor)
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C goes to the whole group; the owner decides
    with os.fdopen(requests, "rb") as asked, os.fdopen(replies, "wb") as told:

        def reply(head: dict[str, Any], body: bytes = b"") -> None:
            data = json.dumps(head).encode()
            told.write(HEAD.pack(len(data), len(body)) + data)
            told.write(body)
            told.flush()

        try:
            network = LoadedKokoro(sys.argv[1], sys.argv[2], int(sys.argv[3]))
        except Exception as problem:  # noqa: BLE001  # the owner says it; here nobody would hear it
            reply({"refused": f"{type(problem).__name__}: {problem}"})
            return
        reply({"version": network.version, "times": network.durations is not None})
        while True:
            sizes = asked.read(HEAD.size)
            if len(sizes) < HEAD.size:
                return
            head_bytes, body_bytes = HEAD.unpack(sizes)
            head = json.loads(asked.read(head_bytes))
            try:
                answer = network.speak(head, asked.read(body_bytes))
            except Exception as problem:  # noqa: BLE001
                answer = {"failed": f"{type(problem).__name__}: {problem}"}, b""
            reply(*answer)


if __name__ == "__main__":
    main()
