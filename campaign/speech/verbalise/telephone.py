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
from campaign.speech.verbalise.numbering import (
    IMPOSSIBLE,
    LONGEST_GROUP,
    Planned,
    Standing,
    in_threes,
    is_region,
    planned,
)
from campaign.speech.verbalise.numbers import digits
from campaign.speech.verbalise.spelling import join_groups
from campaign.speech.verbalise.written import ascii_digits

FOUND: Final = "found"
"""The option of a number that prose shows to be one: it is said as it is written, whatever its region."""
UNKNOWN_NUMBER: Final = "unknown-number"
LOST_ZERO: Final = "lost-zero"
EXTENSION: Final = re.compile(
    r"(?:[\s,;/(-]*(?:\b|(?<=\d))(?:ext(?:ension|n)?|x|durchwahl|dw|app(?:arat)?|nst|poste|interno|int|ramal|extensión"
    r"|extensão|anexo)[\s.:=#-]*|[\s,]*(?:转|轉|分机|分機|内线|內線|#)\s*)(\d{1,6})",
    re.I,
)
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
        "＊": "*",
        "＃": "#",
    }
)
_PLAIN: Final = re.compile(r"\+?[0-9]{8,15}|0[0-9]{2,4} [0-9]{3,8}(?: [0-9]{2,6})?|\+[0-9]+(?: [0-9]+)+")
"""What has no more to it than digits, as many as a number has."""
_LABEL: Final = re.compile(
    r"(?:tel|tél|telephone|téléphone|telefon|telefono|teléfono|telefone|phone|mob|mobil|mobile|móvil|cell|handy|fax"
    r"|callto|sip|电话|電話|手机|手機)"
    r"(?:\.:|\.|\s?:|：)?\s*(?=[+(\d*])",
    re.I,
)
_KEYED: Final = re.compile(r"[*#]{1,2}[0-9]{1,15}(?:[*#]{1,2}[0-9]{1,15})*[*#]?")
"""`*611`, `#31#`: what is dialled with keys that are no digits."""
_TWO: Final = re.compile(r"\s*(?:[;,|&\n]|/|\b(?:or|and|oder|und|ou|et|o|y|e)\b)\s*", re.I)
_WHOLE_NUMBER: Final = 7
"""Digits that make a part of the text a number of its own."""
_KEYS: Final = dict(zip("ABCDEFGHIJKLMNOPQRSTUVWXYZ", "22233344455566677778889999", strict=True))
_SHORTEST, _SHORTEST_ABROAD, _LONGEST, _LONGEST_DIALLED = 3, 7, 15, 18
"""Digits: of what is no service, of a number with its country's code, of any number (E.164), with what is dialled
before it."""
_SINGLE_GROUPS: Final = 2
"""Groups of one digit that a number may have, `1 800 555 0199`."""


def telephone(value: TypedValue, context: Context) -> Reading:
    """A telephone number, digit by digit or as the language says groups, in the groups that are written, or its
    country's.

    Its region is the option `region`, else the recipient's, else the countries of the language.
    """
    room = spoken(context.language, "a telephone number")
    dialled = ascii_digits(value.written.translate(_AS_ASCII).strip())
    if _KEYED.fullmatch(dialled):
        return Reading(text=join_groups(_keyed(dialled, room, context.region), room.code))
    number, extension = _number_and_extension(value.written)
    is_found = value.option(FOUND) == "true"
    if not is_found:
        _refuse_other(number, value.written)
    is_abroad = number.startswith("+")
    groups = re.findall(r"\d+", number)
    warning = ""
    if not is_found or not _are_groups(groups):
        regions, is_known = _regions(value, context, room)
        region, plan = _plan(("+" if is_abroad else "") + "".join(groups), regions)
        if not is_found:
            _refuse_impossible(value.written, plan, region if is_known else "", is_abroad=is_abroad)
            warning = _warning(value, plan, () if is_abroad else (region,) if is_known else regions)
        if not _are_groups(groups):
            groups = list(plan.groups)
    said = [_group(group, room, context.region) for group in groups]
    if is_abroad:
        said[0] = f"{room.words.plus}{room.space}{said[0]}"
    if extension:
        said.append(f"{room.words.extension}{room.space}{_group(extension, room, context.region)}")
    text = join_groups(said, room.code)
    if re.match(r"\s\+?\d", context.right):
        text += room.words.pause.rstrip()
    return Reading(text=text, warning=warning)


def key(sign: str, room: Language, region: str) -> str:
    """The name of a key of the telephone, `*` or `#`."""
    regional = room.words.regional_keys.get(region, {})
    return regional.get(sign) or room.words.keys.get(sign) or room.words.signs[sign]


def _keyed(dialled: str, room: Language, region: str) -> list[str]:
    said: list[str] = []
    for part in re.findall(r"\d+|[*#]", dialled):
        if part in "*#":
            said.append(key(part, room, region))
        else:
            said += [_group(group, room, region) for group in in_threes(part)]
    return said


def _group(group: str, room: Language, region: str) -> str:
    own = room.numerals.telephone_group
    return digits(group, room.code) if own is None else own(group, region=region)


def _are_groups(groups: list[str]) -> bool:
    """Whether the writing parts a number as people say it."""
    singles = sum(len(group) == 1 for group in groups)
    return (
        len(groups) > 1 and max(len(group) for group in groups) <= LONGEST_GROUP and singles <= _SINGLE_GROUPS
    )


# -- its region's plan --------------------------------------------------------------------------------


def _regions(value: TypedValue, context: Context, room: Language) -> tuple[tuple[str, ...], bool]:
    """(the regions that it may be a number of, whether somebody named the one)."""
    for region in (value.option("region"), context.region):
        if region and is_region(region):
            return (region,), True
    return room.numerals.telephone_regions or ("",), False


def _plan(number: str, regions: tuple[str, ...]) -> tuple[str, Planned]:
    """The first region that gives the number out, else the first; and what its plan says."""
    for region in regions:
        plan = planned(number, region)
        if plan.standing is Standing.ASSIGNED:
            return region, plan
    return regions[0], planned(number, regions[0])


_WRONG: Final = {
    Standing.TOO_SHORT: "too few for a number of {}",
    Standing.TOO_LONG: "too many for a number of {}",
    Standing.WRONG_LENGTH: "which no number of {} has",
}


def _not_a_number(written: str) -> UnreadableValueError:
    return UnreadableValueError(
        "not-a-telephone-number", f"{written!r} is not a telephone number", "write it as +49 30 1234567"
    )


def _refuse_impossible(written: str, plan: Planned, region: str, *, is_abroad: bool) -> None:
    if plan.standing is Standing.NO_COUNTRY and is_abroad:
        raise UnreadableValueError(
            "not-a-telephone-number",
            f"{written!r} begins with the code of no country",
            "correct it, or write it as +49 30 1234567",
        )
    count = len("".join(plan.groups))
    if count < _SHORTEST and plan.standing is not Standing.ASSIGNED:
        raise _not_a_number(written)
    if plan.standing not in IMPOSSIBLE or not (region or is_abroad):
        return
    country = "its country" if is_abroad else region
    raise UnreadableValueError(
        "not-a-telephone-number",
        f"{written!r} has {count} digits, {_WRONG.get(plan.standing, 'which no number of {} has').format(country)}",
        "correct it"
        if is_abroad
        else "correct it; one of another country is written as +49 30 1234567, or its region is declared",
    )


def _warning(value: TypedValue, plan: Planned, regions: tuple[str, ...]) -> str:
    where = f"in {value.column!r}" if value.column else "in the template"
    written = value.written[:60]
    if plan.standing is not Standing.ASSIGNED:
        return (
            f"{UNKNOWN_NUMBER} {where}: {written!r} is no number that is given out in "
            f"{', '.join(region for region in regions if region) or 'its country'}; its digits are said"
        )
    if plan.lacks_prefix and not value.option("region"):  # where one is declared, the field was told already
        return f"{LOST_ZERO} {where}: {written!r} may have had a zero in front"
    return ""


# -- what is written ----------------------------------------------------------------------------------


def _number_and_extension(written: str) -> tuple[str, str]:
    """(the number in ASCII, its `(0)` said or left out, the extension or nothing)."""
    if _PLAIN.fullmatch(written):
        return written, ""
    text = ascii_digits(written.translate(_AS_ASCII).strip())
    text = _LABEL.sub("", text, count=1) if _LABEL.match(text) else text
    text = re.sub(r"^\((\+\d{1,3})\)", r"\1 ", text)
    extension = ""
    if (
        (match := EXTENSION.search(text))
        and match.end() == len(text)
        and re.search(r"\d", text[: match.start()])
    ):
        text, extension = text[: match.start()].rstrip(" ,;-"), match[1]
    text = re.sub(r"\(0\)\s?", " " if text.startswith(("+", "00")) else "0", text)
    return text, extension


def _refuse_other(text: str, written: str) -> None:
    """Raises `UnreadableValueError` for what no telephone number looks like, whatever its region."""
    if not _PLAIN.fullmatch(text):
        _refuse_two(text, written)
        _refuse_letters(text, written)
        if not re.fullmatch(r"\+?[\d\s()/.-]+", text):
            raise _not_a_number(written)
    count = len(re.sub(r"\D", "", text))
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
