"""Telephone numbers are heard digit for digit and in groups, typed and in prose; quantities beside them stay so.

What is heard is turned back into digits by the words alone. The numbers are those of tests/data/telephones.tsv, and
libphonenumber's examples of every kind for two dozen regions, as each country writes them.
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterator
from functools import cache

import phonenumbers
import pytest

from campaign.errors import RowError
from campaign.speech.columns import parse_column_type
from campaign.speech.front_end import Composition, FrontEnd, FrontEndConfig, TemplateSource
from tests import ROOT

WORDS = {
    "en": "zero one two three four five six seven eight nine",
    "de": "null eins zwei drei vier fünf sechs sieben acht neun",
    "es": "cero uno dos tres cuatro cinco seis siete ocho nueve",
    "it": "zero uno due tre quattro cinque sei sette otto nove",
    "pt": "zero um dois três quatro cinco seis sete oito nove",
    "fr": "zéro un deux trois quatre cinq six sept huit neuf",
}
SIGNS = {
    "plus": "+", "más": "+", "più": "+", "mais": "+", "加": "+", "extension": "x", "Durchwahl": "x", "extensión": "x",
    "interno": "x", "extensão": "x", "poste": "x", "转": "x", "star": "*", "Stern": "*", "asterisco": "*",
    "étoile": "*", "星号": "*", "pound": "#", "hash": "#", "Raute": "#", "almohadilla": "#", "numeral": "#",
    "dièse": "#", "carré": "#", "cancelletto": "#", "cardinal": "#", "井号": "#",
}  # fmt: skip
ROUND = {
    "dix": 10, "onze": 11, "douze": 12, "treize": 13, "quatorze": 14, "quinze": 15, "seize": 16, "vingt": 20,
    "vingts": 20, "trente": 30, "quarante": 40, "cinquante": 50, "soixante": 60, "septante": 70, "huitante": 80,
    "octante": 80, "nonante": 90, "cent": 100, "cents": 100, "et": 0,
}  # fmt: skip
LEADS = {
    "en": "Call {}.",
    "de": "Rufen Sie {} an.",
    "fr": "Appelez le {}.",
    "es": "Llame al {}.",
    "it": "Chiami il {}.",
    "pt": "Ligue para o {}.",
    "zh": "请拨打{}。",
}
ALONE = {
    "en": "We are here to help: {}.",
    "de": "Wir helfen gern: {}.",
    "fr": "Nous sommes là : {}.",
    "es": "Estamos aquí: {}.",
    "it": "Siamo qui: {}.",
    "pt": "Estamos aqui: {}.",
    "zh": "我们在这里：{}。",
}
LOCALES = (
    "en-US en-CA en-GB en-IE en-AU en-IN de-DE de-AT de-CH fr-FR fr-BE fr-CH fr-CA es-ES es-MX es-AR es-CL es-CO es-PE "
    "it-IT it-CH pt-PT pt-BR zh-CN zh-TW zh-HK"
).split()
NATIONAL = phonenumbers.PhoneNumberFormat.NATIONAL
INTERNATIONAL = phonenumbers.PhoneNumberFormat.INTERNATIONAL
TYPES = {
    "mobile": phonenumbers.PhoneNumberType.MOBILE,
    "fixed": phonenumbers.PhoneNumberType.FIXED_LINE,
    "toll-free": phonenumbers.PhoneNumberType.TOLL_FREE,
    "premium": phonenumbers.PhoneNumberType.PREMIUM_RATE,
    "shared": phonenumbers.PhoneNumberType.SHARED_COST,
}


# -- what is heard ------------------------------------------------------------------------------------


def french_figures(words: str) -> str:
    """`zéro un`, `soixante-dix-huit` or `cent douze` in figures."""
    parts = words.split()
    zeros = "".join(itertools.takewhile(lambda figure: figure == "0", map(figure_of, parts)))
    total = 0
    for word in re.findall(r"[^\W_]+", " ".join(parts[len(zeros) :])):
        if word in ("cent", "cents"):
            total = max(total, 1) * 100
        elif word in ("vingt", "vingts") and total % 100 == 4:
            total += 76
        else:
            total += ROUND[word] if word in ROUND else WORDS["fr"].split().index(word)
    return zeros + (str(total) if total else "")


def figure_of(word: str) -> str:
    return str(WORDS["fr"].split().index(word)) if word in WORDS["fr"].split() else ""


def figures(words: str, language: str, region: str) -> str:
    """One group in figures, `+`, `x` and keys by their sign."""
    if language == "zh":
        for word, sign in SIGNS.items():
            words = words.replace(word, sign)
        return "".join(str("零一二三四五六七八九".index(c)) if c in "零一二三四五六七八九" else c for c in words.replace("幺", "一"))
    first, _, rest = words.partition(" ")
    if first in SIGNS:
        return SIGNS[first] + (figures(rest, language, region) if rest else "")
    if language == "fr" and region != "CA":
        return french_figures(words)
    return "".join(str(WORDS[language].split().index(word)) for word in words.split())


@cache
def front_end(language: str, column: str = "") -> FrontEnd:
    columns = {"n": parse_column_type(column)} if column else {}
    source = TemplateSource(name="t", text="{{ n }}")
    return FrontEnd(FrontEndConfig(templates={language: source}, columns=columns, languages=(language,)))


def composed(locale: str, written: str, column: str = "") -> Composition:
    return front_end(locale.partition("-")[0], column).compose(locale=locale, fields={"n": written})


def heard(locale: str, written: str, column: str = "") -> str:
    """The groups that are heard, by the words alone; `|` between numbers."""
    language, _, region = locale.partition("-")
    try:
        composition = composed(locale, written, column)
    except RowError as error:
        return f"ERROR {error.code}"
    numbers = []
    for sentence in composition.trace.sentences:
        for piece in sentence.spoken.pieces:
            if piece.kind in ("telephone", "digits"):
                try:
                    groups = [figures(group, language, region) for group in re.split("[,，] ?", piece.text.rstrip("."))]
                except (ValueError, KeyError):
                    return f"NOT DIGITS {piece.text}"
                numbers.append(" ".join(groups))
    return "|".join(numbers) or f"NO NUMBER {composition.spoken_text}"


def as_heard(groups: str, locale: str) -> str:
    """Groups as they are parted further: nine digits and ten, and in French all of more than three."""
    if not locale.startswith("fr") or locale == "fr-CA":
        return re.sub(r"\b(\d{3})(\d{3})(?:(\d{3})|(\d\d)(\d\d))\b", _apart, groups)

    def in_pairs(match: re.Match[str]) -> str:
        group = match[0]
        if len(group) <= 3:
            return group
        odd = len(group) % 2
        return " ".join([*([group[0]] if odd else []), *(group[i : i + 2] for i in range(odd, len(group), 2))])

    return re.sub(r"\d+", in_pairs, groups)


def _apart(match: re.Match[str]) -> str:
    return " ".join(group for group in match.groups() if group)


# -- the numbers --------------------------------------------------------------------------------------


def own_cases() -> Iterator[tuple[str, str, str, str]]:
    for line in (ROOT / "tests/data/telephones.tsv").read_text("utf-8").splitlines():
        if line and line[0] != "#":
            locale, how, written, groups = line.split("\t")
            yield locale, how, written, groups


def in_groups(written: str) -> str:
    return ("+" if written.startswith("+") else "") + " ".join(re.findall(r"\d+", written))


def examples() -> Iterator[tuple[str, str, str, str]]:
    """(locale, how, written, heard) of libphonenumber's examples, as their country writes them and in one row."""
    for locale, kind in itertools.product(LOCALES, TYPES.values()):
        language, _, region = locale.partition("-")
        number = phonenumbers.example_number_for_type(region, kind)
        if number is None:
            continue
        national = phonenumbers.format_number(number, NATIONAL)
        abroad = phonenumbers.format_number(number, INTERNATIONAL)
        row = re.sub(r"\D", "", national)
        for written, groups in (
            (national, in_groups(national)),
            (abroad, in_groups(abroad)),
            (row, in_groups(national)),
            ("+" + re.sub(r"\D", "", abroad), in_groups(abroad)),
        ):
            yield locale, "typed", written, groups
            yield locale, "prose", LEADS[language].format(written), groups
            yield locale, "prose", ALONE[language].format(written), groups


def matrix() -> list[tuple[str, str, str, str]]:
    return [*own_cases(), *dict.fromkeys(examples())]


@pytest.mark.parametrize("locale", LOCALES)
def test_numbers_of_a_region_are_heard_digit_for_digit_in_their_groups(locale: str) -> None:
    cases = [case for case in matrix() if case[0] == locale]
    assert len(cases) > 20
    wrong = [
        (how, written, said, as_heard(groups, locale))
        for _, how, written, groups in cases
        if (said := heard(locale, written, "telephone" if how == "typed" else "")) != as_heard(groups, locale)
    ]
    assert wrong == []
