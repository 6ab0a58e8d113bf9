"""Chinese numbers by groups of four, "two" before a measure word."""

from __future__ import annotations

from typing import Final

from campaign.speech.languages.groups import groups
from campaign.speech.languages.record import Noun, Numerals, Ordinals, Unit
from campaign.speech.languages.zh.words import WORDS


def cardinal(number: int, *, gender: str = "m", noun: bool = False, region: str = "") -> str:
    """`两` before a measure word, and where thousands and larger groups are two."""
    if number == 0:
        return "零"
    if number == 2 and noun:
        return "两"
    words = _spelled(number)
    return words[1:] if words.startswith("一十") else words


def _spelled(number: int) -> str:
    """`一万亿` above: what a million millions is called differs between regions."""
    if number >= 10**12:
        rest = number % 10**8
        gap = "零" if 0 < rest < 10**7 else ""
        return f"{_spelled(number // 10**8)}亿{gap}{_spelled(rest) if rest else ''}"
    out = ""
    last = 0
    for group, place in groups(number, 10000):
        if out and (group < 1000 or last - place > 1):
            out += "零"
        out += ("两" if place and group == 2 else _group(group)) + ("", "万", "亿")[place]
        last = place
    return out


def _group(group: int) -> str:
    out = ""
    gap = False
    for power, unit in ((1000, "千"), (100, "百"), (10, "十"), (1, "")):
        digit = group // power % 10
        if not digit:
            gap = bool(out)
            continue
        out += ("零" if gap else "") + ("两" if digit == 2 and power == 1000 else WORDS.digits[digit]) + unit
        gap = False
    return out


def ordinal(value: int, *, gender: str = "m", ending: str = "", noun: bool = False, region: str = "") -> str:
    """`第三`."""
    return "第" + cardinal(value)


def year(value: int, *, region: str = "") -> str:
    """Digit by digit."""
    return "".join(WORDS.digits[int(digit)] for digit in str(value))


def fraction(
    whole: int, top: int, bottom: int, *, noun: Noun, left: str, right: str, region: str = ""
) -> str:
    """`四分之三`."""
    words = f"{cardinal(bottom)}分之{cardinal(top)}"
    return f"{cardinal(whole)}又{words}" if whole else words


def _measured(words: str, is_negative: bool, unit: Unit) -> str:
    """`零下五摄氏度`."""
    if not unit.one.startswith("摄氏"):
        return words + unit.one
    return f"零下{words.removeprefix('负')}摄氏度" if is_negative else f"{unit.one}{words}度"


def telephone_group(group: str, *, region: str = "") -> str:
    """One is `幺`, but in Taiwan, Hong Kong, Macao and Singapore."""
    said = "".join(WORDS.digits[int(digit)] for digit in group)
    return said if region in _PLAIN_ONE else said.replace("一", "幺")


_PLAIN_ONE: Final = frozenset({"TW", "HK", "MO", "SG", "MY"})


NUMERALS: Final = Numerals(
    cardinal=cardinal,
    year=year,
    ordinals=Ordinals(said=ordinal),
    fraction=fraction,
    digitwise_decimals=True,
    ranges_count=True,
    measured=_measured,
    telephone_group=telephone_group,
    telephone_regions=("CN", "TW", "HK"),
)
