"""What the front end needs from its neighbours: a normaliser and a lexicon, as ports."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol


class Normaliser(Protocol):
    """Prose with digits and short forms to words, one language."""

    def normalise(self, sentence: str) -> str:
        """The words of `sentence`; raises `CampaignError` when it has no reading."""
        ...


class NormaliserSource(Protocol):
    """Where normalisers come from."""

    def load(self, language: str) -> Normaliser | None:
        """The normaliser of a language; None where there is no grammar for it."""
        ...

    def needs(self, text: str, language: str) -> bool:
        """Whether normalising could change `text`; False is a promise."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class LexiconHit:
    """An entry that applies to a stretch of text."""

    start: int
    end: int
    alias: str | None
    """Words to say instead; None keeps the written form."""
    phonemes: tuple[tuple[str, str], ...] = ()
    """(alphabet, pronunciation) pairs, sorted by alphabet."""
    language: str | None = None
    """Language to say it in; None for the clause's."""
    entry: str = ""
    """Identity of the entry, for the trace: `lexicon@version#line`."""
    problem: str = ""
    """Why the engine can say nothing of it; the row fails with this."""


class Lexicon(Protocol):
    """Pronunciation rules of a campaign, already resolved for its engine."""

    def matches(self, text: str, language: str, role: str = "") -> Sequence[LexiconHit]:
        """Hits in `text`, in order, longest first where they compete, never overlapping.

        `language` may have a region: `de-AT`. `role` picks homographs.
        """
        ...


class NemoGrammars:
    """The shipped NeMo grammars, loaded when a language first needs one."""

    def __init__(self, cache_dir: Path | None) -> None:
        self._cache_dir = cache_dir
        self._loaded: dict[str, Normaliser | None] = {}

    def load(self, language: str) -> Normaliser | None:
        """The sentence normaliser of `language`; None where no grammar is shipped."""
        if language not in self._loaded:
            from campaign.speech.nemo.normaliser import SentenceNormaliser, grammar_languages

            has_grammar = language in grammar_languages()
            self._loaded[language] = (
                SentenceNormaliser.load(language, cache_dir=self._cache_dir) if has_grammar else None
            )
        return self._loaded[language]

    def needs(self, text: str, language: str) -> bool:
        """Whether NeMo could change `text`."""
        from campaign.speech.nemo.normaliser import grammar_languages
        from campaign.speech.nemo.plain import needs_normaliser

        return language in grammar_languages() and needs_normaliser(text, language)
