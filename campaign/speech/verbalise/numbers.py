"""Cardinals, decimals, ordinals and years as words.

num2words makes the cardinals (7 languages would be 7 grammars of ours to keep right); what it gets wrong
is mended here: Spanish "veintiuno mil", French "quatre-vingtsième", Italian "centodicotto", gender everywhere, no
Chinese at all.
"""

from __future__ import annotations

import re
from decimal import Decimal
from functools import lru_cache

from campaign.speech.typed import UnreadableValueError
from campaign.speech.verbalise.words import (
    DE_IRREGULAR_ORDINALS,
    DECIMAL_WORDS,
    DIGIT_WORDS,
    ES_ORDINAL_TENS,
    ES_ORDINALS,
    MINUS_WORDS,
    ZH_DIGITS,
)

LANGUAGES = frozenset({"en", "es", "de", "fr", "it", "pt", "zh"})
"""Languages whose values can be read aloud."""
_LIMIT = 10**15
AND_REGIONS = frozenset({"GB", "IE", "AU", "NZ", "ZA", "IN", "MT"})
"""English regions that say "one hundred and one"."""
_DIGITWISE_DECIMALS = frozenset({"en", "de", "zh"})


def require_language(language: str, what: str) -> None:
    """Raise when values of this kind cannot be read aloud in `language`."""
    if language not in LANGUAGES:
        raise UnreadableValueError(
            "no-verbaliser",
            f"{what} cannot be read aloud in {language!r}",
            f"write it in words, or use one of {', '.join(sorted(LANGUAGES))}",
        )


@lru_cache(maxsize=65536)
def cardinal(number: int, language: str, *, gender: str = "m", noun: bool = False, region: str = "") -> str:
    """The words for a whole number.

    `noun` says that a counted noun of that gender follows: "un livre", "veintiún libros", "ein Buch".
    """
    require_language(language, "a number")
    if abs(number) >= _LIMIT:
        raise UnreadableValueError(
            "number-too-large", f"{number} is too large to be read aloud", "declare it as digits or spell"
        )
    if number < 0:
        words = cardinal(-number, language, gender=gender, noun=noun, region=region)
        return f"{MINUS_WORDS[language]}{'' if language == 'zh' else ' '}{words}"
    if language == "zh":
        return _chinese(number, noun=noun)
    from num2words import num2words

    words = num2words(number, lang="pt_BR" if language == "pt" and region == "BR" else language)
    return _AGREE[language](words, number, gender, noun, region)


def _english(words: str, number: int, gender: str, noun: bool, region: str) -> str:
    words = words.replace(",", "")
    return words if region in AND_REGIONS else words.replace(" and ", " ")


def _german(words: str, number: int, gender: str, noun: bool, region: str) -> str:
    if noun and words.endswith("eins"):
        return words[:-1] + ("e" if gender == "f" and number == 1 else "")
    return words


def _spanish(words: str, number: int, gender: str, noun: bool, region: str) -> str:
    words = re.sub(r"veintiuno (?=mil\b|millones|billones)", "veintiún ", words)
    words = re.sub(r"\buno (?=mil\b|millones|billones)", "un ", words)
    if gender == "f":
        head, _, tail = words.rpartition("ones ") if "ones " in words else ("", "", words)
        tail = re.sub(r"cientos\b", "cientas", tail).replace("quinientos", "quinientas")
        tail = re.sub(r"uno$", "una", tail)
        tail = tail.replace("veintiún mil", "veintiuna mil").replace(" y un mil", " y una mil")
        return f"{head}ones {tail}" if head else tail
    if noun:
        words = re.sub(r"veintiuno$", "veintiún", words)
        words = re.sub(r"\buno$", "un", words)
    return words


def _french(words: str, number: int, gender: str, noun: bool, region: str) -> str:
    if gender == "f" and (words == "un" or re.search(r"[ -]un$", words)) and number % 10 == 1:
        return words + "e"
    return words


def _italian(words: str, number: int, gender: str, noun: bool, region: str) -> str:
    words = re.sub(r"(milion[ei]|miliard[oi]) e ", r"\1 ", words).replace("dicotto", "diciotto")
    if number == 1:
        return "una" if gender == "f" else "un" if noun else "uno"
    return re.sub(r"(?<=.)tre$", "tré", words) if number > 20 and number % 10 == 3 else words


_PT_FEMININE = (
    (re.compile(r"\bum\b"), "uma"),
    (re.compile(r"\bdois\b"), "duas"),
    (re.compile(r"(duz|trez|quatroc|quinh|seisc|setec|oitoc|novec)entos\b"), r"\1entas"),
    (re.compile(r"quinhentos\b"), "quinhentas"),
)


def _portuguese(words: str, number: int, gender: str, noun: bool, region: str) -> str:
    words = words.replace(",", "")
    if gender != "f":
        return words
    head, separator, tail = words.rpartition("milhões") if "milhões" in words else words.rpartition("milhão")
    for pattern, feminine in _PT_FEMININE:
        tail = pattern.sub(feminine, tail)
    return head + separator + tail


_AGREE = {
    "en": _english,
    "de": _german,
    "es": _spanish,
    "fr": _french,
    "it": _italian,
    "pt": _portuguese,
}


def _chinese(number: int, *, noun: bool = False) -> str:
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
        words = _chinese_group(group)
        if unit and group == 2:
            words = "两"
        out += words + unit
        gap = False
    return out[1:] if out.startswith("一十") else out


def _chinese_group(group: int) -> str:
    out = ""
    gap = False
    for power, unit in ((1000, "千"), (100, "百"), (10, "十"), (1, "")):
        digit = group // power % 10
        if not digit:
            gap = bool(out)
            continue
        out += ("零" if gap else "") + ("两" if digit == 2 and power == 1000 else ZH_DIGITS[digit]) + unit
        gap = False
    return out


def digits(text: str, language: str) -> str:
    """Each digit as a word."""
    require_language(language, "a row of digits")
    words = DIGIT_WORDS[language]
    return ("" if language == "zh" else " ").join(words[int(digit)] for digit in text)


def number(value: Decimal, language: str, *, gender: str = "m", noun: bool = False, region: str = "") -> str:
    """The words for a whole or decimal number; trailing zeros of the written form are said."""
    sign, figures, exponent = value.as_tuple()
    if not isinstance(exponent, int) or exponent >= 0:
        return cardinal(int(value), language, gender=gender, noun=noun, region=region)
    require_language(language, "a number")
    whole = abs(int(value))
    text = "".join(map(str, figures)).rjust(-exponent, "0")[exponent:]
    if language in _DIGITWISE_DECIMALS or len(text) > 3:
        tail = digits(text, language)
    else:
        stripped = text.lstrip("0")
        zero = DIGIT_WORDS[language][0]
        tail = " ".join(
            [zero] * (len(text) - len(stripped)) + ([cardinal(int(stripped), language)] if stripped else [])
        )
    head = cardinal(whole, language, gender=gender if language == "pt" else "m", region=region)
    point = DECIMAL_WORDS[language]
    joined = f"{head}{point}{tail}" if language == "zh" else f"{head} {point} {tail}"
    return f"{MINUS_WORDS[language]} {joined}".replace("负 ", "负") if sign else joined


@lru_cache(maxsize=8192)
def ordinal(
    value: int, language: str, *, gender: str = "m", ending: str = "", noun: bool = False, region: str = ""
) -> str:
    """The words for an ordinal; `ending` is the German case ending (`e`, `en`, `er`, `es`, `em`)."""
    require_language(language, "an ordinal")
    if not 0 < value < 10**6:
        raise UnreadableValueError(
            "not-an-ordinal", f"{value} has no ordinal", "write a number from 1 to 999999"
        )
    if language == "zh":
        return "第" + _chinese(value)
    if language == "de":
        return _german_ordinal(value) + (ending or "e")
    if language == "es":
        return _spanish_ordinal(value, gender, noun)
    if language == "fr":
        return _french_ordinal(value, gender)
    from num2words import num2words

    words: str = num2words(value, lang=language, to="ordinal").replace(",", "")
    if language == "en":
        return words if region in AND_REGIONS else words.replace(" and ", " ")
    if gender == "f":
        return re.sub(r"o\b", "a", words)
    return words


def _german_ordinal(value: int) -> str:
    words = cardinal(value, "de")
    tail = value % 100
    for figure, (written, stem) in DE_IRREGULAR_ORDINALS.items():
        if tail == figure:
            return words.removesuffix(written) + stem
    words = words.replace("eine Million", "einmillion")
    return words + ("t" if 0 < tail < 20 else "st")


def _spanish_ordinal(value: int, gender: str, noun: bool) -> str:
    if value >= 1000:
        raise UnreadableValueError(
            "not-an-ordinal", f"{value} has no usual ordinal in Spanish", "use cardinal"
        )
    hundreds, rest = divmod(value, 100)
    words = [ES_ORDINAL_TENS[hundreds * 100]] if hundreds else []
    if rest in ES_ORDINALS:
        words.append(ES_ORDINALS[rest])
    elif rest:
        words.append(ES_ORDINAL_TENS[rest // 10 * 10])
        if rest % 10:
            words.append(ES_ORDINALS[rest % 10])
    if gender == "f":
        return " ".join(re.sub(r"o$", "a", word) for word in words)
    text = " ".join(words)
    return re.sub(r"(primer|tercer)o$", r"\1", text) if noun else text


def _french_ordinal(value: int, gender: str) -> str:
    if value == 1:
        return "première" if gender == "f" else "premier"
    words = cardinal(value, "fr")
    words = re.sub(r"(quatre-vingt|cent)s$", r"\1", words)
    if words.endswith("cinq"):
        return words + "uième"
    if words.endswith("neuf"):
        return words[:-1] + "vième"
    return words.removesuffix("e") + "ième"


@lru_cache(maxsize=4096)
def year(value: int, language: str, *, region: str = "") -> str:
    """The words for a year of the common era."""
    require_language(language, "a year")
    if language == "zh":
        return digits(str(value), "zh")
    if language == "de" and 1100 <= value < 2000:
        century, rest = divmod(value, 100)
        return cardinal(century, "de") + "hundert" + (cardinal(rest, "de") if rest else "")
    if language == "en" and 1000 <= value < 10000:
        century, rest = divmod(value, 100)
        if century % 10 == 0 and rest < 10:
            return cardinal(value, "en", region=region)
        head = cardinal(century, "en")
        if rest == 0:
            return f"{head} hundred"
        return f"{head} oh {cardinal(rest, 'en')}" if rest < 10 else f"{head} {cardinal(rest, 'en')}"
    return cardinal(value, language, region=region)


def in_pairs(value: int, language: str = "en") -> str:
    """A number of a house or a room as English reads it: "three oh five", "fourteen twenty-eight"."""
    head, rest = divmod(value, 100)
    if not head or value % 1000 == 0:
        return cardinal(value, language)
    first = cardinal(head, language)
    if not rest:
        return f"{first} hundred"
    return f"{first} oh {cardinal(rest, language)}" if rest < 10 else f"{first} {cardinal(rest, language)}"
