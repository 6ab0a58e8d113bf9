from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner

from benchmarks.f5_throughput import main


@pytest.mark.parametrize("budgets", ["1024"])
def test_the_benchmark_ends_with_the_line_that_others_read(tmp_path: Path, budgets: str) -> None:
    target = tmp_path / "f5.json"
    options = "--device cpu --model tiny --nfe 3 --reference-s 1.5 --lengths-s 1,2 --utterances 2 --rounds 1"
    done = CliRunner().invoke(main, [*options.split(), "--budgets", budgets, "--json", str(target)])
    assert done.exit_code == 0, done.output
    facts = json.loads(done.output.splitlines()[-1])
    assert facts == json.loads(target.read_text())
    assert facts["bit_exact"] is True
    assert facts["max_relative_l2"] < 1e-5
    assert facts["ratio_to_upstream"] > 0
    assert facts["peak_vram_gib"] is None  # no GPU was asked: null, not 0
    assert facts["ttfa_idle_ms"] > 0 and facts["ttfa_in_bulk_ms"] > 0
