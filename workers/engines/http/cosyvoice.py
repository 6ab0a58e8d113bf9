"""CosyVoice 2's FastAPI runtime: `POST /inference_zero_shot` with the recording as a file, raw 16-bit PCM back.

A preset's table is empty: the protocol has no parameters and draws its own seed, so the same key gives other bits (the
gate's `reproducible_share` says so). The server does not say which model it runs: identified by files, or unpinned.
Protocol: FunAudioLLM/CosyVoice `runtime/python/fastapi/server.py`.
"""

from __future__ import annotations

from typing import Any

from workers.digits import whole_number
from workers.engines.engine import Pcm, SynthesisRequest
from workers.engines.http.client import Answer, HttpRequest
from workers.engines.http.engine import SpeechServer, wav_of
from workers.engines.http.sound import samples_of
from workers.strict import StrictTable

RATE_HEADER = "X-Custom-Header-sampleRate"
"""Some builds of the server say their rate."""


class CosyVoiceSettings(StrictTable):
    """Nothing can be set."""


class CosyVoiceEngine(SpeechServer):
    """`POST /inference_zero_shot`."""

    name = "cosyvoice"
    revision = 1
    needs_transcript = True
    settings = CosyVoiceSettings

    def http_request(self, request: SynthesisRequest) -> HttpRequest:
        """A form with the words, the recording and what it says."""
        return HttpRequest(
            path="/inference_zero_shot",
            form={
                "tts_text": request.text,
                "prompt_text": request.preset.transcript,
                "prompt_wav": ("prompt.wav", wav_of(request.preset), "audio/wav"),
            },
        )

    def samples(self, answer: Answer, rate_hz: int) -> Pcm:
        """Bare samples; the rate is in a header or nowhere."""
        rate = {name.lower(): value for name, value in answer.headers.items()}.get(RATE_HEADER.lower(), "")
        given = whole_number(rate)
        return samples_of(answer, rate_hz=rate_hz, raw_rate_hz=rate_hz if given is None else given)

    def identify(self) -> dict[str, Any] | None:
        """It does not say."""
        return None
