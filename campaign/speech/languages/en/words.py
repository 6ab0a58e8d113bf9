"""Words that stand for signs and joints in English."""

from __future__ import annotations

import re
from typing import Final

from campaign.speech.languages.record import Between, PerPeriod, Vocabulary

WORDS: Final = Vocabulary(
    digits=("zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine"),
    decimal="point",
    minus="minus",
    plus="plus",
    extension="extension",
    range="to",
    between=Between("between", "and"),
    ratio="to",
    over="over",
    out_of="out of",
    masked="ending in",
    masked_after=re.compile(r"end(?:s|ing)\W*(?:in|with)?\W*$", re.I),
    by="by",
    times="{} times",
    once="once",
    section="point",
    per="per",
    per_period=PerPeriod(re.compile(r"(?:day|night|week|month|year)\b"), "a", after_words_only=True),
    percent="percent",
    per_mille="per mille",
    round_the_clock="twenty-four seven",
    either="or",
    joint="and",
    again="That is {}.",
    money_and="and",
    keys={"*": "star", "#": "hash"},
    regional_keys={"US": {"#": "pound"}, "CA": {"#": "pound"}},
    signs={
        "≤": "at most", "≥": "at least", "±": "plus or minus", "≈": "about", "&": "and", "+": "plus", "@": "at",
        "/": "slash", "_": "underscore", "#": "number", "%": "percent", "=": "equals", "*": "star", "-": "dash",
        ".": "dot", ":": "colon", "§": "section", "°": "degrees", "×": "times", "<": "less than",
        ">": "greater than", "~": "about", "€": "euros", "$": "dollars", "£": "pounds",
    },
)  # fmt: skip
