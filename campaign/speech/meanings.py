"""What a match of the pattern means: a typed value with its reading's options, or the words themselves."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from decimal import Decimal
from typing import Final

from campaign.speech.abbreviations import ENDINGS, NUMERIC_FORMS, SHORT_FORMS
from campaign.speech.values import Kind, TypedValue
from campaign.speech.verbalise.calendar import month_name
from campaign.speech.verbalise.money import CURRENCIES
from campaign.speech.verbalise.numbers import cardinal, digits, in_pairs, number, year
from campaign.speech.verbalise.roman import roman_words
from campaign.speech.verbalise.units import UNITS
from campaign.speech.verbalise.words import (
    BY_WORDS,
    DECADE_ENDINGS,
    MASKED_WORDS,
    OR_WORDS,
    OUT_OF_WORDS,
    OVER_WORDS,
    PER_WORDS,
    RANGE_WORDS,
    RATIO_WORDS,
    ROUND_THE_CLOCK,
    SIGN_WORDS,
    TIMES_WORDS,
    WEEKDAYS,
    range_word,
)
from campaign.speech.verbalise.written import month_names, parse_number


def _typed(kind: Kind, written: str, **options: str) -> TypedValue:
    return TypedValue(kind=kind, written=written, options=tuple(sorted(options.items())))


def in_words(written: str, words: str, *, padded: bool = False) -> TypedValue:
    """`written`, read as `words`."""
    return _typed(Kind.WORDS, written, words=f" {words} " if padded else words)


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
    name = next(name for name, found in match.groupdict().items() if found is not None and name != "half")
    if name in _PLAIN:
        return _typed(_PLAIN[name], match[0])
    return _SPECIAL[name](match[0], text, match, language)


def _round(written: str, text: str, match: re.Match[str], language: str) -> TypedValue:
    return in_words(written, ROUND_THE_CLOCK[language])


def _dimensions(written: str, text: str, match: re.Match[str], language: str) -> TypedValue:
    return _typed(Kind.RANGE, written, link=BY_WORDS[language])


def _times(written: str, text: str, match: re.Match[str], language: str) -> TypedValue:
    count = int(re.sub(r"\D", "", written))
    return in_words(
        written, TIMES_WORDS[language].format(cardinal(count, language, gender="f", noun=language == "zh"))
    )


def _decade(written: str, text: str, match: re.Match[str], language: str) -> TypedValue:
    figures = written.rstrip("ser'’")
    if figures in _HUNDREDS and language == "en":
        return in_words(written, _HUNDREDS[figures])
    if language == "de":
        words = year(int(figures), "de") if len(figures) == 4 else cardinal(int(figures), "de")
        return in_words(written, words + "er")
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


def _month(written: str, text: str, match: re.Match[str], language: str) -> TypedValue:
    return in_words(written, month_name(month_names(language)[written.rstrip(".").lower()], language))


def _halves(written: str, text: str, match: re.Match[str], language: str) -> TypedValue:
    word = cardinal(int(match["half"]), language)
    return in_words(written, word + ("" if language == "zh" else " ") + word)


def _range(written: str, text: str, match: re.Match[str], language: str) -> TypedValue:
    low, high = (int(part) for part in re.split(r"\s?[-–—]\s?", written))
    if re.search(r"(?:^|[-–—])\s?0\d", written) or (low >= high and max(low, high) > _SCORE):
        return _typed(Kind.CODE, written)
    if low < high:
        return _typed(Kind.RANGE, written)
    return _pair(written, (str(low), str(high)), RATIO_WORDS[language], language)


_SCORE: Final = 24
"""`3-2` is a score or an opening time up to here, above it a code."""


def _pair(written: str, parts: Sequence[str], link: str, language: str) -> TypedValue:
    space = "" if language == "zh" else " "
    return in_words(written, f"{space}{link}{space}".join(cardinal(int(part), language) for part in parts))


def _ratio(written: str, text: str, match: re.Match[str], language: str) -> TypedValue:
    return _pair(written, written.split(":"), RATIO_WORDS[language], language)


def _pressure(written: str, text: str, match: re.Match[str], language: str) -> TypedValue:
    high, low = written.split("/")
    if int(high) + int(low) == _WHOLE:
        return in_words(
            written,
            (" " if language != "zh" else "比").join(cardinal(int(part), language) for part in (high, low)),
        )
    return _pair(written, (high, low), OVER_WORDS[language], language)


_WHOLE: Final = 100
"""`60/40` parts a whole."""


def _mark(written: str, text: str, match: re.Match[str], language: str) -> TypedValue:
    got, best = (part.strip() for part in written.split("/"))
    said = number(Decimal(got.replace(",", ".")), language)
    return in_words(written, f"{said} {OUT_OF_WORDS[language]} {cardinal(int(best), language)}")


def _masked(written: str, text: str, match: re.Match[str], language: str) -> TypedValue:
    shown = digits(re.sub(r"\D", "", written), language)
    return in_words(written, f"{MASKED_WORDS[language]}{'' if language == 'zh' else ' '}{shown}")


def _feet(written: str, text: str, match: re.Match[str], language: str) -> TypedValue:
    figures = re.findall(r"[\d.]+", written)
    if len(figures) == 2:
        feet, inches = (cardinal(int(part), language) for part in figures)
        return in_words(written, f"{feet} foot {inches}")
    one = figures[0] == "1" or text[match.end() :][1:2].isalpha()  # `a 3.5" disk`
    return in_words(written, f"{number(Decimal(figures[0]), language)} {'inch' if one else 'inches'}")


def _cents(written: str, text: str, match: re.Match[str], language: str) -> TypedValue:
    one, many, gender = CURRENCIES["USD"][language][3:]
    count = int(written.rstrip(" ¢"))
    return in_words(
        written,
        f"{cardinal(count, language, gender=gender, noun=True)}{'' if language == 'zh' else ' '}"
        f"{one if count == 1 else many}",
    )


def _roman(written: str, text: str, match: re.Match[str], language: str) -> TypedValue:
    return in_words(written, roman_words(written, text[: match.start()], language))


def _street(written: str, text: str, match: re.Match[str], language: str) -> TypedValue:
    if language == "en" and len(written) < 5:
        return in_words(written, in_pairs(int(written), language))
    return in_words(written, " ".join(digits(part, language) for part in written.split("-")))


def _initials(written: str, text: str, match: re.Match[str], language: str) -> TypedValue:
    return in_words(written, " ".join(written.replace(".", "")))


def _plain_number(written: str, text: str, match: re.Match[str], language: str) -> TypedValue:
    figures = written.lstrip("-−")
    if figures.isdigit() and (len(figures) > 9 or (len(figures) > 1 and figures[0] == "0")):
        return _typed(Kind.DIGITS, figures)
    if (
        language == "de"
        and len(figures) <= 2
        and _RANKED.search(text, 0, match.start())
        and text[match.end() :][:1] == "."
    ):
        return _typed(Kind.ORDINAL, written)
    return _typed(Kind.CARDINAL, written)


_RANKED: Final = re.compile(r"\b(?:der|den|dem|am|vom|zum) $")
"""`der 3.` at the end of a sentence."""


def _weekdays(written: str, text: str, match: re.Match[str], language: str) -> TypedValue:
    names = [
        WEEKDAYS[language].get(name) or WEEKDAYS[language][name.lower()]
        for name in re.findall(r"[^\W\d_]+", written)
    ]
    return in_words(written, f" {RANGE_WORDS[language]} ".join(names))


def _short(written: str, text: str, match: re.Match[str], language: str) -> TypedValue:
    words = SHORT_FORMS[language][written]
    numbered = re.search(r"\d\s(?:[^\W\d_]+\s)*$", text[: match.start()])
    street = numbered or not text[match.end() :].lstrip()[:1].isupper()
    if language == "en" and written == "St." and street:
        words = "Street"
    if language == "pt" and written == "D." and not re.match(r"\s\w+a\b", text[match.end() :]):
        words = "dom"
    if words in ("máximo", "mínimo") and re.search(r"(?:a|dad|ción|ão|dade)\s$", text[: match.start()]):
        words = words[:-1] + "a"
    return in_words(written, words)


def _always(written: str, text: str, match: re.Match[str], language: str) -> TypedValue:
    hours = "vingt-quatre heures sur vingt-quatre" if written.startswith("24") else ""
    days = "sept jours sur sept" if written.endswith("7") else ""
    link = " et " if "et" in written else ", "
    return in_words(written, link.join(part for part in (hours, days) if part))


def _numeric(written: str, text: str, match: re.Match[str], language: str) -> TypedValue:
    forms = NUMERIC_FORMS[language]
    if written in forms:
        return in_words(written, forms[written])
    ending = next(ending for ending in ENDINGS if written.endswith(ending))
    return in_words(written, written.removesuffix(ending) + forms[ending])


def _hyphenated(written: str, text: str, match: re.Match[str], language: str) -> TypedValue:
    figures, _, sign = written.rpartition("-")
    one, _, gender = UNITS[sign][language]
    words = number(parse_number(figures, language), language, gender=gender, noun=True)
    return in_words(written, f"{words}{'-' if language == 'de' else ' '}{one}")


def _years(written: str, text: str, match: re.Match[str], language: str) -> TypedValue:
    first, last = re.findall(r"\d+", written)
    link = " " if "/" in written else f" {range_word(language, text[: match.start()])} "
    return in_words(
        written,
        (link.strip() if language == "zh" else link).join(
            (year(int(first), language), year(int(last), language))
        ),
    )


def _slashed(written: str, text: str, match: re.Match[str], language: str) -> TypedValue:
    one, other = written.split("/")
    ending = re.fullmatch(r"(.*o)(s?)", one)
    if ending and other in ("a", "as"):
        other = (ending[1][:-1] + other).lower()
    if other in ("or", "oder", "o", "ou"):
        return in_words(written, f"{one} {other}")
    forms = SHORT_FORMS[language]
    return in_words(written, f"{forms.get(one, one)} {OR_WORDS[language]} {forms.get(other, other)}")


def _rated(written: str, text: str, match: re.Match[str], language: str) -> TypedValue:
    one, _, _ = UNITS[written.strip(" /.")][language]
    return in_words(
        written, f" {PER_WORDS[language]} {one}" if language != "zh" else PER_WORDS[language] + one
    )


def _per(written: str, text: str, match: re.Match[str], language: str) -> TypedValue:
    after = text[match.end() :].lstrip()
    days, link = _PER_DAY.get(language, (None, ""))
    if days and days.match(after) and (language != "en" or text[: match.start()][-1:].isalpha()):
        return in_words(written, link, padded=True)
    return in_words(written, PER_WORDS[language], padded=language != "zh")


_PER_DAY: Final = {
    "es": (re.compile(r"(?:mes|año|día)\b"), "al"),
    "it": (re.compile(r"(?:mese|giorno)\b"), "al"),
    "en": (re.compile(r"(?:day|night|week|month|year)\b"), "a"),
}
"""`20 €/mes` is "veinte euros al mes", `3 times/day` is "three times a day"."""


def _sign(written: str, text: str, match: re.Match[str], language: str) -> TypedValue:
    return _typed(Kind.SYMBOL, written.strip())


_SPECIAL: Final[dict[str, Callable[[str, str, re.Match[str], str], TypedValue]]] = {
    "round": _round,
    "dimensions": _dimensions,
    "times": _times,
    "decade": _decade,
    "halves": _halves,
    "range": _range,
    "initials": _initials,
    "number": _plain_number,
    "weekdays": _weekdays,
    "short": _short,
    "slashed": _slashed,
    "always": _always,
    "numeric": _numeric,
    "ratio": _ratio,
    "pressure": _pressure,
    "mark": _mark,
    "feet": _feet,
    "hyphenated": _hyphenated,
    "masked": _masked,
    "cents": _cents,
    "roman": _roman,
    "street": _street,
    "rated": _rated,
    "years": _years,
    "per": _per,
    "each": _per,
    "by": _by,
    "month": _month,
    "sign": _sign,
}
