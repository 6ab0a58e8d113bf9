"""FFmpeg in processes of its own: Opus, streamed FLAC, tempo, M4A and WebM.

PyAV's wheel links FFmpeg with x264 and x265, which are GPL-2.0-or-later, and loading one loads all. So nothing but
`child.py` loads PyAV, and `child.py` runs in no process but its own; what a stranger's recording does to a decoder, it
does there too.

    child.py       the child: one call after another on its pipe
    process.py     a child's owner, and who may ask which

Imports errors and nothing else of workers.
"""

from workers.ffmpeg.process import FfmpegProcess, borrowed, give_back, in_child, lend

__all__ = ["FfmpegProcess", "borrowed", "give_back", "in_child", "lend"]
