"""Spanish."""

from __future__ import annotations

import re
from typing import Final

from campaign.speech.languages.es.agreement import AGREEMENT
from campaign.speech.languages.es.calendar import CALENDAR, CLOCK
from campaign.speech.languages.es.forms import FORMS, SENTENCES
from campaign.speech.languages.es.leads import LEADS
from campaign.speech.languages.es.money import CURRENCIES, FAMILIES, MAGNITUDES
from campaign.speech.languages.es.numbers import NUMERALS
from campaign.speech.languages.es.roman import ROMAN
from campaign.speech.languages.es.shapes import SHAPES
from campaign.speech.languages.es.units import DURATIONS, UNITS
from campaign.speech.languages.es.words import WORDS
from campaign.speech.languages.record import Disclosing, Language, Money, Postal, Samples, Writing

LANGUAGE: Final = Language(
    code="es",
    name="Spanish",
    words=WORDS,
    numerals=NUMERALS,
    writing=Writing(spaces=True, spaced_rows=True),
    money=Money(
        doubts_thousandths=True,
        currencies=CURRENCIES,
        families=FAMILIES,
        magnitudes=MAGNITUDES,
        alone=frozenset({"mil"}),
    ),
    calendar=CALENDAR,
    clock=CLOCK,
    durations=DURATIONS,
    postal=Postal(ranked=True),
    units=UNITS,
    leads=LEADS,
    forms=FORMS,
    shapes=SHAPES,
    agreement=AGREEMENT,
    roman=ROMAN,
    sentences=SENTENCES,
    euphony=(
        (re.compile(r"las una\b(?<=\blas una)"), "la una"),
        (re.compile(r"a las uno(?<=\ba las uno)(?=[.,;:!?]|$)"), "a la una"),
        (re.compile(r"Las una\b(?<=\bLas una)"), "La una"),
    ),
    samples=Samples(
        greeting=("Hola", "Este es un mensaje para usted."),
        name_carrier="Este es un mensaje para {{ text }}.",
        letters="áéíóúüñ",
    ),
    disclosure=Disclosing(
        synthetic=(
            "voz sintética",
            "voz artificial",
            "voz generada por ordenador",
            "voz generada por computadora",
            "voz generada por ia",
        ),
        opt_out=("darse de baja", "darte de baja", "no recibir más", "dejar de recibir"),
    ),
)
