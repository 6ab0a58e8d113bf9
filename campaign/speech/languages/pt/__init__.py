"""Portuguese."""

from __future__ import annotations

import re
from typing import Final

from campaign.speech.languages.pt.agreement import AGREEMENT
from campaign.speech.languages.pt.calendar import CALENDAR, CLOCK
from campaign.speech.languages.pt.forms import FORMS, SENTENCES
from campaign.speech.languages.pt.leads import LEADS
from campaign.speech.languages.pt.money import CURRENCIES, FAMILIES, MAGNITUDES
from campaign.speech.languages.pt.numbers import NUMERALS
from campaign.speech.languages.pt.roman import ROMAN
from campaign.speech.languages.pt.shapes import SHAPES
from campaign.speech.languages.pt.units import DURATIONS, UNITS
from campaign.speech.languages.pt.words import WORDS
from campaign.speech.languages.record import Currency, Disclosing, Language, Money, Postal, Samples, Writing

LANGUAGE: Final = Language(
    code="pt",
    name="Portuguese",
    words=WORDS,
    numerals=NUMERALS,
    writing=Writing(spaces=True, spaced_rows=True, groups="."),
    money=Money(
        doubts_thousandths=True,
        currencies=CURRENCIES,
        families=FAMILIES,
        magnitudes=MAGNITUDES,
        regional={
            "BR": {
                "EUR": Currency("euro", "euros", "m", "centavo", "centavos", "m"),
                "USD": Currency("dólar", "dólares", "m", "centavo", "centavos", "m"),
                "CHF": Currency("franco", "francos", "m", "centavo", "centavos", "m"),
            }
        },
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
    regional_units={"BR": ("quilómetro", "quilômetro")},
    euphony=(
        (re.compile(r"\b([Àà]|[Dd]a|[Pp]ela)s uma\b(?! e outr)"), r"\1 uma"),
        (re.compile(r"\b([Aa])s uma hora\b"), r"\1 uma hora"),
    ),
    samples=Samples(
        greeting=("Olá", "Esta é uma mensagem para si."),
        name_carrier="Esta é uma mensagem para {{ text }}.",
        letters="ãõáâàçéêíóôúü",
    ),
    disclosure=Disclosing(
        synthetic=("voz sintética", "voz artificial", "voz gerada por computador"),
        opt_out=("deixar de receber", "não receber mais", "cancelar a inscrição"),
    ),
)
