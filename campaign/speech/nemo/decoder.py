"""The exact best path of a text through a transducer, as OpenFst finds it, in machine code and without the GIL.

OpenFst builds the whole composition of text and grammar, most of which leads nowhere. Looking one byte ahead leaves
almost only what leads somewhere; the rest of the work is then small. The answer is the same to the byte:

1. forward over (state, position), entering only states that can read the next byte (or end with the text);
2. depth-first from the start in the grammar's own arc order, which yields a topological order, and what cannot end;
3. relax in that order, float32 sums, strictly less wins. This is how OpenFst's shortest path breaks ties on an acyclic
   lattice, so that ties come out the same.

numba rather than an extension module: nothing to build per platform, no compiler on the user's machine. The code is
compiled at the first decode (some seconds), then kept in numba's cache beside this package or in the user's.
"""

from __future__ import annotations

import threading

import numpy as np

from campaign.speech.nemo.transducer import Ids, Transducer

_scratch = threading.local()
_compile_lock = threading.Lock()


def best_path(grammar: Transducer, text: bytes, *, remove_silent: bool = False) -> bytes | None:
    """What the cheapest path writes when it reads `text`; None where no path reads it whole.

    `remove_silent` searches as pynini's `top_rewrite` does, after OpenFst's `rmepsilon`. Thread-safe. Memory: about
    60 bytes for each (state, position) visited, some dozens of which go to a byte of text.
    """
    from campaign.speech.nemo import kernel

    here, there = _scratch_ids(grammar.state_count)
    try:
        found, written = kernel.best_path(
            int(grammar.start[0]),
            grammar.arc_start,
            grammar.arc_in,
            grammar.arc_out,
            grammar.arc_weight,
            grammar.arc_target,
            grammar.weights,
            grammar.final_weight,
            grammar.mask_of,
            grammar.masks,
            np.frombuffer(text, np.uint8),
            here,
            there,
            remove_silent,
        )
    except MemoryError:
        del _scratch.tables  # half-written
        raise
    return written.tobytes() if found else None


def _scratch_ids(states: int) -> tuple[Ids, Ids]:
    """Two int32 (states,) tables of -1, kept per thread; the decoder leaves them as it found them."""
    tables: tuple[Ids, Ids] | None = getattr(_scratch, "tables", None)
    if tables is None or len(tables[0]) < states:
        tables = (np.full(states, -1, np.int32), np.full(states, -1, np.int32))
        _scratch.tables = tables
    return tables
