"""Kokoro itself, the very model: the same bits always, one death at a time, nothing said that was not asked for."""

from __future__ import annotations

import os
import shutil
import signal
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from tests.unit.workers.engines.spoken import failure, preset, request, sha256, sound
from workers.engines.engine import EngineError, PresetSound, SpokenSpan, UrgentBatch
from workers.engines.espeak import EspeakEngine
from workers.engines.kokoro import KokoroEngine, child, numeric_class, reading
from workers.engines.kokoro.engine import KOKORO_REVISION, RATE_HZ, style_row
from workers.engines.kokoro.files import open_folder, sound_files
from workers.engines.registry import ipa_readers
from workers.presets.shipped import shipped_preset

GOLDEN = {
    # (revision, CPU's kernels, ONNX Runtime) -> sha256 of the samples; of another class only the words are known.
    (1, "avx2", "1.31.1"): "f69fd15cf5916929e1656f57b713e0ab05618549f3ad59a84fad86fde06c788e",
}
WORDS_MS = [[300, 550], [575, 1025], [1125, 1188], [1188, 1250], [1275, 1875]]
HELLO = "Hello Maria, in the morning."
VOICE = shipped_preset("demo-voice", 2, engine="kokoro")


def kokoro(**table: Any) -> PresetSound:
    return preset("kokoro", **{"voices": {"en": "af_heart"}, **table})


@pytest.fixture(scope="module")
def engine(kokoro_folder: Path) -> Iterator[KokoroEngine]:
    made = KokoroEngine(location=kokoro_folder, processes=2)
    made.warm([VOICE])
    yield made
    made.close()


def test_sound_is_the_golden_sound_of_this_revision(engine: KokoroEngine) -> None:
    (made,) = engine.synthesise([request(("en", HELLO), preset=VOICE)])
    waveform = sound(made)
    assert waveform.notes["words_ms"] == WORDS_MS
    assert waveform.rate_hz == RATE_HZ
    of_class = (
        KOKORO_REVISION,
        numeric_class.kernels(numeric_class.CPU_INFO),
        numeric_class.runtime_version(),
    )
    assert sha256(made) == GOLDEN.get(of_class, sha256(made))


def test_a_further_take_says_the_same_words_a_little_otherwise_and_always_so(engine: KokoroEngine) -> None:
    asked = request(("en", HELLO), preset=VOICE)
    made = engine.synthesise([replace(asked, take=take) for take in range(4)])
    assert len({sha256(one) for one in made}) == len(made)
    for one in made[1:]:
        assert len(sound(one).notes["words_ms"]) == len(WORDS_MS)  # type: ignore[arg-type]
        assert 0.8 < sound(one).duration_s / sound(made[0]).duration_s < 1.25
    (again,) = engine.synthesise([replace(asked, take=2)])
    assert sha256(again) == sha256(made[2])


@pytest.mark.parametrize(
    ("letters", "take", "row"),
    [(30, 0, 29), (30, 1, 41), (30, 2, 17), (30, 3, 53), (5, 2, 0), (505, 1, 509), (510, 0, 509)],
)
def test_the_style_of_a_take_is_one_of_the_voice(letters: int, take: int, row: int) -> None:
    assert style_row(letters, take) == row


def test_sound_does_not_depend_on_batch_order_processes_threads_or_restart(
    engine: KokoroEngine, kokoro_folder: Path
) -> None:
    texts = [("en", "Good day."), ("de", "Guten Tag."), ("es", "Hola.")]
    asked = [request(text, preset=VOICE) for text in texts]
    alone = [sha256(engine.synthesise([one])[0]) for one in asked]
    assert [sha256(one) for one in engine.synthesise(asked)] == alone
    assert [sha256(one) for one in reversed(engine.synthesise([*reversed(asked)]))] == alone
    for processes, threads in ((1, 2), (1, 4), (3, 1)):
        other = KokoroEngine(location=kokoro_folder, processes=processes, threads=threads)
        try:
            some = asked[:processes]
            assert [sha256(one) for one in other.synthesise(some)] == alone[:processes], (processes, threads)
        finally:
            other.close()
    engine.close()
    assert [sha256(one) for one in engine.synthesise(asked)] == alone


def test_a_language_without_a_voice_is_spoken_elsewhere_as_there_and_says_so(engine: KokoroEngine) -> None:
    (made,) = engine.synthesise([request(("de", "Guten Tag, Frau Müller."), preset=VOICE)])
    espeak = EspeakEngine()
    try:
        there = shipped_preset("demo-voice", 2, engine="espeak")
        (same,) = espeak.synthesise([request(("de", "Guten Tag, Frau Müller."), preset=there)])
        assert sha256(made) == sha256(same)
        assert sound(made).numeric_class == espeak.numeric_class
    finally:
        espeak.close()
    assert sound(made).notes["spoken_by"] == "espeak"
    assert (
        failure(engine.synthesise([request(("de", "Guten Tag."), preset=kokoro())])[0]).code
        == "voice-missing"
    )


def test_a_sentence_is_spoken_by_the_voice_of_most_of_it(engine: KokoroEngine) -> None:
    mixed = request(("en", "Dear"), ("de", "Herr Müller"), ("en", "your parcel is here."), preset=VOICE)
    assert sound(engine.synthesise([mixed])[0]).notes["voice"] == "af_heart"


def test_a_pronunciation_of_a_person_s_is_said(engine: KokoroEngine) -> None:
    plain = SpokenSpan(language="en", text="Siobhan")
    said = replace(plain, phonemes=(("ipa", "ʃɪˈvɔːn"),))
    wrong = replace(plain, phonemes=(("ipa", "ʃǂ"),))
    first, second, third = engine.synthesise([request(one, preset=VOICE) for one in (plain, said, wrong)])
    assert sha256(first) != sha256(second)
    assert (failure(third).code, "'ǂ'" in failure(third).reason) == ("unspeakable", True)
    readers = ipa_readers("kokoro", VOICE.parameters)
    assert readers is not None
    assert readers["en"]("ʃɪˈvɔːn") == "ʃɪˈvɔn"
    assert "de" in readers


def test_a_voice_that_goes_beyond_full_scale_is_turned_down_and_never_cut_off(engine: KokoroEngine) -> None:
    loud = request(("it", "Buongiorno."), preset=kokoro(voices={"it": "if_sara"}))
    waveform = sound(engine.synthesise([loud])[0])
    assert waveform.notes["turned_down_db"] > 0  # type: ignore[operator]
    at_peak = np.abs(waveform.pcm.astype(int)) >= 0.98 * 32767 - 1
    assert (int(np.abs(waveform.pcm).max()), int(at_peak.sum())) == (round(0.98 * 32767), 1)


def test_speed_shortens_and_is_the_preset_s(engine: KokoroEngine) -> None:
    slow, fast = engine.synthesise(
        [request(("en", "Good day."), preset=kokoro(speed=speed)) for speed in (0.8, 1.6)]
    )
    assert sound(fast).duration_s < 0.8 * sound(slow).duration_s


def test_text_that_is_too_long_is_a_failure_and_its_neighbours_are_spoken(engine: KokoroEngine) -> None:
    long = request(("en", HELLO), preset=VOICE, max_seconds=0.5)
    first, second = engine.synthesise([long, request(("en", "One."), preset=VOICE)])
    assert (failure(first).code, "0.5 s are allowed" in failure(first).reason) == ("too-long", True)
    assert sound(second)


def test_parts_of_a_long_text_are_one_sound_and_their_words_go_on(
    engine: KokoroEngine, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(reading, "EASY_LETTERS", 40)
    text = "All is well here. Do come in now. It is one of the best."
    waveform = sound(engine.synthesise([request(("en", text), preset=kokoro(speed=2.0))])[0])
    times = waveform.notes["words_ms"]
    assert isinstance(times, list)
    assert (waveform.notes["parts"], len(times)) == (2, 14)
    flat = [moment for pair in times for moment in pair]  # type: ignore[union-attr]
    assert flat == sorted(flat)  # type: ignore[type-var]
    assert flat[-1] <= 1000 * waveform.duration_s  # type: ignore[operator]


def test_a_process_that_is_killed_is_replaced_and_the_bits_are_the_same(engine: KokoroEngine) -> None:
    asked = request(("en", "One."), preset=VOICE)
    before = sha256(engine.synthesise([asked])[0])
    for process in engine._processes:
        process.start()
        assert process.pid
        os.kill(process.pid, signal.SIGKILL)
    assert sha256(engine.synthesise([asked])[0]) == before


def test_what_is_urgent_is_spoken_within_a_batch_and_changes_nothing(engine: KokoroEngine) -> None:
    asked = [request(("en", text), preset=VOICE) for text in ("One.", "Two.")]
    before = [sha256(one) for one in engine.synthesise(asked)]
    told: list[str] = []
    urgent = [UrgentBatch(requests=[asked[0]], deliver=lambda outcomes: told.extend(map(sha256, outcomes)))]
    engine.between_steps = lambda: urgent.pop() if urgent else None
    heard: list[str] = []
    engine.on_outcome = lambda _request, outcome: heard.append(sha256(outcome))
    try:
        assert [sha256(one) for one in engine.synthesise(asked)] == before
    finally:
        engine.between_steps = engine.on_outcome = None
    assert told == before[:1]
    assert sorted(heard) == sorted([*before, before[0]])


def test_a_pinned_model_that_is_another_is_refused(kokoro_folder: Path) -> None:
    made = KokoroEngine(location=kokoro_folder, files={"model.onnx": "0" * 64}, processes=1)
    with pytest.raises(EngineError, match="not the file that was pinned"):
        made.warm([VOICE])
    made.close()


def folder_with(tmp_path: Path, kokoro_folder: Path, voice: bytes) -> Path:
    (tmp_path / "voices").mkdir()
    (tmp_path / "model.onnx").symlink_to(kokoro_folder / "model.onnx")
    (tmp_path / "voices" / "af_heart.bin").write_bytes(voice)
    return tmp_path


@pytest.mark.parametrize(
    ("voice", "files", "problem"),
    [
        (b"\0" * 100, {}, "holds 100 bytes; a voice is a table of 510 styles"),
        (np.full(510 * 256, np.nan, "<f4").tobytes(), {}, "not finite"),
        (b"\0" * 522_240, {"voices/af_heart.bin": "0" * 64}, "not the file that was pinned"),
    ],
)
def test_a_voice_file_that_is_not_whole_is_refused(
    tmp_path: Path, kokoro_folder: Path, voice: bytes, files: dict[str, str], problem: str
) -> None:
    made = KokoroEngine(location=folder_with(tmp_path, kokoro_folder, voice), files=files, processes=1)
    outcome = made.synthesise([request(("en", "One."), preset=kokoro())])[0]
    assert (failure(outcome).code, problem in failure(outcome).reason) == ("preset-unusable", True)
    made.close()


def test_a_folder_is_looked_at_before_it_is_used(tmp_path: Path, kokoro_folder: Path) -> None:
    with pytest.raises(EngineError, match=r"no model.onnx in .*campaign voice get kokoro"):
        open_folder(tmp_path)
    shutil.copy(kokoro_folder / "voices" / "af_heart.bin", tmp_path / "model.onnx")
    with pytest.raises(EngineError, match="there is no voice in"):
        open_folder(tmp_path)
    (tmp_path / "voices").mkdir()
    (tmp_path / "voices" / "af_heart.bin").touch()
    (tmp_path / "README.md").touch()
    assert sorted(sound_files(tmp_path)) == ["model.onnx", "voices/af_heart.bin"]
    made = KokoroEngine(location=tmp_path, processes=1)
    assert made.capabilities.languages == {"en"}
    with pytest.raises(EngineError, match=r"model\.onnx cannot be used"):
        made.warm([])
    made.close()


def test_without_weights_the_error_says_how_to_fetch_them() -> None:
    with pytest.raises(EngineError, match="campaign voice get kokoro"):
        KokoroEngine().warm([VOICE])


def test_flaws_are_made_around_the_network_and_elsewhere_once(engine: KokoroEngine) -> None:
    pause = {"kind": "hesitation", "stage": "waveform", "probability": 1.0, "rate": 0, "duration_ms": 200}
    table = {**VOICE.parameters, "imperfections": [pause]}
    for text in (("en", "One."), ("de", "Guten Tag.")):
        plain, flawed = engine.synthesise(
            [request(text, preset=VOICE), request(text, preset=preset("kokoro", **table))]
        )
        assert len(sound(flawed).pcm) - len(sound(plain).pcm) == 0.2 * sound(plain).rate_hz
        assert len(sound(flawed).notes["imperfections"]) == 1  # type: ignore[arg-type]
        assert "words_ms" not in sound(flawed).notes


@pytest.mark.parametrize(
    ("table", "problem"),
    [
        (
            {"voices": {"en": "af_heart"}, "elsewhere": {"imperfections": []}},
            "declare imperfections in its own",
        ),
        ({"voices": {}}, "voices"),
        ({"voices": {"en-GB": "bf_emma"}}, "en-GB is no primary language"),
        ({"voices": {"en": "af_heart"}, "accents": {"en_US": "en-us"}}, "en_US is no primary language"),
        ({"voices": {"en": "jf_alpha"}}, "nothing here reads texts for the voice 'jf_alpha'"),
        ({"voices": {"de": "af_heart"}}, "speaks en, not de"),
        ({"voices": {"en": "af_heart"}, "accents": {"es": "es-419"}}, "accents names es"),
        ({"voices": {"en": "af_heart"}, "speed": 3.0}, "speed"),
        ({"voices": {"en": "af_nobody"}}, "there is no voice 'af_nobody'"),
        ({"voices": {"en": "af_heart"}, "elsewhere": {"voices": {"xx": "xx"}}}, "no voice 'xx'"),
    ],
)
def test_a_table_that_cannot_be_spoken_from_is_refused_at_warm_up(
    engine: KokoroEngine, table: dict[str, Any], problem: str
) -> None:
    with pytest.raises(EngineError, match=problem):
        engine.warm([preset("kokoro", **table)])


def test_a_fine_tune_speaks_the_language_that_its_preset_names(tmp_path: Path, kokoro_folder: Path) -> None:
    """German by a pin of the same architecture: made here of the model itself and a voice of another name."""
    folder = folder_with(tmp_path, kokoro_folder, (kokoro_folder / "voices" / "af_heart.bin").read_bytes())
    (folder / "voices" / "af_heart.bin").rename(folder / "voices" / "martin.bin")
    made = KokoroEngine(location=folder, processes=1)
    table = kokoro(voices={"de": "martin"})
    try:
        waveform = sound(made.synthesise([request(("de", "Fünf Grüße."), preset=table)])[0])
    finally:
        made.close()
    assert waveform.notes["spoken_by"] == "kokoro"
    assert waveform.notes["near_sounds"] == 1
    assert made.capabilities.languages == frozenset()


def test_an_accent_decides_how_a_text_is_read(engine: KokoroEngine) -> None:
    there, here = engine.synthesise(
        [
            request(("es", "Gracias."), preset=kokoro(voices={"es": "ef_dora"}, accents=accents))
            for accents in ({}, {"es": "es-419"})
        ]
    )
    assert sha256(there) != sha256(here)


def test_one_more_output_is_appended_as_protobuf_says(kokoro_folder: Path) -> None:
    model = (kokoro_folder / "model.onnx").read_bytes()[:10]
    assert child.with_output(model, b"abc") == model + b"\x3a\x07\x62\x05\x0a\x03abc"
    assert child.with_output(b"", b"x" * 200)[:4] == b"\x3a\xce\x01\x62"


@pytest.mark.parametrize(
    ("told", "name"),
    [
        ("flags\t\t: fpu avx avx2 avx512f avx512_vnni\n", "avx512vnni"),
        ("flags\t\t: fpu avx avx2\n", "avx2"),
        ("Features\t: fp asimd asimddp\n", "dotprod"),
        ("nothing\n", "plain"),
    ],
)
def test_the_numeric_class_is_what_chooses_kernels(tmp_path: Path, told: str, name: str) -> None:
    (tmp_path / "cpuinfo").write_text(f"processor\t: 0\n{told}\n")
    assert numeric_class.kernels(tmp_path / "cpuinfo") == name
    assert numeric_class.kernels(tmp_path / "missing") == "plain"
