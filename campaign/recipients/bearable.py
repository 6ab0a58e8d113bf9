"""Whether a workbook can be held of which nothing but its reader knows the form: .xls and .xlsb.

Two cells in far corners are a few bytes of a file and hundreds of gigabytes in the reader, which ends the process.
So a child with little memory opens all its sheets first.
"""

from __future__ import annotations

import subprocess
import sys

CHILD_MEMORY_BYTES = 6 << 30
CHILD_PATIENCE_S = 120
_CHILD = """
import io, resource, sys
import python_calamine
resource.setrlimit(resource.RLIMIT_AS, (int(sys.argv[1]),) * 2)
resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
workbook = python_calamine.CalamineWorkbook.from_filelike(io.BytesIO(sys.stdin.buffer.read()))
for name in workbook.sheet_names:
    workbook.get_sheet_by_name(name)
"""


def is_bearable(data: bytes) -> bool:
    """Whether a workbook can be opened here: not where a child dies of it or takes too long."""
    command = [sys.executable, "-I", "-c", _CHILD, str(CHILD_MEMORY_BYTES)]
    try:
        done = subprocess.run(command, input=data, capture_output=True, timeout=CHILD_PATIENCE_S, check=False)
    except subprocess.TimeoutExpired:
        return False
    return done.returncode >= 0
