"""Where compiled kernels are kept, so that a restart finds them: inductor's and Triton's caches in a folder of ours.

One folder serves every pin, version of torch and GPU of this user. Inductor's keys hold the graph, the shapes, torch's
build and configuration, CUDA and the device's name; Triton's hold the source, its own build and the target. What fits
another pin or another torch is found by neither, so nothing is gained by a folder for each. Code is loaded from here:
whoever can write into the folder runs code as this user, which is why a folder that others can write to is refused.
"""

from __future__ import annotations

import os
import stat
from collections.abc import MutableMapping
from pathlib import Path

from workers.errors import KernelCacheError

CACHES = {"TORCHINDUCTOR_CACHE_DIR": "inductor", "TRITON_CACHE_DIR": "triton"}
"""Variables that torch and Triton read when they are loaded, and what their folders are called here."""


def keep_kernels(folder: Path, environment: MutableMapping[str, str] = os.environ) -> None:
    """Have kernels kept below `folder` (made, 0700), unless the operator said where; call it before torch is loaded.

    Raises `KernelCacheError` where others can write, or nobody.
    """
    wanted = {variable: folder / name for variable, name in CACHES.items() if not environment.get(variable)}
    if not wanted:
        return
    for place in (folder, *wanted.values()):
        _own(place)
    environment.update({variable: str(place) for variable, place in wanted.items()})


def runs_code(place: Path) -> bool:
    """Whether what is kept there, or would be, can be loaded: not where the filesystem is mounted `noexec`."""
    there = next(one for one in (place, *place.absolute().parents) if one.exists())
    return not os.statvfs(there).f_flag & os.ST_NOEXEC


def _own(place: Path) -> None:
    """Make the folder, or see that nobody else can put code there."""
    try:
        place.mkdir(mode=0o700, parents=True, exist_ok=True)
        found = place.lstat()
    except OSError as exc:
        raise KernelCacheError(
            f"compiled kernels cannot be kept in {place}: {exc.strerror or exc}. Let CAMPAIGN_KERNEL_CACHE name a "
            "folder that takes files."
        ) from exc
    if stat.S_ISLNK(found.st_mode):
        raise KernelCacheError(f"{place} is a link. Let CAMPAIGN_KERNEL_CACHE name the folder itself.")
    if found.st_uid != os.geteuid():
        raise KernelCacheError(
            f"{place} belongs to another user ({found.st_uid}), and code is loaded from it. Let CAMPAIGN_KERNEL_CACHE "
            "name a folder of this user."
        )
    if found.st_mode & (stat.S_IWGRP | stat.S_IWOTH):
        raise KernelCacheError(
            f"others can write to {place}, and code is loaded from it. Empty it and run: chmod 700 {place}"
        )
