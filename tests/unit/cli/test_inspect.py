"""`campaign inspect` of a stranger's file: what it says is shown plainly, and what it lacks is a dash."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from tests import commands
from tests.unit.workers.finish.test_descriptor import made
from workers.finish.reading import read_file
from workers.finish.vorbis import tagged_flac


def written(path: Path, **changes: Any) -> Path:
    data = made("flac").data
    document = {**(read_file(data).descriptor or {}), **changes}
    path.write_bytes(tagged_flac(data, {"CAMPAIGN_DESCRIPTOR": json.dumps(document)}))
    return path


def test_what_a_descriptor_lacks_is_a_dash(tmp_path: Path) -> None:
    done = commands.run("inspect", written(tmp_path / "a.flac", pin="none", preset={"label": None}))
    assert done.code == 0
    assert "preset      -\npin         -  -\n" in done.out
    assert "run r1  tone -, seed 1, queue -" in done.out


def test_what_would_steer_the_terminal_is_not_printed(tmp_path: Path) -> None:
    file = written(tmp_path / "a.flac", campaign="\x1b]0;title\x07\x1b[2J\r\nall is well")
    done = commands.run("inspect", file)
    assert "campaign    \\x1b]0;title\\x07\\x1b[2J\\r\\nall is well, version 2\n" in done.out
    assert "\x1b" not in done.out
    assert "the tag campaign says spring, the descriptor \\x1b]0;title" in done.out
