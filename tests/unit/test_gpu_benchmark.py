"""`benchmarks.gpu` in what needs no GPU: a part that dies is named and the rest goes on, within the time given."""

from __future__ import annotations

import fcntl
import json
import os
import signal
import subprocess
import sys
import time
import zipfile
from pathlib import Path
from typing import Any

import pytest

from benchmarks.gpu.__main__ import outcomes
from benchmarks.gpu.lines import BEGUN, DIED, DONE, FAILED, LEFT_OUT, Lines
from benchmarks.gpu.plan import BY_NAME, PARTS, plan
from benchmarks.gpu.summary import Expectation, expectations, summary
from benchmarks.gpu.wheels import unpack
from tests import ROOT


def measure(out: Path, *options: str, **environment: str) -> tuple[subprocess.CompletedProcess[str], Any]:
    done = subprocess.run(
        [
            *(sys.executable, "-m", "benchmarks.gpu", "--device", "cpu", "--model", "tiny"),
            *("--no-tests", "--out", str(out), *options),
        ],
        capture_output=True,
        text=True,
        cwd=ROOT,
        env={**os.environ, **environment},
        check=False,
    )
    results = list(out.glob("*.json"))
    return done, json.loads(results[0].read_text()) if results else None


def test_parts_that_die_hang_or_raise_are_named_and_the_others_go_on(tmp_path: Path) -> None:
    start = time.monotonic()
    done, results = measure(tmp_path, "--only", "dies,hangs,raises,speaks")
    assert done.returncode == 1
    assert results["parts"] == {"dies": DIED, "hangs": DIED, "raises": FAILED, "speaks": DONE}
    lines = {(line["part"], line["what"]): line for line in Lines(tmp_path / "lines.jsonl").read()}
    assert lines["dies", DIED]["how"] == f"signal {signal.SIGKILL:d}"
    assert lines["dies", "last words"]["number"] == 1  # what was measured before is not lost
    assert lines["hangs", DIED]["how"] == "its limit of 3 s"
    assert "RuntimeError: not on cpu" in lines["raises", FAILED]["problem"]
    assert [line["number"] for line in results["lines"]] == [1, 2, 3]
    assert time.monotonic() - start < 60
    for named in ("dies", "hangs", "raises"):
        assert f"gpu: {named}" in done.stderr
    assert (tmp_path / "summary.txt").read_text().startswith("== parts\ndies")


def test_the_time_is_kept_whatever_hangs_and_the_rest_is_named(tmp_path: Path) -> None:
    start = time.monotonic()
    done, results = measure(tmp_path, "--only", "sleeps,speaks", BUDGET="19")
    assert time.monotonic() - start < 19
    assert done.returncode == 1
    assert results["parts"] == {"sleeps": DIED, "speaks": LEFT_OUT}
    [end] = [line for line in Lines(tmp_path / "lines.jsonl").read() if line["what"] == DIED]
    assert end["how"] == "the whole run's time"


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_an_interrupted_run_keeps_what_it_has_and_leaves_no_part_behind(
    number: signal.Signals, tmp_path: Path
) -> None:
    command = [
        *(sys.executable, "-m", "benchmarks.gpu", "--device", "cpu", "--model", "tiny", "--no-tests"),
        *("--out", str(tmp_path), "--only", "sleeps,speaks"),
    ]

    def hears() -> None:
        signal.signal(
            number, signal.SIG_DFL
        )  # the suite itself may run where it is ignored: in the background, by nohup

    with subprocess.Popen(command, cwd=ROOT, stderr=subprocess.PIPE, text=True, preexec_fn=hears) as process:  # noqa: PLW1509 - nothing else runs in this process
        assert process.stderr is not None
        for line in process.stderr:
            if line.startswith("gpu: sleeps"):
                break
        children = Path(f"/proc/{process.pid}/task/{process.pid}/children").read_text().split()
        process.send_signal(number)
        said = process.stderr.read()
    assert process.returncode == 130
    assert "gpu: interrupted" in said and "Traceback" not in said
    assert children and not any(Path(f"/proc/{child}").exists() for child in children)
    [results] = tmp_path.glob("*.json")
    assert json.loads(results.read_text())["parts"] == {"sleeps": BEGUN, "speaks": "never begun"}


def test_two_runs_do_not_write_into_one_folder(tmp_path: Path) -> None:
    with (tmp_path / "lock").open("wb") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        (tmp_path / "lines.jsonl").write_text("the other's")
        done, _results = measure(tmp_path, "--only", "speaks")
    assert done.returncode == 2
    assert "another run writes into" in done.stderr and "--out" in done.stderr
    assert (tmp_path / "lines.jsonl").read_text() == "the other's"


def test_folder_that_takes_no_file_is_told_before_anything_is_measured(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    done, _results = measure(tmp_path / "out", "--only", "speaks", "--results", str(tmp_path / "file" / "in"))
    assert done.returncode == 2
    assert "--results" in done.stderr and "Traceback" not in done.stderr
    assert not (tmp_path / "out" / "lines.jsonl").exists()


def test_all_well_is_exit_code_0(tmp_path: Path) -> None:
    done, results = measure(tmp_path, "--only", "speaks")
    assert done.returncode == 0, done.stderr
    assert results["parts"] == {"speaks": DONE}
    assert results["card"] is None and results["commit"]


def test_a_part_that_is_not_there_is_refused(tmp_path: Path) -> None:
    done, results = measure(tmp_path, "--only", "steps")
    assert done.returncode == 2
    assert "no part 'steps'; there are env," in done.stderr
    assert results is None


def test_what_is_missing_is_named_as_packages(tmp_path: Path) -> None:
    """A Python that has nothing but itself."""
    done = subprocess.run(
        [sys.executable, "-S", "-m", "benchmarks.gpu", "--device", "cpu", "--out", str(tmp_path)],
        capture_output=True,
        text=True,
        cwd=ROOT,
        env={name: value for name, value in os.environ.items() if name != "PYTHONPATH"},
        check=False,
    )
    assert done.returncode == 3
    for package in ("torch==2.11.0", "f5-tts==1.1.22", "encodec==0.1.1", "pyyaml", "click"):
        assert package in done.stderr.split()


def test_a_wheel_is_unpacked_onto_the_path(tmp_path: Path) -> None:
    (tmp_path / "wheels").mkdir()
    with zipfile.ZipFile(tmp_path / "wheels" / "one-1.0-py3-none-any.whl", "w") as wheel:
        wheel.writestr("one/__init__.py", "")
        wheel.writestr("one-1.0.dist-info/METADATA", "Name: one\nVersion: 1.0\n")
    target = unpack(tmp_path / "wheels", tmp_path / "site")
    assert (target / "one" / "__init__.py").exists()
    assert (target / "one-1.0.dist-info" / "METADATA").exists()


def test_every_part_is_a_function_with_a_limit() -> None:
    assert len(BY_NAME) == len({part.name for part in BY_NAME.values()})
    for part in BY_NAME.values():
        source = (ROOT / "benchmarks" / "gpu" / "parts" / f"{part.module}.py").read_text()
        argument = ", mode: str" if part.argument else ""
        assert f"\ndef {part.function}(bench: Bench{argument}) -> None:" in source
        assert part.limit_s > 0


def test_parts_are_named_singly_or_by_their_function() -> None:
    assert [part.name for part in plan(("step",), on_cuda=True)] == [
        "step-eager",
        "step-fused",
        "step-compiled",
    ]
    assert [part.name for part in plan(("step",), on_cuda=False)] == ["step-eager"]
    assert plan((), on_cuda=True) == list(PARTS)
    assert all(not part.cuda_only for part in plan((), on_cuda=False))


def test_every_expectation_is_of_a_part_that_is_measured() -> None:
    expected = expectations()
    assert len(expected) > 60
    functions = {part.function for part in PARTS}
    for one in expected:
        assert one.part in functions, one.name
        assert one.low <= one.high, one.name
        source = (ROOT / "benchmarks" / "gpu" / "parts").glob("*.py")
        assert any(f'"{one.what}"' in path.read_text() for path in source) or one.part == "equality", one.name
    assert len({one.name for one in expected}) == len(expected)


@pytest.mark.parametrize(
    ("value", "verdict"), [(4.9, "LOWER"), (5.0, "as expected"), (6.0, "as expected"), (6.1, "HIGHER")]
)
def test_expected_stands_beside_measured(value: float, verdict: str) -> None:
    one = Expectation(
        name="a step", part="step", what="step", where={"mode": "fused"}, fact="ms", low=5, high=6, unit="ms"
    )
    lines: list[dict[str, Any]] = [
        {"part": "step-fused", "what": "step", "mode": "fused", "ms": value},
        {"part": "step-eager", "what": "step", "mode": "eager", "ms": 100},
        {"part": "step-fused", "what": DONE, "s": 3},
    ]
    text = list(summary(lines, ["step-fused", "table-fused"], [one], on_cuda=True))
    assert any("a step" in line and f"{value:.4g}" in line and verdict in line for line in text)
    assert any(line.startswith("step-fused") and "done in 3 s" in line for line in text)
    assert any(line.startswith("table-fused") and "never begun" in line for line in text)
    elsewhere = list(summary(lines, [], [one], on_cuda=False))
    assert any("another device" in line for line in elsewhere)  # a card's number is nothing to a CPU


def test_what_pytest_printed_before_it_was_ended_tells_of_each_test() -> None:
    said = (
        "tests/gpu/test_bits.py::test_one[eager-512] PASSED   [ 10%]\n"
        "tests/gpu/test_bits.py::test_one[mel in, padded] FAILED   [ 20%]\n"
        "tests/gpu/test_bits.py::test_two SKIPPED (no CUDA device)   [ 30%]\n"
        "tests/gpu/test_engine.py:81: AssertionError\n"
        "tests/gpu/test_engine.py::test_three "
    )
    assert outcomes(said) == {
        "test_bits.py::test_one[eager-512]": "PASSED",
        "test_bits.py::test_one[mel in, padded]": "FAILED",
        "test_bits.py::test_two": "SKIPPED",
        "test_engine.py::test_three": "BEGUN",
    }


def test_half_a_line_is_left_for_later(tmp_path: Path) -> None:
    lines = Lines(tmp_path / "lines.jsonl")
    lines.tell("env", "host", {"cpus": 2})
    with lines.path.open("a") as file:
        file.write('{"part": "env", "what": "ca')
    assert [line["what"] for line in lines.read()] == ["host"]
