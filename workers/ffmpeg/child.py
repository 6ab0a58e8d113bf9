"""The only process that loads FFmpeg. Run as a file with `-I -S`: standard library and PyAV, up in ~100 ms.

    child.py FOLDER_OF_PYAV

Frames on stdin and stdout: uint32 length of the head, uint32 length of the body (little endian), the head in JSON, the
body. A request's head is `{"call": name, ...options}`; a reply's is what the call gives back, or `{"refused": reason}`
for what FFmpeg does not take and `{"failed": reason}` for a fault. The first frame out is an empty reply.

Sound is int16 little endian mono unless a call says otherwise. `encode_opus`, `open_stream` and `open_recording` leave
something that the next calls go on with, until another of them begins.
"""

from __future__ import annotations

import hashlib
import io
import json
import os
import signal
import struct
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any, NoReturn

if TYPE_CHECKING:
    import av
    import av.container

HEAD = struct.Struct("<II")
BLOCK_BYTES = 1 << 20
"""Decoded sound in one reply; a frame's worth more at most."""
OPUS_PAGE_US = 100_000
"""Sound in one Ogg page, so that an Opus stream does not wait for a second of it."""
Reply = tuple[dict[str, Any], bytes]


class OtherFileError(Exception):
    """The recording refers to another file."""


class Sink(io.RawIOBase):
    """Takes what a muxer writes, until somebody asks."""

    def __init__(self) -> None:
        super().__init__()
        self.data = bytearray()

    def writable(self) -> bool:
        return True

    def write(self, data: Any) -> int:  # noqa: ANN401 - any buffer; the type has a name from 3.12 on
        before = len(self.data)
        self.data += memoryview(data)
        return len(self.data) - before

    def take(self) -> bytes:
        data = bytes(self.data)
        self.data.clear()
        return data


def frame_of(pcm: bytes, rate_hz: int) -> av.AudioFrame:
    """One frame with all of `pcm`."""
    import av

    frame = av.AudioFrame(format="s16", layout="mono", samples=len(pcm) // 2)
    frame.planes[0].update(pcm)
    frame.sample_rate = rate_hz
    return frame


def samples_of(frame: av.AudioFrame, width: int) -> bytes:
    """A packed frame's samples of `width` bytes, without the plane's padding."""
    return bytes(memoryview(frame.planes[0])[: frame.samples * len(frame.layout.channels) * width])


def packets_sha256(packets: list[Any]) -> str:
    """sha256 over each packet's length (uint32 little endian) and bytes."""
    digest = hashlib.sha256()
    for packet in packets:
        digest.update(struct.pack("<I", packet.size))
        digest.update(packet)
    return digest.hexdigest()


class Calls:
    """What can be asked; each method is one call."""

    def __init__(self) -> None:
        self._packets: list[Any] = []
        self._container: Any = None
        self._stream: Any = None
        self._file: Any = None
        self._blocks: Iterator[bytes] = iter(())

    def encode_opus(
        self, body: bytes, *, rate_hz: int, bit_rate: int, complexity: int, application: str, frame_ms: int
    ) -> Reply:
        """`sha256` of the packets; `mux_opus` gives the file.

        `bitexact` keeps FFmpeg from drawing a random Ogg serial number and naming its build.
        """
        import av

        self._file = io.BytesIO()
        self._container = av.open(self._file, "w", format="ogg", options={"fflags": "+bitexact"})
        self._stream = self._container.add_stream(
            "libopus",
            rate=rate_hz,
            layout="mono",
            options={
                "application": application,
                "compression_level": str(complexity),
                "frame_duration": str(frame_ms),
                "flags": "+bitexact",
            },
        )
        self._stream.bit_rate = bit_rate
        self._packets = [*self._stream.encode(frame_of(body, rate_hz)), *self._stream.encode(None)]
        return {"sha256": packets_sha256(self._packets)}, b""

    def mux_opus(self, _body: bytes, *, comments: dict[str, str]) -> Reply:
        """The Ogg file of what `encode_opus` made, with these comments."""
        self._stream.metadata.update(comments)  # the first packet muxed writes the header
        self._container.mux(self._packets)
        self._container.close()
        return {}, self._file.getvalue()

    def through_opus(self, body: bytes, *, rate_hz: int, bit_rate: int) -> Reply:
        """Encoded and decoded again; what comes back may be some samples longer or shorter."""
        import av

        file = io.BytesIO()
        with av.open(file, "w", format="ogg") as container:
            stream = container.add_stream("libopus", rate=rate_hz, layout="mono")
            stream.bit_rate = bit_rate
            container.mux(stream.encode(frame_of(body, rate_hz)))
            container.mux(stream.encode(None))
        file.seek(0)
        parts = []
        with av.open(file, "r") as sent:
            resampler = av.AudioResampler(format="s16", layout="mono", rate=rate_hz)
            for decoded in (*sent.decode(audio=0), None):
                parts += [samples_of(frame, 2) for frame in resampler.resample(decoded)]
        return {}, b"".join(parts)

    def tempo(self, body: bytes, *, rate_hz: int, steps: list[float]) -> Reply:
        """Through one `atempo` filter (WSOLA) a step."""
        import av
        import av.filter

        graph = av.filter.Graph()
        source = graph.add_abuffer(sample_rate=rate_hz, format="s16", layout="mono")
        filters = [graph.add("atempo", str(step)) for step in steps]
        graph.link_nodes(source, *filters, graph.add("abuffersink")).configure()
        graph.push(frame_of(body, rate_hz))
        graph.push(None)
        blocks: list[bytes] = []
        while True:
            try:
                out = graph.pull()
            except (av.error.EOFError, av.error.BlockingIOError):
                return {}, b"".join(blocks)
            assert isinstance(out, av.AudioFrame)
            blocks.append(samples_of(out, 2))

    def open_stream(self, _body: bytes, *, codec: str, rate_hz: int, bit_rate: int | None) -> Reply:
        """A file of `opus` or `flac` that is given out as it is made."""
        import av

        is_opus = codec == "opus"
        self._file = Sink()
        self._container = av.open(
            self._file,
            "w",
            format="ogg" if is_opus else "flac",
            options={"page_duration": str(OPUS_PAGE_US)} if is_opus else {},
        )
        self._stream = self._container.add_stream("libopus" if is_opus else "flac", rate=rate_hz)
        self._stream.layout = "mono"
        if bit_rate is not None:
            self._stream.bit_rate = bit_rate
        return {}, b""

    def add_to_stream(self, body: bytes, *, rate_hz: int) -> Reply:
        """What can be sent of the stream now."""
        for packet in self._stream.encode(frame_of(body, rate_hz)):
            self._container.mux(packet)
        return {}, self._file.take()

    def end_stream(self, _body: bytes) -> Reply:
        """The rest of the stream."""
        for packet in self._stream.encode(None):
            self._container.mux(packet)
        self._container.close()
        return {}, self._file.take()

    def open_recording(self, body: bytes, *, demuxer: str) -> Reply:
        """`rate_hz`, `channels` and `seconds` (or null) as the header says; nothing is decoded, nothing else opened."""
        import av

        # A title that is no UTF-8 is no error: PyAV 19 has no such option and no such error any more.
        lenient: Any = {} if int(av.__version__.partition(".")[0]) >= 19 else {"metadata_errors": "ignore"}
        self._container = container = av.open(
            io.BytesIO(body), mode="r", format=demuxer, io_open=_refuse_other_files, **lenient
        )
        if not container.streams.audio:
            return {"refused": "it has no sound"}, b""
        stream = container.streams.audio[0]
        self._blocks = _decoded(container, stream)
        seconds = None if container.duration is None else container.duration / av.time_base
        channels = len(stream.layout.channels)
        return {"rate_hz": int(stream.rate or 0), "channels": channels, "seconds": seconds}, b""

    def next_block(self, _body: bytes) -> Reply:
        """Sound of the recording, float32 (frames, channels); nothing at its end."""
        block = bytearray()
        for part in self._blocks:
            block += part
            if len(block) >= BLOCK_BYTES:
                break
        return {}, bytes(block)


def _decoded(container: av.container.InputContainer, stream: av.AudioStream) -> Iterator[bytes]:
    import av

    resampler = av.AudioResampler(format="flt", layout=stream.layout, rate=stream.rate)
    with container:
        for frame in container.decode(stream):
            for out in resampler.resample(frame):
                yield samples_of(out, 4)


def _refuse_other_files(url: str, _flags: int, _options: dict[str, Any]) -> NoReturn:
    raise OtherFileError("it refers to another file; give one file that holds the sound itself")


def answer(calls: Calls, head: dict[str, Any], body: bytes) -> Reply:
    """What the call gives, or the reason why it does not."""
    import av

    try:
        call: Callable[..., Reply] = getattr(calls, head.pop("call"))
        return call(body, **head)
    except (av.FFmpegError, OtherFileError, ValueError, IndexError, MemoryError) as problem:
        return {"refused": str(problem) or type(problem).__name__}, b""
    except Exception as problem:  # noqa: BLE001  # whoever asked says it; here nobody would hear it
        return {"failed": f"{type(problem).__name__}: {problem}"}, b""


def main() -> None:
    """Serve until stdin ends."""
    requests, replies = os.dup(0), os.dup(1)
    nowhere = os.open(os.devnull, os.O_RDWR)
    for descriptor in (0, 1, 2):  # what a library prints must not get between the frames
        os.dup2(nowhere, descriptor)
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C goes to the whole group; the owner decides
    sys.path.append(str(Path(sys.argv[1])))
    import av  # noqa: F401

    calls = Calls()
    with os.fdopen(requests, "rb") as asked, os.fdopen(replies, "wb") as told:
        reply: Reply = ({}, b"")
        while True:
            head = json.dumps(reply[0]).encode()
            told.write(HEAD.pack(len(head), len(reply[1])) + head)
            told.write(reply[1])
            told.flush()
            sizes = asked.read(HEAD.size)
            if len(sizes) < HEAD.size:
                return
            head_bytes, body_bytes = HEAD.unpack(sizes)
            request = json.loads(asked.read(head_bytes))
            reply = answer(calls, request, asked.read(body_bytes))


if __name__ == "__main__":
    main()
