"""Which currency a sign means in a region, and what a currency is called: the language's room first, CLDR for the rest.

`$` is the region's own dollar or peso where the region has one; where no region is known it is the US dollar, which is
what the world writes so.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache, lru_cache
from typing import Final

from campaign.speech.languages.record import Currency, Money
from campaign.speech.languages.registry import codes, lacking, spoken
from campaign.speech.languages.registry import language as room_of

SYMBOLS: Final[Mapping[str, str]] = {
    "€": "EUR", "$": "USD", "US$": "USD", "U$S": "USD", "£": "GBP", "¥": "JPY", "￥": "CNY", "R$": "BRL", "Fr.": "CHF",
    "fr.": "CHF", "SFr.": "CHF", "₹": "INR", "Rs.": "INR", "Rs": "INR", "zł": "PLN", "A$": "AUD",
    "AU$": "AUD", "C$": "CAD",
    "CA$": "CAD", "NZ$": "NZD", "HK$": "HKD", "NT$": "TWD", "S$": "SGD", "MX$": "MXN", "AR$": "ARS", "S/": "PEN",
    "S/.": "PEN", "Bs.": "BOB", "₱": "PHP", "₩": "KRW", "₪": "ILS", "₺": "TRY", "₴": "UAH", "₫": "VND", "₽": "RUB",
    "₦": "NGN", "₵": "GHS", "₡": "CRC", "₲": "PYG", "Kč": "CZK", "元": "CNY", "RMB": "CNY", "kr": "SEK", "kr.": "DKK",
}  # fmt: skip
"""Signs to currencies where no region says otherwise."""
SHARED: Final[Mapping[str, tuple[str, ...]]] = {
    "$": ("dollar", "peso", "pataca", "córdoba", "escudo", "paʻanga"),
    "£": ("pound",),
    "Rs": ("rupee",),
    "Rs.": ("rupee",),
    "kr": ("krone", "krona", "króna"),
    "kr.": ("krone", "krona", "króna"),
    "元": ("yuan", "dollar"),
}
"""Signs of several currencies, to their names in English: the region's own where it writes so."""


_NAMED_IN: Final = "en_001"
"""The locale whose names for currencies are looked at."""


def money_of(language: str) -> Money:
    """How a language says amounts; raises `UnreadableValueError` where it does not."""
    room = spoken(language, "an amount of money")
    if room.money is None:
        raise lacking(room, "amounts of money")
    return room.money


@cache
def currency_codes() -> frozenset[str]:
    """ISO 4217 codes that have a name: all of CLDR's that are in use."""
    from babel import Locale
    from babel.core import get_global

    tenders = get_global("territory_currencies").values()
    used = {entry[0] for entries in tenders for entry in entries if entry[2] is None and entry[3]}
    rooms = (room_of(code) for code in codes())
    named = {code for room in rooms if room and room.money for code in room.money.currencies}
    return frozenset(used & set(Locale(_NAMED_IN).currencies)) | named


def code_of(sign: str, language: str, region: str) -> str:
    """The ISO 4217 code that a sign, or a code, means to people of a region."""
    if sign in SHARED and (own := _own_code(sign, language, region)):
        return own
    return money_of(language).sign_codes.get(sign) or SYMBOLS.get(sign, sign)


def is_written(code: str, sign: str) -> bool:
    """Whether a currency is one of those that a shared sign stands for."""
    nouns = SHARED.get(sign, ())
    return (
        bool(nouns)
        and code in currency_codes()
        and _cldr_names(code, _NAMED_IN)[0].casefold().endswith(nouns)
    )


@lru_cache(maxsize=256)
def _own_code(sign: str, language: str, region: str) -> str:
    """The region's own currency where its people write it with that sign; empty where they do not."""
    from babel import Locale, UnknownLocaleError
    from babel.core import get_global
    from babel.numbers import get_territory_currencies

    if not region:
        return ""
    spoken_there = [language, *get_global("territory_languages").get(region, {})]
    for code in get_territory_currencies(region):
        for tag in spoken_there:
            try:
                symbols = Locale.parse(f"{tag}_{region}").currency_symbols
            except (UnknownLocaleError, ValueError):
                continue
            if symbols.get(code) in (sign, sign.rstrip(".")) or _OWN_WRITING.get(code) == sign:
                return str(code)
    return ""


_OWN_WRITING: Final = {"TWD": "元", "HKD": "元"}
"""What CLDR has another sign for."""


@lru_cache(maxsize=1024)
def names_of(code: str, language: str, region: str = "") -> Currency | None:
    """What a currency is called in a language; in its own region without the name of the country. None for no name."""
    means = money_of(language)
    is_own = bool(region) and code in _territory_currencies(region)
    if (listed := means.regional.get(region, {}).get(code) or means.currencies.get(code)) is not None:
        return listed
    if code not in currency_codes():
        return None
    one, many = (means.cldr_name(name) for name in _cldr_names(code, language))
    family = _family(one, means)
    if family is None:
        return Currency(one, many, "m", "", "", "m")
    if is_own:
        return family
    return family._replace(one=one, many=many)


def _territory_currencies(region: str) -> tuple[str, ...]:
    from babel.numbers import get_territory_currencies

    return tuple(get_territory_currencies(region))


@lru_cache(maxsize=1024)
def _cldr_names(code: str, language: str) -> tuple[str, str]:
    from babel.numbers import get_currency_name

    return get_currency_name(code, count=1, locale=language), get_currency_name(
        code, count=2, locale=language
    )


def _family(name: str, means: Money) -> Currency | None:
    """The listed currency of the same name: "peso" of "peso argentino"; with its gender and its hundredth."""
    folded = name.casefold()
    for currency in (*means.families, *means.currencies.values()):
        one = currency.one.casefold()
        if folded == one or folded.startswith(f"{one} ") or folded.endswith((f" {one}", f"-{one}")):
            return currency
        if not folded.isascii() and " " not in folded and folded.endswith(one):
            return currency
    return None
