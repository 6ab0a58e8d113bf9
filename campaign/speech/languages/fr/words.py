"""Words that stand for signs and joints in French."""

from __future__ import annotations

import re
from typing import Final

from campaign.speech.languages.record import Between, Vocabulary

WORDS: Final = Vocabulary(
    digits=("zéro", "un", "deux", "trois", "quatre", "cinq", "six", "sept", "huit", "neuf"),
    decimal="virgule",
    minus="moins",
    plus="plus",
    extension="poste",
    range="à",
    between=Between("entre", "et"),
    ratio="à",
    over="sur",
    out_of="sur",
    masked="se terminant par",
    masked_after=re.compile(r"(?:terminant|finissant|termine)\W*(?:par)?\W*$", re.I),
    by="sur",
    times="{} fois",
    once="une fois",
    section="point",
    per="par",
    percent="pour cent",
    per_mille="pour mille",
    round_the_clock="vingt-quatre heures sur vingt-quatre, sept jours sur sept",
    either="ou",
    joint="et",
    again="Je répète : {}.",
    money_and="et",
    keys={"*": "étoile", "#": "dièse"},
    signs={
        "≤": "inférieur ou égal à", "≥": "supérieur ou égal à", "±": "plus ou moins", "≈": "environ", "&": "et",
        "+": "plus", "@": "arobase", "/": "barre oblique", "_": "tiret bas", "#": "numéro", "%": "pour cent",
        "=": "égale", "*": "étoile", "-": "tiret", ".": "point", ":": "deux-points", "§": "paragraphe",
        "°": "degrés", "×": "fois", "<": "inférieur à", ">": "supérieur à", "~": "environ", "€": "euros",
        "$": "dollars", "£": "livres",
    },
)  # fmt: skip
