"""A weighted byte transducer as flat arrays, and the look-ahead that makes decoding it cheap.

NeMo's grammars are OpenFst transducers over bytes. Here each is a handful of NumPy arrays: what a decoder reads, what a
file maps into memory, what several processes share. Arcs keep OpenFst's order, sorted by input byte with epsilon (0)
first: the decoder's way with ties depends on it.
"""

from __future__ import annotations

from dataclasses import dataclass, fields

import numpy as np
import numpy.typing as npt

Bytes = npt.NDArray[np.uint8]
Ids = npt.NDArray[np.int32]
MaskIds = npt.NDArray[np.int16]
Weights = npt.NDArray[np.float32]
Flags = npt.NDArray[np.bool_]

END = 256
"""Stands for the byte after the last one: `the text may end here`."""

_MASK_WORDS = 5  # 257 bits


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Transducer:
    """One grammar: axes are s (states), a (arcs), w (distinct weights), m (distinct look-ahead masks).

    Arrays are made read-only: grammars are shared between threads, and mapped ones could not be written anyway.
    """

    start: Ids
    """int32 (1,): the start state."""
    arc_start: Ids
    """int32 (s + 1,): arcs of state i are `arc_start[i]:arc_start[i + 1]`."""
    quiet_end: Ids
    """int32 (s,): where the arcs that read nothing end; they come first."""
    arc_in: Bytes
    """uint8 (a,): byte read, 0 for none; ascending within a state."""
    arc_out: Bytes
    """uint8 (a,): byte written, 0 for none."""
    arc_weight: Bytes
    """uint8 (a,): index into `weights`."""
    arc_target: Ids
    """int32 (a,): state entered."""
    arc_mask: MaskIds
    """int16 (a,): column of `can_read` for the state entered: beside the arc, so that most arcs cost one look."""
    can_read: Flags
    """bool (257, m): whether a state with this mask can read a byte (256: end) next, through any epsilons."""
    weights: Weights
    """float32 (w,): the distinct arc weights."""
    final_weight: Weights
    """float32 (s,): cost of ending in a state; infinity where the text cannot end."""

    def __post_init__(self) -> None:
        """Give the decoder one type to be compiled for, mapped or not."""
        for field in fields(self):
            getattr(self, field.name).setflags(write=False)

    @property
    def state_count(self) -> int:
        """Number of states."""
        return len(self.quiet_end)

    @property
    def memory_bytes(self) -> int:
        """Size of all arrays."""
        return sum(getattr(self, field.name).nbytes for field in fields(self))


def with_look_ahead(
    *,
    start: int,
    degree: npt.NDArray[np.uint16],
    arc_in: Bytes,
    arc_out: Bytes,
    arc_weight: Bytes,
    arc_target: Ids,
    weights: Weights,
    final_weight: Weights,
) -> Transducer:
    """Add to a grammar's own arrays what follows from them, offsets and look-ahead masks: 0.1 s for 400,000 arcs."""
    states = len(degree)
    arc_start = np.zeros(states + 1, np.int32)
    np.cumsum(degree, out=arc_start[1:])
    source = np.repeat(np.arange(states, dtype=np.int32), degree)
    quiet = np.bincount(source[arc_in == 0], minlength=states)
    mask_of, can_read = _look_ahead(source, arc_in, arc_target, np.isfinite(final_weight))
    return Transducer(
        start=np.array([start], np.int32),
        arc_start=arc_start,
        quiet_end=(arc_start[:-1] + quiet).astype(np.int32),
        arc_in=arc_in,
        arc_out=arc_out,
        arc_weight=arc_weight,
        arc_target=arc_target,
        arc_mask=mask_of[arc_target],
        can_read=can_read,
        weights=weights,
        final_weight=final_weight,
    )


def _look_ahead(source: Ids, arc_in: Bytes, arc_target: Ids, can_end: Flags) -> tuple[MaskIds, Flags]:
    """Union of readable bytes over the epsilon closure of every state, to the fixed point: (mask of state, can_read).

    Passes go over the epsilon arcs whose target changed in the pass before, so that long chains cost their length once.
    """
    states = len(can_end)
    reads = arc_in != 0
    masks = np.zeros((states, _MASK_WORDS), np.uint64)
    bits = np.uint64(1) << (arc_in[reads] & 63).astype(np.uint64)
    np.bitwise_or.at(masks, (source[reads], arc_in[reads] >> 6), bits)
    masks[can_end, END >> 6] |= np.uint64(1)

    order = np.argsort(arc_target[~reads], kind="stable")
    into_source, into_target = source[~reads][order], arc_target[~reads][order]
    into_start = np.searchsorted(into_target, np.arange(states + 1))
    changed = np.unique(into_target)
    while len(changed):
        counts = into_start[changed + 1] - into_start[changed]
        arcs = np.repeat(into_start[changed] - np.cumsum(counts) + counts, counts) + np.arange(counts.sum())
        sources, targets = into_source[arcs], into_target[arcs]
        news = (masks[targets] & ~masks[sources]).any(axis=1)
        sources, targets = sources[news], targets[news]
        np.bitwise_or.at(masks, sources, masks[targets])
        changed = np.unique(sources)

    distinct, mask_of = np.unique(masks.view(f"V{8 * _MASK_WORDS}").ravel(), return_inverse=True)
    if len(distinct) > np.iinfo(np.int16).max:
        raise ValueError(f"{len(distinct)} distinct look-ahead masks: more than an int16 counts.")
    bits_of = np.unpackbits(distinct.view(np.uint8).reshape(len(distinct), -1), axis=1, bitorder="little")
    return mask_of.astype(np.int16), np.ascontiguousarray(bits_of[:, : END + 1].T).astype(np.bool_)
