"""Recognisers: which is taken, what is refused with its mend, and what they are given to hear."""

from __future__ import annotations

import sys
from importlib import metadata
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest

from tests import voices
from workers.engines.engine import EngineError
from workers.measure.intelligibility import words
from workers.measure.recogniser import (
    EDGE_S,
    RATE_HZ,
    SphinxRecogniser,
    WhisperRecogniser,
    find_recogniser,
)

SOUND = np.full(24_000, 1_000, dtype=np.int16)


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A model's, and the package that reads it."""
    monkeypatch.setattr("importlib.util.find_spec", lambda _name: object())
    (tmp_path / "small.en").mkdir()
    (tmp_path / "small.en" / "model.bin").write_bytes(b"")
    return tmp_path / "small.en"


def test_named_model_is_taken_before_what_is_installed(folder: Path) -> None:
    named = find_recogniser(folder)
    assert named is not None
    assert named.name == "faster-whisper-small.en"
    assert isinstance(find_recogniser(), SphinxRecogniser)


def test_where_nothing_is_installed_there_is_none(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("importlib.util.find_spec", lambda _name: None)
    assert find_recogniser() is None


def test_bad_folder_and_missing_package_are_named_with_the_mend(
    tmp_path: Path, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with pytest.raises(EngineError, match=r"no model\.bin; give the folder"):
        WhisperRecogniser(tmp_path)
    monkeypatch.setattr("importlib.util.find_spec", lambda _name: None)
    with pytest.raises(EngineError, match=r"install campaign\[whisper\]"):
        WhisperRecogniser(folder)


def test_languages_are_those_of_the_model(folder: Path) -> None:
    assert [WhisperRecogniser(folder).understands(one) for one in ("en", "de")] == [True, False]
    many = folder.rename(folder.with_name("small"))
    assert WhisperRecogniser(many).understands("de")
    with pytest.raises(EngineError, match="give a whisper model"):
        SphinxRecogniser().transcribe(SOUND, 24_000, "de")


def test_a_recogniser_that_hears_otherwise_has_another_name(folder: Path) -> None:
    names = {
        WhisperRecogniser(folder).name,
        WhisperRecogniser(folder, beam_size=5).name,
        WhisperRecogniser(folder, compute_type="int8").name,
        WhisperRecogniser(folder, beam_size=5, compute_type="int8").name,
    }
    assert len(names) == 4


def test_whisper_is_loaded_once_from_the_folder_alone_and_hears_the_same_each_time(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    loaded: list[tuple[str, dict[str, Any]]] = []
    heard: list[tuple[Any, dict[str, Any]]] = []

    class Model:
        def __init__(self, path: str, **options: Any) -> None:
            loaded.append((path, options))

        def transcribe(self, wave: Any, **options: Any) -> tuple[list[SimpleNamespace], None]:
            heard.append((wave, options))
            return [SimpleNamespace(text=" Hello"), SimpleNamespace(text=" Maria. ")], None

    monkeypatch.setitem(sys.modules, "faster_whisper", SimpleNamespace(WhisperModel=Model))
    ears = WhisperRecogniser(folder, device="cuda:1")
    assert [ears.transcribe(SOUND, 24_000, "en") for _ in range(2)] == ["Hello Maria."] * 2
    assert loaded == [(str(folder), {"device": "cuda", "compute_type": "default", "local_files_only": True})]
    wave, options = heard[0]
    edge = int(EDGE_S * RATE_HZ)
    assert len(wave) == RATE_HZ + 2 * edge
    assert not wave[:edge].any() and not wave[-edge:].any()
    assert np.abs(wave).max() == pytest.approx(1_000 / 32_768, rel=0.3)
    assert (options["temperature"], options["condition_on_previous_text"]) == (0.0, False)


def test_sphinx_carries_its_version_and_hears_some_of_the_words_that_were_spoken() -> None:
    ears = SphinxRecogniser()
    assert ears.name == f"pocketsphinx-{metadata.version('pocketsphinx')}-en-us"
    [pcm] = voices.spoken([voices.TEXT])
    heard = ears.transcribe(pcm, voices.RATE_HZ, "en")
    assert len(set(heard.split()) & set(words(voices.TEXT).split())) > 4
