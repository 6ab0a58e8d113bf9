"""Engines by name, loaded late."""

from __future__ import annotations

import subprocess
import sys
from dataclasses import fields
from importlib import metadata
from inspect import signature
from types import SimpleNamespace

import pytest

from workers.engines import registry
from workers.engines.engine import EngineError
from workers.engines.espeak import EspeakEngine
from workers.engines.f5 import F5Engine
from workers.engines.options import ON_CPU, DeviceOptions, Mode
from workers.engines.registry import create_engine, engine_names, engine_revision
from workers.engines.tone import TONE_REVISION, ToneEngine


def test_shipped_engines_are_known_and_made() -> None:
    assert {"espeak", "tone"} <= set(engine_names())
    assert isinstance(create_engine("tone"), ToneEngine)
    assert isinstance(create_engine("espeak", options=ON_CPU), EspeakEngine)
    assert engine_revision("tone") == TONE_REVISION


def test_an_unknown_engine_is_refused_with_those_known() -> None:
    with pytest.raises(EngineError, match=r"espeak.*tone"):
        create_engine("nope")


def test_an_installed_package_adds_an_engine_and_gets_what_its_constructor_takes(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    class Mine(ToneEngine):
        revision = 7

        def __init__(self, *, device: str, frame_budgets: tuple[int, ...] | None) -> None:
            super().__init__()
            self.device = device
            self.frame_budgets = frame_budgets

    entry = SimpleNamespace(name="mine", value="mine:Mine", load=lambda: Mine)
    broken = metadata.EntryPoint(name="broken", value="no_such_module:Engine", group=registry.GROUP)

    def entries(*, group: str, name: str | None = None) -> list[object]:
        assert group == "campaign.engines"
        return [one for one in (entry, broken) if name in (None, one.name)]

    monkeypatch.setattr(registry, "entry_points", entries)
    made = create_engine("mine", options=DeviceOptions(device="cuda:1", frame_budgets=(4096, 8192)))
    assert isinstance(made, Mine)
    assert (made.device, made.frame_budgets) == ("cuda:1", (4096, 8192))
    assert engine_revision("mine") == 7
    assert "mine" in engine_names()
    with pytest.raises(EngineError, match="reinstall no_such_module"):
        create_engine("broken")


def test_the_registry_imports_no_engine() -> None:
    check = (
        "import sys, workers.engines.registry as r; r.engine_names();"
        "assert not [m for m in sys.modules if m.startswith(('workers.engines.espeak', 'workers.engines.tone'))]"
    )
    subprocess.run([sys.executable, "-c", check], check=True)


def test_f5_takes_every_option_of_the_device() -> None:
    """Each field of the record is a parameter of its constructor: none is left behind."""
    assert {item.name for item in fields(DeviceOptions)} <= signature(F5Engine).parameters.keys()


def test_options_say_whether_kernels_are_compiled() -> None:
    assert not ON_CPU.compiles
    assert not DeviceOptions(mode=Mode.EAGER).compiles
    assert DeviceOptions(mode=Mode.COMPILED).compiles
    assert DeviceOptions(device="cuda").compiles


def test_options_need_no_torch() -> None:
    check = "import sys, workers.engines.options; assert 'torch' not in sys.modules"
    subprocess.run([sys.executable, "-c", check], check=True)
