"""The probe in another process: `python -m benchmarks.f5.restart FOLDER DEVICE MODE BUDGET` prints its sha256.

Its caller compares. A budget of 0 is the probe alone.
"""

from __future__ import annotations

import os
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]


@dataclass(frozen=True, slots=True, kw_only=True)
class Probe:
    """What the other process is to make."""

    folder: Path
    device: str
    mode: str
    precision: str = ""
    budget_frames: int = 0
    threads: int = 0

    @property
    def arguments(self) -> list[str]:
        """Of the command line."""
        numbers = (str(self.budget_frames), str(self.threads))
        return [str(self.folder), self.device, self.mode, self.precision or "-", *numbers]


def sha_elsewhere(probe: Probe, *, limit_s: float, environment: dict[str, str] | None = None) -> str:
    """Raises `RuntimeError` with the end of what the process said, `subprocess.TimeoutExpired` after `limit_s`."""
    done = subprocess.run(
        [sys.executable, "-W", "ignore", "-m", "benchmarks.f5.restart", *probe.arguments],
        capture_output=True,
        text=True,
        timeout=limit_s,
        cwd=ROOT,
        env={**os.environ, **(environment or {})},
        check=False,
    )
    if done.returncode != 0:
        raise RuntimeError(f"exit {done.returncode}: {done.stderr[-800:]}")
    return done.stdout.split()[-1]


def main() -> None:
    """In the other process."""
    from benchmarks.f5.ours import Ours
    from benchmarks.f5.sound import probe_sha
    from workers.engines.f5.device import DeviceChoice, Mode
    from workers.engines.f5.packing import Budget

    folder, device, mode, precision, frames, threads = sys.argv[1:]
    budget = Budget(frames=int(frames)) if int(frames) else None
    choice = DeviceChoice(
        device=device,
        mode=Mode(mode),
        precision=None if precision == "-" else precision,
        budgets_frames=(budget.frames,) if budget else (),
        threads=int(threads) or None,
    )
    print(probe_sha(Ours(Path(folder), choice), budget))


if __name__ == "__main__":
    main()
