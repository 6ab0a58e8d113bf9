"""Where compiled kernels are kept, so that a restart finds them: inductor's and Triton's caches in a folder of ours.

One folder serves every pin, version of torch and GPU of this user. Inductor's keys hold the graph, the shapes, torch's
build and configuration, CUDA and the device's name; Triton's hold the source, its own build and the target. What fits
another pin or another torch is found by neither, so nothing is gained by a folder for each. Code is loaded from here:
whoever can write into the folder runs code as this user, which is why a folder that others can write to is refused.
"""

from __future__ import annotations

import getpass
import os
import stat
from collections.abc import Mapping, MutableMapping
from pathlib import Path

from workers.errors import KernelCacheError

CACHES = {"TORCHINDUCTOR_CACHE_DIR": "inductor", "TRITON_CACHE_DIR": "triton"}
"""Variables that torch and Triton read when they are loaded, and what their folders are called here."""


def keep_kernels(folder: Path, environment: MutableMapping[str, str] = os.environ) -> None:
    """Have kernels kept below `folder` (made, 0700), unless the operator said where; call it before torch is loaded.

    A user that is a number only, as containers are given, gets a name: torch calls a folder by it, and builds nothing
    without. Raises `KernelCacheError` where others can write, or nobody.
    """
    try:
        getpass.getuser()
    except (KeyError, OSError):
        environment["LOGNAME"] = f"uid{os.getuid()}"
    wanted = _wanted(folder, environment)
    for place in _made_for(folder, wanted):
        try:
            place.mkdir(mode=0o700, parents=True, exist_ok=True)
        except OSError as exc:
            raise _takes_nothing(place, exc.strerror or str(exc)) from exc
        _see_that_it_is_ours(place)
    environment.update({variable: str(place) for variable, place in wanted.items()})


def would_keep(folder: Path, environment: Mapping[str, str] = os.environ) -> list[Path]:
    """Where `keep_kernels` would have them kept; raises what it would raise. Makes nothing."""
    wanted = _wanted(folder, environment)
    for place in _made_for(folder, wanted):
        if os.path.lexists(place):
            _see_that_it_is_ours(place)
        elif not os.access(_nearest(place), os.W_OK | os.X_OK):
            raise _takes_nothing(place, f"{_nearest(place)} takes none")
    return sorted({wanted.get(variable) or Path(environment[variable]) for variable in CACHES})


def runs_code(place: Path) -> bool:
    """Whether what is kept there, or would be, can be loaded: not where the filesystem is mounted `noexec`."""
    return not os.statvfs(_nearest(place)).f_flag & os.ST_NOEXEC


def _wanted(folder: Path, environment: Mapping[str, str]) -> dict[str, Path]:
    """The variables that the operator left unset, and what they are to be."""
    return {variable: folder / name for variable, name in CACHES.items() if not environment.get(variable)}


def _made_for(folder: Path, wanted: Mapping[str, Path]) -> tuple[Path, ...]:
    return (folder, *wanted.values()) if wanted else ()


def _nearest(place: Path) -> Path:
    """The folder itself, or the first above it that is there."""
    return next(one for one in (place, *place.absolute().parents) if one.exists())


def _see_that_it_is_ours(place: Path) -> None:
    """Nobody else can put code there."""
    try:
        found = place.lstat()
    except OSError as exc:
        raise _takes_nothing(place, exc.strerror or str(exc)) from exc
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


def _takes_nothing(place: Path, why: str) -> KernelCacheError:
    return KernelCacheError(
        f"compiled kernels cannot be kept in {place}: {why}. Let CAMPAIGN_KERNEL_CACHE name a folder that takes files."
    )
