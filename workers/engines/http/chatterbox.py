"""Chatterbox behind Chatterbox-TTS-Server's own API: `POST /tts`, a recording through `POST /upload_reference`.

A preset's table: `{"voice": "Emily.wav", "temperature": 0.8, "exaggeration": 0.5, "cfg_weight": 0.5, "speed_factor":
1.0}`; `voice` is one of the server's own, in place of a recording. `GET /api/model-info` says which model is loaded.
Protocol: devnen/Chatterbox-TTS-Server `models.py`, `server.py`.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from typing import Any

from workers.documents import read_document
from workers.engines.engine import EngineError, PresetSound, SynthesisRequest
from workers.engines.http.client import AnswerError, HttpRequest, NotThereError
from workers.engines.http.engine import SpeechServer, language_of, seed_31, wav_of
from workers.strict import StrictTable

TOLD = ("type", "class_name", "sample_rate")
"""What is said of the model itself; the rest is about the machine."""


class ChatterboxSettings(StrictTable):
    """The server's own parameters."""

    voice: str = ""
    """One of the server's own, in place of a recording."""
    temperature: float | None = None
    exaggeration: float | None = None
    cfg_weight: float | None = None
    speed_factor: float | None = None


class ChatterboxEngine(SpeechServer):
    """`POST /tts`, `GET /api/model-info`."""

    name = "chatterbox"
    revision = 1
    settings = ChatterboxSettings

    def __init__(self, *, endpoint: Mapping[str, Any] | None = None) -> None:
        """Uploads are remembered: a recording is sent once."""
        super().__init__(endpoint=endpoint)
        self._uploaded: dict[str, str] = {}

    def check_voice(self, preset: PresetSound) -> None:
        """A voice of the server's, or a recording in its place."""
        if preset.reference is None and not preset.parameters.get("voice"):
            raise EngineError(
                'chatterbox preset: name a voice of the server, for example voice = "Emily.wav"'
            )

    def http_request(self, request: SynthesisRequest) -> HttpRequest:
        """WAV in one piece; the text is a sentence already."""
        parameters = dict(request.preset.parameters)
        voice = parameters.pop("voice", None)
        body: dict[str, Any] = {
            **parameters,
            "text": request.text,
            "output_format": "wav",
            "split_text": False,
            "seed": seed_31(request),
            "language": language_of(request),
        }
        if request.preset.reference is None:
            body |= {"voice_mode": "predefined", "predefined_voice_id": voice}
        else:
            body |= {"voice_mode": "clone", "reference_audio_filename": self._upload(request.preset)}
        return HttpRequest(path="/tts", json=body)

    def identify(self) -> dict[str, Any] | None:
        """Type and class of the loaded model."""
        try:
            answer: Any = read_document(
                self.client.send(HttpRequest(path="/api/model-info", method="GET")).data
            )
            identity = {key: answer[key] for key in TOLD if answer.get(key) is not None}
            loaded = bool(answer["loaded"])
        except (NotThereError, ValueError, KeyError, TypeError, AttributeError):
            return None
        if not loaded:
            raise EngineError(f"{self.client.endpoint.url} has no model loaded: look at its page")
        return identity or None

    def _upload(self, preset: PresetSound) -> str:
        """The recording's name on the server; it keeps what it has under that name."""
        if preset.sound_digest in self._uploaded:
            return self._uploaded[preset.sound_digest]
        data = wav_of(preset)
        name = f"{hashlib.sha256(data).hexdigest()}.wav"
        answer = self.client.send(
            HttpRequest(path="/upload_reference", form={"files": (name, data, "audio/wav")})
        )
        try:
            told: Any = read_document(answer.data)
            taken = list(told["uploaded_files"])
        except (ValueError, KeyError, TypeError) as exc:
            raise AnswerError("not-audio", "the server did not take the recording", retryable=True) from exc
        if name not in taken:
            raise AnswerError("request-refused", "the server did not take the recording", retryable=False)
        self._uploaded[preset.sound_digest] = name
        return name
