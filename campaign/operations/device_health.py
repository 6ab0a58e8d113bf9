"""What `campaign doctor` says of GPUs and of what F5's kernels for them need. Loads no torch, makes nothing."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from campaign.operations.finding import HealthFinding
from workers.engines.f5.compiler import builds_kernels, find_compiler
from workers.errors import KernelCacheError
from workers.observability.gpu import Telemetry
from workers.process.kernels import runs_code, would_keep


def gpu() -> Iterator[HealthFinding]:
    """The first that NVML sees."""
    reading = Telemetry("cuda:0").read()
    if reading is None:
        yield HealthFinding(
            what="gpu", level="note", found="none that NVML can see; engines that need one will not run"
        )
    else:
        yield HealthFinding(what="gpu", level="good", found=f"{reading.model}, driver {reading.driver}")


def compiler() -> Iterator[HealthFinding]:
    """What F5's kernels for a GPU are built with."""
    if not _will_build_kernels():
        return
    there = find_compiler()
    if not there.lacks:
        yield HealthFinding(
            what="compiler", level="good", found=f"{there.path} builds F5's kernels for a GPU"
        )
        return
    yield HealthFinding(
        what="compiler",
        level="note",
        found=f"there is {there.lacks}: F5 runs eager on a GPU, slower than it could",
        mend=f"{there.mend[0].upper()}{there.mend[1:]}.",
    )


def kernels(folder: Path) -> Iterator[HealthFinding]:
    """Where they are kept, as a worker would find it."""
    if not _will_build_kernels():
        return
    try:
        places = would_keep(folder)
    except KernelCacheError as exc:
        yield HealthFinding(what="kernels", level="bad", found="no worker starts on a GPU", mend=str(exc))
        return
    refusing = [str(place) for place in places if not runs_code(place)]
    if refusing:
        yield HealthFinding(
            what="kernels",
            level="note",
            found=f"nothing runs from {' and '.join(refusing)} (mounted noexec): F5 runs eager on a GPU, slower "
            "than it could",
            mend="Let CAMPAIGN_KERNEL_CACHE name a folder of another filesystem.",
        )
        return
    yield HealthFinding(what="kernels", level="good", found=f"kept in {' and '.join(map(str, places))}")


def _will_build_kernels() -> bool:
    """Whether F5 will: a GPU is here, or torch's build for one."""
    return builds_kernels() or Telemetry("cuda:0").read() is not None
