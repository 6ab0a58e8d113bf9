"""One process of the measurement: runs parts and tells of each; see `supervision`."""

from __future__ import annotations

import argparse
import importlib
import os
import sys
import time
import traceback
from pathlib import Path

from benchmarks.gpu.bench import Bench
from benchmarks.gpu.lines import BEGUN, DONE, FAILED, Lines
from benchmarks.gpu.plan import BY_NAME, Part, limit_s

DEVICE_LOST = 75


def main() -> None:
    """Ends with 75 where a part has cost the process its device."""
    parser = argparse.ArgumentParser()
    for name in ("--device", "--model", "--lines", "--scratch", "--parts"):
        parser.add_argument(name, required=True)
    parser.add_argument("--quick", action="store_true")
    parser.add_argument("--deadline", type=float, required=True)
    options = parser.parse_args()
    bench = Bench(
        device=options.device,
        model=options.model,
        quick=options.quick,
        scratch=Path(options.scratch),
        lines=Lines(Path(options.lines)),
    )
    for name in options.parts.split(","):
        part = BY_NAME[name]
        limit = limit_s(part, on_cuda=bench.on_cuda)
        bench.begin(name, min(options.deadline, time.time() + limit))
        bench.tell(BEGUN)
        start = time.time()
        try:
            bench.open_device()
            run(part, bench)
        except Exception as problem:  # noqa: BLE001 - a part that fails must not end the others
            trace = "".join(traceback.format_exception(problem))
            print(trace, file=sys.stderr, flush=True)
            said = f"{type(problem).__name__}: {str(problem)[:500]}"
            bench.tell(FAILED, {"problem": said, "trace": trace[-1500:]})
            if not bench.device_answers():
                os._exit(DEVICE_LOST)
        else:
            bench.tell(DONE, {"s": round(time.time() - start, 2)})


def run(part: Part, bench: Bench) -> None:
    """The function that the part names."""
    function = getattr(importlib.import_module(f"benchmarks.gpu.parts.{part.module}"), part.function)
    if part.argument is None:
        function(bench)
    else:
        function(bench, part.argument)


if __name__ == "__main__":
    main()
