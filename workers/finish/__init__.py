"""Everything after synthesis: utterances' PCM in, one file's bytes out, or the reason why not.

    finishing.py   `finish`: the stages in order
    profile.py     `FinishProfile`: every parameter with its unit, read strictly
    assembly.py    trim each utterance, fade its ends, join with real pauses
    loudness.py    integrated loudness, true peak, gain
    kernels.py     the compiled inner loops; imported when first needed
    checks.py      silent, clipped, wrongly long: an error, never a file
    encoding.py    one function for each codec
    g711.py, tags.py

Importing this loads numpy and nothing heavier; numba, PyAV, soundfile and soxr load when a profile needs them.
"""

from workers.finish.errors import FinishError, ProfileError
from workers.finish.finishing import FINISH_REVISION, FinishedAudio, Part, finish, warm
from workers.finish.profile import FinishProfile

__all__ = [
    "FINISH_REVISION",
    "FinishError",
    "FinishProfile",
    "FinishedAudio",
    "Part",
    "ProfileError",
    "finish",
    "warm",
]
