"""F5-TTS: cloned speakers, packed batches, the same bits for an utterance whatever is beside it.

    settings.py       a preset's table, typed                    (no torch)
    duration.py       how long the words will take               (no torch)
    text.py           words -> the model's tokens                (no torch before the vocabulary is used)
    packing.py        utterances -> packs under a frame budget   (no torch)
    weights.py        a folder of weights -> modules             (torch when called)
    upstream.py       the model code of the `f5-tts` package, without its training half
    network.py        one velocity of a whole pack               (torch)
    attention.py      one function, two implementations          (torch)
    sampler.py        the Euler loop                             (torch)
    vocoder.py        mel -> samples, packed                     (torch)
    conditioning.py   what a reference recording is turned into, once
    choice.py         what the worker's options say of the device (no torch)
    compiler.py       whether kernels can be built here           (no torch)
    device/           the model on one device: budgets that are admitted, memory
    loading.py        everything that is held once the weights are read
    outcomes.py       what a call has made so far                (no torch)
    utterances.py     request -> what is drawn -> outcome
    faults.py         errors that end the engine's life
    convert.py        pickled weights -> safetensors, once, by hand
    engine.py         the `Engine` that the worker sees

Importing the package loads no torch; `F5Engine.warm` does.
"""

from workers.engines.f5.engine import F5Engine, capabilities_of
from workers.engines.f5.faults import CheckpointError

__all__ = ["CheckpointError", "F5Engine", "capabilities_of"]
