"""One recording for all tests of this folder."""

from __future__ import annotations

import pytest

from tests import voices
from workers.engines.engine import Pcm


@pytest.fixture(scope="session")
def speech() -> Pcm:
    """`voices.TEXT`, at `voices.RATE_HZ`."""
    return voices.recording()
