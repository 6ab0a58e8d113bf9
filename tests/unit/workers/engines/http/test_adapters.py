"""What each protocol is sent for an utterance: words, voice, a seed of its own; and what its server must say."""

from __future__ import annotations

import base64
import hashlib
import json
from pathlib import Path
from typing import Any

import pytest

from tests.unit.workers.engines.http.adapters import ENDPOINT, RECORDING, utterance, voice
from workers.engines.engine import EngineError
from workers.engines.http.chatterbox import ChatterboxEngine
from workers.engines.http.client import Answer, AnswerError, HttpRequest, NotThereError
from workers.engines.http.cosyvoice import RATE_HEADER, CosyVoiceEngine
from workers.engines.http.engine import LARGEST_SEED, SpeechServer, language_of, seed_31, wav_of
from workers.engines.http.gpt_sovits import GptSovitsEngine
from workers.engines.http.openai import OpenAiEngine
from workers.pcm import from_wav

ENGINES = (OpenAiEngine, ChatterboxEngine, CosyVoiceEngine, GptSovitsEngine)


def answers(monkeypatch: pytest.MonkeyPatch, engine: SpeechServer, said: Any) -> list[HttpRequest]:
    """The server says this to everything; what it was asked."""
    asked: list[HttpRequest] = []

    def send(request: HttpRequest) -> Answer:
        asked.append(request)
        if isinstance(said, Exception):
            raise said
        data = json.dumps(said).encode()
        return Answer(data=data, content_type="application/json", headers={}, first_at=0, last_at=0)

    monkeypatch.setattr(engine.client, "send", send)
    return asked


def test_language_is_that_of_most_of_the_words() -> None:
    spans = [("de", "Frau Müller,"), ("en", "your parcel"), ("de", "ist da.")]
    assert language_of(utterance(voice("openai"), *spans)) == "de"


@pytest.mark.parametrize("seed", [0, LARGEST_SEED - 1, LARGEST_SEED, 2**63 - 1])
def test_seed_of_31_bits_is_never_zero(seed: int) -> None:
    assert 1 <= seed_31(utterance(voice("openai"), seed=seed)) < 2**31


def test_recording_is_sent_as_it_is_stored() -> None:
    pcm, rate_hz = from_wav(wav_of(voice("openai", cloned=True)))
    assert (pcm.tobytes(), rate_hz) == (RECORDING.tobytes(), 24_000)
    with pytest.raises(EngineError, match="no recording to speak from"):
        wav_of(voice("openai"))


@pytest.mark.parametrize("kind", ENGINES)
def test_voice_that_a_protocol_cannot_speak_with_is_refused_before_there_is_a_server(
    kind: type[SpeechServer],
) -> None:
    with pytest.raises(EngineError):
        kind().warm([voice(kind.name, unheard_of=1)])
    if not kind.needs_transcript:
        with pytest.raises(EngineError, match="name a voice"):
            kind().warm([voice(kind.name)])
        kind().warm([voice(kind.name, cloned=True)])


def test_openai_names_a_language_only_where_the_preset_has_names() -> None:
    engine = OpenAiEngine(endpoint=ENDPOINT)
    plain = engine.http_request(utterance(voice("openai", voice="v", seeded=False))).json
    assert plain == {"input": "Hello.", "response_format": "wav", "voice": "v"}
    named = voice("openai", voice="v", language_names={"en": "English"})
    languages = [
        (engine.http_request(utterance(named, (language, "Hello."))).json or {})["language"]
        for language in ("en", "fr")
    ]
    assert languages == ["English", "Auto"]


def test_openai_s_recording_takes_its_words_along() -> None:
    sound = voice("openai", cloned=True)
    body = OpenAiEngine(endpoint=ENDPOINT).http_request(utterance(sound)).json or {}
    assert base64.b64decode(body["ref_audio"].partition(",")[2]) == wav_of(sound)
    assert (body["ref_text"], body["task_type"]) == ("What it says.", "Base")


def test_openai_s_model_is_known_by_what_does_not_change_between_starts(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    engine = OpenAiEngine(endpoint={**ENDPOINT, "model": "m"})
    answers(monkeypatch, engine, {"data": [{"id": "m", "created": 1, "root": "weights"}]})
    assert engine.identify() == {"id": "m", "root": "weights"}
    answers(monkeypatch, engine, {"data": [{"id": "other"}]})
    with pytest.raises(EngineError, match="it serves other"):
        engine.identify()
    nothing_told: tuple[Any, ...] = (NotThereError("404"), {"models": []}, [])
    for silence in nothing_told:
        answers(monkeypatch, engine, silence)
        assert engine.identify() is None


def test_chatterbox_is_sent_a_recording_once(monkeypatch: pytest.MonkeyPatch) -> None:
    engine, sound = ChatterboxEngine(endpoint=ENDPOINT), voice("chatterbox", cloned=True)
    name = f"{hashlib.sha256(wav_of(sound)).hexdigest()}.wav"
    asked = answers(monkeypatch, engine, {"uploaded_files": [name]})
    for _ in range(2):
        body = engine.http_request(utterance(sound)).json or {}
        assert (body["voice_mode"], body["reference_audio_filename"]) == ("clone", name)
    assert [request.path for request in asked] == ["/upload_reference"]
    assert body["split_text"] is False


def test_chatterbox_without_a_loaded_model_speaks_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    engine = ChatterboxEngine(endpoint=ENDPOINT)
    answers(monkeypatch, engine, {"loaded": True, "type": "original", "device": "cuda"})
    assert engine.identify() == {"type": "original"}
    answers(monkeypatch, engine, {"loaded": False, "type": "original"})
    with pytest.raises(EngineError, match="no model loaded"):
        engine.identify()


def bare(rate: str) -> Answer:
    """Samples with a rate in the header, or none."""
    headers = {RATE_HEADER.upper(): rate} if rate else {}
    return Answer(data=RECORDING.tobytes(), content_type="audio/pcm", headers=headers, first_at=0, last_at=0)


def test_cosyvoice_s_rate_is_in_a_header_or_the_pin_s() -> None:
    engine = CosyVoiceEngine(endpoint=ENDPOINT)
    for rate in ("24000", "", "x"):
        assert engine.samples(bare(rate), 24_000).tobytes() == RECORDING.tobytes()
    with pytest.raises(AnswerError) as problem:
        engine.samples(bare("22050"), 24_000)
    assert problem.value.code == "wrong-rate"


def test_cosyvoice_is_sent_the_recording_and_its_words() -> None:
    sound = voice("cosyvoice", cloned=True)
    form = CosyVoiceEngine(endpoint=ENDPOINT).http_request(utterance(sound)).form
    assert form == {
        "tts_text": "Hello.",
        "prompt_text": "What it says.",
        "prompt_wav": ("prompt.wav", wav_of(sound), "audio/wav"),
    }


def test_gpt_sovits_reads_the_recording_from_the_shared_folder_under_its_own_digest(tmp_path: Path) -> None:
    sound = voice("gpt-sovits", cloned=True, prompt_language="de", top_k=5)
    engine = GptSovitsEngine(
        endpoint={**ENDPOINT, "shared_folder": str(tmp_path), "shared_as": "/references"}
    )
    body = engine.http_request(utterance(sound, ("fr", "Bonjour."))).json or {}
    [file] = tmp_path.iterdir()
    assert (file.read_bytes(), file.stem) == (wav_of(sound), hashlib.sha256(wav_of(sound)).hexdigest())
    assert body["ref_audio_path"] == f"/references/{file.name}"
    assert (body["text_lang"], body["prompt_lang"], body["top_k"]) == ("fr", "de", 5)
    assert (body["text_split_method"], body["batch_size"], body["streaming_mode"]) == ("cut0", 1, False)


def test_gpt_sovits_without_a_shared_folder_names_the_option() -> None:
    engine = GptSovitsEngine(endpoint=ENDPOINT)
    with pytest.raises(EngineError, match="--shared-folder"):
        engine.http_request(utterance(voice("gpt-sovits", cloned=True)))
