"""Words that stand for signs and joints in German."""

from __future__ import annotations

import re
from typing import Final

from campaign.speech.languages.record import Between, Vocabulary

WORDS: Final = Vocabulary(
    digits=("null", "eins", "zwei", "drei", "vier", "fünf", "sechs", "sieben", "acht", "neun"),
    decimal="Komma",
    minus="minus",
    plus="plus",
    extension="Durchwahl",
    range="bis",
    between=Between("zwischen", "und"),
    ratio="zu",
    over="zu",
    out_of="von",
    masked="endend auf",
    masked_after=re.compile(r"(?:endend|endet|endung)\W*(?:auf)?\W*$", re.I),
    by="mal",
    times="{}mal",
    once="einmal",
    section="Punkt",
    per="pro",
    percent="Prozent",
    per_mille="Promille",
    round_the_clock="vierundzwanzig sieben",
    either="oder",
    joint="und",
    again="Ich wiederhole: {}.",
    money_and="und",
    keys={"*": "Stern", "#": "Raute"},
    signs={
        "≤": "höchstens", "≥": "mindestens", "±": "plus minus", "≈": "etwa", "&": "und", "+": "plus", "@": "ät",
        "/": "Schrägstrich", "_": "Unterstrich", "#": "Nummer", "%": "Prozent", "=": "gleich", "*": "Stern",
        "-": "Bindestrich", ".": "Punkt", ":": "Doppelpunkt", "§": "Paragraf", "°": "Grad", "×": "mal",
        "<": "kleiner als", ">": "größer als", "~": "etwa", "€": "Euro", "$": "Dollar", "£": "Pfund",
    },
)  # fmt: skip
