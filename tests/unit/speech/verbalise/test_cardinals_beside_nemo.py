"""Cardinals beside an independent grammar, NeMo's: they agree but for spelling, and for what NeMo gets wrong."""

from __future__ import annotations

import random
import re
from collections.abc import Callable

import pytest

from campaign.speech.nemo.normaliser import SentenceNormaliser
from campaign.speech.nemo.shipped import load_grammar
from campaign.speech.verbalise.numbers import cardinal


def _letters(words: str) -> str:
    return re.sub(r"[\s-]", "", words.lower())


def _english(words: str) -> str:
    return _letters(words.replace(" and ", " "))


def _spanish(words: str) -> str:
    return re.sub("ún?$|uno?$", "un", _letters(words))


def _italian(words: str) -> str:
    joined = _letters(words).replace("é", "e")
    return joined.replace("ntoo", "nto")  # both "centootto" and "centotto" are right


def _portuguese(words: str) -> str:
    return re.sub("dez[ae](ss?|n)", r"deze\1", _letters(words.replace(" e ", " ")))


@pytest.mark.parametrize(
    ("language", "spelling", "below"),
    [
        ("en", _english, 1_000),  # above, NeMo reads years and rows of digits
        ("es", _spanish, 10**9),
        ("de", _letters, 10**6),  # above, NeMo says "eins tausend"
        ("fr", _letters, 80_000),  # above, NeMo says "quatre-vingts mille" and loses zeros of millions
        ("it", _italian, 10**6),
        ("pt", _portuguese, 10**9),
        ("zh", _letters, 10**9),
    ],
)
def test_cardinals_are_those_of_an_independent_grammar(
    tmp_path_factory: pytest.TempPathFactory, language: str, spelling: Callable[[str], str], below: int
) -> None:
    grammar = load_grammar(language, cache_dir=tmp_path_factory.mktemp("grammar"))
    normaliser = SentenceNormaliser(language, grammar)
    rng = random.Random(1)
    numbers = [*range(1_000), *(rng.randrange(10**power) for power in (4, 5, 6, 9) for _ in range(200))]
    differ = [
        (number, cardinal(number, language), said)
        for number in numbers
        if number < below
        and spelling(said := normaliser.normalise(str(number))) != spelling(cardinal(number, language))
    ]
    assert differ == []
