"""A command that waits says who works in its place before it looks whether anything is left to do."""

from __future__ import annotations

import logging
import os
from pathlib import Path

import pytest

from campaign.operations.foreground import runner
from tests import build
from workers.process.app import assemble


def test_who_works_already_is_told_when_the_runner_opens(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    """Later may be too late: it makes what this command would wait for, and nobody has been told of it."""
    installed = build.installation(tmp_path)
    working = assemble(installed)
    working.start()
    second = build.installation(tmp_path)
    try:
        with caplog.at_level(logging.WARNING), runner(second):
            pass
    finally:
        working.stop()
        second.close()
        installed.close()
    told = [line for line in caplog.messages if "works on this database" in line]
    assert len(told) == 1 and f"process {os.getpid()}" in told[0]
