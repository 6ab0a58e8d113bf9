"""Telephone numbers: as people, address books and web pages write them, to digits in groups.

Every digit that is written is said, zeros above all, but one: the `(0)` between a country's code and the number is what
those dial who are in the country, and is left out after `+` or `00`.
"""

from __future__ import annotations

import re
from typing import Final

from campaign.speech.languages.record import Language
from campaign.speech.languages.registry import spoken
from campaign.speech.typed import Context, Reading, TypedValue, UnreadableValueError
from campaign.speech.verbalise.numbers import digits
from campaign.speech.verbalise.spelling import join_groups
from campaign.speech.verbalise.written import ascii_digits

_AS_ASCII: Final = str.maketrans(
    {
        **dict.fromkeys("\u00a0\u202f\u2007\u2009\u3000\t", " "),
        **dict.fromkeys("‐‑‒–—―−﹣－", "-"),
        **dict.fromkeys("·•∙⋅．", "."),
        "＋": "+",
        "﹢": "+",
        "（": "(",
        "）": ")",
        "／": "/",
    }
)
_PLAIN: Final = re.compile(r"\+?[0-9]{8,15}|0[0-9]{2,4} [0-9]{3,8}(?: [0-9]{2,6})?")
"""What has no more to it than digits, as many as a number has."""
_LABEL: Final = re.compile(
    r"(?:tel|tél|telephone|téléphone|telefon|telefono|teléfono|telefone|phone|mob|mobil|mobile|móvil|cell|handy|callto|sip)"
    r"(?:\.:|\.|:)?\s*(?=[+(\d])",
    re.I,
)
_EXTENSION: Final = re.compile(
    r"(?:[\s,;/-]*(?:\b|(?<=\d))(?:ext(?:ension|n)?|x|durchwahl|dw|app(?:arat)?|nst|poste|interno|int|ramal|extensión"
    r"|anexo)[\s.:=#]*|[\s,]*(?:转|分机|#)\s*)(\d{1,6})",
    re.I,
)
_TWO: Final = re.compile(r"\s*(?:[;,|&\n]|/|\b(?:or|and|oder|und|ou|et|o|y|e)\b)\s*", re.I)
_WHOLE_NUMBER: Final = 7
"""Digits that make a part of the text a number of its own."""
_KEYS: Final = dict(zip("ABCDEFGHIJKLMNOPQRSTUVWXYZ", "22233344455566677778889999", strict=True))
_SHORTEST, _SHORTEST_ABROAD, _LONGEST, _LONGEST_DIALLED = 3, 7, 15, 18
"""Digits: of a service, of a number with its country's code, of any number (E.164), with what is dialled before it."""


def telephone(value: TypedValue, context: Context) -> Reading:
    """A telephone number, digit by digit in the groups that are written, or as the language says groups.

    Option `region`: a number without groups is parted as that country writes it.
    """
    room = spoken(context.language, "a telephone number")
    number, extension = _number_and_extension(value.written)
    groups = re.findall(r"\d+", number)
    is_abroad = number.startswith("+")
    region = value.option("region") or room.numerals.telephone_region
    if len(groups) == 1:
        groups = _number_groups(groups[0], plus=is_abroad, region=region)
    said = [_group(group, room, context.region) for group in groups]
    if is_abroad:
        said[0] = f"{room.words.plus}{room.space}{said[0]}"
    if extension:
        said.append(f"{room.words.extension}{room.space}{_group(extension, room, context.region)}")
    return Reading(text=join_groups(said, room.code))


def _group(group: str, room: Language, region: str) -> str:
    own = room.numerals.telephone_group
    return digits(group, room.code) if own is None else own(group, region=region)


def _number_and_extension(written: str) -> tuple[str, str]:
    """(the number in ASCII, its `(0)` said or left out, the extension or nothing)."""
    if _PLAIN.fullmatch(written):
        return written, ""
    text = ascii_digits(written.translate(_AS_ASCII).strip())
    text = _LABEL.sub("", text, count=1) if _LABEL.match(text) else text
    text = re.sub(r"^\((\+\d{1,3})\)", r"\1 ", text)
    extension = ""
    if (
        (match := _EXTENSION.search(text))
        and match.end() == len(text)
        and re.search(r"\d", text[: match.start()])
    ):
        text, extension = text[: match.start()].rstrip(" ,;-"), match[1]
    _refuse_two(text, written)
    _refuse_letters(text, written)
    text = re.sub(r"\(0\)\s?", " " if text.startswith(("+", "00")) else "0", text)
    count = len(re.sub(r"\D", "", text))
    if not re.fullmatch(r"\+?[\d\s()/.-]+", text) or count < _SHORTEST:
        raise UnreadableValueError(
            "not-a-telephone-number", f"{written!r} is not a telephone number", "write it as +49 30 1234567"
        )
    if text.startswith("+") and not _SHORTEST_ABROAD <= count <= _LONGEST:
        raise UnreadableValueError(
            "not-a-telephone-number",
            f"{written!r} has {count} digits; a number with its country's code has {_SHORTEST_ABROAD} to {_LONGEST}",
            "correct it, or write it as +49 30 1234567",
        )
    if count > (_LONGEST_DIALLED if text.startswith("0") else _LONGEST):
        raise UnreadableValueError(
            "not-a-telephone-number",
            f"{written!r} has {count} digits, more than any telephone number",
            "correct it; a column of other numbers is declared as digits",
        )
    return text, extension


def _refuse_two(text: str, written: str) -> None:
    parts = [part for part in _TWO.split(text) if len(re.sub(r"\D", "", part)) >= _WHOLE_NUMBER]
    if len(parts) > 1:
        raise UnreadableValueError(
            "two-telephone-numbers",
            f"{written!r} holds more than one number: {' and '.join(parts[:3])}",
            "leave the one that is to be said",
        )


def _refuse_letters(text: str, written: str) -> None:
    """`1-800-FLOWERS`: how it would be said is not known, but the digits on the same keys can be told."""
    if not re.search(r"\d", text) or not re.search(r"[A-Za-z]{2}", text):
        return
    mend = "leave the words out"
    if re.fullmatch(r"[+\d\sA-Z()/.-]+", text):
        dialled = "".join(_KEYS.get(character, character) for character in text)
        mend = f"write the digits on the same keys, {dialled}"
    raise UnreadableValueError("letters-in-a-number", f"{written!r} is written with letters", mend)


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
