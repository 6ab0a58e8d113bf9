"""What the campaign's engine can say beyond plain words: which pronunciations, in which languages.

Asked while a row is read, so that a pronunciation that the engine cannot say fails its row before any sound, and is
never skipped in silence.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

from workers.engines.pronunciation import IpaReader, IpaReaders, UnknownPhonemeError

Phonemes = tuple[tuple[str, str], ...]
"""(alphabet, pronunciation) pairs."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Abilities:
    """What an engine and a preset can say."""

    alphabets: frozenset[str] = frozenset()
    languages: frozenset[str] = frozenset()
    """Empty is any."""
    ipa: IpaReaders | None = None
    """By language: what its voice can say decides; None where the engine takes any IPA."""
    engine: str = "the engine"
    """For messages."""

    def speaks(self, language: str) -> bool:
        """Whether there is a voice for a primary language subtag."""
        return not (
            (self.languages and language not in self.languages)
            or (self.ipa is not None and language not in self.ipa)
        )

    def sayable(self, phonemes: Phonemes, language: str) -> tuple[Phonemes, str]:
        """(the pronunciations that the engine takes, why none of them when there is none)."""
        pronunciations = tuple(pair for pair in phonemes if pair[0] in self.alphabets)
        if phonemes and not pronunciations:
            has = ", ".join(alphabet for alphabet, _ in phonemes)
            return (), f"it has only {has}, which {self.engine} does not take"
        wrong = ""
        if self.ipa is not None:
            for alphabet, sounds in pronunciations:
                if alphabet == "ipa" and (reason := _ipa_problem(sounds, language, self.ipa.get(language))):
                    pronunciations, wrong = tuple(pair for pair in pronunciations if pair[0] != "ipa"), reason
        return pronunciations, "" if pronunciations else wrong


@lru_cache(maxsize=10_000)
def _ipa_problem(sounds: str, language: str, read: IpaReader | None) -> str:
    """Why the voice cannot say it; "" if it can."""
    if read is None:
        return f"the pronunciation {sounds!r} cannot be said: there is no voice for {language}"
    try:
        read(sounds)
    except UnknownPhonemeError as exc:
        return f"the pronunciation {sounds!r} cannot be said: {exc}"
    return ""
