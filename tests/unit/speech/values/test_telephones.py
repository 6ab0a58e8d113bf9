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
from campaign.speech.wordlist import words
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
LOCALES = sorted(
    words(
        "en-US en-CA en-GB en-IE en-AU en-IN de-DE de-AT de-CH fr-FR fr-BE fr-CH fr-CA es-ES es-MX es-AR es-CL es-CO "
        "es-PE it-IT it-CH pt-PT pt-BR zh-CN zh-TW zh-HK"
    )
)
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
        return "".join(
            str("零一二三四五六七八九".index(c)) if c in "零一二三四五六七八九" else c
            for c in words.replace("幺", "一")
        )
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
                    groups = [
                        figures(group, language, region)
                        for group in re.split("[,，] ?", piece.text.rstrip("."))
                    ]
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
        return " ".join(
            [*([group[0]] if odd else []), *(group[i : i + 2] for i in range(odd, len(group), 2))]
        )

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


def test_the_matrix_is_as_large_as_it_says() -> None:
    assert len(list(own_cases())) >= 150
    assert {locale.partition("-")[2] for locale, *_ in own_cases()} == {
        locale.partition("-")[2] for locale in LOCALES
    }


# -- quantities ---------------------------------------------------------------------------------------

QUANTITIES = {
    "en-US": (
        "The city has 1500000 people.",
        "We keep 2125550147 records.",
        "The fund holds 2125550147 dollars.",
        "The fund holds $2125550147.",
        "The fund holds USD 2,125,550,147.",
        "Call 24 hours a day.",
        "Call 10 minutes before you arrive.",
        "Phone 911 customers today.",
        "Police arrested 911 people.",
        "Call 911 new patients.",
        "The value is 212.5550147.",
    ),
    "de-DE": (
        "Die Stadt hat 1500000 Einwohner.",
        "Die Stadt hat 1 500 000 Einwohner.",
        "Die Anlage kostet 250 000 000 €.",
        "Rufen Sie 24 Stunden vorher an.",
        "Rufen Sie 112 Kunden an.",
        "Rufen Sie 112 neue Kunden an.",
        "Der Notdienst kam 110 Mal.",
        "Der Dienst hat 112 Mitarbeiter.",
        "Der Wert liegt unter 112.",
        "Die Hotline kostet 115 € im Monat.",
        "Telefon 24 Stunden.",
    ),
    "fr-FR": (
        "La région compte 1 500 000 habitants.",
        "Le projet coûte 250 000 000 €.",
        "Le projet coûte 12 345 678 euros.",
        "Un bail de 10 000 000 d'euros.",
        "Appelez 24 heures avant.",
        "Appelez 15 personnes.",
        "Urgences : 112 patients.",
        "Faites le 100 mètres.",
        "Bus 20, ligne 31.",
    ),
    "es-ES": (
        "La región tiene 912 345 678 habitantes.",
        "El contrato asciende a 912 345 678 €.",
        "El contrato asciende a 912.345.678 euros.",
        "Son 10 000 000 de euros.",
        "Son 912345678 pesos.",
        "Llame 24 horas antes.",
        "Llame a 112 clientes.",
        "Emergencias: 112 casos.",
        "Información: 112 páginas.",
    ),
    "it-IT": (
        "La regione ha 347 123 456 abitanti.",
        "L'opera costa 347 123 456 €.",
        "Il contratto vale 347.123.456 euro.",
        "Sono 10 000 000 di persone.",
        "Chiami 24 ore prima.",
        "Chiami 112 clienti.",
        "Emergenze: 112 casi.",
    ),
    "pt-PT": (
        "A região tem 912 345 678 habitantes.",
        "A obra custa 912 345 678 €.",
        "A obra custa 912.345.678 euros.",
        "São 10 000 000 de pessoas.",
        "São 912345678 reais.",
        "Ligue 24 horas antes.",
        "Ligue 112 vezes.",
        "Apoio a 112 famílias.",
    ),
    "zh-CN": (
        "全市有13812345678人。",
        "价格是13812345678元。",
        "人口1500000人。",
        "会员12345678位。",
        "打8折。",
        "打120元。",
        "打了110分。",
        "电话费100元。",
    ),
}


def kinds(locale: str, text: str) -> set[str]:
    return {
        piece.kind
        for sentence in composed(locale, text).trace.sentences
        for piece in sentence.spoken.pieces
        if piece.kind != "text"
    }


@pytest.mark.parametrize(
    ("locale", "text"), [(locale, text) for locale, texts in QUANTITIES.items() for text in texts]
)
def test_what_has_a_currency_a_unit_or_a_counted_noun_is_a_quantity(locale: str, text: str) -> None:
    found = kinds(locale, text)
    assert found
    assert found.isdisjoint({"telephone", "digits", "code"}), composed(locale, text).spoken_text


@pytest.mark.parametrize(
    ("locale", "text", "expected"),
    [
        ("en-US", "Call by 2026-12-31.", {"date"}),
        ("en-US", "Call 12/31/2026.", {"date"}),
        ("en-US", "Call 5 May 2026.", {"date"}),
        ("de-DE", "Rufen Sie am 3.12. um 9:30 an.", {"date", "time"}),
        ("de-DE", "Tel. 030 901820 03.12.2026", {"words", "telephone", "date"}),
        ("fr-FR", "Appelez le 15 décembre.", {"date"}),
        ("es-ES", "Llame el 12 de marzo.", {"date"}),
        ("it-IT", "Chiami il 12 marzo.", {"words"}),
        ("zh-CN", "请打2026年12月3日。", {"date"}),
    ],
)
def test_a_day_of_the_calendar_is_one_after_any_lead(locale: str, text: str, expected: set[str]) -> None:
    assert kinds(locale, text) == expected


@pytest.mark.parametrize(
    ("locale", "text", "spoken"),
    [
        ("en-US", "Tel. 212-555-0147 8-5.", "zero one four seven, eight to five"),
        ("en-GB", "Call 0800 1111 24 hours a day.", "one one one one, twenty-four hours"),
        ("en-AU", "Call 13 11 14 24 hours.", "one three, one one, one four, twenty-four hours"),
        ("de-DE", "Tel. 030 901820 8-17 Uhr.", "acht zwei null, acht bis siebzehn Uhr"),
        ("de-DE", "Tel. 030 901820 - 24 Stunden.", "acht zwei null - vierundzwanzig Stunden"),
        ("de-DE", "Tel. 030 90 18 20 - 0.", "eins acht, zwei null, null."),
        ("fr-FR", "Appelez le 01 42 68 53 00 24h/24.", "zéro zéro, vingt-quatre heures"),
        ("fr-FR", "Appelez-nous au 3949 (0,15 €/min).", "trente-neuf, quarante-neuf (quinze centimes"),
    ],
)
def test_what_follows_a_number_is_no_part_of_it(locale: str, text: str, spoken: str) -> None:
    assert spoken in composed(locale, text).spoken_text


@pytest.mark.parametrize(
    ("locale", "text", "spoken"),
    [
        ("en-GB", "Call 020 7946 0018 / 020 7946 0019.", "zero one eight or zero two zero"),
        ("de-DE", "Tel. 030 901820/0171 2345678.", "acht zwei null oder null eins sieben eins"),
        ("fr-FR", "Tél. 01 42 68 53 00 / 06 12 34 56 78.", "zéro zéro ou zéro six"),
    ],
)
def test_a_stroke_between_two_numbers_is_or(locale: str, text: str, spoken: str) -> None:
    assert spoken in composed(locale, text).spoken_text


@pytest.mark.parametrize(
    ("locale", "text", "spoken"),
    [
        ("en-US", "Press * or # to continue.", "Press star or pound to continue."),
        ("en-GB", "Press * or # to continue.", "Press star or hash to continue."),
        ("fr-FR", "Tapez 1 ou 2, puis # ou *.", "Tapez un ou deux, puis dièse ou étoile."),
        ("es-MX", "Oprima # para repetir.", "Oprima gato para repetir."),
        ("pt-BR", "Tecle # para repetir.", "Tecle jogo da velha para repetir."),
        ("zh-CN", "按#号键或*号键。", "按井号键或星号键。"),
        ("en-US", "You are #1!", "You are number one!"),
    ],
)
def test_keys_that_are_pressed_have_their_names(locale: str, text: str, spoken: str) -> None:
    assert composed(locale, text).spoken_text == spoken


@pytest.mark.parametrize(
    "text",
    [
        "IBAN DE89 3704 0044 0532 0130 00.",
        "IBAN AT61 1904 3002 3457 3201.",
        "Kundennummer: 0301234567.",
        "Auftrag 4711-0815-A.",
        "Aktenzeichen 12/345678.",
        "Gesetz 445/2000.",
    ],
)
def test_accounts_and_orders_are_no_telephone_numbers(text: str) -> None:
    assert "telephone" not in kinds("de-DE", text)


def test_a_row_of_seven_digits_is_heard_digit_by_digit() -> None:
    assert composed("de-DE", "Zeichen 1234567.").spoken_text.endswith(
        "eins zwei drei vier fünf sechs sieben."
    )


@pytest.mark.parametrize(
    "written", ["030 9018", "0171 2", "+49 1", "030/1/2/3/4567", "(030 901820", "112 112 112 112"]
)
def test_a_number_in_prose_is_never_an_error_of_its_plan(written: str) -> None:
    assert not heard("de-DE", f"Rufen Sie {written} an.").startswith("ERROR")


def test_a_number_in_prose_is_not_warned_of() -> None:
    assert composed("en-US", "Call (555) 555-0123.").warnings == ()
    assert composed("en-US", "(555) 555-0123", "telephone").warnings[0].startswith("unknown-number in 'n': ")
