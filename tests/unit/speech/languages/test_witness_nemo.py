"""Numbers, days and amounts beside an independent grammar, NeMo's, and the cases that its authors wrote."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

from campaign.errors import RowError
from campaign.speech.front_end import FrontEnd, FrontEndConfig, TemplateSource
from campaign.speech.languages.registry import codes
from campaign.speech.nemo.normaliser import SentenceNormaliser
from campaign.speech.nemo.shipped import load_grammar
from campaign.speech.verbalise.numbers import cardinal
from tests import ROOT
from tests.unit.speech.languages.witness import Decision, decisions, drawn, letters, plain

GRAMMAR = [
    ("en", "GB", 1_000, 500, 0),  # above, NeMo reads years and rows of digits
    ("de", "", 10**12, 600, 600),
    ("fr", "", 10**6, 2_000, 1_000),  # above, NeMo loses zeros of millions
    ("es", "", 10**12, 2_000, 1_000),
    ("it", "", 10**9, 2_000, 1_000),  # above, NeMo counts milliards as thousands of millions
    ("pt", "BR", 10**12, 800, 800),
    ("zh", "", 10**12, 2_000, 1_000),
]
"""(language, region of its numerals, below what it is right, how many of the lowest, how many drawn)."""
SINGLE_GROUPS = (10**6, 1_001_001, 603_000_000, 1_001_450_334, 181_001_450_334)
"""Groups of one, which are rarely drawn."""
CASES = ROOT / "tests" / "data" / "nemo_cases"
KINDS = ("cardinal", "ordinal", "date", "money")
REGION = {"en": "US"}


@cache
def agreed(language: str, witness: str) -> list[Decision]:
    return decisions(language, witness)


@pytest.mark.parametrize(("language", "region", "below", "low", "high"), GRAMMAR)
def test_cardinals_are_those_of_the_grammar(
    tmp_path_factory: pytest.TempPathFactory, language: str, region: str, below: int, low: int, high: int
) -> None:
    grammar = load_grammar(language, cache_dir=tmp_path_factory.mktemp("grammar"))
    normaliser = SentenceNormaliser(language, grammar)
    used = set()
    differ = []
    numbers = [*range(low), *(number % below for number in drawn(high))]
    for number in numbers + [number for number in SINGLE_GROUPS if number < below]:
        ours = letters(plain(cardinal(number, language, region=region)))
        said = normaliser.normalise(str(number))
        words = plain(said)
        for one in agreed(language, "NeMo"):
            changed = one.rewritten(words)
            used |= {one.theirs.pattern} if changed != words else set()
            words = changed
        if letters(words) != ours:
            differ.append((number, ours, said))
    assert differ == []
    assert [one.theirs.pattern for one in agreed(language, "NeMo") if one.theirs.pattern not in used] == []


def cases(language: str, kind: str) -> Iterator[tuple[str, list[str]]]:
    """(written, what may be said)."""
    path = CASES / language / f"test_cases_{kind}.txt"
    for line in path.read_text("utf-8").splitlines() if path.exists() else ():
        if "~" in line:
            first, *others = line.split("~")
            yield (others[0], [first]) if language == "de" else (first, others)


def heard(words: str) -> str:
    """The letters alone, "and" left out, which NeMo says in one place of a number and not in another."""
    return "".join(c for c in words.lower().replace(" and ", " ") if c.isalpha())


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("language", sorted(codes()))
def test_the_cases_of_its_authors_are_heard_so(language: str, kind: str) -> None:
    source = TemplateSource(name="case.txt", text="{{ text }}")
    front_end = FrontEnd(FrontEndConfig(templates={language: source}, languages=(language,)))
    locale = f"{language}-{REGION[language]}" if language in REGION else language
    other = []
    for written, right in cases(language, kind):
        try:
            said = heard(front_end.compose(locale=locale, fields={"text": written}).spoken_text)
        except RowError:
            said = "ERROR"
        if said not in map(heard, right):
            other.append(written)
    decided = [
        written
        for one in agreed(language, "NeMo's cases")
        if one.rules.fullmatch(kind)
        for written in one.written
    ]
    assert [written for written in other if written not in decided] == []
    assert [written for written in decided if written not in dict(cases(language, kind))] == []


def test_the_cases_are_there() -> None:
    counts = {language: sum(len([*cases(language, kind)]) for kind in KINDS) for language in codes()}
    assert sum(counts.values()) > 350
    assert [language for language, count in counts.items() if not count] == ["pt"], (
        "NeMo has no Portuguese cases"
    )
    assert Path(CASES / "README.md").exists()
