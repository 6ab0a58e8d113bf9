"""PocketSphinx: the one recogniser known that installs from a wheel with a model inside and is kept. English alone.

It is far from the state of the art (word error 0.5 on clear synthetic speech), so its numbers compare two voices and
prove nothing by themselves.
"""

from __future__ import annotations

from typing import Any

from workers.engines.engine import EngineError, Pcm
from workers.recognisers.recogniser import RATE_HZ, Heard, as_heard, is_loop


class SphinxRecogniser:
    """CMU PocketSphinx with the US English model of its wheel; 0.2 to 0.4 s a second of sound, 60 MB."""

    def __init__(self) -> None:
        self._decoder: Any = None
        self._last: tuple[bytes, Heard] | None = None

    @property
    def name(self) -> str:
        """With the package's version."""
        from importlib.metadata import version

        return f"pocketsphinx-{version('pocketsphinx')}-en-us"

    def understands(self, language: str) -> bool:
        """English alone."""
        return language == "en"

    def hear(self, pcm: Pcm, rate_hz: int, language: str, *, attempt: int = 0) -> Heard:
        """See `Recogniser.hear`; it has one way of hearing, so that the same sound is not heard twice."""
        if not self.understands(language):
            raise EngineError(f"{self.name} does not understand {language!r}; give a whisper model")
        sound = as_heard(pcm, rate_hz).astype("<i2").tobytes()
        if self._last is not None and self._last[0] == sound:
            return self._last[1]
        if self._decoder is None:
            from pocketsphinx import Decoder

            self._decoder = Decoder(samprate=RATE_HZ, loglevel="FATAL")
        decoder = self._decoder
        decoder.start_utt()
        decoder.process_raw(sound, full_utt=True)
        decoder.end_utt()
        hypothesis = decoder.hyp()
        text = "" if hypothesis is None else str(hypothesis.hypstr)
        heard = Heard(text=text, looped=is_loop(text))
        self._last = (sound, heard)
        return heard

    def close(self) -> None:
        """See `Recogniser.close`."""
        self._decoder = self._last = None
