"""The parts in their order. Knows no torch: the process that supervises reads it, too."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """One piece of the measurement."""

    name: str
    """What is before a dash is the function, what is behind it its argument: `step-compiled`."""
    module: str
    """Of `benchmarks.gpu.parts`."""
    limit_s: float
    """On a GPU; the CPU gets `CPU_LIMIT_S`."""
    cuda_only: bool = False

    @property
    def function(self) -> str:
        """In its module."""
        return self.name.partition("-")[0]

    @property
    def argument(self) -> str | None:
        """For it, where it has one."""
        return self.name.partition("-")[2] or None


CPU_LIMIT_S = 240.0

PARTS = (
    Part(name="env", module="silicon", limit_s=40),
    Part(name="ceiling", module="silicon", limit_s=30),
    Part(name="equality", module="sound", limit_s=50),
    Part(name="admission-eager", module="sound", limit_s=60),
    Part(name="step-eager", module="speed", limit_s=30),
    Part(name="admission-fused", module="sound", limit_s=100, cuda_only=True),
    Part(name="step-fused", module="speed", limit_s=30, cuda_only=True),
    Part(name="table-fused", module="speed", limit_s=70, cuda_only=True),
    Part(name="ttfa-fused", module="speed", limit_s=25, cuda_only=True),
    Part(name="classes", module="classes", limit_s=40),
    Part(name="admission-compiled", module="sound", limit_s=150, cuda_only=True),
    Part(name="step-compiled", module="speed", limit_s=30, cuda_only=True),
    Part(name="table-eager", module="speed", limit_s=40),
    Part(name="ttfa-eager", module="speed", limit_s=25),
    Part(name="host", module="speed", limit_s=15),
    Part(name="profile", module="speed", limit_s=30),
    Part(name="kernels", module="kernels", limit_s=40),
    Part(name="products", module="kernels", limit_s=30),
    Part(name="engine", module="faults", limit_s=40),
    Part(name="restart", module="sound", limit_s=60),
    Part(name="cap", module="faults", limit_s=45, cuda_only=True),
    Part(name="sticky", module="faults", limit_s=45, cuda_only=True),
    Part(name="compilerless", module="faults", limit_s=60, cuda_only=True),
    Part(name="table-compiled", module="speed", limit_s=60, cuda_only=True),
)
"""Those whose numbers are wanted most come first: what there is no time for is left out from the end."""

REHEARSALS = (
    Part(name="dies", module="rehearsals", limit_s=30),
    Part(name="hangs", module="rehearsals", limit_s=3),
    Part(name="sleeps", module="rehearsals", limit_s=600),
    Part(name="raises", module="rehearsals", limit_s=30),
    Part(name="speaks", module="rehearsals", limit_s=30),
)
"""Parts that fail as real ones may; only when asked for by name."""

BY_NAME = {part.name: part for part in (*PARTS, *REHEARSALS)}


def plan(only: tuple[str, ...], *, on_cuda: bool) -> list[Part]:
    """The parts to run: all that the device can, or those that are named, `table` for every `table-...`.

    Raises `ValueError` for a name that no part has.
    """
    if not only:
        return [part for part in PARTS if on_cuda or not part.cuda_only]
    unknown = [name for name in only if not any(_is_named(part, name) for part in BY_NAME.values())]
    if unknown:
        raise ValueError(f"no part {unknown[0]!r}; there are {', '.join(part.name for part in PARTS)}")
    named = [part for part in BY_NAME.values() if any(_is_named(part, name) for name in only)]
    return [part for part in named if on_cuda or not part.cuda_only]


def _is_named(part: Part, name: str) -> bool:
    return name in (part.name, part.function)


def limit_s(part: Part, *, on_cuda: bool) -> float:
    """Seconds after which a part is ended."""
    return part.limit_s if on_cuda or part in REHEARSALS else CPU_LIMIT_S
