"""GPT-SoVITS `api_v2.py`: `POST /tts` with a reference by its path on the server.

A preset's table: `{"prompt_language": "en", "text_split_method": "cut0", "top_k": 15, "top_p": 1.0, "temperature": 1.0,
"speed_factor": 1.0, "repetition_penalty": 1.35, "sample_steps": 32}`. The text is a sentence already, so the server
does not split it unless told to. The recording is written into the endpoint's shared folder under its own digest.
The server has no words for the weights that it runs: a pin is identified by its files, or is unpinned.
Protocol: the docstring of RVC-Boss/GPT-SoVITS `api_v2.py`.
"""

from __future__ import annotations

import hashlib
import uuid
from pathlib import Path, PurePosixPath
from typing import Any, Literal

from workers.engines.engine import EngineError, PresetSound, SynthesisRequest
from workers.engines.http.client import HttpRequest
from workers.engines.http.engine import SpeechServer, language_of, seed_31, wav_of
from workers.strict import StrictTable


class GptSovitsSettings(StrictTable):
    """The server's own parameters."""

    prompt_language: str = "en"
    """Of the recording."""
    text_split_method: Literal["cut0", "cut1", "cut2", "cut3", "cut4", "cut5"] = "cut0"
    """A sentence needs no split."""
    top_k: int | None = None
    top_p: float | None = None
    temperature: float | None = None
    speed_factor: float | None = None
    repetition_penalty: float | None = None
    sample_steps: int | None = None


class GptSovitsEngine(SpeechServer):
    """`POST /tts`."""

    name = "gpt-sovits"
    revision = 1
    needs_transcript = True
    settings = GptSovitsSettings

    def http_request(self, request: SynthesisRequest) -> HttpRequest:
        """WAV in one piece, one sentence, its own seed."""
        preset = request.preset
        parameters: dict[str, Any] = {"text_split_method": "cut0", **preset.parameters}
        prompt_language = parameters.pop("prompt_language", "en")
        return HttpRequest(
            path="/tts",
            json={
                **parameters,
                "text": request.text,
                "text_lang": language_of(request),
                "ref_audio_path": self._shared(preset),
                "prompt_text": preset.transcript,
                "prompt_lang": prompt_language,
                "seed": seed_31(request),
                "batch_size": 1,
                "parallel_infer": False,
                "media_type": "wav",
                "streaming_mode": False,
            },
        )

    def identify(self) -> dict[str, Any] | None:
        """It does not say."""
        return None

    def _shared(self, preset: PresetSound) -> str:
        """The recording's path on the server; written once, named by what is in it."""
        endpoint = self.client.endpoint
        if not endpoint.shared_folder:
            raise EngineError(
                f"{endpoint.url} takes a recording by its path: pin it with --shared-folder, a folder that it reads too"
            )
        data = wav_of(preset)
        name = f"{hashlib.sha256(data).hexdigest()}.wav"
        place = Path(endpoint.shared_folder) / name
        try:
            if not place.exists():
                half = place.with_suffix(f".{uuid.uuid4().hex}.part")
                half.write_bytes(data)
                half.rename(place)
        except OSError as exc:
            raise EngineError(f"{place} cannot be written: {exc.strerror}; mend the shared folder") from exc
        return str(PurePosixPath(endpoint.shared_as or endpoint.shared_folder) / name)
