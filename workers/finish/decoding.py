"""A delivered file's sound held whole, never more of it than a file of this program has.

Silence takes next to no bytes, and a header may say anything: what is decoded is counted block by block.
"""

from __future__ import annotations

import io
import warnings
from typing import Any, Literal

import numpy as np
import numpy.typing as npt

from workers.errors import UnreadableFileError

BLOCK_SAMPLES = 1 << 18
LONGEST_SAMPLES = 1 << 27
"""46 minutes at 48 kHz: 256 MiB as int16."""


def decoded(data: bytes, *, dtype: Literal["int16", "float32"]) -> tuple[npt.NDArray[Any], int]:
    """(samples (n,) of one channel, rate in Hz); raises `UnreadableFileError`."""
    import soundfile

    blocks: list[npt.NDArray[Any]] = []
    samples = 0
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            with soundfile.SoundFile(io.BytesIO(data)) as file:
                # else it seeks to where it is after every block, and an MP3's next frame lacks what came before
                file.seekable = lambda: False
                if file.channels != 1:
                    raise UnreadableFileError(f"the sound has {file.channels} channels, not one")
                while len(block := file.read(BLOCK_SAMPLES, dtype=dtype)):
                    blocks.append(block)
                    samples += len(block)
                    if samples > LONGEST_SAMPLES:
                        raise UnreadableFileError(f"the sound has more than {LONGEST_SAMPLES:,} samples")
                rate_hz = int(file.samplerate)
    except soundfile.LibsndfileError as problem:
        raise UnreadableFileError(f"the sound cannot be decoded: {problem}") from problem
    return np.concatenate(blocks) if blocks else np.zeros(0, dtype=dtype), rate_hz
