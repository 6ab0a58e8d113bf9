"""Numbers as words, written by hand; independent witnesses are in `languages/test_witness_*.py`."""

from __future__ import annotations

import re
from decimal import Decimal
from typing import Any

import pytest

from campaign.speech.typed import UnreadableValueError
from campaign.speech.verbalise.numbers import cardinal, number, ordinal, year


@pytest.mark.parametrize(
    ("value", "language", "gender", "noun", "words"),
    [
        (1, "es", "m", False, "uno"),
        (1, "es", "m", True, "un"),
        (1, "es", "f", True, "una"),
        (21, "es", "m", True, "veintiún"),
        (21000, "es", "m", True, "veintiún mil"),
        (21000, "es", "f", True, "veintiuna mil"),
        (31001, "es", "f", True, "treinta y una mil una"),
        (500, "es", "f", True, "quinientas"),
        (200, "es", "f", True, "doscientas"),
        (21_000_000, "es", "m", True, "veintiún millones"),
        (1_200_500, "es", "f", True, "un millón doscientas mil quinientas"),
        (1, "fr", "f", True, "une"),
        (21, "fr", "f", True, "vingt et une"),
        (81, "fr", "f", True, "quatre-vingt-une"),
        (1, "de", "m", True, "ein"),
        (1, "de", "f", True, "eine"),
        (101, "de", "m", True, "einhundertein"),
        (1, "it", "m", True, "un"),
        (1, "it", "f", True, "una"),
        (23, "it", "m", True, "ventitré"),
        (1_234_567, "it", "m", True, "un milione duecentotrentaquattromilacinquecentosessantasette"),
        (2, "pt", "f", True, "duas"),
        (202, "pt", "f", True, "duzentas e duas"),
        (2_002, "pt", "f", True, "duas mil e duas"),
        (2, "zh", "m", True, "两"),
        (12, "zh", "m", False, "十二"),
        (110, "zh", "m", False, "一百一十"),
        (1010, "zh", "m", False, "一千零一十"),
        (100_000_000, "zh", "m", False, "一亿"),
        (-5, "fr", "m", False, "moins cinq"),
    ],
)
def test_numbers_agree_with_what_they_count(
    value: int, language: str, gender: str, noun: bool, words: str
) -> None:
    assert cardinal(value, language, gender=gender, noun=noun) == words


def test_chinese_numbers_can_be_read_back() -> None:
    digits = {c: n for n, c in enumerate("零一二三四五六七八九")} | {"两": 2}

    def value(words: str) -> int:
        total = section = figure = 0
        for c in words:
            if c in digits:
                figure = digits[c]
            elif c in "十百千":
                section += (figure or 1) * {"十": 10, "百": 100, "千": 1000}[c]
                figure = 0
            else:
                total = (total + section + figure) * {"万": 10**4, "亿": 10**8}[c]
                section = figure = 0
        return total + section + figure

    sample = [*range(0, 11000, 7), 20_000, 100_000, 123_456, 10_010_001]
    assert [value(cardinal(n, "zh")) for n in sample] == sample


@pytest.mark.parametrize(
    ("written", "language", "words"),
    [
        ("12.5", "en", "twelve point five"),
        ("12.50", "en", "twelve point five zero"),
        ("0.05", "de", "null Komma null fünf"),
        ("12.25", "es", "doce coma veinticinco"),
        ("12.05", "fr", "douze virgule zéro cinq"),
        ("-3.5", "it", "meno tre virgola cinque"),
        ("3.14159", "pt", "três vírgula um quatro um cinco nove"),
        ("-3.5", "zh", "负三点五"),
        ("-0.5", "en", "minus zero point five"),
    ],
)
def test_decimals(written: str, language: str, words: str) -> None:
    assert number(Decimal(written), language) == words


@pytest.mark.parametrize(
    ("value", "language", "more", "words"),
    [
        (1, "de", {"ending": "en"}, "ersten"),
        (3, "de", {"ending": "er"}, "dritter"),
        (7, "de", {}, "siebte"),
        (8, "de", {}, "achte"),
        (19, "de", {}, "neunzehnte"),
        (20, "de", {}, "zwanzigste"),
        (101, "de", {}, "einhunderterste"),
        (1, "fr", {"gender": "f"}, "première"),
        (5, "fr", {}, "cinquième"),
        (9, "fr", {}, "neuvième"),
        (21, "fr", {}, "vingt et unième"),
        (80, "fr", {}, "quatre-vingtième"),
        (200, "fr", {}, "deux centième"),
        (1, "es", {"noun": True}, "primer"),
        (3, "es", {"gender": "f", "noun": True}, "tercera"),
        (11, "es", {}, "undécimo"),
        (21, "es", {"noun": True}, "vigésimo primer"),
        (123, "es", {}, "centésimo vigésimo tercero"),
        (2, "it", {"gender": "f"}, "seconda"),
        (22, "pt", {"gender": "f"}, "vigésima segunda"),
        (3, "zh", {}, "第三"),
    ],
)
def test_ordinals(value: int, language: str, more: dict[str, Any], words: str) -> None:
    assert ordinal(value, language, **more) == words


@pytest.mark.parametrize(
    ("value", "language", "words"),
    [
        (1999, "en", "nineteen ninety-nine"),
        (1905, "en", "nineteen oh five"),
        (1900, "en", "nineteen hundred"),
        (2005, "en", "two thousand five"),
        (2026, "en", "twenty twenty-six"),
        (1999, "de", "neunzehnhundertneunundneunzig"),
        (2026, "de", "zweitausendsechsundzwanzig"),
        (1999, "fr", "mille neuf cent quatre-vingt-dix-neuf"),
        (2026, "zh", "二零二六"),
    ],
)
def test_years(value: int, language: str, words: str) -> None:
    assert year(value, language) == words


def test_what_has_no_words_is_an_error_that_says_what_to_do() -> None:
    for words, value, language in ((cardinal, 5, "ru"), (cardinal, 10**15, "en"), (ordinal, 0, "en")):
        with pytest.raises(UnreadableValueError) as caught:
            words(value, language)
        assert re.search(r"write|declare|use", caught.value.mend)
