"""espeak-ng as an engine: real speech in about 100 languages, no weights, no GPU, hundreds of times real time.

engine.py     the `Engine`: requests in, waveforms or failures out; trims and joins spans
settings.py   the preset's table, typed; which voices the installed data has
phonemes.py   IPA to espeak's own phoneme names, or a refusal
process.py    the child's owner: starts, asks, times out, restarts
child.py      the child: the only place that loads the library
"""

from workers.engines.espeak.engine import EspeakEngine

__all__ = ["EspeakEngine"]
