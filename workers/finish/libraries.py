"""Libraries that must be loaded with care, when first needed."""

from __future__ import annotations

import threading
import warnings
from functools import lru_cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pydub import AudioSegment

_LOADING = threading.Lock()


@lru_cache(maxsize=1)
def load_pydub() -> type[AudioSegment]:
    """`pydub.AudioSegment`. Its import warns of a missing ffmpeg, which joining does not need."""
    with _LOADING, warnings.catch_warnings():
        warnings.simplefilter("ignore")
        import pydub

    segment: type[AudioSegment] = pydub.AudioSegment
    return segment
