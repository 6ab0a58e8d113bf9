"""A recogniser behind HTTP: OpenAI's `POST /v1/audio/transcriptions`, as speaches, vLLM and LocalAI speak it too.

One request is one stretch of up to half a minute: a form with `file` (WAV, 16 kHz, mono, int16), `model`, `language`,
`response_format` "json", `temperature` 0. `prompt` is the language's sentence in `styles.toml` or is not sent: it asks
for numbers in words, is the same for everybody, and the text that was to be said is never given to whoever hears.

A server cannot be forbidden to write figures. What it writes is given on as it is: `workers.listening.figures` says
which of them have a certain reading, and the others count as not judged, never as misheard.

It does not weigh: what this one mishears in every way of hearing stays misheard. Whoever answers hears the sound of
every file, with the values in it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from workers.documents import read_document
from workers.engines.engine import EngineError, Pcm
from workers.engines.http.client import (
    BUSY_CODE,
    AnswerError,
    Client,
    HttpRequest,
    NotThereError,
    UnreachableError,
)
from workers.engines.http.endpoint import Endpoint
from workers.engines.http.sound import wav_bytes
from workers.recognisers.recogniser import RATE_HZ, Heard, RecogniserAwayError, as_heard, is_loop, parts_of
from workers.recognisers.whisper import WAYS, style_of

PATH = "/v1/audio/transcriptions"
LONGEST_ANSWER_BYTES = 1 << 16
"""Of JSON for half a minute of speech."""
TIMEOUT_S = 60.0
TOKEN_MEND = "set CAMPAIGN_LISTEN_TOKEN"


class HttpRecogniser:
    """One server. Not thread-safe."""

    def __init__(
        self,
        url: str,
        *,
        model: str = "",
        label: str = "",
        token: str = "",
        languages: Sequence[str] = (),
        timeout_s: float = TIMEOUT_S,
        attempts: int = 3,
    ) -> None:
        """`label` is the operator's word for what runs there; no languages are all. Raises `EngineError`."""
        table: Mapping[str, str | float | int] = {
            "url": url,
            "model": model,
            "timeout_s": timeout_s,
            "attempts": attempts,
        }
        self._client = Client(Endpoint.parse(table), token=token, token_mend=TOKEN_MEND)
        self._languages = frozenset(languages)
        self._label = label

    @property
    def name(self) -> str:
        """By model and label: the same recogniser at another address hears the same."""
        return http_name(self._client.endpoint.model, self._label)

    def understands(self, language: str) -> bool:
        """As the operator says; any where nothing is said."""
        return not self._languages or language in self._languages

    def hear(self, pcm: Pcm, rate_hz: int, language: str, *, attempt: int = 0) -> Heard:
        """See `Recogniser.hear`: at another pace, with and without the style."""
        pace, styled = WAYS[attempt % len(WAYS)]
        texts = [
            self._ask(part, language, style_of(language) if styled else "")
            for part in parts_of(as_heard(pcm, round(rate_hz * pace)))
        ]
        return Heard(text=" ".join(filter(None, texts)), looped=any(map(is_loop, texts)))

    def _ask(self, wave: Pcm, language: str, style: str) -> str:
        endpoint = self._client.endpoint
        form: dict[str, str | tuple[str, bytes, str]] = {
            "file": ("sound.wav", wav_bytes(wave, RATE_HZ), "audio/wav"),
            "language": language,
            "response_format": "json",
            "temperature": "0",
        }
        if endpoint.model:
            form["model"] = endpoint.model
        if style:
            form["prompt"] = style
        try:
            answer = self._client.send(HttpRequest(path=PATH, form=form), limit_bytes=LONGEST_ANSWER_BYTES)
        except NotThereError as exc:
            raise self._no_transcript() from exc
        except UnreachableError as exc:
            raise RecogniserAwayError(str(exc)) from exc
        except AnswerError as exc:
            error = RecogniserAwayError if exc.code == BUSY_CODE else EngineError
            raise error(f"the recogniser at {endpoint.url} does not hear: {exc}") from exc
        try:
            told = read_document(answer.data)
        except ValueError as exc:
            raise self._no_transcript() from exc
        text = told.get("text") if isinstance(told, dict) else None
        if not isinstance(text, str):
            raise self._no_transcript()
        return text.strip()

    def _no_transcript(self) -> EngineError:
        """Nothing of the answer is repeated: it may quote what was heard."""
        return EngineError(
            f"{self._client.endpoint.url}{PATH} answers without a transcript: it is no server of that protocol"
        )

    def close(self) -> None:
        """See `Recogniser.close`."""
        self._client.close()


def http_name(model: str, label: str) -> str:
    """What a recogniser behind HTTP is called, before it is asked: no address is in it."""
    return "-".join(filter(None, ("http", model, label)))
