"""A file made of another one by a delta that ships: pieces of the other, and bytes of its own between them.

So a checkpoint's tensors, which lie in it as they are, become a model's; nothing of it is read as code, and what comes
out is the same to the bit on every machine. A delta is `MARK` and then, deflated, its steps: 0, a length and so many
bytes, or 1, an offset and a length of the other file.
"""

from __future__ import annotations

import struct
import zlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from campaign.registry.catalogue.watching import SourceRefusedError

MARK = b"delta-1\n"
LARGEST_BYTES = 16 << 20
"""Of a delta's steps, inflated."""
_OWN, _COPY = struct.Struct("<BI"), struct.Struct("<BQI")


@dataclass(frozen=True, slots=True, kw_only=True)
class Copy:
    """A piece of the other file."""

    offset: int
    size: int


Step = Copy | bytes


def write_delta(steps: Iterable[Step], place: Path) -> None:
    """Keep the steps of a delta."""
    written = bytearray()
    own = b""
    for step in (*steps, Copy(offset=0, size=0)):
        if isinstance(step, bytes):
            own += step
            continue
        if own:
            written += _OWN.pack(0, len(own)) + own
            own = b""
        if step.size:
            written += _COPY.pack(1, step.offset, step.size)
    place.write_bytes(MARK + zlib.compress(bytes(written), 9))


def read_delta(place: Path) -> Iterator[Step]:
    """Its steps; raises `SourceRefusedError` for what is no delta."""
    try:
        data = place.read_bytes()
        inflater = zlib.decompressobj()
        steps = inflater.decompress(data.removeprefix(MARK), LARGEST_BYTES)
        if not data.startswith(MARK) or not inflater.eof:
            raise ValueError("it is no delta")
        yield from _parsed(steps)
    except (OSError, ValueError, zlib.error, struct.error) as exc:
        raise SourceRefusedError(
            f"the shipped {place.name} cannot be read ({exc}): reinstall campaign", is_changed=True
        ) from exc


def _parsed(steps: bytes) -> Iterator[Step]:
    at = 0
    while at < len(steps):
        if steps[at] == 1:
            _, offset, size = _COPY.unpack_from(steps, at)
            at += _COPY.size
            yield Copy(offset=offset, size=size)
        else:
            _, size = _OWN.unpack_from(steps, at)
            at += _OWN.size + size
            yield steps[at - size : at]


def apply(delta: Path, given: Path, goal: Path) -> None:
    """Write `goal` of the pieces of `given`, for its digest to judge. Raises `SourceRefusedError`."""
    with given.open("rb") as read, goal.open("wb") as written:
        for step in read_delta(delta):
            if isinstance(step, bytes):
                written.write(step)
                continue
            read.seek(step.offset)
            piece = read.read(step.size)
            if len(piece) != step.size:
                raise SourceRefusedError("what came is shorter than it should be", is_changed=True)
            written.write(piece)
