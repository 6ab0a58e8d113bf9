"""Engines by name, loaded late."""

from __future__ import annotations

import subprocess
import sys
from importlib import metadata
from types import SimpleNamespace

import pytest

from workers.engines import registry
from workers.engines.engine import EngineError
from workers.engines.espeak import EspeakEngine
from workers.engines.registry import create_engine, engine_names, engine_revision
from workers.engines.tone import TONE_REVISION, ToneEngine


def test_shipped_engines_are_known_and_made() -> None:
    assert {"espeak", "tone"} <= set(engine_names())
    assert isinstance(create_engine("tone"), ToneEngine)
    assert isinstance(create_engine("espeak", device="cpu"), EspeakEngine)
    assert engine_revision("tone") == TONE_REVISION


def test_an_unknown_engine_is_refused_with_those_known() -> None:
    with pytest.raises(EngineError, match=r"espeak.*tone"):
        create_engine("nope")


def test_an_installed_package_adds_an_engine_and_gets_the_device(monkeypatch: pytest.MonkeyPatch) -> None:
    class Mine(ToneEngine):
        revision = 7

        def __init__(self, *, device: str) -> None:
            super().__init__()
            self.device = device

    entry = SimpleNamespace(name="mine", value="mine:Mine", load=lambda: Mine)
    broken = metadata.EntryPoint(name="broken", value="no_such_module:Engine", group=registry.GROUP)

    def entries(*, group: str, name: str | None = None) -> list[object]:
        assert group == "campaign.engines"
        return [one for one in (entry, broken) if name in (None, one.name)]

    monkeypatch.setattr(registry, "entry_points", entries)
    made = create_engine("mine", device="cuda:1")
    assert isinstance(made, Mine)
    assert made.device == "cuda:1"
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
