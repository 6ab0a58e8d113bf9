"""G.711 against an independent implementation, every sample."""

from __future__ import annotations

import audioop

import numpy as np
import pytest

from workers.finish.g711 import _alaw_table, _ulaw_table, to_alaw, to_ulaw

EVERY = np.arange(-32_768, 32_768).astype(np.int16)


@pytest.fixture(autouse=True)
def _tables_made_anew() -> None:
    """Kept for the life of a process, so what an earlier test made would hide a fault."""
    _ulaw_table.cache_clear()
    _alaw_table.cache_clear()


def test_ulaw_is_the_standard_s_for_every_sample() -> None:
    assert to_ulaw(EVERY) == audioop.lin2ulaw(EVERY.tobytes(), 2)


def test_alaw_is_the_standard_s_for_every_sample() -> None:
    assert to_alaw(EVERY) == audioop.lin2alaw(EVERY.tobytes(), 2)
