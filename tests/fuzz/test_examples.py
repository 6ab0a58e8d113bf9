"""The suite's examples are the same in every run; chance is for `make fuzz`."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

from tests import ROOT

DRAWN = """
from hypothesis import given, strategies as st
from tests.examples import load_profile

load_profile()

@given(st.text())
def draw(text):
    print(ascii(text))

draw()
"""


def drawn(folder: Path, **fuzz: str) -> list[str]:
    environment = {"PATH": "/usr/bin:/bin", "PYTHONPATH": str(ROOT), **fuzz}
    command = [sys.executable, "-c", DRAWN]
    done = subprocess.run(command, cwd=folder, env=environment, check=True, capture_output=True, text=True)
    return done.stdout.splitlines()


def test_a_property_is_given_the_same_examples_in_every_run(tmp_path: Path) -> None:
    assert drawn(tmp_path) == drawn(tmp_path)
    assert not list(tmp_path.rglob("examples")), "what another run found is no part of this one"


def test_fuzzing_gives_as_many_as_it_is_told_and_others_each_time(tmp_path: Path) -> None:
    first, second = drawn(tmp_path, FUZZ_EXAMPLES="200"), drawn(tmp_path, FUZZ_EXAMPLES="200")
    assert (len(first), len(second)) == (200, 200)
    assert first != second
