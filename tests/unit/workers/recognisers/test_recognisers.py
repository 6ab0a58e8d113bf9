"""Recognisers: which is taken, what is refused with its mend, and what they are given to hear."""

from __future__ import annotations

from importlib import metadata
from pathlib import Path

import numpy as np
import pytest
from tokenizers import Tokenizer
from tokenizers.models import BPE
from tokenizers.pre_tokenizers import ByteLevel

from tests import voices
from workers.engines.engine import EngineError
from workers.measure.intelligibility import words
from workers.recognisers import whisper
from workers.recognisers.child import LoadedWhisper
from workers.recognisers.finding import find_recogniser
from workers.recognisers.recogniser import EDGE_S, LONGEST_PART_S, RATE_HZ, as_heard, is_loop, parts_of
from workers.recognisers.sphinx import SphinxRecogniser
from workers.recognisers.whisper import WhisperRecogniser, style_of, whisper_name

SOUND = np.full(24_000, 1_000, dtype=np.int16)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """One that looks like a model's."""
    (tmp_path / "small.en").mkdir()
    (tmp_path / "small.en" / "model.bin").write_bytes(b"no weights")
    (tmp_path / "small.en" / "tokenizer.json").write_bytes(b"{}")
    return tmp_path / "small.en"


def test_named_model_is_taken_before_what_is_installed(folder: Path) -> None:
    assert isinstance(find_recogniser(folder), WhisperRecogniser)
    assert isinstance(find_recogniser(), SphinxRecogniser)


def test_where_nothing_is_installed_there_is_none(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("importlib.util.find_spec", lambda _name: None)
    assert find_recogniser() is None


def test_bad_folder_and_missing_package_are_named_with_the_mend(
    tmp_path: Path, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with pytest.raises(EngineError, match=r"no model\.bin and tokenizer\.json; give the folder"):
        WhisperRecogniser(tmp_path)
    monkeypatch.setattr("importlib.util.find_spec", lambda _name: None)
    with pytest.raises(EngineError, match=r"install campaign\[listen\]"):
        WhisperRecogniser(folder)


def test_a_folder_that_holds_no_model_is_told_by_its_process(folder: Path) -> None:
    with pytest.raises(EngineError, match=r"cannot be used .*campaign voice get whisper-base"):
        WhisperRecogniser(folder).hear(SOUND, 24_000, "en")


def test_languages_are_those_of_the_model(folder: Path) -> None:
    assert [WhisperRecogniser(folder).understands(one) for one in ("en", "de")] == [True, False]
    many = folder.rename(folder.with_name("small"))
    assert WhisperRecogniser(many).understands("de")
    with pytest.raises(EngineError, match="give a whisper model"):
        SphinxRecogniser().hear(SOUND, 24_000, "de")


def test_a_recogniser_that_hears_otherwise_has_another_name(folder: Path) -> None:
    on_cpu, on_gpu = WhisperRecogniser(folder), WhisperRecogniser(folder, compute_type="float16")
    assert on_cpu.name != on_gpu.name
    assert on_cpu.name == whisper_name(whisper.model_digest(folder), "cpu")
    assert on_gpu.name == whisper_name(whisper.model_digest(folder), "cuda:1")


def test_sound_is_heard_at_one_rate_with_silence_around_it() -> None:
    wave = as_heard(SOUND, 24_000)
    edge = int(EDGE_S * RATE_HZ)
    assert len(wave) == RATE_HZ + 2 * edge
    assert not wave[:edge].any() and not wave[-edge:].any()
    assert np.abs(wave).max() == pytest.approx(1_000, rel=0.3)


def test_long_sound_is_cut_where_it_is_quiet_and_nothing_is_lost() -> None:
    wave = np.full(70 * RATE_HZ, 900, dtype=np.int16)
    wave[20 * RATE_HZ : 20 * RATE_HZ + RATE_HZ // 4] = 0
    parts = parts_of(wave)
    assert np.array_equal(np.concatenate(parts), wave)
    assert all(len(part) <= LONGEST_PART_S * RATE_HZ for part in parts)
    assert 20 <= len(parts[0]) / RATE_HZ <= 20.25


def test_loops_are_told_from_what_people_say() -> None:
    assert is_loop("Twenty-seven. " * 12)
    assert is_loop("the code for the locker is FR-R-R-R-R-R-R-R-R")
    assert is_loop("your bill is due your bill is due your bill is due your bill is due")
    assert not is_loop("To change it, call plus one, six one two, five five five, zero zero zero zero.")
    assert not is_loop("")


def test_every_language_with_a_room_has_a_style_without_figures() -> None:
    from campaign.speech.languages.registry import codes

    for code in codes():
        assert style_of(code)
        assert not any(character.isdigit() for character in style_of(code))
    assert style_of("sw") == ""


def test_sphinx_carries_its_version_and_hears_some_of_the_words_that_were_spoken() -> None:
    ears = SphinxRecogniser()
    assert ears.name == f"pocketsphinx-{metadata.version('pocketsphinx')}-en-us"
    [pcm] = voices.spoken([voices.TEXT])
    heard = ears.hear(pcm, voices.RATE_HZ, "en").text
    assert len(set(heard.split()) & set(words(voices.TEXT).split())) > 4
    assert ears.hear(pcm, voices.RATE_HZ, "en", attempt=1).text == heard
    assert ears.hear(pcm[: len(pcm) // 4], voices.RATE_HZ, "en").text != heard


def test_words_are_merged_in_the_order_of_their_tokens_whatever_merges_a_tokenizer_has() -> None:
    """Whisper's own tokenizer.json, as it is passed on, has lost its first merge: a blank and "t"."""
    vocabulary = {"Ġ": 0, "t": 1, "o": 2, "w": 3, "Ġt": 4, "wo": 5, "tw": 6, "Ġtwo": 7, "two": 8}
    lost = Tokenizer(BPE(vocabulary, [("w", "o"), ("t", "w"), ("t", "wo")]))
    lost.pre_tokenizer = ByteLevel(add_prefix_space=False)
    loaded = object.__new__(LoadedWhisper)
    loaded.tokenizer, loaded.vocabulary = lost, vocabulary
    assert lost.encode(" two", add_special_tokens=False).tokens == ["Ġ", "two"]
    assert loaded.encode(" two") == loaded.ids(" two ") == [7]
    assert loaded.encode("two") == [8]
    del vocabulary["Ġtwo"]
    assert loaded.encode(" two") == [4, 5], "the blank belongs to the lower token"
