"""Chunks of WAV files: lengths without the padding, places with it."""

from __future__ import annotations

import struct

import pytest

from workers.riff import chunk, wave


@pytest.mark.parametrize(("data", "padded"), [(b"", b""), (b"ab", b"ab"), (b"abc", b"abc\0")])
def test_chunk_is_padded_to_an_even_length_and_counts_only_its_data(data: bytes, padded: bytes) -> None:
    assert chunk(b"data", data) == b"data" + struct.pack("<I", len(data)) + padded


def test_file_says_how_many_bytes_follow() -> None:
    file = wave(chunk(b"fmt ", bytes(16)), chunk(b"data", b"x"))
    assert (file[:4], file[8:12]) == (b"RIFF", b"WAVE")
    assert struct.unpack_from("<I", file, 4)[0] == len(file) - 8
