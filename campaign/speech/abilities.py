"""What the campaign's engine can say beyond plain words: which pronunciations, in which languages.

Asked while a row is read, so that a pronunciation that the engine cannot say fails its row before any sound, and is
never skipped in silence.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache

from workers.engines.espeak.phonemes import UnknownPhonemeError, from_ipa

Phonemes = tuple[tuple[str, str], ...]
"""(alphabet, pronunciation) pairs."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Abilities:
    """What an engine and a preset can say."""

    alphabets: frozenset[str] = frozenset()
    languages: frozenset[str] = frozenset()
    """Empty is any."""
    ipa_voices: Mapping[str, str] | None = None
    """Language to the espeak voice whose IPA table decides; None where the engine takes any IPA."""
    engine: str = "the engine"
    """For messages."""

    def speaks(self, language: str) -> bool:
        """Whether there is a voice for a primary language subtag."""
        return not (
            (self.languages and language not in self.languages)
            or (self.ipa_voices is not None and language not in self.ipa_voices)
        )

    def sayable(self, phonemes: Phonemes, language: str) -> tuple[Phonemes, str]:
        """(the pronunciations that the engine takes, why none of them when there is none)."""
        pronunciations = tuple(pair for pair in phonemes if pair[0] in self.alphabets)
        if phonemes and not pronunciations:
            has = ", ".join(alphabet for alphabet, _ in phonemes)
            return (), f"it has only {has}, which {self.engine} does not take"
        wrong = ""
        if self.ipa_voices is not None:
            for alphabet, sounds in pronunciations:
                if alphabet == "ipa" and (reason := _ipa_problem(sounds, self.ipa_voices.get(language, ""))):
                    pronunciations, wrong = tuple(pair for pair in pronunciations if pair[0] != "ipa"), reason
        return pronunciations, "" if pronunciations else wrong


@lru_cache(maxsize=10_000)
def _ipa_problem(sounds: str, voice: str) -> str:
    """Why the espeak voice cannot say it; "" if it can."""
    try:
        from_ipa(sounds, voice)
    except UnknownPhonemeError as exc:
        return f"the pronunciation {sounds!r} cannot be said: {exc}"
    return ""
