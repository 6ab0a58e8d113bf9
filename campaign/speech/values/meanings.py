"""What a match of the pattern means: a typed value with its reading's options, or the words themselves."""

from __future__ import annotations

import re
from collections.abc import Sequence
from decimal import Decimal
from typing import Final

from campaign.speech.typed import Kind, TypedValue
from campaign.speech.values.worded import WORDED, Reader, in_words, typed
from campaign.speech.verbalise.calendar import month_name
from campaign.speech.verbalise.money import CURRENCIES, MAGNITUDES
from campaign.speech.verbalise.numbers import cardinal, digits, number, ordinal, year
from campaign.speech.verbalise.words import (
    BY_WORDS,
    DECADE_ENDINGS,
    MASKED_WORDS,
    ONCE_WORDS,
    OUT_OF_WORDS,
    OVER_WORDS,
    RATIO_WORDS,
    ROUND_THE_CLOCK,
    SECTION_WORDS,
    SIGN_WORDS,
    TIMES_WORDS,
    range_word,
)
from campaign.speech.verbalise.written import ascii_digits, month_names, parse_number
from workers.digits import are_digits

_INNER: Final = frozenset({"half", "each_h"})
"""Groups that a pattern needs for itself."""
_PLAIN: Final[dict[str, Kind]] = {
    "address": Kind.ADDRESS,
    "version": Kind.ADDRESS,
    "iso": Kind.DATE,
    "date": Kind.DATE,
    "time": Kind.TIME,
    "iban": Kind.SPELL,
    "telephone": Kind.TELEPHONE,
    "emergency": Kind.DIGITS,
    "groups": Kind.DIGITS,
    "secret": Kind.DIGITS,
    "zeros": Kind.DIGITS,
    "register": Kind.DIGITS,
    "clock": Kind.TIME,
    "dotted": Kind.TELEPHONE,
    "daymonth": Kind.DATE,
    "moneys": Kind.RANGE,
    "money": Kind.MONEY,
    "measures": Kind.RANGE,
    "unit": Kind.UNIT,
    "rate": Kind.UNIT,
    "fraction": Kind.FRACTION,
    "ordinal": Kind.ORDINAL,
    "rank": Kind.ORDINAL,
    "room": Kind.DIGITS,
    "compound": Kind.CARDINAL,
    "leading": Kind.CARDINAL,
    "code": Kind.CODE,
    "hash": Kind.CODE,
    "year": Kind.YEAR,
}


def meaning(match: re.Match[str], text: str, language: str) -> TypedValue:
    """The typed value that a match of `pattern` in `text` is."""
    name = next(name for name, group in match.groupdict().items() if group is not None and name not in _INNER)
    if _PLAIN.get(name) is Kind.TIME:
        return typed(Kind.TIME, match[0], clock="any")  # a declared time is by the clock of 24 hours
    if name in _PLAIN:
        return typed(_PLAIN[name], match[0])
    return _SPECIAL[name](match[0], text, match, language)


def _round(written: str, text: str, match: re.Match[str], language: str) -> TypedValue:
    return in_words(written, ROUND_THE_CLOCK[language])


def _dimensions(written: str, text: str, match: re.Match[str], language: str) -> TypedValue:
    return typed(Kind.RANGE, written, link=BY_WORDS[language])


def _times(written: str, text: str, match: re.Match[str], language: str) -> TypedValue:
    count = int(re.sub(r"\D", "", written))
    if count == 1:
        return in_words(written, ONCE_WORDS[language])
    return in_words(
        written, TIMES_WORDS[language].format(cardinal(count, language, gender="f", noun=language == "zh"))
    )


def _decade(written: str, text: str, match: re.Match[str], language: str) -> TypedValue:
    figures = written.strip("ser'’")
    if figures in _HUNDREDS and language == "en":
        return in_words(written, _HUNDREDS[figures])
    if language == "de":
        words = year(int(figures), "de") if len(figures) == 4 else cardinal(int(figures), "de")
        return in_words(written, words + "er")
    if language != "en":  # `anni '80`
        return in_words(written, cardinal(int(figures), language))
    if len(figures) == 4 and figures.endswith("00"):
        return in_words(
            written, "two thousands" if figures == "2000" else f"{cardinal(int(figures[:2]), 'en')} hundreds"
        )
    head = f"{cardinal(int(figures[:2]), language)} " if len(figures) == 4 else ""
    tens = cardinal(int(figures[-2:]), language)
    ending = DECADE_ENDINGS[language]
    return in_words(written, head + (tens[:-1] + "ies" if ending == "ies" else tens + ending))


_HUNDREDS: Final = {"100": "hundreds", "1000": "thousands"}
"""`100s of people`."""


def _by(written: str, text: str, match: re.Match[str], language: str) -> TypedValue:
    priced = re.match(r"\s?(?:[€$£¥]|[\d.,]+\s?[€$£¥])", text[match.end() :])
    words = SIGN_WORDS[language]["×"] if priced else BY_WORDS[language]
    return in_words(written, words, padded=language != "zh")


def _halves(written: str, text: str, match: re.Match[str], language: str) -> TypedValue:
    word = cardinal(int(match["half"]), language)
    return in_words(written, word + ("" if language == "zh" else " ") + word)


def _range(written: str, text: str, match: re.Match[str], language: str) -> TypedValue:
    low, high = (int(part) for part in re.split(r"\s?[-–—]\s?", written))
    is_score = max(low, high) <= _SCORE and language != "zh"
    if re.search(r"(?:^|[-–—])\s?0\d", written) or (low >= high and not is_score):
        return typed(Kind.CODE, written)
    if low < high:
        return typed(Kind.RANGE, written)
    return _pair(written, (str(low), str(high)), RATIO_WORDS[language], language)


_SCORE: Final = 24
"""`3-2` is a score or an opening time up to here, above it a code."""


def _pair(written: str, parts: Sequence[str], link: str, language: str) -> TypedValue:
    space = "" if language == "zh" else " "
    return in_words(written, f"{space}{link}{space}".join(cardinal(int(part), language) for part in parts))


def _versus(written: str, text: str, match: re.Match[str], language: str) -> TypedValue:
    return _pair(written, re.split("[:：]", written), RATIO_WORDS[language], language)


def _section(written: str, text: str, match: re.Match[str], language: str) -> TypedValue:
    link = "" if language == "zh" else " "
    point = f"{link}{SECTION_WORDS[language]}{link}"
    return in_words(
        written, point.join(cardinal(int(part), language) for part in written.strip(".").split("."))
    )


def _dash(written: str, text: str, match: re.Match[str], language: str) -> TypedValue:
    return in_words(written, range_word(language, text[: match.start()]), padded=language != "zh")


def _days(written: str, text: str, match: re.Match[str], language: str) -> TypedValue:
    """`May 5-8`, `24-26 Dec`, in English."""
    month = month_name(month_names("en")[re.findall(r"[^\W\d_]+", written)[0].lower()], "en")
    first, last, *years = (int(figure) for figure in re.findall(r"\d+", written))
    days = f"{ordinal(first, 'en')} to {ordinal(last, 'en')}"
    spoken_days = (
        f"{month} {days}" if written[0].isalpha() else f"the {days.replace(' to ', ' to the ')} of {month}"
    )
    return in_words(written, spoken_days + (f", {year(years[0], 'en')}" if years else ""))


def _monthday(written: str, text: str, match: re.Match[str], language: str) -> TypedValue:
    month, day = written.split("/")
    return typed(Kind.DATE, f"{month}月{day}日")


def _every(written: str, text: str, match: re.Match[str], language: str) -> TypedValue:
    count = cardinal(int(match["each_h"]), language, gender="f", noun=True)
    return in_words(written, f"{count} em {count} horas")


def _large(written: str, text: str, match: re.Match[str], language: str) -> TypedValue:
    figures, size = written[:-4].strip(), written[-4:]
    singular, plural, _ = MAGNITUDES[language][size]
    amount = parse_number(figures, language)
    words = number(amount, language, gender="f", noun=True)
    return in_words(written, f"{words} {singular if figures == '1' else plural}")


def _hotline(written: str, text: str, match: re.Match[str], language: str) -> TypedValue:
    return typed(Kind.TELEPHONE if len(written) <= _SHORT_NUMBER else Kind.DIGITS, written)


_SHORT_NUMBER: Final = 4


def _ratio(written: str, text: str, match: re.Match[str], language: str) -> TypedValue:
    return _pair(written, written.split(":"), RATIO_WORDS[language], language)


def _pressure(written: str, text: str, match: re.Match[str], language: str) -> TypedValue:
    high, low = written.split("/")
    if int(high) + int(low) == _WHOLE and language != "zh":
        return in_words(written, " ".join(cardinal(int(part), language) for part in (high, low)))
    return _pair(written, (high, low), OVER_WORDS[language], language)


_WHOLE: Final = 100
"""`60/40` parts a whole."""


def _mark(written: str, text: str, match: re.Match[str], language: str) -> TypedValue:
    figures, maximum = (part.strip() for part in written.split("/"))
    points = number(Decimal(figures.replace(",", ".")), language)
    return in_words(written, f"{points} {OUT_OF_WORDS[language]} {cardinal(int(maximum), language)}")


def _masked(written: str, text: str, match: re.Match[str], language: str) -> TypedValue:
    shown = digits(re.sub(r"\D", "", written), language)
    if _SAYS_ENDING.search(text[: match.start()]):
        return in_words(written, shown)
    return in_words(written, f"{MASKED_WORDS[language]}{'' if language == 'zh' else ' '}{shown}")


_SAYS_ENDING: Final = re.compile(
    r"(?i:end(?:s|ing)|endend|endet|endung|termin(?:ad[ao]|a|ant)|acabad[ao]|finissant|尾号)\W*(?:in|with|auf|en|par|con|em)?\W*$"
)


def _feet(written: str, text: str, match: re.Match[str], language: str) -> TypedValue:
    figures = re.findall(r"[\d.]+", written)
    if len(figures) == 2:
        feet, inches = (cardinal(int(part), language) for part in figures)
        return in_words(written, f"{feet} foot {inches}")
    is_singular = figures[0] == "1" or text[match.end() :][1:2].isalpha()  # `a 3.5" disk`
    return in_words(written, f"{number(Decimal(figures[0]), language)} {'inch' if is_singular else 'inches'}")


def _cents(written: str, text: str, match: re.Match[str], language: str) -> TypedValue:
    singular, plural, gender = CURRENCIES["USD"][language][3:]
    count = int(written.rstrip(" ¢"))
    return in_words(
        written,
        f"{cardinal(count, language, gender=gender, noun=True)}{'' if language == 'zh' else ' '}"
        f"{singular if count == 1 else plural}",
    )


def _plain_number(written: str, text: str, match: re.Match[str], language: str) -> TypedValue:
    figures = written.lstrip("-−")
    if are_digits(ascii_digits(figures)) and (len(figures) > 9 or (len(figures) > 1 and figures[0] == "0")):
        return typed(Kind.DIGITS, figures)
    if (
        language == "de"
        and len(figures) <= 2
        and _RANKED.search(text, 0, match.start())
        and text[match.end() :][:1] == "."
    ):
        return typed(Kind.ORDINAL, written)
    return typed(Kind.CARDINAL, written)


_RANKED: Final = re.compile(r"\b(?:der|den|dem|am|vom|zum) $")
"""`der 3.` at the end of a sentence."""


def _years(written: str, text: str, match: re.Match[str], language: str) -> TypedValue:
    first, last = re.findall(r"\d+", written)
    if len(last) < len(first):  # `2024/25`
        if int(last) != int(first) % 100 + 1:
            return typed(Kind.CODE, written)
        return in_words(
            written,
            f"{year(int(first), language)}{'' if language == 'zh' else ' '}{cardinal(int(last), language)}",
        )
    link = " " if "/" in written else f" {range_word(language, text[: match.start()])} "
    return in_words(
        written,
        (link.strip() if language == "zh" else link).join(
            (year(int(first), language), year(int(last), language))
        ),
    )


def _sign(written: str, text: str, match: re.Match[str], language: str) -> TypedValue:
    return typed(Kind.SYMBOL, written.strip())


_SPECIAL: Final[dict[str, Reader]] = {
    **WORDED,
    "round": _round,
    "dimensions": _dimensions,
    "times": _times,
    "decade": _decade,
    "halves": _halves,
    "range": _range,
    "number": _plain_number,
    "ratio": _ratio,
    "pressure": _pressure,
    "mark": _mark,
    "feet": _feet,
    "versus": _versus,
    "section": _section,
    "dash": _dash,
    "days": _days,
    "monthday": _monthday,
    "every": _every,
    "large": _large,
    "hotline": _hotline,
    "masked": _masked,
    "cents": _cents,
    "years": _years,
    "by": _by,
    "sign": _sign,
}
