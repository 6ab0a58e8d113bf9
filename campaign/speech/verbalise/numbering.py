"""What a region's numbering plan says of a number to dial: libphonenumber's metadata, loaded when it is first asked."""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import Enum, auto
from functools import cache, lru_cache
from types import ModuleType
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from phonenumbers import PhoneNumber


class Standing(Enum):
    """What a number is in a numbering plan."""

    ASSIGNED = auto()
    """A number that is given out there, or a service of few digits."""
    POSSIBLE = auto()
    """As long as one, but not given out."""
    TOO_SHORT = auto()
    """Figures are missing."""
    TOO_LONG = auto()
    """It has more figures than any there."""
    WRONG_LENGTH = auto()
    """Between two lengths that there are."""
    NO_COUNTRY = auto()
    """No country has its code."""


IMPOSSIBLE: Final = frozenset(
    {Standing.TOO_SHORT, Standing.TOO_LONG, Standing.WRONG_LENGTH, Standing.NO_COUNTRY}
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Planned:
    """A number, read by a numbering plan."""

    standing: Standing
    groups: tuple[str, ...]
    """As the country parts it; all digits are there."""
    lacks_prefix: bool = False
    """It is dialled with a digit before it that does not stand there."""


_SHORTEST: Final = 7
"""Shorter ones are services and extensions, of which no plan has all."""
_FIGURES: Final = re.compile(r"\d+")
_WHOLE: Final = 5
"""Digits that are said without a pause."""


@cache
def _library() -> ModuleType:
    import phonenumbers

    return phonenumbers


def is_region(code: str) -> bool:
    """Whether there is a numbering plan for an ISO 3166 code."""
    return code in _library().SUPPORTED_REGIONS


def region_of_calling_code(code: str) -> str:
    """The main region of a country's calling code, `49`; empty where there is none."""
    region: str = _library().region_code_for_country_code(int(code))
    return region if is_region(region) else ""


@lru_cache(maxsize=8_192)
def planned(number: str, region: str) -> Planned:
    """A number in ASCII digits, with `+` or without, by the plan of `region`."""
    library = _library()
    try:
        parsed = library.parse(number, region, keep_raw_input=True)
    except library.NumberParseException as error:
        return _unparsed(number, region, error.error_type)
    if _is_service(number, region, parsed):
        return Planned(standing=Standing.ASSIGNED, groups=tuple(in_threes(number)))
    if library.is_valid_number(parsed):
        return Planned(
            standing=Standing.ASSIGNED,
            groups=_groups(number, parsed),
            lacks_prefix=_lacks_prefix(number, region, parsed)
            and not library.PhoneNumberMatcher(number, region, leniency=library.Leniency.VALID).has_next(),
        )
    if _is_short(number):
        return Planned(standing=Standing.POSSIBLE, groups=tuple(in_threes(number)))
    if number.startswith("00"):
        abroad = planned(f"+{number[2:]}", region)
        if abroad.standing is Standing.ASSIGNED:
            return Planned(standing=abroad.standing, groups=(f"00{abroad.groups[0]}", *abroad.groups[1:]))
    return Planned(
        standing=_standing(number, region, parsed),
        groups=_groups(number, parsed),
        lacks_prefix=_lacks_prefix(number, region, parsed),
    )


def _unparsed(number: str, region: str, reason: int) -> Planned:
    kinds = _library().NumberParseException
    standing = {
        kinds.INVALID_COUNTRY_CODE: Standing.NO_COUNTRY,
        kinds.TOO_LONG: Standing.TOO_LONG,
        kinds.TOO_SHORT_AFTER_IDD: Standing.TOO_SHORT,
        kinds.TOO_SHORT_NSN: Standing.TOO_SHORT,
    }.get(reason, Standing.POSSIBLE)
    return Planned(standing=standing, groups=tuple(in_threes(number.lstrip("+"))))


def _is_service(number: str, region: str, parsed: PhoneNumber) -> bool:
    """Whether it is a number of few digits: 112, 116117, 811."""
    from phonenumbers import shortnumberinfo

    return not number.startswith("+") and shortnumberinfo.is_valid_short_number_for_region(parsed, region)


def _is_short(number: str) -> bool:
    return not number.startswith("+") and len(number) < _SHORTEST


def _lacks_prefix(number: str, region: str, parsed: PhoneNumber) -> bool:
    library = _library()
    if number.startswith("+") or parsed.country_code_source != library.CountryCodeSource.FROM_DEFAULT_COUNTRY:
        return False
    home = re.sub(r"\D", "", library.format_number(parsed, library.PhoneNumberFormat.NATIONAL))
    return library.ndd_prefix_for_region(region, True) == "0" and home == f"0{number}"


def _standing(number: str, region: str, parsed: PhoneNumber) -> Standing:
    library = _library()
    lengths = library.ValidationResult
    found = {
        lengths.TOO_SHORT: Standing.TOO_SHORT,
        lengths.TOO_LONG: Standing.TOO_LONG,
        lengths.INVALID_LENGTH: Standing.WRONG_LENGTH,
        lengths.INVALID_COUNTRY_CODE: Standing.NO_COUNTRY,
    }.get(library.is_possible_number_with_reason(parsed), Standing.POSSIBLE)
    if found in IMPOSSIBLE and _had_old_prefix(number, region):
        return Standing.POSSIBLE
    return found


def _had_old_prefix(number: str, region: str) -> bool:
    """Whether it begins with a prefix that is dialled no more: `01` where that was for calls between cities, `044` for
    those to mobiles."""
    library = _library()
    for prefix in ("0", "01", "044", "045"):
        rest = number.removeprefix(prefix)
        if rest != number and rest[:1] != "0":
            try:
                if library.is_valid_number(library.parse(rest, region)):
                    return True
            except library.NumberParseException:
                continue
    return False


def _groups(number: str, parsed: PhoneNumber) -> tuple[str, ...]:
    """The digits of `number` as its country parts them; in threes where what the country writes has others."""
    library = _library()
    figures = number.lstrip("+")
    code = str(parsed.country_code)
    forms = library.PhoneNumberFormat
    abroad = _FIGURES.findall(library.format_number(parsed, forms.INTERNATIONAL))
    if number.startswith("+") and "".join(abroad) == figures:
        return _without_rows(abroad)
    home = _FIGURES.findall(library.format_number(parsed, forms.NATIONAL))
    for groups in (home, abroad, abroad[1:]):
        if groups and "".join(groups) == figures:
            return _without_rows(groups)
    for groups in (abroad, home, abroad[1:]):
        rest = "".join(groups)
        if rest and figures.endswith(rest):
            prefix = figures.removesuffix(rest)
            return _without_rows([prefix + groups[0], *groups[1:]] if groups is abroad else [prefix, *groups])
    if number.startswith("+") and figures.startswith(code):
        return (code, *in_threes(figures.removeprefix(code)))
    return tuple(in_threes(figures))


def _without_rows(groups: list[str]) -> tuple[str, ...]:
    """Groups, the long ones parted: a plan may write eight digits and more in a row."""
    parted: list[str] = []
    for group in groups:
        parted += [group] if len(group) <= LONGEST_GROUP else in_threes(group)
    return tuple(parted)


LONGEST_GROUP: Final = 8
"""Digits that may be meant as one group."""


def in_threes(figures: str) -> list[str]:
    """Groups of three, at the end of two or four; a few digits are one group."""
    if len(figures) <= _WHOLE:
        return [figures]
    sizes = [3] * (len(figures) // 3)
    rest = len(figures) % 3
    if rest == 1:
        sizes = [*sizes[:-1], 2, 2]
    elif rest:
        sizes.append(2)
    groups, start = [], 0
    for size in sizes:
        groups.append(figures[start : start + size])
        start += size
    return groups
