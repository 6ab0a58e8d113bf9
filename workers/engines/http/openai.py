"""OpenAI-compatible `POST /v1/audio/speech`: Kokoro-FastAPI, Chatterbox-TTS-Server, vLLM-Omni (Qwen3-TTS, Voxtral,
CosyVoice 3, Fish Speech) and what else speaks it.

A preset's table: `{"voice": "vivian", "speed": 1.0, "instructions": "...", "language_names": {"en": "English"}}`. A
preset with a recording is sent as vLLM-Omni takes it: `ref_audio` as a data URL, `ref_text`, `task_type` "Base".
Protocol: https://docs.vllm.ai/projects/vllm-omni/en/stable/serving/speech_api/ and OpenAI's audio reference.
"""

from __future__ import annotations

import base64
from collections.abc import Mapping
from typing import Any

from workers.documents import read_document
from workers.engines.engine import EngineError, PresetSound, SynthesisRequest
from workers.engines.http.client import HttpRequest, NotThereError
from workers.engines.http.engine import SpeechServer, language_of, seed_31, wav_of
from workers.strict import StrictTable

CHANGES = frozenset({"created", "permission", "object"})
"""Of a model's entry, what differs from one start of a server to the next."""


class OpenAiSettings(StrictTable):
    """The protocol's own parameters."""

    voice: str = ""
    """As the server calls it, in place of a recording."""
    speed: float | None = None
    instructions: str | None = None
    """How to speak, where the model listens to it."""
    language_names: Mapping[str, str] | None = None
    """Language to the server's name for it."""
    seeded: bool = True
    """Whether a seed is sent."""


class OpenAiEngine(SpeechServer):
    """`POST /v1/audio/speech`, `GET /v1/models`."""

    name = "openai"
    revision = 1
    settings = OpenAiSettings

    def check_voice(self, preset: PresetSound) -> None:
        """A voice, or a recording in its place."""
        if preset.reference is None and not preset.parameters.get("voice"):
            raise EngineError('openai preset: name a voice, for example voice = "vivian"')

    def http_request(self, request: SynthesisRequest) -> HttpRequest:
        """WAV in one piece."""
        preset, parameters = request.preset, request.preset.parameters
        body: dict[str, Any] = {"input": request.text, "response_format": "wav"}
        if self.client.endpoint.model:
            body["model"] = self.client.endpoint.model
        body |= {key: parameters[key] for key in ("voice", "speed", "instructions") if key in parameters}
        if parameters.get("seeded", True):
            body["seed"] = seed_31(request)
        names = parameters.get("language_names")
        if isinstance(names, dict):
            body["language"] = names.get(language_of(request), "Auto")
        if preset.reference is not None:
            audio = base64.b64encode(wav_of(preset)).decode()
            body |= {"task_type": "Base", "ref_audio": f"data:audio/wav;base64,{audio}"}
            body["ref_text"] = preset.transcript
        return HttpRequest(path="/v1/audio/speech", json=body)

    def identify(self) -> dict[str, Any] | None:
        """The model's entry in `/v1/models`; None where there is no such list."""
        model = self.client.endpoint.model
        try:
            data = self.client.send(HttpRequest(path="/v1/models", method="GET")).data
            listed: Any = read_document(data)
            models = {str(entry["id"]): entry for entry in listed["data"]}
        except (NotThereError, ValueError, KeyError, TypeError):
            return None
        if model not in models:
            served = ", ".join(sorted(models)) or "nothing"
            raise EngineError(f"{self.client.endpoint.url} does not serve {model!r}; it serves {served}")
        return {key: value for key, value in models[model].items() if key not in CHANGES}
