"""How long the words will take, before they are made.

Upstream multiplies the reference's length by a ratio of UTF-8 bytes: an accent counts twice, Cyrillic double, a
Chinese character three times, and below ten bytes everything is slowed down threefold. Here the preset's own pace
is measured once, in syllables (or characters) a second over its reference, and carried to other languages by how
fast these are spoken: mean syllable rates of Pellegrino, Coupé and Marsico, "A cross-language perspective on speech
information rate", Language 87 (2011), table 1, and Coupé et al., Science Advances 5 (2019).
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass

SYLLABLES_PER_SECOND = {
    "de": 5.97,
    "en": 6.19,
    "es": 7.82,
    "fr": 7.18,
    "it": 6.99,
    "ja": 7.84,
    "zh": 5.18,
    "vi": 5.22,
    "ko": 7.0,
    "fi": 7.2,
    "hu": 5.9,
    "tr": 7.0,
    "th": 4.7,
}
MEAN_SYLLABLES_PER_SECOND = 6.5
"""Of languages that the studies do not have."""
PAUSE_S = {",": 0.18, ";": 0.22, ":": 0.22, "、": 0.18, "，": 0.18, "；": 0.22, "—": 0.22, "–": 0.22}
PAUSE_AT_STOP_S = 0.35
STOPS = frozenset(".!?…。！？")
FINAL_LENGTHENING_S = 0.15
"""What the last syllable of an utterance takes beyond the others."""

_VOWELS = frozenset("aeiouyæøœəɛɔаеёиоуыэюяіїєўαεηιουω")
_SILENT_E = frozenset({"en", "fr"})
_WORD = re.compile(r"[^\W\d_]+(?:['’][^\W\d_]+)*")
_LETTERS_PER_SYLLABLE_WITHOUT_VOWELS = 2.0
"""Scripts that do not write short vowels: Arabic, Hebrew."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Pace:
    """How fast a preset speaks."""

    unit: str
    """`syllables` or `characters`."""
    units_per_second: float
    """Of the reference, in its own language, pauses taken out."""
    language: str
    """Of the reference."""

    def per_second(self, language: str) -> float:
        """Units a second in another language."""
        if self.unit == "characters" or language == self.language:
            return self.units_per_second
        own = SYLLABLES_PER_SECOND.get(self.language, MEAN_SYLLABLES_PER_SECOND)
        other = SYLLABLES_PER_SECOND.get(language, MEAN_SYLLABLES_PER_SECOND)
        return self.units_per_second * other / own


def measure_pace(transcript: str, seconds: float, *, language: str, unit: str) -> Pace:
    """The pace of a reference that says `transcript` in `seconds`."""
    spoken_s = max(0.25 * seconds, seconds - pauses_s(transcript) - FINAL_LENGTHENING_S)
    return Pace(
        unit=unit, units_per_second=max(1, units_in(transcript, language, unit)) / spoken_s, language=language
    )


def units_in(text: str, language: str, unit: str) -> int:
    """Syllables or letters of `text`."""
    if unit == "characters":
        return sum(character.isalnum() for character in text)
    return sum(syllables(word, language) for word in _WORD.findall(text))


def syllables(word: str, language: str) -> int:
    """Of one word, at least 1: vowel groups where vowels are written, characters where they are syllables."""
    count, in_vowels, unwritten, written = 0, False, 0, False
    bare = [
        character
        for character in unicodedata.normalize("NFD", word.casefold())
        if not unicodedata.combining(character) or _is_kana_mark(character)
    ]
    for character in bare:
        if _is_syllable(character):
            count, in_vowels, written = count + 1, False, True
        elif character in _VOWELS:
            count, written = count + (not in_vowels), True
            in_vowels = True
        else:
            in_vowels = False
            if unicodedata.bidirectional(character) in ("R", "AL"):
                unwritten += 1
    if language in _SILENT_E and count > 1 and len(bare) > 2 and bare[-1] == "e" and bare[-2] not in _VOWELS:
        count -= not (
            language == "en" and bare[-2] == "l" and bare[-3] not in _VOWELS
        )  # "table" keeps its two
    if not written and unwritten:
        count = round(unwritten / _LETTERS_PER_SYLLABLE_WITHOUT_VOWELS)
    return max(1, count)


def pauses_s(text: str) -> float:
    """What the marks inside a text take; the last mark ends it and takes nothing."""
    inside = text.rstrip().rstrip("".join(STOPS) + "".join(PAUSE_S))
    return sum(PAUSE_AT_STOP_S if mark in STOPS else PAUSE_S.get(mark, 0.0) for mark in inside)


def _is_kana_mark(character: str) -> bool:
    return character in "\u3099\u309a"


def _is_syllable(character: str) -> bool:
    code = ord(character)
    if character in "ゃゅょぁぃぅぇぉャュョァィゥェォ\u3099\u309a":
        return False  # joins the mora before it
    return (
        0x3041 <= code <= 0x30FF  # kana: a mora each
        or 0x3400 <= code <= 0x9FFF  # Han
        or 0x1100 <= code <= 0x1112  # the first consonant of a decomposed Hangul syllable
        or (
            0x0900 <= code <= 0x0DFF and unicodedata.category(character) == "Lo"
        )  # Indic: about a syllable a letter
        or (0x0E01 <= code <= 0x0E2E and code % 2 == 0)  # Thai: two consonants a syllable
    )
