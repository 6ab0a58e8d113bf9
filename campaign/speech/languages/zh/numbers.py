"""Chinese numbers by groups of four, "two" before a measure word."""

from __future__ import annotations

from typing import Final

from campaign.speech.languages.record import Noun, Numerals, Ordinals, Unit
from campaign.speech.languages.zh.words import WORDS


def cardinal(number: int, *, gender: str = "m", noun: bool = False, region: str = "") -> str:
    """`两` before a measure word, and where thousands and larger groups are two."""
    if number == 0:
        return "零"
    if number == 2 and noun:
        return "两"
    groups: list[tuple[int, str]] = []
    for unit in ("", "万", "亿", "兆"):
        number, group = divmod(number, 10000)
        groups.append((group, unit))
    out = ""
    gap = False
    for group, unit in reversed(groups):
        if not group:
            gap = bool(out)
            continue
        if out and (gap or group < 1000):
            out += "零"
        words = "两" if unit and group == 2 else _group(group)
        out += words + unit
        gap = False
    return out[1:] if out.startswith("一十") else out


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


def fraction(whole: int, top: int, bottom: int, *, noun: Noun, right: str) -> str:
    """`四分之三`."""
    words = f"{cardinal(bottom)}分之{cardinal(top)}"
    return f"{cardinal(whole)}又{words}" if whole else words


def _measured(words: str, is_negative: bool, unit: Unit) -> str:
    """`零下五摄氏度`."""
    if not unit.one.startswith("摄氏"):
        return words + unit.one
    return f"零下{words.removeprefix('负')}摄氏度" if is_negative else f"{unit.one}{words}度"


def telephone_group(group: str, region: str) -> str:
    """One is `幺`."""
    return "".join(WORDS.digits[int(digit)] for digit in group).replace("一", "幺")


NUMERALS: Final = Numerals(
    cardinal=cardinal,
    year=year,
    ordinals=Ordinals(said=ordinal),
    fraction=fraction,
    digitwise_decimals=True,
    measured=_measured,
    telephone_group=telephone_group,
    telephone_regions=("CN", "TW", "HK"),
)
