"""Which characters a language's voice can read, and how it reads those it has no rule for.

In place of a letter that it does not know the library says its name or number: Nguyễn came out as "N G U Y letter
one E C five N". Another script is refused (a Cyrillic word in an English span is an error of the text). The
accented letters beyond U+024F, for which no voice but the Vietnamese has a rule, are read without the marks that
the language does not know, as its readers do: Nguyên, which every voice can say. How many were is noted in the run.
"""

from __future__ import annotations

import unicodedata
from functools import lru_cache
from itertools import combinations

LATIN = frozenset({"LATIN"})
SCRIPTS = {
    "ar": {"ARABIC"}, "fa": {"ARABIC"}, "ur": {"ARABIC"},
    "bg": {"CYRILLIC"}, "mk": {"CYRILLIC"}, "ru": {"CYRILLIC"}, "uk": {"CYRILLIC"}, "be": {"CYRILLIC"},
    "el": {"GREEK"}, "he": {"HEBREW"}, "ka": {"GEORGIAN"}, "hy": {"ARMENIAN"},
    "hi": {"DEVANAGARI"}, "mr": {"DEVANAGARI"}, "ne": {"DEVANAGARI"},
}  # fmt: skip
LATIN_LANGUAGES = frozenset({
    "en", "de", "es", "fr", "it", "pt", "nl", "sv", "da", "nb", "no", "fi", "pl", "cs", "sk", "hu", "ro", "hr", "sl",
    "et", "lv", "lt", "tr", "ca", "gl", "eu", "is", "ga", "cy", "id", "ms", "sw", "af", "sq", "vi",
})  # fmt: skip
LAST_KNOWN = 0x24F
"""Beyond Latin Extended-B no Latin voice has a rule; asked of each, letter by letter. Within, these five lack one:"""
UNKNOWN_LETTERS = frozenset("ƄƅƧƨƼƽƾɁɂ")
VIETNAMESE_LETTERS = range(0x1EA0, 0x1EFA)
SHARP_S = "ẞ"


def unspeakable(text: str, language: str) -> tuple[str, ...]:
    """The characters of `text` that the language's voice cannot read, sorted."""
    return tuple(sorted({character for character in text if _reading(character, language) is None}))


def readable(text: str, language: str) -> tuple[str, int]:
    """(text as the voice is to read it, how many letters lost marks); call `unspeakable` first."""
    read = [(character, _reading(character, language) or "") for character in text]
    return "".join(reading for _, reading in read), sum(character != reading for character, reading in read)


@lru_cache(maxsize=8192)
def _reading(character: str, language: str) -> str | None:
    """The character itself, a letter that the voice has a rule for, or None."""
    category = unicodedata.category(character)
    if category[0] == "C":
        return None  # controls, surrogates, private use
    scripts = LATIN if language in LATIN_LANGUAGES else SCRIPTS.get(language)
    if category[0] != "L" or category == "Lm" or scripts is None:
        return character
    if unicodedata.name(character, "?").split(" ")[0] not in scripts:
        return None
    return _without_unknown_marks(character, language)


def _without_unknown_marks(character: str, language: str) -> str | None:
    """The letter with as few marks taken off as a rule needs; None for a letter of its own without a rule."""
    if character == SHARP_S:
        return "ß"
    if not _lacks_rule(character, language):
        return character
    letter, *marks = tuple(unicodedata.normalize("NFD", character))
    for kept in range(len(marks) - 1, -1, -1):
        for some in reversed(list(combinations(marks, kept))):
            simpler = unicodedata.normalize("NFC", letter + "".join(some))
            if len(simpler) == 1 and not _lacks_rule(simpler, language):
                return simpler
    return None


def _lacks_rule(character: str, language: str) -> bool:
    if language == "vi" and ord(character) in VIETNAMESE_LETTERS:
        return False
    return character in UNKNOWN_LETTERS or (
        unicodedata.name(character)[:5] == "LATIN" and ord(character) > LAST_KNOWN
    )
