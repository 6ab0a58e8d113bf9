"""Genders of the nouns that messages count: lists that a linguist edits, in singular and plural."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable

import pytest

from campaign.speech.languages.registry import spoken
from tests import ROOT

NOUNS = ROOT / "tests" / "data" / "nouns"
LEAST = 300


def listed(language: str) -> dict[str, str]:
    """Noun to its gender."""
    lines = (NOUNS / f"{language}.txt").read_text("utf-8").splitlines()
    return {
        noun: line[0]
        for line in lines
        if not line.startswith("#")
        for noun in line.partition(": ")[2].split()
    }


def spanish(noun: str) -> str:
    if noun.endswith("z"):
        return f"{noun[:-1]}ces"
    if noun.endswith(("s", "x")):
        return noun
    plain = re.sub("ión$", "ion", noun)
    return plain + ("s" if re.search("[aeiouáéó]$", noun) else "es")


def portuguese(noun: str) -> str:
    for ending, plural in (
        ("ão", "ões"),
        ("m", "ns"),
        ("al", "ais"),
        ("el", "eis"),
        ("il", "is"),
        ("ol", "óis"),
    ):
        if noun.endswith(ending) and noun not in ("mão", "irmão", "mãe"):
            return noun.removesuffix(ending) + plural
    return noun if noun.endswith(("s", "x")) else noun + ("es" if noun.endswith(("r", "z")) else "s")


def french(noun: str) -> str:
    if noun.endswith(("s", "x")):
        return noun
    return f"{noun}x" if noun.endswith("eau") else f"{noun}s"


PLURALS: dict[str, Callable[[str], str]] = {"es": spanish, "pt": portuguese, "fr": french}


@pytest.mark.parametrize("language", ["de", "es", "fr", "it", "pt"])
def test_nouns_have_their_gender_after_a_number(language: str) -> None:
    noun_after = spoken(language, "a noun").agreement.noun_after
    wrong = {
        noun: found
        for noun, gender in listed(language).items()
        if (found := noun_after("", f" {noun} x")) != (gender, True)
    }
    assert wrong == {}


@pytest.mark.parametrize("language", PLURALS)
def test_plurals_have_the_gender_of_their_noun(language: str) -> None:
    noun_after = spoken(language, "a noun").agreement.noun_after
    plurals = {PLURALS[language](noun): gender for noun, gender in listed(language).items()}
    wrong = {
        noun: gender for noun, gender in plurals.items() if noun_after("", f" {noun} x").gender != gender
    }
    assert wrong == {}


@pytest.mark.parametrize("language", ["de", "es", "fr", "it", "pt"])
def test_each_language_has_enough_nouns_of_each_gender(language: str) -> None:
    genders = Counter(listed(language).values())
    assert genders.total() >= LEAST
    assert min(genders.values()) >= LEAST // 3
