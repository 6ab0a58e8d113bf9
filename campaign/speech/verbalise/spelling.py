"""Codes, spelled words, rows of digits, and e-mail and web addresses.

Letters are said by their names, which every engine does for a capital that stands alone; groups are parted
by commas, so that the voice pauses where the writing does.
"""

from __future__ import annotations

import re

from campaign.speech.languages.registry import spoken
from campaign.speech.typed import Context, Reading, TypedValue, UnreadableValueError
from campaign.speech.verbalise.numbers import cardinal, digits
from campaign.speech.verbalise.written import ascii_digits
from workers.digits import are_digits

_VOWELS = frozenset("aeiouyäöüáéíóúàèìòùâêîôûãõ")


def join_groups(groups: list[str], language: str) -> str:
    """Groups with the pause between them."""
    return spoken(language, "a code").words.pause.join(group for group in groups if group)


def digit_row(value: TypedValue, context: Context) -> Reading:
    """Digits one by one, in the groups that are written."""
    text = ascii_digits(value.written.strip())
    if not re.fullmatch(r"\d[\d\s.\-–/]*|0(?:,\d{3})+", text):
        raise UnreadableValueError(
            "not-digits", f"{value.written!r} is not a row of digits", "use spell for letters"
        )
    return Reading(
        text=join_groups(
            [digits(group, context.language) for group in re.findall(r"\d+", text)], context.language
        )
    )


def spell(value: TypedValue, context: Context) -> Reading:
    """Every letter and digit by its name; hyphens and spaces are pauses."""
    return Reading(text=_spell_out(value.written, context, whole_words=False))


def code(value: TypedValue, context: Context) -> Reading:
    """As `spell`, but a group of letters that can be pronounced is read as a word: `COVID-19`."""
    return Reading(text=_spell_out(value.written, context, whole_words=True))


def _spell_out(written: str, context: Context, *, whole_words: bool) -> str:
    language = context.language
    room = spoken(language, "a code")
    signs = room.words.signs
    groups: list[str] = []
    for group in re.split(r"[\s\-–—]+", ascii_digits(written.strip())):
        words: list[str] = []
        for part in re.findall(r"[^\W\d_]+|\d+|.", group):
            if are_digits(part):
                words.append(_code_digits(part, context, whole_words=whole_words))
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
    if whole_words and room.space:
        text = join_groups(groups, language)
        return (
            re.sub(r"(?<=[^\W\d_]{4}), (?=\w)|, (?=[^\W\d_]{4,})", " ", text) if _has_word(written) else text
        )
    return join_groups(groups, language)


def _has_word(written: str) -> bool:
    return any(_pronounceable(part) for part in re.findall(r"[^\W\d_]+", written))


def _code_digits(part: str, context: Context, *, whole_words: bool) -> str:
    if whole_words and len(part) == 2 and part[0] != "0":
        return cardinal(int(part), context.language, region=context.region)
    return digits(part, context.language)


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
    language = context.language
    signs = spoken(language, "an address").words.signs
    text = re.sub(r"^https?://", "", value.written.strip()).rstrip("/")
    words: list[str] = []
    for part in re.findall(r"[^\W\d_]+|\d+|.", text):
        if are_digits(part):
            words.append(digits(part, language))
        elif part[0].isalpha():
            words.append("W W W" if part.lower() == "www" else part)
        elif part in signs:
            words.append(signs[part])
        else:
            raise UnreadableValueError(
                "unspeakable-character",
                f"{part!r} in {value.written!r} has no name",
                "write the address in words",
            )
    return Reading(text=" ".join(words))
