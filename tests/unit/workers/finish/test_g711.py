"""G.711 against an independent implementation, every sample."""

from __future__ import annotations

import audioop

import numpy as np

from workers.finish.g711 import to_alaw, to_ulaw

EVERY = np.arange(-32_768, 32_768).astype(np.int16)


def test_ulaw_is_the_standard_s_for_every_sample() -> None:
    assert to_ulaw(EVERY) == audioop.lin2ulaw(EVERY.tobytes(), 2)


def test_alaw_is_the_standard_s_for_every_sample() -> None:
    assert to_alaw(EVERY) == audioop.lin2alaw(EVERY.tobytes(), 2)
