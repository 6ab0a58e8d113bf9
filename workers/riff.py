"""RIFF, the container of WAV files: chunks and the file around them."""

from __future__ import annotations

import struct


def chunk(name: bytes, data: bytes) -> bytes:
    """One chunk, `name` of four bytes; padded to an even length."""
    return name + struct.pack("<I", len(data)) + data + b"\0" * (len(data) % 2)


def wave(*chunks: bytes) -> bytes:
    """A WAVE file of chunks."""
    body = b"".join((b"WAVE", *chunks))
    return b"RIFF" + struct.pack("<I", len(body)) + body
