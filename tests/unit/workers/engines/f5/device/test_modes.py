"""The mode is what was asked for, or what can be built here."""

from __future__ import annotations

import logging
from pathlib import Path

import pytest

from workers.engines.engine import EngineError
from workers.engines.f5.choice import DeviceChoice
from workers.engines.f5.compiler import MEND, Compiler
from workers.engines.f5.device import modes
from workers.engines.f5.device.model import DeviceModel
from workers.engines.f5.device.modes import FASTEST, mode_of
from workers.engines.f5.weights import load, open_folder
from workers.engines.options import Mode

CUDA, CPU = DeviceChoice(device="cuda:0"), DeviceChoice(device="cpu")


@pytest.fixture
def without_compiler(monkeypatch: pytest.MonkeyPatch) -> None:
    lacking = Compiler(path=None, lacks="no C compiler", mend=MEND)
    monkeypatch.setattr(modes, "find_compiler", lambda: lacking)


@pytest.fixture
def with_compiler(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(modes, "find_compiler", lambda: Compiler(path="/usr/bin/gcc"))


@pytest.mark.usefixtures("with_compiler")
def test_a_gpu_with_a_compiler_runs_the_fastest_mode_and_others_what_they_are_told() -> None:
    assert FASTEST is not Mode.EAGER
    assert mode_of(CUDA) is FASTEST
    assert mode_of(CPU) is Mode.EAGER
    for mode in Mode:
        assert mode_of(DeviceChoice(device="cuda", mode=mode)) is mode


@pytest.mark.usefixtures("without_compiler")
def test_a_gpu_without_a_compiler_runs_eager_and_the_mend_is_said_once(
    caplog: pytest.LogCaptureFixture,
) -> None:
    with caplog.at_level(logging.WARNING):
        assert mode_of(CUDA) is Mode.EAGER
    (warning,) = caplog.messages
    assert "no C compiler" in warning and "gcc and libc6-dev" in warning


@pytest.mark.usefixtures("without_compiler")
def test_eager_needs_no_compiler_and_says_nothing(caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.WARNING):
        assert mode_of(DeviceChoice(device="cuda", mode=Mode.EAGER)) is Mode.EAGER
        assert mode_of(CPU) is Mode.EAGER
    assert caplog.messages == []


@pytest.mark.usefixtures("without_compiler")
@pytest.mark.parametrize("mode", [Mode.COMPILED, Mode.FUSED])
def test_kernels_that_were_asked_for_and_cannot_be_built_are_refused_with_the_mend(
    mode: Mode, tiny_folder: Path
) -> None:
    with pytest.raises(EngineError, match="gcc and libc6-dev"):
        mode_of(DeviceChoice(device="cuda", mode=mode))
    with pytest.raises(EngineError, match=f"cannot run {mode}"):
        DeviceModel(load(open_folder(tiny_folder)), DeviceChoice(device="cpu", mode=mode))


SWITCHES = [
    ("TORCHDYNAMO_DISABLE", Mode.COMPILED),
    ("TORCH_COMPILE_DISABLE", Mode.COMPILED),
    ("TRITON_INTERPRET", Mode.COMPILED),
    ("TRITON_INTERPRET", Mode.FUSED),
]


@pytest.mark.usefixtures("with_compiler")
@pytest.mark.parametrize(("name", "mode"), SWITCHES)
def test_a_switch_by_which_kernels_run_as_something_else_is_told(
    name: str, mode: Mode, monkeypatch: pytest.MonkeyPatch
) -> None:
    """torch then runs plain Python in place of what was compiled, and calls it compiled."""
    monkeypatch.setenv(name, "1")
    with pytest.raises(EngineError, match=f"cannot run {mode}: there is {name} in the environment.*unset it"):
        mode_of(DeviceChoice(device="cuda", mode=mode))
    monkeypatch.setenv(name, "0")
    assert mode_of(DeviceChoice(device="cuda", mode=mode)) is mode


@pytest.mark.usefixtures("with_compiler")
def test_a_switch_leaves_eager_where_nothing_was_asked_for(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setenv("TRITON_INTERPRET", "1")
    with caplog.at_level(logging.WARNING):
        assert mode_of(CUDA) is Mode.EAGER
    assert "TRITON_INTERPRET" in caplog.text
    # on a CPU it is how fused steps are tried
    assert mode_of(DeviceChoice(device="cpu", mode=Mode.FUSED, budgets_frames=(512,))) is Mode.FUSED
