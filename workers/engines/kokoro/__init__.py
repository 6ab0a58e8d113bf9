"""Kokoro-82M as an engine: natural speech on any CPU, no torch, the same bits every time.

engine.py     the `Engine`: requests in, waveforms or failures out; utterances go to processes, longest first
settings.py   the preset's table, typed
files.py      the folder of a pin: the network's ONNX file and its voices
reading.py    spans to the model's letters: espeak-ng says how words sound, in its own process
letters.py    the model's alphabet: from espeak-ng's IPA, from people's IPA, or a refusal
words.py      which words those letters are, and when each is heard
process.py    the children's owners: start, ask, give up in time, restart
child.py      a child: the only place that loads the network, one thread each
"""

from workers.engines.kokoro.engine import KokoroEngine

__all__ = ["KokoroEngine"]
