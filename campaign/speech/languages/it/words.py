"""Words that stand for signs and joints in Italian."""

from __future__ import annotations

import re
from typing import Final

from campaign.speech.languages.record import Between, PerPeriod, Vocabulary

WORDS: Final = Vocabulary(
    digits=("zero", "uno", "due", "tre", "quattro", "cinque", "sei", "sette", "otto", "nove"),
    decimal="virgola",
    minus="meno",
    plus="più",
    extension="interno",
    range="a",
    between=Between(r"(?:tra|fra)(?:\s+il)?", "e", article="il"),
    ratio="a",
    over="su",
    out_of="su",
    masked="che termina con",
    masked_after=re.compile(r"termina\W*(?:con)?\W*$", re.I),
    by="per",
    times="{} volte",
    once="una volta",
    section="punto",
    per="per",
    per_period=PerPeriod(re.compile(r"(?:mese|giorno)\b"), "al"),
    percent="per cento",
    per_mille="per mille",
    round_the_clock="ventiquattro ore su ventiquattro, sette giorni su sette",
    either="o",
    joint="e",
    again="Ripeto: {}.",
    money_and="e",
    keys={"*": "asterisco", "#": "cancelletto"},
    signs={
        "≤": "minore o uguale a", "≥": "maggiore o uguale a", "±": "più o meno", "≈": "circa", "&": "e", "+": "più",
        "@": "chiocciola", "/": "barra", "_": "trattino basso", "#": "numero", "%": "per cento", "=": "uguale",
        "*": "asterisco", "-": "trattino", ".": "punto", ":": "due punti", "§": "paragrafo", "°": "gradi",
        "×": "per", "<": "minore di", ">": "maggiore di", "~": "circa", "€": "euro", "$": "dollari",
        "£": "sterline",
    },
)  # fmt: skip
