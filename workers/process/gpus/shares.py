"""What each of several processes on one GPU may take of its memory."""

from __future__ import annotations

from workers.errors import GpuShareError

USABLE = 0.9
"""Of the total: the rest is the driver's, contexts' and libraries', which no allocator's limit counts."""
LEAST_SHARE_GIB = 8.0
"""What F5 needs: weights, the reference budget of frames and a context, with air."""

SMALLEST_SHARE_GIB = 2.0
"""In less nothing of F5's speaks: a context and the weights take most of it."""


def share_gib(gpu: str, total_gib: float | None, *, per_gpu: int, asked_gib: float | None) -> float | None:
    """Each process's, `asked_gib` where it is given; None is no limit, because nobody can tell the total.

    Raises `GpuShareError` when what is asked for does not fit, or several processes would share what is unknown.
    """
    if asked_gib is not None:
        if total_gib is not None and per_gpu * asked_gib > total_gib:
            raise GpuShareError(
                f"{per_gpu} x {asked_gib:g} GiB are {per_gpu * asked_gib:g} GiB, and {gpu} has {total_gib:.1f}. "
                f"Give --max-vram-gib {USABLE * total_gib / per_gpu:.1f} or less, or a smaller --per-gpu."
            )
        return asked_gib
    if total_gib is not None:
        share = USABLE * total_gib / per_gpu
        if per_gpu > 1 and share < SMALLEST_SHARE_GIB:
            raise GpuShareError(
                f"{per_gpu} processes would have {share:.1f} GiB each of {gpu}, too little to speak in. Give --per-gpu "
                f"{room_for(total_gib, asked_gib=None)} or less."
            )
        return round(share, 2)
    if per_gpu > 1:
        raise GpuShareError(
            f"NVML does not tell the memory of {gpu}, which {per_gpu} processes would share. Say with --max-vram-gib "
            "what each may take; of a GPU that is cut into MIG slices, name the slices."
        )
    return None


def room_for(total_gib: float | None, *, asked_gib: float | None) -> int | None:
    """How many processes the memory holds; None where nobody can tell."""
    if total_gib is None:
        return None
    held = USABLE * total_gib / LEAST_SHARE_GIB if asked_gib is None else total_gib / asked_gib
    return max(1, int(held))
