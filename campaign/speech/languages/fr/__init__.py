"""French."""

from __future__ import annotations

import re
from typing import Final

from campaign.speech.languages.fr.agreement import AGREEMENT
from campaign.speech.languages.fr.calendar import CALENDAR, CLOCK
from campaign.speech.languages.fr.forms import FORMS, SENTENCES
from campaign.speech.languages.fr.leads import LEADS
from campaign.speech.languages.fr.money import CURRENCIES, FAMILIES, MAGNITUDES
from campaign.speech.languages.fr.numbers import NUMERALS
from campaign.speech.languages.fr.roman import ROMAN
from campaign.speech.languages.fr.shapes import SHAPES
from campaign.speech.languages.fr.units import DURATIONS, UNITS
from campaign.speech.languages.fr.words import WORDS
from campaign.speech.languages.record import Disclosing, Language, Money, Postal, Samples, Writing

LANGUAGE: Final = Language(
    code="fr",
    name="French",
    words=WORDS,
    numerals=NUMERALS,
    writing=Writing(spaces=True, spaced_rows=True, apostrophes=True),
    money=Money(
        doubts_thousandths=True,
        currencies=CURRENCIES,
        families=FAMILIES,
        magnitudes=MAGNITUDES,
        alone=frozenset({"mille"}),
        zero_is_one=True,
        below_two_is_one=True,
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
        (re.compile(r"s mille\b(?:(?<=\bcents mille)|(?<=\bquatre-vingts mille))"), " mille"),
        (re.compile(r"e une(?<=\b[Dd]e une)(?= (?!à\b))"), "'une"),
        (
            re.compile(r"e un(?<=\b[Dd]e un)(?= (?:million|milliard|euro|an|mois|jour|virgule|pour cent)\b)"),
            "'un",
        ),
    ),  # each begins with letters, which are looked for quickly
    samples=Samples(
        greeting=("Bonjour", "Ceci est un message pour vous."),
        name_carrier="Voici un message pour {{ text }}.",
        letters="àâæçéèêëîïôœùûüÿ",
    ),
    disclosure=Disclosing(
        synthetic=(
            "voix synthétique",
            "voix de synthèse",
            "voix artificielle",
            "voix générée par ordinateur",
            "voix générée par ia",
        ),
        opt_out=("ne plus recevoir", "vous désabonner", "vous désinscrire", "vous opposer"),
    ),
)
