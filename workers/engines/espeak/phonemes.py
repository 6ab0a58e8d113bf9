"""IPA to espeak's own phoneme names, for the voices whose names were checked against the library.

The library stops in silence at a name that its voice does not have and so drops the rest of the word. So IPA is taken
apart by these tables, longest symbol first, and what is in no table is refused. `SAME` holds symbols that the
library itself prints for the name (a test asks it); `ALSO` other dictionaries' spelling of the same phoneme.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping
from functools import lru_cache
from itertools import pairwise

from workers.engines.pronunciation import UnknownPhonemeError

STRESS = {"ˈ": "'", "ˌ": ","}
WORD_GAP = "||"
NOT_SOUNDS = frozenset(("", WORD_GAP, *STRESS.values()))
SILENT = frozenset(".‿͜͡")
"""Syllable breaks, links and tie bars: no sound of their own. (A tie bar joins what the tables hold as one symbol.)"""

SAME: Mapping[str, Mapping[str, str]] = {
    "gmw/en": {
        "iː": "i:", "i": "i", "ɪ": "I", "eɪ": "eI", "ɛ": "E", "a": "a", "ɑː": "A:", "ɒ": "0", "ɔː": "O:", "əʊ": "oU",
        "uː": "u:", "ʊ": "U", "ʌ": "V", "ɜː": "3:", "ə": "@", "ɐ": "a#", "aɪ": "aI", "aʊ": "aU", "ɔɪ": "OI",
        "eə": "e@", "iə": "i@", "ʊə": "U@", "aɪə": "aI@", "aʊə": "aU@",
        "p": "p", "b": "b", "t": "t", "d": "d", "k": "k", "ɡ": "g", "tʃ": "tS", "dʒ": "dZ", "f": "f", "v": "v",
        "θ": "T", "ð": "D", "s": "s", "z": "z", "ʃ": "S", "ʒ": "Z", "h": "h", "x": "x", "ç": "C", "m": "m", "n": "n",
        "ŋ": "N", "ɲ": "n^", "l": "l", "ɫ": "L", "ɹ": "r", "j": "j", "w": "w", "ʔ": "?",
    },
    "gmw/de": {
        "iː": "i:", "i": "i", "ɪ": "I", "eː": "e:", "e": "e", "ɛ": "E", "ɛː": "E:", "a": "a", "ɑː": "A:", "oː": "o:",
        "o": "o", "ɔ": "O", "uː": "u:", "u": "u", "ʊ": "U", "yː": "y:", "ʏ": "y", "øː": "Y:", "œ": "W", "ə": "@",
        "ɜ": "3", "aɪ": "aI", "aʊ": "aU", "ɔø": "OY",
        "p": "p", "b": "b", "t": "t", "d": "d", "k": "k", "ɡ": "g", "ts": "ts", "tʃ": "tS", "pf": "pF", "f": "f",
        "v": "v", "s": "s", "z": "z", "ʃ": "S", "ç": "C", "x": "x", "h": "h", "m": "m", "n": "n", "ŋ": "N", "l": "l",
        "ɾ": "r", "j": "j", "w": "w", "θ": "T", "ʔ": "?",
    },
    "roa/es": {
        "i": "i", "e": "e", "ɛ": "E", "a": "a", "o": "o", "u": "u", "aɪ": "aI", "eɪ": "eI", "eʊ": "eU", "j": "j",
        "w": "w", "p": "p", "b": "b", "β": "B", "t": "t", "d": "d", "ð": "D", "k": "k", "ɡ": "g", "ɣ": "Q", "tʃ": "tS",
        "dʒ": "dZ", "f": "f", "θ": "T", "s": "s", "z": "z", "ʃ": "S", "x": "x", "m": "m", "n": "n", "ŋ": "N", "ɲ": "n^",
        "l": "l", "ʎ": "l^", "ʝ": "J^", "ɾ": "**", "r": "R2",
    },
    "roa/fr": {
        "i": "i", "e": "e", "ɛ": "E", "a": "a", "o": "o", "ɔ": "O", "u": "u", "y": "y", "ø": "Y", "œ": "W", "ə": "@",
        "ɛ̃": "E~", "ɑ̃": "A~", "ɔ̃": "O~", "œ̃": "W~", "j": "j", "w": "w", "p": "p", "b": "b", "t": "t", "d": "d",
        "k": "k", "ɡ": "g", "f": "f", "v": "v", "s": "s", "z": "z", "ʃ": "S", "ʒ": "Z", "m": "m", "n": "n", "ŋ": "N",
        "ɲ": "n^", "l": "l", "ʁ": "r", "tʃ": "tS", "dʒ": "dZ", "h": "h",
    },
}  # fmt: skip
ALSO: Mapping[str, Mapping[str, str]] = {
    "gmw/en": {"e": "E", "æ": "a", "oʊ": "oU", "ɪə": "i@", "ɛə": "e@", "ɛː": "e@", "r": "r", "g": "g"},
    "gmw/de": {"aː": "A:", "ɐ": "3", "y": "y", "œʏ": "OY", "ɔʏ": "OY", "ʁ": "r", "r": "r", "ʀ": "r", "g": "g"},
    "roa/es": {"g": "g", "ɟ": "J^"},
    "roa/fr": {"g": "g", "ʀ": "r", "r": "r"},
}  # fmt: skip


def ipa_voices() -> frozenset[str]:
    """Voice files with a table."""
    return frozenset(SAME)


def from_ipa(ipa: str, voice: str) -> str:
    """espeak's names for `ipa`, for `[[...]]`; raises `UnknownPhonemeError` and never skips a symbol.

    `voice` is a voice file, its variant apart: `gmw/en`.
    """
    table = _table(voice)
    text = unicodedata.normalize(
        "NFC", "".join(character for character in ipa.strip("/[] ") if character not in SILENT)
    )
    names: list[str] = []
    position = 0
    while position < len(text):
        if text[position] == " ":
            names.append(WORD_GAP)
            position += 1
            continue
        symbol = _longest(text, position, table)
        names.append(table[symbol])
        position += len(symbol)
    if NOT_SOUNDS.issuperset(names):
        raise UnknownPhonemeError("there is no sound in it")
    return _spelled(names)


def _longest(text: str, position: int, table: Mapping[str, str]) -> str:
    for length in (3, 2, 1):
        symbol = text[position : position + length]
        if len(symbol) == length and symbol in table and not _is_combining(text, position + length):
            return symbol
    symbol = text[position : position + 2] if _is_combining(text, position + 1) else text[position]
    raise UnknownPhonemeError(f"no sound for {symbol!r} (U+{ord(text[position]):04X})")


def _is_combining(text: str, position: int) -> bool:
    """Whether the next character changes the sound before it, so that the shorter symbol would be wrong."""
    return position < len(text) and (unicodedata.combining(text[position]) > 0 or text[position] in "ːˑʰʲʷˠˤ")


def _spelled(names: list[str]) -> str:
    """Names in a row; a bar between two sounds keeps the library from reading them as one (`t`, `S` as `tS`)."""
    spelled = ""
    for before, name in pairwise(["", *names]):
        both_sound = before not in NOT_SOUNDS and name not in NOT_SOUNDS
        spelled += f"|{name}" if both_sound else name
    return spelled


@lru_cache(maxsize=16)
def _table(voice: str) -> dict[str, str]:
    if voice not in SAME:
        raise UnknownPhonemeError(
            f"there is no IPA table for the voice {voice}; give x-espeak phonemes or an alias"
        )
    merged = {**SAME[voice], **ALSO[voice], **STRESS}
    return {unicodedata.normalize("NFC", symbol): name for symbol, name in merged.items()}
