"""Amounts of money, with the gender and number that each language needs.

Names of the currencies in `CURRENCIES`; one that is not listed is an error, not a guess.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from decimal import Decimal
from functools import lru_cache

from campaign.speech.typed import Context, Reading, TypedValue, UnreadableValueError
from campaign.speech.verbalise.numbers import cardinal, number, require_language
from campaign.speech.verbalise.words import MINUS_WORDS
from campaign.speech.verbalise.written import parse_number

Names = tuple[str, str, str, str, str, str]
"""one, many, gender; one, many, gender of the hundredth."""

CURRENCIES: Mapping[str, Mapping[str, Names]] = {
    "EUR": {
        "en": ("euro", "euros", "m", "cent", "cents", "m"),
        "de": ("Euro", "Euro", "m", "Cent", "Cent", "m"),
        "es": ("euro", "euros", "m", "céntimo", "céntimos", "m"),
        "fr": ("euro", "euros", "m", "centime", "centimes", "m"),
        "it": ("euro", "euro", "m", "centesimo", "centesimi", "m"),
        "pt": ("euro", "euros", "m", "cêntimo", "cêntimos", "m"),
        "zh": ("欧元", "欧元", "m", "分", "分", "m"),
    },
    "USD": {
        "en": ("dollar", "dollars", "m", "cent", "cents", "m"),
        "de": ("Dollar", "Dollar", "m", "Cent", "Cent", "m"),
        "es": ("dólar", "dólares", "m", "centavo", "centavos", "m"),
        "fr": ("dollar", "dollars", "m", "cent", "cents", "m"),
        "it": ("dollaro", "dollari", "m", "centesimo", "centesimi", "m"),
        "pt": ("dólar", "dólares", "m", "cêntimo", "cêntimos", "m"),
        "zh": ("美元", "美元", "m", "分", "分", "m"),
    },
    "GBP": {
        "en": ("pound", "pounds", "m", "penny", "pence", "m"),
        "de": ("Pfund", "Pfund", "n", "Penny", "Pence", "m"),
        "es": ("libra", "libras", "f", "penique", "peniques", "m"),
        "fr": ("livre", "livres", "f", "penny", "pence", "m"),
        "it": ("sterlina", "sterline", "f", "penny", "pence", "m"),
        "pt": ("libra", "libras", "f", "péni", "pence", "m"),
        "zh": ("英镑", "英镑", "m", "便士", "便士", "m"),
    },
    "CHF": {
        "en": ("Swiss franc", "Swiss francs", "m", "centime", "centimes", "m"),
        "de": ("Franken", "Franken", "m", "Rappen", "Rappen", "m"),
        "es": ("franco", "francos", "m", "céntimo", "céntimos", "m"),
        "fr": ("franc", "francs", "m", "centime", "centimes", "m"),
        "it": ("franco", "franchi", "m", "centesimo", "centesimi", "m"),
        "pt": ("franco", "francos", "m", "cêntimo", "cêntimos", "m"),
        "zh": ("瑞士法郎", "瑞士法郎", "m", "分", "分", "m"),
    },
    "JPY": {
        "en": ("yen", "yen", "m", "", "", "m"),
        "de": ("Yen", "Yen", "m", "", "", "m"),
        "es": ("yen", "yenes", "m", "", "", "m"),
        "fr": ("yen", "yens", "m", "", "", "m"),
        "it": ("yen", "yen", "m", "", "", "m"),
        "pt": ("iene", "ienes", "m", "", "", "m"),
        "zh": ("日元", "日元", "m", "", "", "m"),
    },
    "CNY": {
        "en": ("yuan", "yuan", "m", "fen", "fen", "m"),
        "de": ("Yuan", "Yuan", "m", "Fen", "Fen", "m"),
        "es": ("yuan", "yuanes", "m", "fen", "fenes", "m"),
        "fr": ("yuan", "yuans", "m", "fen", "fens", "m"),
        "it": ("yuan", "yuan", "m", "fen", "fen", "m"),
        "pt": ("yuan", "yuans", "m", "fen", "fens", "m"),
        "zh": ("元", "元", "m", "分", "分", "m"),
    },
    "BRL": {
        "en": ("real", "reais", "m", "centavo", "centavos", "m"),
        "de": ("Real", "Reais", "m", "Centavo", "Centavos", "m"),
        "es": ("real", "reales", "m", "centavo", "centavos", "m"),
        "fr": ("réal", "réals", "m", "centavo", "centavos", "m"),
        "it": ("real", "real", "m", "centavo", "centavos", "m"),
        "pt": ("real", "reais", "m", "centavo", "centavos", "m"),
        "zh": ("雷亚尔", "雷亚尔", "m", "分", "分", "m"),
    },
    "MXN": {
        "en": ("peso", "pesos", "m", "centavo", "centavos", "m"),
        "de": ("Peso", "Pesos", "m", "Centavo", "Centavos", "m"),
        "es": ("peso", "pesos", "m", "centavo", "centavos", "m"),
        "fr": ("peso", "pesos", "m", "centavo", "centavos", "m"),
        "it": ("peso", "pesos", "m", "centavo", "centavos", "m"),
        "pt": ("peso", "pesos", "m", "centavo", "centavos", "m"),
        "zh": ("比索", "比索", "m", "分", "分", "m"),
    },
    "INR": {
        "en": ("rupee", "rupees", "m", "paisa", "paise", "m"),
        "de": ("Rupie", "Rupien", "f", "Paisa", "Paise", "m"),
        "es": ("rupia", "rupias", "f", "paisa", "paisas", "m"),
        "fr": ("roupie", "roupies", "f", "paisa", "paisas", "m"),
        "it": ("rupia", "rupie", "f", "paisa", "paise", "m"),
        "pt": ("rupia", "rupias", "f", "paisa", "paisas", "m"),
        "zh": ("卢比", "卢比", "m", "派萨", "派萨", "m"),
    },
    "PLN": {
        "en": ("zloty", "zlotys", "m", "grosz", "groszy", "m"),
        "de": ("Zloty", "Zloty", "m", "Groschen", "Groschen", "m"),
        "es": ("esloti", "eslotis", "m", "groszy", "groszy", "m"),
        "fr": ("zloty", "zlotys", "m", "grosz", "groszy", "m"),
        "it": ("zloty", "zloty", "m", "grosz", "groszy", "m"),
        "pt": ("zlóti", "zlótis", "m", "grosz", "groszy", "m"),
        "zh": ("兹罗提", "兹罗提", "m", "格罗希", "格罗希", "m"),
    },
    "SEK": {
        "en": ("krona", "kronor", "m", "öre", "öre", "m"),
        "de": ("Krone", "Kronen", "f", "Öre", "Öre", "n"),
        "es": ("corona", "coronas", "f", "öre", "öre", "m"),
        "fr": ("couronne", "couronnes", "f", "öre", "öre", "m"),
        "it": ("corona", "corone", "f", "öre", "öre", "m"),
        "pt": ("coroa", "coroas", "f", "öre", "öre", "m"),
        "zh": ("克朗", "克朗", "m", "欧尔", "欧尔", "m"),
    },
}
SYMBOLS: Mapping[str, str] = {
    "€": "EUR",
    "US$": "USD",
    "$": "USD",
    "£": "GBP",
    "¥": "JPY",
    "￥": "CNY",
    "R$": "BRL",
    "Fr.": "CHF",
    "₹": "INR",
    "zł": "PLN",
}
"""Signs to currencies; `¥` is Chinese in Chinese, `$` the region's own dollar or peso is not guessed."""
MAGNITUDES: Mapping[str, Mapping[str, tuple[str, str, int]]] = {
    "en": {
        "k": ("thousand", "thousand", 3), "K": ("thousand", "thousand", 3), "thousand": ("thousand", "thousand", 3),
        "m": ("million", "million", 6), "M": ("million", "million", 6), "million": ("million", "million", 6),
        "bn": ("billion", "billion", 9), "B": ("billion", "billion", 9), "billion": ("billion", "billion", 9),
        "trillion": ("trillion", "trillion", 12),
    },
    "de": {
        "Tsd.": ("tausend", "tausend", 3), "Mio.": ("Million", "Millionen", 6), "Million": ("Million", "Millionen", 6),
        "Millionen": ("Million", "Millionen", 6), "Mrd.": ("Milliarde", "Milliarden", 9),
        "Milliarden": ("Milliarde", "Milliarden", 9),
    },
    "es": {
        "M": ("millón", "millones", 6), "mil": ("mil", "mil", 3), "millón": ("millón", "millones", 6),
        "millones": ("millón", "millones", 6),
    },
    "fr": {
        "k": ("mille", "mille", 3), "M": ("million", "millions", 6), "million": ("million", "millions", 6),
        "millions": ("million", "millions", 6), "Md": ("milliard", "milliards", 9),
        "milliards": ("milliard", "milliards", 9),
    },
    "it": {"milioni": ("milione", "milioni", 6), "miliardi": ("miliardo", "miliardi", 9)},
    "pt": {
        "milhões": ("milhão", "milhões", 6), "milhão": ("milhão", "milhões", 6), "mil": ("mil", "mil", 3),
        "bilhões": ("bilhão", "bilhões", 9), "bilhão": ("bilhão", "bilhões", 9), "mi": ("milhão", "milhões", 6),
    },
    "zh": {"千": ("千", "千", 3), "万": ("万", "万", 4), "亿": ("亿", "亿", 8)},
}  # fmt: skip
"""Words and letters that multiply an amount: (one, many, power of ten)."""
_AND_WORDS = {"en": "and", "de": "und", "es": "con", "fr": "et", "it": "e", "pt": "e"}
_SIGN = r"R\$|US\$|[€$£¥￥₹]|zł|Fr\.|[A-Z]{3}"
_WRITTEN = re.compile(
    rf"([+-]?)\s?(?:({_SIGN})\s?)?([+-]?)(\d[\d.,'’\s]*?)(?:,[-–—]{{1,2}})?(?:\s?({_SIGN}|元))?(?:,[-–—]{{1,2}})?"
)


def money(value: TypedValue, context: Context) -> Reading:
    """`1.234,50 €` as a native speaker says it; `value`'s `currency` option serves a bare number."""
    language = context.language
    require_language(language, "an amount of money")
    written, magnitude = _without_magnitude(
        _coded(value.written.strip().replace("−", "-"), language), language
    )
    amount, currency = _parse(written, value, context)
    if currency not in CURRENCIES:
        raise UnreadableValueError(
            "unknown-currency",
            f"{currency!r} has no name here",
            f"use one of {', '.join(sorted(CURRENCIES))}, or write the amount in words",
        )
    if language == "pt" and context.region == "BR" and currency == "EUR":
        names: Names = ("euro", "euros", "m", "centavo", "centavos", "m")
    else:
        names = CURRENCIES[currency][language]
    if magnitude is not None:
        return Reading(text=_large(amount, magnitude, names, language, context.region))
    text = _chinese(amount, names) if language == "zh" else _european(amount, names, language, context.region)
    return Reading(text=text, eats_right=_repeated_unit(context.right, currency, names))


_DOLLARS = frozenset({"USD", "MXN"})
"""What `$` may be when the code stands after the figures."""


@lru_cache(maxsize=16)
def currency_words(language: str) -> Mapping[str, str]:
    """Names of currencies in a language, one and many, to their codes; a name of two is the first's."""
    words: dict[str, str] = {}
    for code, names in CURRENCIES.items():
        for word in names[language][:2]:
            words.setdefault(word, code)
    return words


def _coded(written: str, language: str) -> str:
    """`1.234,50 euros` to `1.234,50 EUR`."""
    match = re.fullmatch(r"(.*\d)\s?([^\W\d_][^\d]*)", written)
    code = currency_words(language).get(match[2]) if match else None
    return f"{match[1]} {code}" if match and code else written


def _without_magnitude(written: str, language: str) -> tuple[str, tuple[str, str, int] | None]:
    """`€1.5 million` to `€1.5` and the magnitude."""
    sizes = MAGNITUDES.get(language, {})
    for word in sorted(sizes, key=len, reverse=True):
        match = re.search(rf"(?<=\d)\s?{re.escape(word)}(?=\s?(?:{_SIGN}|元)?$)", written)
        if match:
            return written[: match.start()] + written[match.end() :], sizes[word]
    return written, None


def _large(amount: Decimal, magnitude: tuple[str, str, int], names: Names, language: str, region: str) -> str:
    singular, plural, power = magnitude
    gender = "f" if language == "de" and power >= 6 else "m"
    if singular in ("mille", "mil") and amount == 1:
        return f"{singular} {names[1]}"
    is_written_one = amount == 1 and amount.as_tuple().exponent == 0
    is_singular = is_written_one or (language == "fr" and amount < 2)
    words = f"{number(amount, language, gender=gender, noun=True, region=region)} {singular if is_singular else plural}"
    if language == "zh":
        return words.replace(" ", "") + names[1]
    if power < 6 or language in ("en", "de"):
        return f"{words} {names[1]}"
    return (
        f"{words} d'{names[1]}"
        if language == "fr" and names[1] == "euros"
        else (f"{words} {'di' if language == 'it' else 'de'} {names[1]}")
    )


def _parse(written: str, value: TypedValue, context: Context) -> tuple[Decimal, str]:
    declared = value.option("currency")
    match = _WRITTEN.fullmatch(written)
    if not match:
        raise UnreadableValueError(
            "not-money", f"{value.written!r} is not an amount of money", "write it as 1234.50 or 1234.50 EUR"
        )
    first_sign, before, second_sign, figures, after = match.groups()
    sign = after if before == "$" and after in _DOLLARS else before or after
    currency = {"元": "CNY", "¥": "CNY" if context.language == "zh" else "JPY"}.get(
        sign or "", SYMBOLS.get(sign or "", sign)
    )
    if before and after and before != after and not (before == "$" and after in _DOLLARS):
        raise UnreadableValueError(
            "not-money", f"{value.written!r} names two currencies", "name one currency"
        )
    if currency and declared and currency != declared:
        raise UnreadableValueError(
            "currency-mismatch",
            f"{value.written!r} is not {declared}, which its type declares",
            "correct one of the two",
        )
    if not currency and not declared:
        raise UnreadableValueError("no-currency", f"{value.written!r} has no currency", 'write money("EUR")')
    figures = first_sign + second_sign + figures.strip()
    amount = parse_number(figures, context.language, context.region, value.option("number"))
    exponent = amount.as_tuple().exponent
    if isinstance(exponent, int) and exponent < -2 and not re.match(r"\s?/", context.right):
        raise UnreadableValueError(
            "not-money",
            f"{value.written!r} has more than two decimals",
            "write the amount in whole hundredths",
        )
    return amount, currency or declared


def _european(amount: Decimal, names: Names, language: str, region: str) -> str:
    singular, plural, gender, cent_one, cent_many, cent_gender = names
    exponent = amount.as_tuple().exponent
    if isinstance(exponent, int) and exponent < -2:  # a rate: `0,1532 €/kWh`
        return f"{number(amount, language, region=region)} {plural}"
    whole = int(abs(amount))
    hundredths = int((abs(amount) - whole) * 100)
    if hundredths and not cent_one:
        return number(amount, language, region=region) + f" {plural}"
    parts: list[str] = []
    if whole or not hundredths:
        parts.append(_counted(whole, singular, plural, gender, language, region))
    if hundredths:
        parts.append(_counted(hundredths, cent_one, cent_many, cent_gender, language, region))
    text = f" {_AND_WORDS[language]} ".join(parts)
    return f"{MINUS_WORDS[language]} {text}" if amount < 0 else text


def _counted(count: int, singular: str, plural: str, gender: str, language: str, region: str) -> str:
    words = cardinal(count, language, gender=gender, noun=True, region=region)
    is_singular = count == 1 or (language == "fr" and count == 0)
    noun = singular if is_singular else plural
    if count >= 10**6 and count % 10**6 == 0 and language in ("es", "fr", "it", "pt"):
        elided = language == "fr" and noun[0] in "aeiouéy" and not noun.startswith("yen")
        elided = elided and not noun.startswith("yuan")
        link = "d'" if elided else "di " if language == "it" else "de "
        return f"{words} {link}{noun}"
    return f"{words} {noun}"


def _chinese(amount: Decimal, names: Names) -> str:
    text = amount.normalize() if amount % 1 else amount.to_integral_value()
    words = number(text, "zh", noun=True)
    return words + names[0]


def _repeated_unit(right: str, currency: str, names: Names) -> int:
    """A template that writes the unit after the value does not say it twice."""
    symbols = [re.escape(sign) for sign, code in SYMBOLS.items() if code == currency]
    match = re.match(
        rf"\s?(?:{'|'.join([*symbols, currency, re.escape(names[1]), re.escape(names[0])])})(?!\w)", right
    )
    return match.end() if match else 0
