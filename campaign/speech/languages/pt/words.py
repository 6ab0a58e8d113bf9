"""Words that stand for signs and joints in Portuguese."""

from __future__ import annotations

import re
from typing import Final

from campaign.speech.languages.record import Between, Vocabulary

WORDS: Final = Vocabulary(
    digits=("zero", "um", "dois", "três", "quatro", "cinco", "seis", "sete", "oito", "nove"),
    decimal="vírgula",
    minus="menos",
    plus="mais",
    extension="extensão",
    range="a",
    between=Between("entre", "e"),
    ratio="a",
    over="por",
    out_of="em",
    masked="terminado em",
    masked_after=re.compile(r"termin(?:ad[ao]|a)\W*(?:em)?\W*$", re.I),
    by="por",
    times="{} vezes",
    once="uma vez",
    section="ponto",
    per="por",
    percent="por cento",
    per_mille="por mil",
    round_the_clock="vinte e quatro horas por dia, sete dias por semana",
    either="ou",
    joint="e",
    again="Repito: {}.",
    money_and="e",
    keys={"*": "asterisco", "#": "cardinal"},
    regional_keys={"BR": {"#": "jogo da velha"}},
    signs={
        "≤": "menor ou igual a", "≥": "maior ou igual a", "±": "mais ou menos", "≈": "aproximadamente", "&": "e",
        "+": "mais", "@": "arroba", "/": "barra", "_": "sublinhado", "#": "número", "%": "por cento",
        "=": "igual a", "*": "asterisco", "-": "hífen", ".": "ponto", ":": "dois pontos", "§": "parágrafo",
        "°": "graus", "×": "vezes", "<": "menor que", ">": "maior que", "~": "aproximadamente", "€": "euros",
        "$": "dólares", "£": "libras",
    },
)  # fmt: skip
