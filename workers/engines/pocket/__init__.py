"""Pocket TTS: cloned speakers without a GPU; many streams in one product, each with the bits that it has alone.

    settings.py       a preset's table, typed                      (no torch)
    text.py           words -> prompts that the model was trained on, or why not
    weights.py        a folder of weights -> upstream's modules    (torch when called)
    upstream.py       the `pocket-tts` package, imported without what its import does
    products.py       a row's product with a matrix, the same bits beside any other rows
    backbone.py       transformer: prompts read, one frame of many streams
    head.py           noise -> a latent, under what the transformer said
    codec.py          latents -> samples
    streams.py        the loop: streams begin, go on a frame and end, each at its own time
    conditioning.py   what a reference recording is turned into, once
    proof.py          which numbers of rows give a row the same bits here
    loading.py        everything that is held once the weights are read
    utterances.py     request -> streams -> outcome
    engine.py         the `Engine` that the worker sees

Importing the package loads no torch; `PocketEngine.warm` does.
"""

from workers.engines.pocket.engine import ATTRIBUTION, PocketEngine

__all__ = ["ATTRIBUTION", "PocketEngine"]
