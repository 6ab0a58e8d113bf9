"""Upstream's F5-TTS and this engine side by side: what `benchmarks.f5_throughput` and `benchmarks.gpu` measure with.

material.py     weights of the true format, utterances of nobody
ours.py         this engine; the only module that knows its insides
upstream.py     `CFM.sample` and `Vocos.decode`, given this engine's noise
measuring.py    seconds, launches, joules, memory
sound.py        distances, and the bits at every place of a pack
throughput.py   a table over NFE and frame budgets
restart.py      the same utterance in another process
"""
