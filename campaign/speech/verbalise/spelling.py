"""Telephone numbers, codes, spelled words, rows of digits, and e-mail and web addresses.

Letters are said by their names, which every engine does for a capital that stands alone; groups are parted
by commas, so that the voice pauses where the writing does.
"""

from __future__ import annotations

import re

from campaign.speech.typed import Context, Reading, TypedValue, UnreadableValueError
from campaign.speech.verbalise.numbers import cardinal, digits, require_language
from campaign.speech.verbalise.words import PLUS_WORDS, SIGN_WORDS
from campaign.speech.verbalise.written import ascii_digits
from workers.digits import are_digits

_PAIRS = frozenset({"fr"})
"""Languages that read telephone numbers in pairs."""
_VOWELS = frozenset("aeiouyäöüáéíóúàèìòùâêîôûãõ")


def _join(groups: list[str], language: str) -> str:
    return ("，" if language == "zh" else ", ").join(group for group in groups if group)


def telephone(value: TypedValue, context: Context) -> Reading:
    """A telephone number, digit by digit in the groups that are written; in pairs in French.

    Option `region`: a number without groups is parted as that country writes it.
    """
    require_language(context.language, "a telephone number")
    text = ascii_digits(value.written.strip()).replace("\u00a0", " ").replace("\u202f", " ")
    text = text.replace("(0)", " ")
    if not re.fullmatch(r"\+?[\d\s()/.\-–]+", text) or not 3 <= len(re.sub(r"\D", "", text)) <= 18:
        raise UnreadableValueError(
            "not-a-telephone-number",
            f"{value.written!r} is not a telephone number",
            "write it as +49 30 1234567",
        )
    groups = re.findall(r"\d+", text)
    language = context.language
    region = value.option("region") or {"fr": "FR", "zh": "CN"}.get(language, "")
    if len(groups) == 1:
        groups = _number_groups(groups[0], plus=text.startswith("+"), region=region)
    spoken = [_telephone_group(group, language, first=index == 0) for index, group in enumerate(groups)]
    if text.startswith("+"):
        spoken[0] = f"{PLUS_WORDS[language]}{'' if language == 'zh' else ' '}{spoken[0]}"
    return Reading(text=_join(spoken, language))


_COUNTRY_CODES = ("1", "7", "20", "27", "30", "31", "32", "33", "34", "36", "39", "40", "41", "43", "44", "45", "46",
                  "47", "48", "49", "51", "52", "53", "54", "55", "56", "57", "58", "60", "61", "62", "63", "64", "65",
                  "66", "81", "82", "84", "86", "90", "91", "92", "93", "94", "95", "98")  # fmt: skip


def _number_groups(number: str, *, plus: bool, region: str) -> list[str]:
    if plus:
        code = next((code for code in _COUNTRY_CODES if number.startswith(code)), number[:3])
        return [code, *_number_groups(number[len(code) :], plus=False, region=region)]
    if region == "FR" and len(number) % 2 == 0:
        return [number[i : i + 2] for i in range(0, len(number), 2)]
    if region == "CN" and len(number) == 11 and number[0] == "1":
        return [number[:3], number[3:7], number[7:]]
    if len(number) <= 4:
        return [number]
    sizes = [len(number) % 3 or 3] + [3] * ((len(number) - 1) // 3)
    if sizes[0] == 1:
        sizes = [3] * (len(number) // 3 - 1) + [2, 2]
    groups, start = [], 0
    for size in sizes:
        groups.append(number[start : start + size])
        start += size
    return groups


def _telephone_group(group: str, language: str, *, first: bool) -> str:
    if language in _PAIRS and len(group) <= 3:
        return _french_group(group)
    if language in _PAIRS:
        odd = len(group) % 2
        parts = ([group[:1]] if odd else []) + [group[i : i + 2] for i in range(odd, len(group), 2)]
        return ", ".join(_french_group(part) for part in parts)
    words = digits(group, language)
    return words.replace("一", "幺") if language == "zh" else words


def _french_group(group: str) -> str:
    stripped = group.lstrip("0")
    zeros = ["zéro"] * (len(group) - len(stripped))
    return " ".join(zeros + ([cardinal(int(stripped), "fr")] if stripped else []))


def digit_row(value: TypedValue, context: Context) -> Reading:
    """Digits one by one, in the groups that are written."""
    require_language(context.language, "a row of digits")
    text = ascii_digits(value.written.strip())
    if not re.fullmatch(r"\d[\d\s.\-–/]*", text):
        raise UnreadableValueError(
            "not-digits", f"{value.written!r} is not a row of digits", "use spell for letters"
        )
    return Reading(
        text=_join([digits(group, context.language) for group in re.findall(r"\d+", text)], context.language)
    )


def spell(value: TypedValue, context: Context) -> Reading:
    """Every letter and digit by its name; hyphens and spaces are pauses."""
    require_language(context.language, "a spelled word")
    return Reading(text=_spell_out(value.written, context.language, whole_words=False))


def code(value: TypedValue, context: Context) -> Reading:
    """As `spell`, but a group of letters that can be pronounced is read as a word: `COVID-19`."""
    require_language(context.language, "a code")
    return Reading(text=_spell_out(value.written, context.language, whole_words=True))


def _spell_out(written: str, language: str, *, whole_words: bool) -> str:
    signs = SIGN_WORDS[language]
    groups: list[str] = []
    for group in re.split(r"[\s\-–—]+", ascii_digits(written.strip())):
        words: list[str] = []
        for part in re.findall(r"[^\W\d_]+|\d+|.", group):
            if are_digits(part):
                words.append(_code_digits(part, language, whole_words=whole_words))
            elif part[0].isalpha():
                words.extend([part] if whole_words and _pronounceable(part) else _letters(part))
            elif part in signs:
                words.append(signs[part])
            else:
                raise UnreadableValueError(
                    "unspeakable-character",
                    f"{part!r} in {written!r} has no name",
                    "leave it out of the code",
                )
        groups.append(" ".join(words))
    if whole_words and language != "zh":
        text = _join(groups, language)
        return (
            re.sub(r"(?<=[^\W\d_]{4}), (?=\w)|, (?=[^\W\d_]{4,})", " ", text) if _has_word(written) else text
        )
    return _join(groups, language)


def _has_word(written: str) -> bool:
    return any(_pronounceable(part) for part in re.findall(r"[^\W\d_]+", written))


def _code_digits(part: str, language: str, *, whole_words: bool) -> str:
    if whole_words and len(part) == 2 and part[0] != "0":
        return cardinal(int(part), language)
    return digits(part, language)


def _letters(part: str) -> list[str]:
    return [letter if letter == "ß" else letter.upper() for letter in part]


def _pronounceable(part: str) -> bool:
    lower = part.lower()
    return (
        len(part) >= (3 if part.islower() else 4)
        and any(c in _VOWELS for c in lower)
        and any(c not in _VOWELS for c in lower)
    )


def address(value: TypedValue, context: Context) -> Reading:
    """An e-mail or web address, its signs by name."""
    require_language(context.language, "an address")
    language = context.language
    text = re.sub(r"^https?://", "", value.written.strip()).rstrip("/")
    words: list[str] = []
    for part in re.findall(r"[^\W\d_]+|\d+|.", text):
        if are_digits(part):
            words.append(digits(part, language))
        elif part[0].isalpha():
            words.append("W W W" if part.lower() == "www" else part)
        elif part in SIGN_WORDS[language]:
            words.append(SIGN_WORDS[language][part])
        else:
            raise UnreadableValueError(
                "unspeakable-character",
                f"{part!r} in {value.written!r} has no name",
                "write the address in words",
            )
    return Reading(text=" ".join(words))
