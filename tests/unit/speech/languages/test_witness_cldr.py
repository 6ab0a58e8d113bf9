"""Numbers as words beside CLDR's rules: all to 10,000 and 100,000 drawn below 10**12, with gender, case and region."""

from __future__ import annotations

from functools import cache
from typing import Any

import pytest

from campaign.speech.languages.registry import codes, spoken
from campaign.speech.verbalise.numbers import cardinal, ordinal, year
from tests.unit.speech.languages.witness import (
    DRAWN,
    LOW,
    Cldr,
    Decision,
    decisions,
    differences,
    drawn,
)

Case = tuple[str, str, dict[str, Any]]
"""(locale, CLDR's rule, how we are asked for the same)."""
NOUN = {"noun": True}
FEMININE = {"noun": True, "gender": "f"}

CARDINALS: list[Case] = [
    ("en-US", "spellout-cardinal", {}),
    ("en-GB", "spellout-cardinal-verbose", {}),
    ("de", "spellout-numbering", {}),
    ("de", "spellout-cardinal-masculine", NOUN),
    ("de-AT", "spellout-cardinal-feminine", FEMININE),
    ("de-CH", "spellout-cardinal-neuter", NOUN | {"gender": "n"}),
    ("fr", "spellout-numbering", {}),
    ("fr", "spellout-cardinal-feminine", FEMININE),
    ("fr-BE", "spellout-cardinal-masculine", NOUN),
    ("fr-CH", "spellout-cardinal-feminine", FEMININE),
    ("fr-CA", "spellout-cardinal-masculine", NOUN),
    ("es", "spellout-numbering", {}),
    ("es-MX", "spellout-cardinal-masculine", NOUN),
    ("es", "spellout-cardinal-feminine", FEMININE),
    ("it", "spellout-numbering", {}),
    ("it", "spellout-cardinal-masculine", NOUN),
    ("it-CH", "spellout-cardinal-feminine", FEMININE),
    ("pt-PT", "spellout-numbering", {}),
    ("pt-PT", "spellout-cardinal-feminine", FEMININE),
    ("pt-BR", "spellout-cardinal-masculine", NOUN),
    ("pt-BR", "spellout-cardinal-feminine", FEMININE),
    ("zh", "spellout-cardinal", {}),
    ("zh", "spellout-cardinal-alternate2", NOUN),
    ("zh-TW", "spellout-cardinal", {}),
]
ORDINALS: list[Case] = [
    ("en-US", "spellout-ordinal", {}),
    ("en-GB", "spellout-ordinal-verbose", {}),
    ("de", "spellout-ordinal", {"ending": "e"}),
    ("de", "spellout-ordinal-n", {"ending": "en"}),
    ("de", "spellout-ordinal-r", {"ending": "er"}),
    ("de", "spellout-ordinal-s", {"ending": "es"}),
    ("de", "spellout-ordinal-m", {"ending": "em"}),
    ("fr", "spellout-ordinal-masculine", {}),
    ("fr", "spellout-ordinal-feminine", {"gender": "f"}),
    ("fr-BE", "spellout-ordinal-feminine", {"gender": "f"}),
    ("fr-CH", "spellout-ordinal-masculine", {}),
    ("es", "spellout-ordinal-masculine", {}),
    ("es", "spellout-ordinal-masculine-adjective", NOUN),
    ("es", "spellout-ordinal-feminine", FEMININE),
    ("it", "spellout-ordinal-masculine", {}),
    ("it", "spellout-ordinal-feminine", {"gender": "f"}),
    ("pt-PT", "spellout-ordinal-masculine", {}),
    ("pt-BR", "spellout-ordinal-feminine", {"gender": "f"}),
    ("zh", "spellout-ordinal", {}),
]
LAST_ORDINAL = 1_000
YEARS = range(1000, 2100)
YEAR_LOCALES = [
    "en-US", "en-GB", "de", "de-CH", "fr", "fr-BE", "fr-CH", "es", "es-MX", "it", "pt-PT", "pt-BR", "zh",
]  # fmt: skip
LARGE = [*drawn(2_000, 15), *(10**power for power in range(6, 15)), *(101 * 10**power for power in (6, 9))]
"""Up to the largest that is read aloud."""


@cache
def agreed(language: str) -> list[Decision]:
    return decisions(language, "CLDR")


def beside(locale: str, rule: str) -> tuple[str, str, Cldr]:
    language, _, region = locale.partition("-")
    return language, region, Cldr(locale, rule, agreed(language))


def named(case: Case) -> str:
    return f"{case[0]} {case[1].removeprefix('spellout-')}"


@pytest.mark.parametrize(("locale", "rule", "asked"), CARDINALS, ids=map(named, CARDINALS))
def test_cardinals_are_those_of_cldr(locale: str, rule: str, asked: dict[str, Any]) -> None:
    language, region, witness = beside(locale, rule)
    said = spoken(language, "a number").numerals.cardinal
    numbers = [*LOW, *drawn(DRAWN)]
    assert differences(witness, ((n, said(n, region=region, **asked)) for n in numbers)) == []


@pytest.mark.parametrize(("locale", "rule", "asked"), CARDINALS, ids=map(named, CARDINALS))
def test_large_cardinals_are_those_of_cldr(locale: str, rule: str, asked: dict[str, Any]) -> None:
    language, region, witness = beside(locale, rule)
    assert differences(witness, ((n, cardinal(n, language, region=region, **asked)) for n in LARGE)) == []


@pytest.mark.parametrize(("locale", "rule", "asked"), ORDINALS, ids=map(named, ORDINALS))
def test_ordinals_are_those_of_cldr(locale: str, rule: str, asked: dict[str, Any]) -> None:
    language, region, witness = beside(locale, rule)
    ranks = range(1, LAST_ORDINAL + 1)
    assert differences(witness, ((n, ordinal(n, language, region=region, **asked)) for n in ranks)) == []


@pytest.mark.parametrize("locale", YEAR_LOCALES)
def test_years_are_those_of_cldr(locale: str) -> None:
    language, region, witness = beside(locale, "spellout-numbering-year")
    assert differences(witness, ((n, year(n, language, region=region)) for n in YEARS)) == []


@pytest.mark.parametrize("language", sorted(codes()))
def test_every_decision_covers_a_difference_and_says_why(language: str) -> None:
    low = [*LOW, *drawn(3_000), *LARGE]
    for cases, spell in ((CARDINALS, cardinal), (ORDINALS, ordinal)):
        for locale, rule, asked in cases:
            if locale.partition("-")[0] == language:
                _, region, witness = beside(locale, rule)
                numbers = low if spell is cardinal else range(1, LAST_ORDINAL)
                differences(witness, ((n, spell(n, language, region=region, **asked)) for n in numbers))
    for locale in YEAR_LOCALES:
        if locale.partition("-")[0] == language:
            _, region, witness = beside(locale, "spellout-numbering-year")
            differences(witness, ((n, year(n, language, region=region)) for n in YEARS))
    assert [one.theirs.pattern or one.instead for one in agreed(language) if not one.used] == []
    assert all(len(one.why) > 20 and one.source for one in agreed(language))
