"""German."""

from __future__ import annotations

import re
from typing import Final

from campaign.speech.languages import cldr
from campaign.speech.languages.de.agreement import AGREEMENT
from campaign.speech.languages.de.calendar import CALENDAR, CLOCK
from campaign.speech.languages.de.forms import FORMS, SENTENCES
from campaign.speech.languages.de.leads import LEADS
from campaign.speech.languages.de.money import CURRENCIES, FAMILIES, MAGNITUDES
from campaign.speech.languages.de.numbers import NUMERALS
from campaign.speech.languages.de.roman import ROMAN
from campaign.speech.languages.de.shapes import SHAPES
from campaign.speech.languages.de.units import DURATIONS, UNITS
from campaign.speech.languages.de.words import WORDS
from campaign.speech.languages.record import Disclosing, Language, Money, Samples, Writing

_MONTHS: Final = "|".join((*cldr.wide_names("month", "de").values(), "Jänner"))
_SINCE_DAY: Final = re.compile(rf"\bseit (?=[a-zäöüß]+ten (?:{_MONTHS})\b)")
"""`seit 21.6.` is since the day."""
LANGUAGE: Final = Language(
    code="de",
    name="German",
    words=WORDS,
    numerals=NUMERALS,
    writing=Writing(spaces=True, apostrophes=True),
    money=Money(
        currencies=CURRENCIES,
        families=FAMILIES,
        magnitudes=MAGNITUDES,
        magnitude_gender="f",
        cldr_name=lambda name: name[:1].lower() + name[1:] if " " in name else name,
    ),
    calendar=CALENDAR,
    clock=CLOCK,
    durations=DURATIONS,
    units=UNITS,
    leads=LEADS,
    forms=FORMS,
    shapes=SHAPES,
    agreement=AGREEMENT,
    roman=ROMAN,
    sentences=SENTENCES,
    euphony=((_SINCE_DAY, "seit dem "),),
    samples=Samples(
        greeting=("Guten Tag", "Dies ist eine Nachricht für Sie."),
        name_carrier="Dies ist eine Nachricht für {{ text }}.",
        letters="äöüß",
    ),
    disclosure=Disclosing(
        synthetic=(
            "künstliche stimme",
            "künstlichen stimme",
            "synthetische stimme",
            "synthetischen stimme",
            "computerstimme",
            "computergenerierte stimme",
            "ki-stimme",
        ),
        opt_out=(
            "abbestellen",
            "abmelden",
            "widersprechen",
            "keine weiteren anrufe",
            "keine weiteren nachrichten",
            "nicht mehr anrufen",
        ),
    ),
)
