"""Independent witnesses of numbers as words, and the decisions by which ours may differ from theirs.

`campaign/speech/languages/<ll>/gold/decisions.toml` holds one decision a table: which witness and rules, what stands
there and what stands here, why, and by which source. A difference that no decision covers fails a test, and so
does a decision that covers none.
"""

from __future__ import annotations

import random
import re
import tomllib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from icu4py.messageformat import MessageFormat

from campaign.speech import languages

ROOMS = Path(languages.__file__).parent
LOW = range(10_001)
DRAWN = 100_000
SEED = 20261129


def drawn(count: int, below_power: int = 12, seed: int = SEED) -> list[int]:
    """Whole numbers below ten to that power, of all lengths, with many zeros."""
    rng = random.Random(seed)
    figures = [*"0000123456789"]
    return [int("".join(rng.choices(figures, k=rng.randint(1, below_power)))) for _ in range(count)]


def plain(words: str) -> str:
    """Small letters, a single space between words, no hyphens: `vingt-et-un` is `vingt et un`."""
    return words.lower().replace("\xad", "").replace(",", "").replace("-", " ")


def letters(words: str) -> str:
    """What is said, however it is parted into words."""
    return words.replace(" ", "")


@dataclass(kw_only=True)
class Decision:
    """One difference that stands."""

    language: str
    witness: str
    rules: re.Pattern[str]
    theirs: re.Pattern[str]
    why: str
    source: str
    ours: str = ""
    region: str = ""
    written: list[str] = field(default_factory=list)
    """Of a witness that has cases and no rules: those that it says otherwise."""
    instead: str = ""
    """The witness's rule that is meant where its own rule for the purpose is not: a year that is a number."""
    used: int = field(default=0, compare=False)

    def rewritten(self, words: str) -> str:
        """The witness's words as this decision has them."""
        return self.theirs.sub(self.ours, words)


def decisions(language: str, witness: str) -> list[Decision]:
    """Those of a language about a witness, in order."""
    path = ROOMS / language / "gold" / "decisions.toml"
    tables = tomllib.loads(path.read_text("utf-8"))["decision"] if path.exists() else []
    return [
        Decision(
            language=language,
            **table
            | {"rules": re.compile(table["rules"]), "theirs": re.compile(table.get("theirs", "(?!)"))},
        )
        for table in tables
        if table["witness"] == witness
    ]


class Cldr:
    """CLDR's rule-based number formats as ICU runs them."""

    def __init__(self, locale: str, rule: str, agreed: Sequence[Decision]) -> None:
        self.locale = locale
        self.rule = rule
        region = locale.partition("-")[2]
        here = [
            one for one in agreed if one.rules.fullmatch(rule) and (not one.region or one.region == region)
        ]
        self._instead = [one for one in here if one.instead]
        self._rewrites = [one for one in here if not one.instead]
        self._format = self._of(rule)
        self._others = {one.instead: self._of(one.instead) for one in self._instead}

    def _of(self, rule: str) -> MessageFormat:
        return MessageFormat(f"{{n,spellout,%{rule}}}", self.locale)

    def says(self, number: int) -> str:
        """Its words."""
        return self._format.format({"n": number})

    def decided(self, number: int) -> str:
        """Its words as the decisions have them, plain."""
        words = plain(self.says(number))
        for one in self._instead:
            words = plain(self._others[one.instead].format({"n": number}))
            one.used += 1
        for one in self._rewrites:
            words, count = one.theirs.subn(one.ours, words)
            one.used += bool(count)
        return words

    def accepts(self, number: int, ours: str) -> bool:
        """Whether `ours` is what it says, or what a decision has instead."""
        theirs = self.says(number)
        wanted = letters(plain(ours))
        return ours == theirs or letters(plain(theirs)) == wanted or letters(self.decided(number)) == wanted


def differences(witness: Cldr, spoken: Iterable[tuple[int, str]]) -> list[tuple[int, str, str]]:
    """(number, ours, theirs) that no decision covers."""
    return [
        (number, ours, witness.says(number)) for number, ours in spoken if not witness.accepts(number, ours)
    ]
