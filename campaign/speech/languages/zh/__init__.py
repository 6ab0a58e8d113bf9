"""Chinese."""

from __future__ import annotations

import re
from typing import Final

from campaign.speech.languages.record import Currency, Language, Money, Postal, Samples, Writing
from campaign.speech.languages.zh.agreement import AGREEMENT
from campaign.speech.languages.zh.calendar import CALENDAR, CLOCK
from campaign.speech.languages.zh.forms import FORMS
from campaign.speech.languages.zh.leads import LEADS
from campaign.speech.languages.zh.money import CURRENCIES, MAGNITUDES
from campaign.speech.languages.zh.numbers import NUMERALS
from campaign.speech.languages.zh.shapes import SHAPES
from campaign.speech.languages.zh.units import DURATIONS, UNITS
from campaign.speech.languages.zh.words import WORDS

_LONGEST_ACRONYM: Final = 5


def _letters(written: str) -> str:
    """Acronyms letter by letter, words as they are: `VIP`, `WiFi`."""
    return re.sub(
        rf"[A-Z]{{1,{_LONGEST_ACRONYM}}}(?![A-Za-z])(?<![a-z][A-Z])",
        lambda match: " ".join(match[0]),
        written,
    )


LANGUAGE: Final = Language(
    code="zh",
    name="Chinese",
    space="",
    words=WORDS,
    numerals=NUMERALS,
    writing=Writing(spaces=True, deep_versions=False),
    money=Money(
        currencies=CURRENCIES,
        magnitudes=MAGNITUDES,
        regional={
            "TW": {"TWD": Currency("元", "元", "m", "", "", "m")},
            "HK": {"HKD": Currency("元", "元", "m", "", "", "m")},
        },
        sign_codes={"¥": "CNY"},
        with_hundredths=False,
    ),
    calendar=CALENDAR,
    clock=CLOCK,
    durations=DURATIONS,
    postal=Postal(room=re.compile("[室房]")),
    units=UNITS,
    leads=LEADS,
    forms=FORMS,
    shapes=SHAPES,
    foreign_letters=_letters,
    agreement=AGREEMENT,
    samples=Samples(name_carrier="这是给{{ text }}的消息。"),
)
