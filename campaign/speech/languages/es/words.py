"""Words that stand for signs and joints in Spanish."""

from __future__ import annotations

import re
from typing import Final

from campaign.speech.languages.record import Between, PerPeriod, Vocabulary

_HASHES: Final = {"gato": ("MX", "CL"), "numeral": ("AR", "CO", "PE")}
WORDS: Final = Vocabulary(
    digits=("cero", "uno", "dos", "tres", "cuatro", "cinco", "seis", "siete", "ocho", "nueve"),
    decimal="coma",
    regional_decimal=dict.fromkeys(("MX", "US", "PR", "GT", "HN", "NI", "SV", "PA", "DO", "PE"), "punto"),
    minus="menos",
    plus="más",
    extension="extensión",
    range="a",
    between=Between("entre", "y"),
    ratio="a",
    over="sobre",
    out_of="sobre",
    masked="terminada en",
    masked_after=re.compile(r"(?:termin(?:ad[ao]|a)|acabad[ao])\W*(?:en)?\W*$", re.I),
    by="por",
    times="{} veces",
    once="una vez",
    section="punto",
    per="por",
    per_period=PerPeriod(re.compile(r"(?:mes|año|día)\b"), "al"),
    percent="por ciento",
    per_mille="por mil",
    round_the_clock="veinticuatro horas al día, siete días a la semana",
    either="o",
    joint="y",
    again="Repito: {}.",
    money_and="con",
    keys={"*": "asterisco", "#": "almohadilla"},
    regional_keys={
        region: {"#": name} for name, regions in _HASHES.items() for region in regions
    },
    signs={
        "≤": "menor o igual que", "≥": "mayor o igual que", "±": "más menos", "≈": "aproximadamente", "&": "y",
        "+": "más", "@": "arroba", "/": "barra", "_": "guion bajo", "#": "número", "%": "por ciento",
        "=": "igual a", "*": "asterisco", "-": "guion", ".": "punto", ":": "dos puntos", "§": "sección",
        "°": "grados", "×": "por", "<": "menor que", ">": "mayor que", "~": "aproximadamente", "€": "euros",
        "$": "dólares", "£": "libras",
    },
    signs_before={"&": (re.compile(r"\s?[Hh]?[iíIÍ](?![aeo])"), "e")},
)  # fmt: skip
