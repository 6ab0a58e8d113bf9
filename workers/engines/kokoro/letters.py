"""The alphabet that Kokoro was trained on (misaki's), from espeak-ng's IPA and from people's.

The model drops a symbol that it does not know in silence, and a sound with it. So every symbol is held against its
table, and what is not there is an error. `NEAR` holds sounds of other languages that its voices say as its speakers
would, by the nearest one they have: how many were is noted in the run.

Letters and their numbers: hexgrad/Kokoro-82M, config.json. Spellings: misaki 0.9.4, `EspeakFallback` (English) and
`EspeakG2P` (other languages).
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass

from workers.engines.espeak.child import TIE
from workers.engines.pronunciation import UnknownPhonemeError

NUMBERS = {
    ";": 1, ":": 2, ",": 3, ".": 4, "!": 5, "?": 6, "—": 9, "…": 10, '"': 11, "(": 12, ")": 13, "“": 14, "”": 15,
    " ": 16, "\u0303": 17, "ʣ": 18, "ʥ": 19, "ʦ": 20, "ʨ": 21, "ᵝ": 22, "ꭧ": 23, "A": 24, "I": 25, "O": 31, "Q": 33,
    "S": 35, "T": 36, "W": 39, "Y": 41, "ᵊ": 42, "a": 43, "b": 44, "c": 45, "d": 46, "e": 47, "f": 48, "h": 50,
    "i": 51, "j": 52, "k": 53, "l": 54, "m": 55, "n": 56, "o": 57, "p": 58, "q": 59, "r": 60, "s": 61, "t": 62,
    "u": 63, "v": 64, "w": 65, "x": 66, "y": 67, "z": 68, "ɑ": 69, "ɐ": 70, "ɒ": 71, "æ": 72, "β": 75, "ɔ": 76,
    "ɕ": 77, "ç": 78, "ɖ": 80, "ð": 81, "ʤ": 82, "ə": 83, "ɚ": 85, "ɛ": 86, "ɜ": 87, "ɟ": 90, "ɡ": 92, "ɥ": 99,
    "ɨ": 101, "ɪ": 102, "ʝ": 103, "ɯ": 110, "ɰ": 111, "ŋ": 112, "ɳ": 113, "ɲ": 114, "ɴ": 115, "ø": 116, "ɸ": 118,
    "θ": 119, "œ": 120, "ɹ": 123, "ɾ": 125, "ɻ": 126, "ʁ": 128, "ɽ": 129, "ʂ": 130, "ʃ": 131, "ʈ": 132, "ʧ": 133,
    "ʊ": 135, "ʋ": 136, "ʌ": 138, "ɣ": 139, "ɤ": 140, "χ": 142, "ʎ": 143, "ʒ": 147, "ʔ": 148, "ˈ": 156, "ˌ": 157,
    "ː": 158, "ʰ": 162, "ʲ": 164, "↓": 169, "→": 171, "↗": 172, "↘": 173, "ᵻ": 177,
}  # fmt: skip
"""Each letter's token."""
STOPS = frozenset(';:,.!?—…"()“” ')
"""Letters that are no sound."""
STRESS = frozenset("ˈˌ")

_ENGLISH = {
    "ʔˌn\u0329": "tn", "ʔn\u0329": "tn", "a^ɪ": "I", "a^ʊ": "W", "d^ʒ": "ʤ", "e^ɪ": "A", "e": "A", "t^ʃ": "ʧ",
    "ɔ^ɪ": "Y", "ə^l": "ᵊl", "ʲo": "jo", "ʲə": "jə", "ʲ": "", "ɚ": "əɹ", "ɚɹ": "əɹ", "r": "ɹ", "x": "k", "ç": "k",
    "ɐ": "ə", "ɬ": "l", "\u0303": "", "o": "ɔ", "ɾ": "T", "ʔ": "t",
}  # fmt: skip
_BRITISH = {**_ENGLISH, "e^ə": "ɛː", "iə": "ɪə", "ə^ʊ": "Q", "o^ʊ": "Q"}
_AMERICAN = {**_ENGLISH, "o^ʊ": "O", "ə^ʊ": "O", "ɜːɹ": "ɜɹ", "ɜː": "ɜɹ", "ɪə": "iə", "ː": ""}
_OTHER = {
    "a^ɪ": "I", "a^ʊ": "W", "d^z": "ʣ", "d^ʒ": "ʤ", "e^ɪ": "A", "o^ʊ": "O", "ə^ʊ": "Q", "s^s": "S", "t^s": "ʦ",
    "t^ʃ": "ʧ", "ɔ^ɪ": "Y",
}  # fmt: skip
_EXACTLY = "\u0308\u030a\u030d\u031d\u031e\u031f\u0320\u0324\u0325\u0329\u032a\u032c\u032f\u0330\u033a\u033b"
"""Marks of how a sound is made."""
NEAR = {
    "ʏ": "y", "ɫ": "l", "ɭ": "l", "ʟ": "l", "ɬ": "l", "ʀ": "ʁ", "ɵ": "ø", "ʉ": "u", "ɘ": "ə", "ɶ": "œ", "ħ": "h",
    "ɦ": "h", "ɱ": "m", "ʍ": "w", "ʑ": "ʒ", "ʐ": "ʒ", "ɓ": "b", "ɗ": "d", "ɠ": "ɡ", "ʕ": "ʔ", "ɢ": "ɡ", "ʛ": "ɡ",
    "ɧ": "ʃ", "ʼ": "ʔ", "g": "ɡ", "ˑ": "ː",
    **dict.fromkeys(_EXACTLY, ""), **dict.fromkeys("123456789", ""),  # a tone's number
}  # fmt: skip
"""The nearest sound of those that the voices were trained on."""

_IPA_ENGLISH = {
    "eɪ": "A", "aɪ": "I", "aʊ": "W", "ɔɪ": "Y", "dʒ": "ʤ", "tʃ": "ʧ", "ɝ": "ɜɹ", "ɚ": "əɹ", "r": "ɹ", "g": "ɡ",
    "e": "ɛ",
}  # fmt: skip
_IPA_BRITISH = {**_IPA_ENGLISH, "oʊ": "Q", "əʊ": "Q", "eə": "ɛː", "ɛə": "ɛː", "iə": "ɪə", "æ": "a"}
_IPA_AMERICAN = {
    **_IPA_ENGLISH, "oʊ": "O", "əʊ": "O", "ɜːr": "ɜɹ", "ɜːɹ": "ɜɹ", "ɜː": "ɜɹ", "ɒ": "ɑ", "ː": "", "a": "æ",
}  # fmt: skip
_IPA_OTHER = {
    "dʒ": "ʤ", "tʃ": "ʧ", "ts": "ʦ", "dz": "ʣ", "aɪ": "I", "aʊ": "W", "eɪ": "A", "oʊ": "O", "ɔɪ": "Y", "g": "ɡ",
}  # fmt: skip
_SILENT = frozenset(".‿͜͡ˑ")
_SWITCH = re.compile(r"\([^)]*\)")
"""espeak-ng's mark of a word that it reads in another language."""


@dataclass(frozen=True, slots=True)
class Spelled:
    """Sounds in the model's letters."""

    letters: str
    near: int = 0
    """How many sounds are only near what was asked for."""


def from_espeak(ipa: str, accent: str) -> Spelled:
    """What espeak-ng says of a text, its sounds tied by `TIE`; raises `UnknownPhonemeError`.

    `accent` is the language tag it was read in: `en-us`, `pt-br`.
    """
    text = _SWITCH.sub("", ipa)
    if accent.startswith("en"):
        text = _replaced(text, _AMERICAN if accent == "en-us" else _BRITISH)
        text = re.sub("(\\S)\u0329", r"ᵊ\1", text)
    else:
        text = _replaced(text, _OTHER)
    return _checked(text.replace(TIE, "").replace("-", ""))


def from_ipa(ipa: str, accent: str) -> str:
    """The letters for a pronunciation that people wrote; raises `UnknownPhonemeError` and never skips a symbol."""
    text = unicodedata.normalize("NFC", "".join(c for c in ipa.strip("/[] ") if c not in _SILENT))
    if accent.startswith("en"):
        text = _replaced(text, _IPA_AMERICAN if accent == "en-us" else _IPA_BRITISH)
    else:
        text = _replaced(text, _IPA_OTHER)
    spelled = _checked(text)
    if spelled.near:
        raise UnknownPhonemeError(f"no sound for {_unknown(text)}")
    if not any(letter not in STOPS and letter not in STRESS for letter in spelled.letters):
        raise UnknownPhonemeError("there is no sound in it")
    return spelled.letters


def tokens_of(letters: Iterable[str]) -> list[int]:
    """Each letter's number."""
    return [NUMBERS[letter] for letter in letters]


def _replaced(text: str, table: dict[str, str]) -> str:
    """All of a table's spellings, the longest first, each once."""
    pattern = "|".join(sorted(map(re.escape, table), key=len, reverse=True))
    return re.sub(pattern, lambda found: table[found[0]], text)


def _checked(text: str) -> Spelled:
    letters, near = [], 0
    for symbol in text:
        for part in (symbol,) if symbol in NUMBERS else unicodedata.normalize("NFD", symbol):
            if part in NUMBERS:
                letters.append(part)
            elif part in NEAR:
                letters.append(NEAR[part])
                near += 1
            else:
                raise UnknownPhonemeError(f"no sound for {part!r} (U+{ord(part):04X})")
    return Spelled("".join(letters), near)


def _unknown(text: str) -> str:
    symbol = next(c for c in unicodedata.normalize("NFD", text) if c not in NUMBERS)
    return f"{symbol!r} (U+{ord(symbol):04X})"
