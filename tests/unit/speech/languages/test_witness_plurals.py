"""Singular and plural of measures and amounts, and names of currencies, beside CLDR's."""

from __future__ import annotations

from decimal import Decimal

import pytest
from babel import Locale
from babel.numbers import get_currency_name

from campaign.speech.languages.registry import codes, spoken
from campaign.speech.typed import Context, Kind, TypedValue
from campaign.speech.verbalise.dispatch import read_aloud
from tests.unit.speech.languages.witness import decisions

AMOUNTS = ["0", "0.5", "1", "1.0", "1.5", "1.9", "2", "5", "11", "21", "100", "101", "1000000", "2000000"]
LOCALES = [
    "en-US",
    "en-GB",
    "de-DE",
    "de-CH",
    "fr-FR",
    "fr-CA",
    "fr-BE",
    "es-ES",
    "es-MX",
    "it-IT",
    "pt-PT",
    "pt-BR",
]
UNITS = ("kg", "h", "min")


def said(kind: Kind, written: str, context: Context, **options: str) -> str:
    value = TypedValue(
        kind=kind, written=written, options=tuple(sorted({"number": "1234.5", **options}.items()))
    )
    return read_aloud(value, context).text


def is_one(words: str, one: str, many: str) -> bool:
    """Whether the noun at the end is the singular."""
    return words.endswith(one) and (len(one) > len(many) or not words.endswith(many))


@pytest.mark.parametrize("locale", LOCALES)
def test_nouns_stand_in_the_number_that_cldr_says(locale: str) -> None:
    language, _, region = locale.partition("-")
    room, context = spoken(language, "a measure"), Context(language=language, region=region)
    assert room.money is not None
    euro, rules = room.money.currencies["EUR"], Locale.parse(locale.replace("-", "_"))
    wrong = []
    for written in AMOUNTS:
        singular = rules.plural_form(Decimal(written)) == "one"
        for sign in UNITS:
            unit = room.units[sign]
            words = said(Kind.UNIT, f"{written} {sign}", context)
            if unit.one != unit.many and is_one(words, unit.one, unit.many) != singular:
                wrong.append(("unit", written))
        if "." not in written and euro.one != euro.many:
            words = said(Kind.MONEY, written, context, currency="EUR")
            if is_one(words, euro.one, euro.many) != singular:
                wrong.append(("money", written))
    decided = [
        (one.rules.pattern, written)
        for one in decisions(language, "CLDR's plurals")
        if one.region == region
        for written in one.written
    ]
    assert sorted(set(wrong)) == sorted(decided)


@pytest.mark.parametrize("language", sorted(codes()))
def test_currencies_are_called_as_in_cldr(language: str) -> None:
    money = spoken(language, "an amount").money
    assert money is not None
    other = {
        code: f"{currency.one}, {currency.many}"
        for code, currency in money.currencies.items()
        if currency.one.lower() not in get_currency_name(code, count=1, locale=language).lower()
        or currency.many.lower() not in get_currency_name(code, count=2, locale=language).lower()
    }
    assert other == {one.rules.pattern: one.ours for one in decisions(language, "CLDR's currencies")}
