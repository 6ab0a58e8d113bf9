"""A region's own numerals are heard wherever a number is said: the region reaches every verbaliser."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from campaign import speech
from campaign.speech.front_end import FrontEnd, FrontEndConfig, TemplateSource
from campaign.speech.languages.registry import codes, spoken

SPEECH = Path(speech.__file__).parent
SPELLED = {"cardinal", "ordinal", "year", "number", "telephone_group", "read_fraction"}
"""Functions that put a number into words."""
EVERYWHERE = {"fr", "pt"}
"""Rooms whose small numbers differ by region."""

BELGIAN_AND_SWISS = [
    "Le 02 271 97 71.", "75 euros", "91,95 €", "12,75 %", "71,75 kg", "70-79 ans", "70-75 €", "70-75 kg", "En 1971.",
    "1971-1979", "le 12.10.1974", "09/2074", "le 71e jour", "le 91ème", "14:30 le 29/10/2091", "chapitre 71", "3/71",
    "74 1/2 heures", "70:30", "75 x 90", "75 cm x 90 cm", "note 4,5/75", "B71", "version 1.71", "120/70", "70/30",
    "70 %", "70 millions", "1,75 million d'euros", "91 000 personnes", "271 471 971", "+32 471 90 80 70", "70 km/h",
    "0,075 €/kWh", "71 fois", "70x", "9h59 à 19h",
]  # fmt: skip
BRAZILIAN = [
    "16h17", "às 17:19", "16:17:19", "dia 19", "16 de maio", "16/12/2019", "12/2017", "R$ 16,17", "16,19 kg", "16,5%",
    "16-19 dias", "R$ 16-19", "16 x 17", "16/17", "1/16", "B16", "2016-2019", "16/16h", "século XVI", "versão 16.17",
    "19 bilhões", "2 119 pessoas", "16:17", "19x", "160/16", "16/84", "R$ 1,016 milhão", "+55 16 3322 1916",
]  # fmt: skip


def said(locale: str, text: str) -> str:
    language = locale.partition("-")[0]
    source = TemplateSource(name="region.txt", text="{{ text }}")
    front_end = FrontEnd(FrontEndConfig(templates={language: source}, languages=(language,)))
    return front_end.compose(locale=locale, fields={"text": text}).spoken_text


def unregional(path: Path) -> Iterator[str]:
    """Calls that put a number into words and are not told the region."""
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in SPELLED:
            region = [word for word in node.keywords if word.arg == "region"]
            last = node.func.id == "read_fraction" and len(node.args) > 2
            if not region and not last:
                yield f"{path.relative_to(SPEECH)}:{node.lineno} {ast.unparse(node)}"


def test_the_machinery_tells_every_speller_the_region() -> None:
    rooms = {SPEECH / "languages" / code for code in codes() - EVERYWHERE}
    paths = [path for path in sorted(SPEECH.rglob("*.py")) if path.parent not in rooms]
    assert [call for path in paths for call in unregional(path)] == []


@pytest.mark.parametrize("locale", ["fr-BE", "fr-CH"])
@pytest.mark.parametrize("text", BELGIAN_AND_SWISS)
def test_french_of_belgium_and_switzerland_says_septante_and_nonante(locale: str, text: str) -> None:
    words = said(locale, text)
    assert not re.search(r"soixante[ -](?:et |dix|onze|douze|treize|quatorze|quinze|seize)", words), words
    assert not re.search(
        r"vingt-(?:dix|onze|douze|treize|quatorze|quinze|seize)|[hu]uitante|octante", words
    ), words


@pytest.mark.parametrize("text", BRAZILIAN)
def test_brazil_says_dezesseis_dezessete_and_dezenove(text: str) -> None:
    assert "dezas" not in said("pt-BR", text) and "dezan" not in said("pt-BR", text)
    assert "dezes" not in said("pt-PT", text) and "dezen" not in said("pt-PT", text)


@pytest.mark.parametrize(
    ("locale", "text", "words"),
    [
        (
            "fr-BE",
            "71, 80, 81, 91, 99",
            "septante et un, quatre-vingts, quatre-vingt-un, nonante et un, nonante-neuf",
        ),
        ("fr-CH", "Le 70e client en 1991.", "Le septantième client en mille neuf cent nonante et un."),
        ("fr-BE", "0475 71 91 70", "zéro quatre, septante-cinq, septante et un, nonante et un, septante"),
        ("fr-CH", "CHF 71.95", "septante et un francs et nonante-cinq centimes"),
        ("fr-CH", "21 personnes, 71 pages", "vingt et une personnes, septante et une pages"),
        ("fr-FR", "71 ans", "soixante et onze ans"),
        ("fr-CA", "91 $", "quatre-vingt-onze dollars"),
        ("pt-BR", "Às 17h16.", "Às dezessete horas e dezesseis minutos."),
        ("pt-PT", "Às 17h16.", "Às dezassete horas e dezasseis minutos."),
        ("pt-BR", "16º andar", "décimo sexto andar"),
        ("de-CH", "30 Franken", "dreißig Franken"),
        ("de-AT", "21 Euro", "einundzwanzig Euro"),
        ("zh-TW", "2500000元", "二百五十万元"),
        ("es-MX", "21 pesos", "veintiún pesos"),
        ("en-GB", "The 101st of 1,001.", "The one hundred and first of one thousand and one."),
    ],
)
def test_regions_have_their_own_numerals(locale: str, text: str, words: str) -> None:
    assert said(locale, text) == words


@pytest.mark.parametrize("code", sorted(codes()))
def test_only_the_rooms_that_are_checked_differ_in_small_numbers(code: str) -> None:
    numerals = spoken(code, "a number").numerals
    regions = ("BE", "CH", "CA", "BR", "PT", "US", "GB", "AT", "MX", "ES", "TW", "HK", "IT", "IN")
    differ = any(
        len({numerals.cardinal(number, region=region) for region in regions}) > 1 for number in range(100)
    )
    assert differ == (code in EVERYWHERE)
