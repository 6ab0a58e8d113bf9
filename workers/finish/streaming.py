"""The same finish, utterance by utterance, for a listener who does not wait for the last one.

With a static gain (`gain = "preset"`) all pieces together are the samples that `finish` would put into the file. A
gain to a loudness target needs the whole, so a profile that asks for one is refused.
"""

from __future__ import annotations

import numpy as np

from workers.engines.engine import Pcm
from workers.errors import ProfileError
from workers.finish import checks, loudness
from workers.finish.finishing import Part, pause_ms, prepared, profile_assembly
from workers.finish.profile import FinishProfile


class StreamedFinish:
    """One file's sound as it comes."""

    def __init__(self, profile: FinishProfile, *, engine_rate_hz: int) -> None:
        """Raises `ProfileError` where only the whole file can be levelled, marked or helped."""
        if profile.gain != "preset":
            raise ProfileError('finish: a stream has a static gain; write gain = "preset" and gain_db')
        if profile.marks:
            raise ProfileError("finish: a stream carries no marks; take marks out, or fetch the whole file")
        if profile.helps_values:
            raise ProfileError(
                "finish: a stream does not know where values lie; take pause_before_values and slow_values out, or "
                "fetch the whole file"
            )
        self.profile = profile
        self.rate_hz = profile.rate_for(engine_rate_hz)
        self.samples = 0
        """Given out so far."""
        self._assembly = profile_assembly(profile, self.rate_hz)
        self._parts = 0

    def add(self, part: Part, *, is_last: bool) -> Pcm:
        """What can be heard now; raises `FinishError` when the part must not be released."""
        sound = prepared(part, self._parts, self.rate_hz, self.profile).pcm
        self._parts += 1
        self._assembly.add(sound, pause_after_ms=0 if is_last else pause_ms(part, self.profile))
        return self._levelled(self._assembly.end() if is_last else self._assembly.take())

    def _levelled(self, pcm: Pcm) -> Pcm:
        if not len(pcm):
            return np.zeros(0, np.int16)
        louder, clipped = loudness.apply_gain(pcm, self.profile.gain_db)
        checks.check_gain(clipped, self.profile.gain_db)
        self.samples += len(louder)
        return louder
