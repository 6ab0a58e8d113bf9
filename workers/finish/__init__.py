"""Everything after synthesis: utterances' PCM in, one file's bytes out, or the reason why not.

    finishing.py   `finish`: the stages in order
    streaming.py   the same, utterance by utterance
    stream_encoding.py
    profile.py     `FinishProfile`: every parameter with its unit, read strictly
    assembly.py    trim each utterance, fade its ends, join with real pauses
    tempo.py       faster or slower at the same pitch
    loudness.py    integrated loudness, true peak, gain
    kernels.py     the compiled inner loops; imported when first needed
    checks.py      silent, clipped, wrongly long: an error, never a file
    values.py      values helped to be heard: a pause before each, each slower
    words.py       where an utterance's words lie in the file
    captions.py    its spoken words as captions: WebVTT, SubRip, JSON
    encoding.py    one function for each codec
    g711.py
    descriptor.py  what a file says of itself: runs, digests, timebase
    marks.py       beyond it: signed provenance and the watermark port
    tags.py        where each container holds it
    id3.py, vorbis.py, ogg.py, mpeg.py
                   the containers themselves, written and read
    reading.py     a delivered file read back and compared with its descriptor

Importing this loads numpy and nothing heavier; numba, soundfile and soxr load when a profile needs them, FFmpeg never
in this process. Imports engines' plain types, ffmpeg and errors, and neither storage nor dramatiq (enforced).
"""

from workers.errors import FinishError, ProfileError
from workers.finish.descriptor import Provenance
from workers.finish.finishing import FINISH_REVISION, FinishedAudio, Part, finish, warm
from workers.finish.profile import FinishProfile

__all__ = [
    "FINISH_REVISION",
    "FinishError",
    "FinishProfile",
    "FinishedAudio",
    "Part",
    "ProfileError",
    "Provenance",
    "finish",
    "warm",
]
