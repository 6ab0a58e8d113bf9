"""Campaigns whose files are listened to by ears that hear what a test says: an invented hearing, really judged."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

import pytest

from campaign.submission.listening import ChosenListening
from storage.lock import LockedListening
from workers.engines.engine import Pcm
from workers.listening import listener, utterance
from workers.listening.judging import Judgement, Means, SpokenValue
from workers.recognisers.recogniser import Heard, Recogniser

LISTENING = LockedListening(model="ears", recogniser="ears", share=1.0, unclear="hold", revision=1)


@dataclass(slots=True)
class Ears:
    """What is heard in place of what was said; sentences that hold a word of `deaf_to` cannot be judged."""

    instead: dict[str, str] = field(default_factory=dict)
    deaf_to: set[str] = field(default_factory=set)
    slips: dict[str, int] = field(default_factory=dict)
    """How many sounds of a sentence with a word of `instead` are misheard; later ones are heard as they are."""
    heard: list[str] = field(default_factory=list)
    """Every sentence that was judged, as it was to be said."""

    def hear(self, text: str) -> Heard:
        if any(word in text for word in self.deaf_to):
            return Heard(text="", looped=True)
        judged = self.heard.count(text)
        for said, other in self.instead.items():
            if judged <= self.slips.get(said, judged):
                text = text.replace(said, other)
        return Heard(text=text)


class _Hearing:
    """A recogniser for one sentence, of which it knows what was said."""

    name = LISTENING.recogniser

    def __init__(self, ears: Ears, text: str) -> None:
        self._ears = ears
        self._text = text

    def understands(self, _language: str) -> bool:
        return True

    def hear(self, _pcm: Pcm, _rate_hz: int, _language: str, *, attempt: int = 0) -> Heard:
        return self._ears.hear(self._text)

    def close(self) -> None:
        pass


def listened_to(patch: pytest.MonkeyPatch, **more: object) -> Ears:
    """From now on whatever is submitted in this process is listened to, by the ears that come back."""
    ears = Ears()
    locked = LockedListening(
        **{name: more.get(name, getattr(LISTENING, name)) for name in LISTENING.__slots__}  # type: ignore[arg-type]
    )

    def listen(
        pcm: Pcm,
        rate_hz: int,
        text: str,
        values: Sequence[SpokenValue],
        *,
        language: str,
        recogniser: Recogniser,
        means: Means,
        second: Recogniser | None = None,
    ) -> Judgement:
        ears.heard.append(text)
        hearing = _Hearing(ears, text)
        return utterance.listen(
            pcm, rate_hz, text, values, language=language, recogniser=hearing, means=means
        )

    patch.setattr(listener, "listen", listen)
    patch.setattr("workers.listeners.whisper_opener", lambda *_, **__: lambda: _Hearing(ears, ""))
    patch.setattr("campaign.submission.prepare.choose_listening", lambda *_: ChosenListening(locked=locked))
    return ears
