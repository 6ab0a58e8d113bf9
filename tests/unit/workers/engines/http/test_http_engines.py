"""Engines behind HTTP: the requests of four protocols, and every bad answer, on a true server."""

from __future__ import annotations

import contextlib
import hashlib
import io
import wave
from collections.abc import Iterator, Mapping
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest

from tests import ROOT
from tests.servers.speech import RATE_HZ, SpeechServer, speech_server
from workers.engines import registry
from workers.engines.engine import (
    EngineError,
    PresetSound,
    SpokenSpan,
    SynthesisFailure,
    SynthesisRequest,
    Waveform,
)
from workers.engines.http.client import UnreachableError
from workers.engines.registry import create_engine, engine_names

RECORDING = (np.sin(np.arange(24_000) / 20) * 8_000).astype(np.int16)


@pytest.fixture
def server() -> Iterator[SpeechServer]:
    with speech_server() as running:
        yield running


def preset(engine: str, *, cloned: bool = False, **parameters: Any) -> PresetSound:
    return PresetSound(
        name="voice",
        version=1,
        sound_digest="d" * 64,
        engine=engine,
        parameters=parameters,
        reference=RECORDING if cloned else None,
        reference_rate_hz=24_000 if cloned else 0,
        transcript="What it says." if cloned else "",
    )


def request(
    sound: PresetSound, text: str = "hello there", *, number: int = 1, **more: Any
) -> SynthesisRequest:
    spans = (SpokenSpan(text=text, language="en"),)
    return SynthesisRequest(key=f"{number:064x}", spans=spans, preset=sound, seed=number * 1000 + 7, **more)


def engine(name: str, server: SpeechServer, **endpoint: Any) -> Any:
    table = {"url": server.url, "model": server.model, "timeout_s": 5.0, "attempts": 2} | endpoint
    return create_engine(name, endpoint=table)


def one(made: Any, asked: SynthesisRequest) -> Waveform | SynthesisFailure:
    with contextlib.closing(made):
        return made.synthesise([asked])[0]  # type: ignore[no-any-return]


VOICE: dict[str, Any] = {"voice": "vivian"}


class TestOpenAi:
    def test_words_voice_model_and_a_seed_of_the_key_are_sent(self, server: SpeechServer) -> None:
        sound = preset("openai", voice="vivian", speed=1.1, language_names={"en": "English"})
        made = one(engine("openai", server), request(sound))
        assert isinstance(made, Waveform)
        assert made.rate_hz == RATE_HZ
        assert made.duration_s == pytest.approx(len("hello there") / 15, abs=0.01)
        assert 0 < made.t_first_ms <= made.t_last_ms
        said = server.asked[0]
        assert said["input"] == "hello there"
        assert (said["voice"], said["speed"], said["model"]) == ("vivian", 1.1, "model-a")
        assert (said["language"], said["response_format"], said["seed"]) == ("English", "wav", 1008)

    def test_a_recording_is_sent_with_its_words(self, server: SpeechServer) -> None:
        one(engine("openai", server, clones=True), request(preset("openai", cloned=True)))
        said = server.asked[0]
        assert said["ref_audio"].startswith("data:audio/wav;base64,")
        assert (said["ref_text"], said["task_type"]) == ("What it says.", "Base")

    def test_the_token_comes_from_the_environment_and_is_in_no_pin(
        self, server: SpeechServer, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        made = engine("openai", server, key_variable="MY_TOKEN")
        with pytest.raises(EngineError, match="set MY_TOKEN in the environment"):
            made.synthesise([request(preset("openai", **VOICE))])
        monkeypatch.setenv("MY_TOKEN", "secret-1")
        assert isinstance(one(made, request(preset("openai", **VOICE))), Waveform)
        assert server.asked[0]["authorization"] == "Bearer secret-1"

    def test_the_model_is_identified_by_what_the_server_lists(self, server: SpeechServer) -> None:
        assert engine("openai", server).identified() == {"id": "model-a", "root": "1"}
        with pytest.raises(EngineError, match="does not serve 'model-b'; it serves model-a"):
            engine("openai", server, model="model-b").identified()
        server.lists_models = False
        assert engine("openai", server).identified() is None


class TestGptSovits:
    def test_the_recording_lies_in_the_shared_folder_under_its_digest(
        self, server: SpeechServer, tmp_path: Path
    ) -> None:
        sound = preset("gpt-sovits", cloned=True, top_k=5, prompt_language="de")
        made = one(engine("gpt-sovits", server, shared_folder=str(tmp_path)), request(sound))
        assert isinstance(made, Waveform)
        said = server.asked[0]
        place = Path(said["ref_audio_path"])
        assert place.stem == hashlib.sha256(place.read_bytes()).hexdigest()
        assert (said["text_split_method"], said["seed"], said["top_k"]) == ("cut0", 1008, 5)
        assert (said["text_lang"], said["prompt_lang"], said["prompt_text"]) == ("en", "de", "What it says.")

    def test_the_folder_may_have_another_path_on_the_server(
        self, server: SpeechServer, tmp_path: Path
    ) -> None:
        made = engine("gpt-sovits", server, shared_folder=str(tmp_path), shared_as="/mnt/voices")
        outcome = one(made, request(preset("gpt-sovits", cloned=True)))
        assert isinstance(outcome, SynthesisFailure)  # it is not mounted there
        assert (outcome.code, outcome.retryable) == ("request-refused", False)
        assert len(list(tmp_path.iterdir())) == 1

    def test_without_a_shared_folder_it_says_what_to_do(self, server: SpeechServer) -> None:
        with pytest.raises(EngineError, match="--shared-folder"):
            one(engine("gpt-sovits", server), request(preset("gpt-sovits", cloned=True)))

    def test_it_cannot_say_what_it_runs(self, server: SpeechServer) -> None:
        assert engine("gpt-sovits", server).identified() is None


class TestCosyVoice:
    def test_raw_samples_come_back_for_words_and_recording(self, server: SpeechServer) -> None:
        made = one(engine("cosyvoice", server), request(preset("cosyvoice", cloned=True)))
        assert isinstance(made, Waveform)
        assert server.asked[0]["tts_text"] == "hello there"
        assert server.asked[0]["prompt_text"] == "What it says."
        with wave.open(io.BytesIO(server.uploads["prompt.wav"])) as sent:
            assert (sent.getnframes(), sent.getframerate()) == (len(RECORDING), 24_000)


class TestChatterbox:
    def test_a_recording_is_uploaded_once(self, server: SpeechServer) -> None:
        made = engine("chatterbox", server, clones=True)
        sound = preset("chatterbox", cloned=True, exaggeration=0.5)
        with contextlib.closing(made):
            made.synthesise([request(sound)])
            made.synthesise([request(sound, number=2)])
        assert len(server.uploads) == 1
        assert server.asked[1]["reference_audio_filename"] in server.uploads
        assert (server.asked[0]["voice_mode"], server.asked[0]["split_text"]) == ("clone", False)

    def test_one_of_its_own_voices(self, server: SpeechServer) -> None:
        made = engine("chatterbox", server)
        assert isinstance(one(made, request(preset("chatterbox", voice="Emily.wav"))), Waveform)
        assert server.asked[0]["predefined_voice_id"] == "Emily.wav"

    def test_the_loaded_model_identifies_it(self, server: SpeechServer) -> None:
        assert engine("chatterbox", server).identified() == {"type": "model-a", "class_name": "Tone"}


@pytest.mark.parametrize(
    ("fault", "code", "retryable"),
    [
        ("html", "not-audio", True),
        ("error-in-200", "not-audio", True),
        ("truncated", "truncated", True),
        ("cut-off", "truncated", True),
        ("wrong-rate", "wrong-rate", False),
        ("stereo", "wrong-channels", False),
        ("silent", "silent", False),
        ("empty", "empty", True),
        ("slow", "timed-out", True),
        ("always:busy", "endpoint-busy", True),
        ("always:broken", "endpoint-failed", True),
        ("refused", "request-refused", False),
    ],
)
def test_a_bad_answer_is_a_failure_of_that_utterance_and_never_quotes_its_words(
    server: SpeechServer, fault: str, code: str, retryable: bool
) -> None:
    server.faults.append(fault)
    server.slow_s = 6.0
    made = engine("openai", server, timeout_s=3.0 if fault == "slow" else 60.0, parallel=1)
    sound = preset("openai", **VOICE)
    with contextlib.closing(made):
        bad = made.synthesise([request(sound, "secret words")])[0]
        server.faults.clear()
        good = made.synthesise([request(sound, "secret words", number=2)])[0]
    assert isinstance(bad, SynthesisFailure)
    assert (bad.code, bad.retryable) == (code, retryable)
    assert "secret" not in bad.reason
    assert isinstance(good, Waveform)


def test_a_server_that_is_busy_for_a_moment_is_asked_again(server: SpeechServer) -> None:
    server.faults += ["busy", "broken"]
    assert isinstance(one(engine("openai", server, attempts=3), request(preset("openai", **VOICE))), Waveform)
    assert len(server.asked) == 3


def test_a_header_of_unknown_length_is_read_to_the_end(server: SpeechServer) -> None:
    plain = one(engine("openai", server), request(preset("openai", **VOICE)))
    server.faults.append("streamed")
    streamed = one(engine("openai", server), request(preset("openai", **VOICE)))
    assert isinstance(plain, Waveform) and isinstance(streamed, Waveform)
    assert np.array_equal(plain.pcm, streamed.pcm)


def test_longer_sound_than_allowed_is_a_failure_and_is_not_read_to_its_end(server: SpeechServer) -> None:
    made = one(engine("openai", server), request(preset("openai", **VOICE), "word " * 400, max_seconds=1.0))
    assert isinstance(made, SynthesisFailure)
    assert made.code == "too-long"


def test_a_bad_neighbour_harms_nobody_and_requests_go_side_by_side(server: SpeechServer) -> None:
    server.faults += ["html", "slow", "slow"]
    server.slow_s = 0.3
    made = engine("openai", server, parallel=3)
    sound = preset("openai", **VOICE)
    with contextlib.closing(made):
        outcomes = made.synthesise([request(sound, number=number) for number in range(1, 4)])
    assert sum(isinstance(outcome, Waveform) for outcome in outcomes) == 2
    assert server.busiest >= 2


def test_another_model_than_was_pinned_speaks_nothing(server: SpeechServer) -> None:
    pinned = engine("openai", server).identified()
    made = engine("openai", server, identity=pinned)
    assert isinstance(made.synthesise([request(preset("openai", **VOICE))])[0], Waveform)
    server.revision = "2"
    again = engine("openai", server, identity=pinned)
    with pytest.raises(EngineError, match="root '2', not '1'"):
        again.synthesise([request(preset("openai", **VOICE), number=2)])
    assert len(server.asked) == 1


def test_after_a_failure_the_server_is_asked_again_what_it_runs(server: SpeechServer) -> None:
    made = engine("openai", server, identity={"id": "model-a", "root": "1"})
    server.faults.append("html")
    made.synthesise([request(preset("openai", **VOICE))])
    server.revision = "2"
    with pytest.raises(EngineError, match="another model than was pinned"):
        made.synthesise([request(preset("openai", **VOICE))])


def test_a_server_that_is_not_there_is_no_failure_of_an_utterance() -> None:
    made = create_engine("openai", endpoint={"url": "http://127.0.0.1:9", "attempts": 1})
    with pytest.raises(UnreachableError, match=r"nobody answers at http://127\.0\.0\.1:9: start the server"):
        made.synthesise([request(preset("openai", **VOICE))])


@pytest.mark.parametrize("name", ["openai", "gpt-sovits", "cosyvoice", "chatterbox"])
def test_a_server_that_is_not_there_is_known_before_anything_is_spoken(name: str) -> None:
    made = create_engine(name, endpoint={"url": "http://127.0.0.1:9", "attempts": 1})
    with pytest.raises(UnreachableError):
        made.warm([])


def test_an_engine_of_one_s_own_is_what_the_documentation_says(
    server: SpeechServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    page = (ROOT / "docs" / "engines.md").read_text(encoding="utf-8")
    code = page.split("```python\n", 1)[1].split("```", 1)[0]
    written: dict[str, Any] = {}
    exec(code.replace('"/speak"', '"/v1/audio/speech"').replace('"text":', '"input":'), written)
    entry = SimpleNamespace(name="mine", value="mine:MyEngine", load=lambda: written["MyEngine"])
    monkeypatch.setattr(
        registry, "entry_points", lambda group, name=None: [entry] if name in (None, "mine") else []
    )
    made = one(engine("mine", server), request(preset("mine", voice="a")))
    assert isinstance(made, Waveform)
    assert server.asked[0]["voice"] == "a"


def test_a_refused_token_is_no_failure_of_an_utterance(server: SpeechServer) -> None:
    server.faults.append("forbidden")
    with pytest.raises(EngineError, match="refuses the token"):
        engine("openai", server).synthesise([request(preset("openai", **VOICE))])


@pytest.mark.parametrize(
    ("name", "parameters", "complaint"),
    [
        ("openai", {}, "name a voice"),
        ("openai", {"voice": "a", "pitch": 1}, "no key pitch"),
        ("openai", {"voice": 3}, "voice is 3; give text"),
        ("openai", {"voice": "a", "speed": True}, "speed is True"),
        ("chatterbox", {}, "name a voice of the server"),
        ("gpt-sovits", {"text_split_method": "cut9"}, "give one of cut0"),
        ("cosyvoice", {"seed": 1}, "no key seed; it takes none"),
    ],
)
def test_a_bad_table_is_refused_before_there_is_a_server(
    name: str, parameters: Mapping[str, Any], complaint: str
) -> None:
    with pytest.raises(EngineError, match=complaint):
        create_engine(name).warm([preset(name, **parameters)])


@pytest.mark.parametrize("url", ["ftp://host", "host:8000", "http://key@host", "http://host/?key=1"])
def test_an_address_that_is_none_or_holds_a_key_is_refused(url: str) -> None:
    with pytest.raises(EngineError, match="is no address of a server"):
        create_engine("openai", endpoint={"url": url})


def test_the_four_protocols_ship() -> None:
    assert {"openai", "gpt-sovits", "cosyvoice", "chatterbox"} <= set(engine_names())
