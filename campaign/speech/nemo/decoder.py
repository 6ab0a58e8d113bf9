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

ROOM_KEPT = 1 << 16
"""Nodes, or edges of a kind, for which a thread keeps room (2 MB): enough for all but the longest sentences."""
ROOM_LIMIT = 1 << 21
"""The largest lattice that is searched: 150 MB and half a second."""


class LatticeTooLargeError(Exception):
    """A text has more readings than memory is given for: German runs of digits, thousands of characters long."""


class _Scratch(threading.local):
    """What a thread decodes with: made once, left as it was."""

    def __init__(self) -> None:
        self.states = 0
        self.here = self.ahead = np.empty(0, np.int32)
        self.workspace = np.empty((7, ROOM_KEPT), np.int32)

    def tables(self, states: int) -> tuple[Ids, Ids]:
        """Two int32 (states,) tables of -1."""
        if states > self.states:
            self.here, self.ahead = np.full(states, -1, np.int32), np.full(states, -1, np.int32)
            self.states = states
        return self.here, self.ahead


_scratch = _Scratch()


def best_path(grammar: Transducer, text: bytes, *, remove_silent: bool = False) -> bytes | None:
    """What the cheapest path writes when it reads `text`; None where no path reads it whole.

    `remove_silent` searches as pynini's `top_rewrite` does, after OpenFst's `rmepsilon`. Thread-safe. Memory: about
    70 bytes for each (state, position) visited, some hundreds of which go to a byte of text. Raises
    `LatticeTooLargeError`.
    """
    from campaign.speech.nemo import kernel  # imports numba

    here, ahead = _scratch.tables(grammar.state_count)
    workspace = _scratch.workspace
    while True:
        outcome, starts, targets, outs, weights, ends = kernel.lattice(
            int(grammar.start[0]),
            grammar.arc_start,
            grammar.quiet_end,
            grammar.arc_in,
            grammar.arc_out,
            grammar.arc_weight,
            grammar.arc_target,
            grammar.arc_mask,
            grammar.can_read,
            grammar.weights,
            grammar.final_weight,
            np.frombuffer(text, np.uint8),
            here,
            ahead,
            workspace,
        )
        if outcome != kernel.NO_ROOM:
            break
        if workspace.shape[1] >= ROOM_LIMIT:
            raise LatticeTooLargeError(f"more than {ROOM_LIMIT} steps")
        workspace = np.empty((7, 4 * workspace.shape[1]), np.int32)
    if outcome == kernel.NO_PATH:
        return None
    search = kernel.best_rewrite if remove_silent else kernel.best_path
    outcome, written = search(starts, targets, outs, weights, ends)
    return written.tobytes() if outcome != kernel.NO_PATH else None
