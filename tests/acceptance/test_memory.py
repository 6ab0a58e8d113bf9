"""Memory does not grow with the file: forty thousand recipients cost what ten thousand do."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

from tests import ROOT, build
from tests.acceptance.conftest import Program

MAX_GROWTH_MIB = 18
"""What SQLite comes to keep, 11 when it was measured, and a quarter of a kilobyte of each of the further rows."""
MEASURE = (
    "import sys, atexit, pathlib\n"
    "def tell():\n"
    "    status = pathlib.Path('/proc/self/status').read_text()\n"
    "    print('peak', next(l for l in status.splitlines() if l.startswith('VmHWM')), file=sys.stderr)\n"
    "atexit.register(tell)\n"
    "from campaign.cli import main\n"
    "if __name__ == '__main__': main()\n"
)
BRIEF = """
name = "memory"
model = "tone"
[templates]
default = "hello.txt"
[columns]
name = "text"
"""


def peak_mib(folder: Path, count: int) -> float:
    """Of a whole submit without sound: reading, composing, writing rows."""
    script = folder / "measured.py"
    script.write_text(MEASURE)
    path = build.write_csv(folder / f"{count}.csv", build.people(count))
    program = Program(home=folder / f"home-{count}")
    done = subprocess.run(
        [sys.executable, script, "submit", path, "--brief", folder / "campaign.toml", "--hold"],
        env=program.environment({"PYTHONPATH": str(ROOT)}),
        capture_output=True,
        text=True,
        check=True,
        timeout=280,
    )
    assert f"{count:,} pending" in done.stdout
    # each text process tells its own, too, and the words may run into each other: the largest is the program's
    return max(int(kb) for kb in re.findall(r"(\d+) kB", done.stderr)) / 1024


def test_resident_memory_does_not_grow_with_the_file(tmp_path: Path) -> None:
    (tmp_path / "campaign.toml").write_text(BRIEF)
    (tmp_path / "hello.txt").write_text(
        "Welcome back, friend. Hello {{ name }}. Your appointment is on Monday."
    )
    small = peak_mib(tmp_path, 10_000)
    large = peak_mib(tmp_path, 40_000)
    assert large - small < MAX_GROWTH_MIB
