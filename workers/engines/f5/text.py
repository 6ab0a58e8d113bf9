"""Words -> the model's tokens, and what it cannot say.

The vocabulary is characters and pinyin syllables. Upstream's own conversion is used where the model was trained with
it; but where upstream gives an unknown character the number of the space, here it is an `UnspeakableError`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from workers.engines.engine import SpokenSpan

if TYPE_CHECKING:
    from workers.engines.f5.weights import LoadedModel

SAME_SOUND = str.maketrans({";": ",", "“": '"', "”": '"', "‘": "'", "’": "'"})
"""Marks that upstream's training text did not have, as its own conversion replaces them."""
PINYIN = "pinyin"
FIRST_HAN, LAST_HAN = 0x3400, 0x9FFF


class UnspeakableError(Exception):
    """The model has no token for this; the message names the character."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Tokeniser:
    """One model's."""

    vocabulary: Mapping[str, int]
    scheme: str
    """`pinyin`: Chinese becomes syllables with tones; `char`: every character is itself."""
    to_pinyin: Callable[[list[str]], list[list[str]]]

    def numbers(self, spans: Sequence[SpokenSpan], *, transcript: str, transcript_language: str) -> list[int]:
        """Tokens of the transcript and the words after it; raises `UnspeakableError`."""
        before = SpokenSpan(text=ended(transcript), language=transcript_language)
        words: list[str] = []
        for span in (before, *spans):
            new = self._words(span)
            glued = not words or words[-1].isspace() or (new and new[0].isspace())
            words.extend(new if glued or _is_han(span.text[:1]) else [" ", *new])
        return [self._number(word) for word in words]

    def _words(self, span: SpokenSpan) -> list[str]:
        phonemes = dict(span.phonemes)
        if PINYIN in phonemes and self.scheme == PINYIN:
            return [part for syllable in phonemes[PINYIN].split() for part in (" ", syllable)]
        text = span.text.translate(SAME_SOUND)
        if self.scheme != PINYIN:
            return list(text)
        if span.language != "zh":
            for character in text:
                if _is_han(character):  # upstream would read kanji as Chinese
                    raise UnspeakableError(
                        f"{character!r} (U+{ord(character):04X}) in a span of {span.language}"
                    )
        return self.to_pinyin([text])[0]

    def _number(self, word: str) -> int:
        number = self.vocabulary.get(word)
        if number is None:
            shown = f"{word!r} (U+{ord(word):04X})" if len(word) == 1 else repr(word)
            raise UnspeakableError(shown)
        return number


def character_runs(vocabulary: Iterable[str], scheme: str) -> tuple[tuple[int, int], ...]:
    """First and last code point of each run of characters that a model can be given."""
    codes = {ord(token) for token in vocabulary if len(token) == 1}
    codes |= {mark for mark, same in SAME_SOUND.items() if ord(str(same)) in codes}
    if scheme == PINYIN:
        codes.update(range(FIRST_HAN, LAST_HAN + 1))
    runs: list[tuple[int, int]] = []
    for code in sorted(codes):
        if runs and code == runs[-1][1] + 1:
            runs[-1] = (runs[-1][0], code)
        else:
            runs.append((code, code))
    return tuple(runs)


def tokeniser_of(model: LoadedModel, to_pinyin: Callable[[list[str]], list[list[str]]]) -> Tokeniser:
    """The tokeniser of a loaded model."""
    return Tokeniser(vocabulary=model.vocabulary, scheme=model.architecture.tokeniser, to_pinyin=to_pinyin)


def ended(transcript: str) -> str:
    """A transcript that ends as upstream wants it: a full stop and a space, or a Chinese stop."""
    bare = transcript.strip()
    if bare.endswith(("。", "！", "？")):
        return bare
    return f"{bare} " if bare.endswith((".", "!", "?")) else f"{bare}. "


def _is_han(character: str) -> bool:
    return bool(character) and FIRST_HAN <= ord(character) <= LAST_HAN
