"""Measure a card: the tests of tests/gpu, then every part; one results file and one summary.

    python -m benchmarks.gpu                                        # a GPU: within 520 s
    python -m benchmarks.gpu --only admission,step                  # some parts
    python -m benchmarks.gpu --device cpu --model tiny --quick      # the dry run

Exit code 0: everything ran and every test passed; 1: something did not, and is named; 2: nothing was run, and why;
3: packages are missing; 130: interrupted, what was measured until then is kept.
"""

from __future__ import annotations

import argparse
import contextlib
import fcntl
import json
import os
import platform
import re
import signal
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from benchmarks.gpu.lines import DIED, DONE, FAILED, Lines
from benchmarks.gpu.plan import Part, plan
from benchmarks.gpu.summary import ENDS, expectations, summary
from benchmarks.gpu.supervision import Supervisor
from benchmarks.gpu.wheels import missing, unpack

ROOT = Path(__file__).resolve().parents[2]
WHEELS = ROOT / ".whl"
TESTS = "tests"
"""The part that runs tests/gpu."""
TESTS_SHARE = 0.4
"""Of the whole time, at most, where parts come after them."""
ENDING_S = 8.0
"""Kept for the results file and the summary."""
UNUSABLE = 2
MISSING = 3
INTERRUPTED = 130


@dataclass(frozen=True, slots=True, kw_only=True)
class Run:
    """One call."""

    device: str
    model: str
    quick: bool
    parts: Sequence[Part]
    tests: bool
    out: Path
    results: Path
    scratch: Path
    deadline: float
    environment: Mapping[str, str]

    @property
    def on_cuda(self) -> bool:
        """Whether a GPU is measured."""
        return self.device.startswith("cuda")


def main() -> int:
    """See the module."""
    begun = time.time()
    for number in (signal.SIGTERM, signal.SIGHUP):  # as Ctrl-C, so that no part is left behind
        if signal.getsignal(number) is signal.SIG_DFL:
            signal.signal(number, signal.default_int_handler)
    with contextlib.ExitStack() as stack:
        run = parse(begun, stack)
        return run if isinstance(run, int) else measure(run, begun)


def measure(run: Run, begun: float) -> int:
    """Tests and parts, then what came of them."""
    lines = Lines(run.out / "lines.jsonl")
    lines.path.unlink(missing_ok=True)
    supervisor = Supervisor(
        lines=lines,
        options=[
            *("--device", run.device, "--model", run.model, "--lines", str(lines.path)),
            *("--scratch", str(run.scratch), "--deadline", str(run.deadline - ENDING_S)),
            *(["--quick"] if run.quick else []),
        ],
        environment=dict(run.environment),
        folder=ROOT,
        log=run.out / "run.log",
        deadline=run.deadline - ENDING_S,
        on_cuda=run.on_cuda,
    )
    interrupted = False
    try:
        if run.tests:
            run_tests(run, lines)
        supervisor.run(run.parts)
    except KeyboardInterrupt:
        interrupted = True
        print("gpu: interrupted", file=sys.stderr)
    except OSError as problem:
        print(f"gpu: {problem}; free space, or name another folder with --out", file=sys.stderr)
    code = finish(run, list(lines.read()), begun)
    return INTERRUPTED if interrupted else code


def parse(begun: float, stack: contextlib.ExitStack) -> Run | int:
    """The options, or the exit code with which nothing is run; `stack` keeps the folders for the run."""
    parser = argparse.ArgumentParser(
        prog="python -m benchmarks.gpu", description=(__doc__ or "").splitlines()[0]
    )
    parser.add_argument("--device", default="cuda")
    parser.add_argument("--model", default="full", help="tiny, small, mid, full or a folder of weights")
    parser.add_argument("--quick", action="store_true", help="small shapes: to see that everything runs")
    parser.add_argument("--only", default="", help="parts, comma-separated; tests among them")
    parser.add_argument("--no-tests", action="store_true")
    parser.add_argument("--budget-s", type=float, default=float(os.environ.get("BUDGET", "520")))
    parser.add_argument("--out", type=Path, default=Path(os.environ.get("OUT", ROOT / "var" / "gpu")))
    parser.add_argument("--results", type=Path, help="default: benchmarks/results, for a CPU --out")
    options = parser.parse_args()
    only = tuple(name for name in options.only.split(",") if name)
    on_cuda = options.device.startswith("cuda")
    try:
        parts = plan(tuple(name for name in only if name != TESTS), on_cuda=on_cuda)
    except ValueError as problem:
        parser.error(str(problem))
    if only == (TESTS,):
        parts = []
    results = options.results or (ROOT / "benchmarks" / "results" if on_cuda else options.out)
    try:
        for folder in (options.out, results):
            folder.mkdir(parents=True, exist_ok=True)
            tempfile.TemporaryFile(dir=folder).close()
        lock = stack.enter_context((options.out / "lock").open("wb"))
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        scratch = Path(
            stack.enter_context(
                tempfile.TemporaryDirectory(prefix="campaign-gpu-", ignore_cleanup_errors=True)
            )
        )
    except BlockingIOError:
        print(
            f"gpu: another run writes into {options.out}; wait for it or name another folder with --out",
            file=sys.stderr,
        )
        return UNUSABLE
    except OSError as problem:
        print(f"gpu: {problem}; --out, --results and TMPDIR name other folders", file=sys.stderr)
        return UNUSABLE
    site = [unpack(WHEELS, scratch / "site")] if missing() and any(WHEELS.glob("*.whl")) else []
    lacking = missing(site)
    if lacking:
        print(
            f"gpu: not installed: {' '.join(lacking)}\ngpu: docs/f5.md says how to carry wheels",
            file=sys.stderr,
        )
        return MISSING
    path = [str(ROOT), *map(str, site), *filter(None, [os.environ.get("PYTHONPATH")])]
    return Run(
        device=options.device,
        model=options.model,
        quick=options.quick,
        parts=parts,
        tests=not options.no_tests and (not only or TESTS in only),
        out=options.out.resolve(),
        results=results.resolve(),
        scratch=scratch,
        deadline=begun + options.budget_s,
        environment={**os.environ, "PYTHONPATH": os.pathsep.join(path), "PYTHONUNBUFFERED": "1"},
    )


def run_tests(run: Run, lines: Lines) -> None:
    """tests/gpu in a process of their own, but for the floors of speed: the table has those."""
    share = TESTS_SHARE if run.parts else 1.0
    limit_s = min((run.deadline - time.time()) * share, run.deadline - ENDING_S - time.time())
    print(f"gpu: tests/gpu, at most {limit_s:.0f} s", file=sys.stderr, flush=True)
    start = time.time()
    log = run.out / "tests.log"
    with log.open("wb") as file:
        child = subprocess.Popen(
            [
                *(sys.executable, "-m", "pytest", "tests/gpu", "--confcutdir=tests/gpu", "-vv", "-rfE"),
                *("-m", "not gpu_speed", "-p", "no:cacheprovider", "--durations=5"),
            ],
            cwd=ROOT,
            env={**run.environment, "GPU_TESTS_DEVICE": run.device, "GPU_TESTS_SCRATCH": str(run.scratch)},
            stdin=subprocess.DEVNULL,
            stdout=file,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
        try:
            code: int | None = child.wait(timeout=limit_s)
        except subprocess.TimeoutExpired:
            code = None
        finally:
            if child.poll() is None:
                os.killpg(child.pid, signal.SIGKILL)
                child.wait()
    said = log.read_text(encoding="utf-8", errors="replace")
    results = outcomes(said)
    why = dict(re.findall(r"^(?:FAILED|ERROR) tests/gpu/(.+?) - (.*)$", said, flags=re.M))
    failed = [name for name, outcome in results.items() if outcome in ("FAILED", "ERROR")]
    for name in failed:
        lines.tell(TESTS, "test failed", {"test": name, "why": why.get(name, "")[:300]})
    counted = Counter(outcome.lower() for outcome in results.values())
    facts: dict[str, Any] = {"counted": dict(counted), "s": round(time.time() - start, 1)}
    if begun := [name for name, outcome in results.items() if outcome == "BEGUN"]:
        facts["begun"] = begun
    if code is None or code < 0:
        how = f"its limit of {limit_s:.0f} s" if code is None else f"signal {-code}"
        lines.tell(TESTS, DIED, {**facts, "how": how, "last": said[-300:]})
    elif code == 0:
        lines.tell(TESTS, DONE, facts)
    else:
        lines.tell(
            TESTS, FAILED, {**facts, "problem": f"exit {code}; {len(failed)} failed", "last": said[-300:]}
        )


def outcomes(said: str) -> dict[str, str]:
    """Test -> PASSED, FAILED, ERROR, SKIPPED; BEGUN for one that did not end: from what pytest printed so far."""
    found = re.findall(r"^tests/gpu/(\S.*?)(?: (PASSED|FAILED|ERROR|SKIPPED)\b.*)?$", said, flags=re.M)
    return {name.strip(): outcome or "BEGUN" for name, outcome in found if "::" in name}


def finish(run: Run, lines: Sequence[Mapping[str, Any]], begun: float) -> int:
    """The results file, the summary, the exit code."""
    names = [*([TESTS] if run.tests else []), *(part.name for part in run.parts)]
    ends = {name: _last_end(name, lines) for name in names}
    card = next((line["name"] for line in lines if line["what"] == "card"), None)
    host = next((line for line in lines if line["what"] == "host"), {})
    named = re.sub(r"[^A-Za-z0-9]+", "-", card or f"{platform.machine()} cpu {Path(run.model).name}").strip(
        "-"
    )
    facts = {
        "benchmark": "gpu",
        "card": card,
        "driver": next((line["smi"].get("driver_version") for line in lines if line["what"] == "card"), None),
        "commit": _commit(),
        "model": run.model,
        "quick": run.quick,
        "begun": time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(begun)),
        "took_s": round(time.time() - begun, 1),
        **{name: host.get(name) for name in ("python", "torch", "cuda", "cudnn", "packages")},
        "parts": ends,
        "lines": [line for line in lines if line["what"] not in ENDS],
    }
    text = "\n".join(summary(lines, names, expectations(), on_cuda=run.on_cuda))
    print(text)
    results = run.results / f"{named}.json"
    try:
        results.write_text(json.dumps(facts, indent=1) + "\n", encoding="utf-8")
        if run.results != run.out:
            (run.out / results.name).write_bytes(results.read_bytes())
        (run.out / "summary.txt").write_text(text + "\n", encoding="utf-8")
    except OSError as problem:
        print(f"gpu: {problem}; every line is in {run.out / 'lines.jsonl'}", file=sys.stderr)
        return 1
    print(f"gpu: {time.time() - begun:.0f} s; {results}", file=sys.stderr)
    return 0 if all(end == DONE for end in ends.values()) else 1


def _last_end(part: str, lines: Sequence[Mapping[str, Any]]) -> str:
    ends = [str(line["what"]) for line in lines if line["part"] == part and line["what"] in ENDS]
    return ends[-1] if ends else "never begun"


def _commit() -> str | None:
    """Of the checkout; None where it is none."""
    try:
        asked = subprocess.run(
            ["git", "describe", "--always", "--dirty", "--abbrev=12"],
            cwd=ROOT,
            capture_output=True,
            text=True,
            check=False,
        )
    except OSError:
        return None
    return asked.stdout.strip() or None


if __name__ == "__main__":
    sys.exit(main())
