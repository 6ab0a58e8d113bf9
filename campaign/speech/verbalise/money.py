"""Amounts of money, with the gender and number that each language needs.

A currency that a language has no name for is an error, not a guess.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from decimal import Decimal
from functools import lru_cache

from campaign.speech.languages.record import Currency, Magnitude, Money
from campaign.speech.languages.registry import spoken
from campaign.speech.typed import Context, Reading, TypedValue, UnreadableValueError
from campaign.speech.verbalise.agreeing import counted_as
from campaign.speech.verbalise.currencies import SYMBOLS, code_of, is_written, money_of, names_of
from campaign.speech.verbalise.numbers import cardinal, number
from campaign.speech.verbalise.written import parse_number, separators

_MINUS = r"[+\-−]"
_SIGN = "|".join([*(re.escape(sign) for sign in sorted(SYMBOLS, key=len, reverse=True)), "[A-Z]{3}"])
SIGN = re.compile(_SIGN)
"""A sign or code of a currency."""
_WRITTEN = re.compile(
    rf"({_MINUS}?)\s?(?:({_SIGN})\s?)?({_MINUS}?)([.,]?\d[\d.,'’\s]*?)(?:,[-–—]{{1,2}})?(?:\s?({_SIGN}))?(?:,[-–—]{{1,2}})?"
)


def money(value: TypedValue, context: Context) -> Reading:
    """`1.234,50 €` as a native speaker says it; `value`'s `currency` option serves a bare number."""
    means = money_of(context.language)
    plain = _SIGN_TOO.sub(r"\2 \1", _plain(value.written.strip()))
    written, magnitude = _without_magnitude(_coded(plain, context.language), means)
    amount, code = _parse(written, value, context, is_large=magnitude is not None)
    currency = names_of(code, context.language, context.region)
    if currency is None:
        raise UnreadableValueError(
            "unknown-currency",
            f"{code!r} has no name here",
            "use a code of ISO 4217 such as EUR, or write the amount in words",
        )
    if magnitude is not None:
        return Reading(text=_large(amount, magnitude, currency, context))
    return Reading(
        text=_amount(amount, currency, context), eats_right=_repeated_unit(context.right, code, currency)
    )


def _plain(written: str) -> str:
    """`7€50` as `7.50 €`, `Fr. -.50` and `-.50 Fr.` as 0.50; no sign for no hundredths in `85.–` and `500/-`."""
    text = written.replace("−", "-")
    if text[-3:-2] in _SIGNS_INSIDE:
        text = _SIGN_INSIDE.sub(r"\1.\3 \2", text)
    if _DASH.search(text):
        text = _NO_HUNDREDTHS.sub("", _NO_WHOLE.sub("0.", text))
    return text


_SIGN_TOO = re.compile(r"^([A-Z]{3})\s?([$€£¥].*\d)$")
"""`USD $250` is `$250 USD`."""
_SIGNS_INSIDE = ("€", "£")
_DASH = re.compile("[-–—]")
_SIGN_INSIDE = re.compile(r"^(\d+)([€£])(\d\d)$")
_NO_WHOLE = re.compile(r"[-–—]\.(?=\d\d(?:$|\s?(?:Fr\.|CHF)$))")
_NO_HUNDREDTHS = re.compile(r"(?<=\d)(?:\.[-–—]{1,2}|/-)$")


@lru_cache(maxsize=16)
def currency_words(language: str) -> Mapping[str, str]:
    """Names of currencies in a language, one and many, to their codes; a name of two is the first's."""
    words: dict[str, str] = {}
    for code, currency in money_of(language).currencies.items():
        for word in (currency.one, currency.many):
            words.setdefault(word, code)
    return words


def _coded(written: str, language: str) -> str:
    """`1.234,50 euros` to `1.234,50 EUR`."""
    match = _NAMED_AFTER.fullmatch(written)
    code = currency_words(language).get(match[2]) if match and match[2] not in SYMBOLS else None
    if match is None and (named := _NAMED_BEFORE.fullmatch(written)):
        code = currency_words(language).get(named[1].lower())
        return f"{named[2]} {code}" if code else written
    return f"{match[1]} {code}" if match and code else written


_NAMED_AFTER = re.compile(r"(.*\d)\s?([^\W\d_][^\d]*)")
_NAMED_BEFORE = re.compile(r"([^\W\d_]+)\s(\d[^A-Z]*)")


def _without_magnitude(written: str, means: Money) -> tuple[str, Magnitude | None]:
    """`€1.5 million` to `€1.5` and the magnitude."""
    match = _magnitude(tuple(means.magnitudes)).search(written)
    if match is None:
        return written, None
    return written[: match.start()] + written[match.end() :], means.magnitudes[match[1]]


@lru_cache(maxsize=32)
def _magnitude(words: tuple[str, ...]) -> re.Pattern[str]:
    """One of `words`, the longest first, after figures and at the end but for a sign."""
    listed = "|".join(re.escape(word) for word in sorted(words, key=len, reverse=True))
    return re.compile(rf"(?<=\d)\s?({listed})(?=\s?(?:{_SIGN})?$)" if words else r"(?!)")


_MILLION = 6


def _large(amount: Decimal, magnitude: Magnitude, currency: Currency, context: Context) -> str:
    room, means = spoken(context.language, "an amount of money"), money_of(context.language)
    if magnitude.one in means.alone and amount == 1:
        return f"{magnitude.one} {currency.many}"
    is_one = amount == 1 and amount.as_tuple().exponent == 0
    is_one = is_one or (means.below_two_is_one and amount < 2)
    size = magnitude.one if is_one else magnitude.many
    if magnitude.power < _MILLION:
        words = number(amount, room.code, noun=True, region=context.region)
        return room.space.join((words, size, currency.many))
    head = counted_as(amount, means.magnitude_gender, size, context)
    link, eaten = room.agreement.after_millions(f" {currency.many}")
    noun = currency.one if means.attributive(context.left, context.right) else currency.many
    return f"{head}{link}{'' if eaten else room.space}{noun}"


def _parse(written: str, value: TypedValue, context: Context, *, is_large: bool) -> tuple[Decimal, str]:
    declared = value.option("currency")
    match = _WRITTEN.fullmatch(written)
    if not match:
        raise UnreadableValueError(
            "not-money", f"{value.written!r} is not an amount of money", "write it as 1234.50 or 1234.50 EUR"
        )
    first_sign, before, second_sign, figures, after = match.groups()
    currency = _currency(before, after, value, context)
    if currency and declared and currency != declared:
        raise UnreadableValueError(
            "currency-mismatch",
            f"{value.written!r} is not {declared}, which its type declares",
            "correct one of the two",
        )
    if not currency and not declared:
        raise UnreadableValueError("no-currency", f"{value.written!r} has no currency", 'write money("EUR")')
    figures = _without_point(first_sign + second_sign + figures.strip(), value, context)
    amount = parse_number(figures, context.language, context.region, value.option("number"))
    exponent = amount.as_tuple().exponent
    is_whole = isinstance(exponent, int) and exponent >= -2
    if exponent == _THOUSANDTHS and amount >= 1 and not is_large and _is_doubted(value, context):
        whole = re.sub(r"\D", "", figures)
        raise UnreadableValueError(
            "ambiguous-number",
            f"{value.written!r} is {whole}, or {amount}",
            f"write {whole}, or the price with what it is of",
        )
    if not is_whole and not is_large and not _is_rate(value, context):
        raise UnreadableValueError(
            "not-money",
            f"{value.written!r} has more than two decimals",
            "write the amount in whole hundredths",
        )
    return amount, currency or declared


def _is_doubted(value: TypedValue, context: Context) -> bool:
    """Whether an amount with thousandths in prose is no price of one."""
    means = money_of(context.language)
    is_price = _OF_ONE.match(context.right) or _PRICE.search(context.left)
    return means.doubts_thousandths and value.option("decimals") == "any" and not is_price


_THOUSANDTHS = -3
_PRICE = re.compile(r"\b(?:tar[ií]f\w*|taux|tasa|taxa|cota\w*|cambio|câmbio|cours)\b", re.I)


def _without_point(figures: str, value: TypedValue, context: Context) -> str:
    """`800.000 euros` in prose is no amount with thousandths, where people write those with a comma, but of a price:
    `1.859 €/l`."""
    is_price = _is_rate(value, context) and _OF_ONE.match(context.right)
    if (
        value.option("decimals") != "any"
        or is_price
        or separators(context.language, context.region)[0] != ","
    ):
        return figures
    return figures.replace(".", "") if _POINTED.fullmatch(figures) else figures


_POINTED = re.compile(r"[+-]?[1-9]\d{0,2}\.\d{3}")
_OF_ONE = re.compile(r"\s?/|\s\w{1,3}\s(?:lit|[kK][wW]h|m[³3]|kg|l\b)")


def _is_rate(value: TypedValue, context: Context) -> bool:
    """Whether an amount may have a fraction of a hundredth: a price of one of many, `0,2516 €` in prose."""
    return value.option("decimals") == "any" or re.match(r"\s?/", context.right) is not None


def _currency(before: str | None, after: str | None, value: TypedValue, context: Context) -> str:
    """The code that the signs before and after the figures name, `$20 MXN`; a declared one decides between several."""
    declared = value.option("currency")
    first, last = (code_of(sign or "", context.language, context.region) for sign in (before, after))
    if before and after and first != last:
        if not is_written(last, before):
            raise UnreadableValueError(
                "not-money", f"{value.written!r} names two currencies", "name one currency"
            )
        return last
    sign = before or after or ""
    return declared if is_written(declared, sign) else first or last


def _amount(amount: Decimal, currency: Currency, context: Context) -> str:
    room, means = spoken(context.language, "an amount of money"), money_of(context.language)
    if not means.with_hundredths:
        figures = amount.normalize() if amount % 1 else amount.to_integral_value()
        words = number(figures, room.code, noun=True, region=context.region)
        return f"{words}{room.space}{currency.one}"
    exponent = amount.as_tuple().exponent
    if isinstance(exponent, int) and exponent < -2:  # a rate: `0,1532 €/kWh`
        return f"{number(amount, room.code, region=context.region)} {currency.many}"
    if means.attributive(context.left, context.right) and amount == amount.to_integral_value():
        return f"{cardinal(int(amount), room.code, noun=True, region=context.region)} {currency.one}"
    whole = int(abs(amount))
    hundredths = int((abs(amount) - whole) * 100)
    if hundredths and not currency.cent:
        return number(amount, room.code, region=context.region) + f" {currency.many}"
    parts: list[str] = []
    if whole or not hundredths:
        parts.append(_counted(whole, (currency.one, currency.many, currency.gender), means, context))
    if hundredths:
        names = (currency.cent, currency.cents, currency.cent_gender)
        parts.append(_counted(hundredths, names, means, context))
    text = f" {room.words.money_and} ".join(parts)
    return f"{room.words.minus} {text}" if amount < 0 else text


def _counted(count: int, names: tuple[str, str, str], means: Money, context: Context) -> str:
    one, many, gender = names
    noun = one if count == 1 or (means.zero_is_one and count == 0) else many
    return counted_as(count, gender, noun, context)


def _repeated_unit(right: str, code: str, currency: Currency) -> int:
    """A template that writes the unit after the value does not say it twice."""
    match = _unit(code, currency).match(right) if right else None
    return match.end() if match else 0


@lru_cache(maxsize=1024)
def _unit(code: str, currency: Currency) -> re.Pattern[str]:
    symbols = [re.escape(sign) for sign, own in SYMBOLS.items() if own == code]
    names = "|".join([*symbols, code, re.escape(currency.many), re.escape(currency.one)])
    return re.compile(rf"\s?(?:{names})(?!\w)")
