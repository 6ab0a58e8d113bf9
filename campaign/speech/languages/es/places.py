"""Readings of Spanish and American addresses: streets, blocks, floors, roads."""

from __future__ import annotations

import re
from typing import Final

from campaign.speech.languages.es.numbers import cardinal, ordinal
from campaign.speech.languages.record import Occurrence, OwnReading
from campaign.speech.languages.shaping import START, any_of
from campaign.speech.typed import Kind, TypedValue, in_words, typed
from campaign.speech.wordlist import words

_STREET_WORDS: Final = {
    **dict.fromkeys(words("cra cr crr kr kra k"), "carrera"), **dict.fromkeys(words("cl cll clle"), "calle"),
    **dict.fromkeys(words("av avda"), "Avenida"), **dict.fromkeys(words("tv tr transv tranv"), "transversal"),
    **dict.fromkeys(words("dg diag"), "diagonal"), "circ": "circular", "ac": "avenida calle", "ak": "avenida carrera",
    "av. calle": "avenida calle", "av. carrera": "avenida carrera", "av. cra": "avenida carrera",
}  # fmt: skip
_STREETS: Final = any_of(
    (
        *_STREET_WORDS,
        "avenida calle",
        "avenida carrera",
        *words("carrera calle avenida transversal diagonal circular"),
    )
)
_PLATE: Final = (
    r"\d{1,3}(?:(?:\s?[A-Z]{1,2}|[a-z])(?!\w))?(?:\s?(?i:bis)(?:\s?[A-Z](?!\w))?)?"
    r"(?:\s(?:Sur|Norte|Este|Oeste)(?!\w))?"
)
"""The number of a street or of a house in Colombia: `43A`, `11 Bis`, `5 Sur`."""
_SIDES: Final = any_of(
    words("izquierda derecha izda izqda izq dcha dch der puerta escalera letra int interior ext exterior")
)
_STREET: Final = re.compile(
    r"(?<!\w)(?i:calles?|c/|c\.|av\.?|avda\.?|avenida|blvr?d?\.|boulevard|bulevar|calz\.|calzada|carr\.|ctra\.|carretera"
    r"|priv\.|privada|cda\.|cerrada|callej[oó]n|and\.|andador|paseo|pº|prol\.|prolongación|circuito|cto\.|pasaje"
    r"|psje\.|pje\.|camino|retorno|diagonal|jirón|jr\.|periférico|eje|ruta|vía|plaza|pza\.)\s?"
    r"(?:\s?(?:\d{1,3}|y|de|del|la|las|los|el|[A-ZÁÉÍÓÚÑ][\w.]*)){1,7},?\s$"
)
"""A street with its name, at the end of what stands before."""
_DEGREES: Final = rf"\s(?:{_SIDES})\b|\s?[\"“][A-Z][\"”]|\s[ABDGHIJKLM](?!\w|[.-]\w)"


def _rooms(found: Occurrence) -> TypedValue:
    """`3 hab.`"""
    count = int(found.written.partition(" ")[0])
    noun = "habitación" if count == 1 else "habitaciones"
    return in_words(found.written, f"{cardinal(count, gender='f', noun=True)} {noun}")


def _house(found: Occurrence) -> TypedValue:
    """`Calle Cocodrilo #373`."""
    figures = found.written.lstrip("# ")
    if not _STREET.search(found.left):
        return typed(Kind.CODE, found.written)
    return in_words(found.written, f"{found.language.words.signs['#']} {cardinal(int(figures))}")


_BLOCKS: Final = {"s": "supermanzana", "m": "manzana", "l": "lote"}


def _block(found: Occurrence) -> TypedValue:
    """`SM 51, MZ 23, LT 10`."""
    if found.written[0] == "L" and not re.search(r"\b(?i:mza?|manzana)\.?\s\w{1,3},?\s$", found.left):
        return in_words(found.written, found.written)
    return in_words(found.written, _BLOCKS[found.written[0].lower()])


def _road(found: Occurrence) -> TypedValue:
    """`N-620a`, `A-6`."""
    letters, _, figures = found.written.partition("-")
    branch = found.groups.get("rd_branch", "").upper()
    said = [*letters, cardinal(int(figures.rstrip(branch + branch.lower()) if branch else figures)), branch]
    return in_words(found.written, " ".join(word for word in said if word))


def _street_number(found: Occurrence) -> TypedValue:
    """`Cra. 43A # 1-50`, `Calle 10 No. 5-23`: no range."""
    written = found.groups["sn_street"]
    street = _STREET_WORDS.get(written.lower().rstrip("."), written)
    first, own, last = (_plate(found.groups[name]) for name in ("sn_first", "sn_own", "sn_last"))
    return in_words(found.written, f"{street} {first} número {own}, {last}")


def _plate(written: str) -> str:
    """`43A Bis`, `03`."""
    match = re.match(r"(0*)(\d*)", written)
    assert match is not None
    number = ["cero"] * len(match[1]) + ([cardinal(int(match[2]))] if match[2] else [])
    rest = re.sub(r"(?i:bis)", " bis ", written[match.end() :])
    return " ".join((*number, *(word if len(word) > 2 else " ".join(word.upper()) for word in rest.split())))


PLACES: Final = (
    OwnReading(
        name="road_number",
        figures=True,
        shape=r"(?=\d)(?:(?<=Fed\. )|(?<=arr\. )|(?<=tra\. )|(?<=arretera )|(?<=\b[rR]uta )|(?<=utopista )"
        r"|(?<=acional )|(?<=ederal )|(?<=rovincial ))\d{1,4}(?=,?\s[kK]m\.?\s\d)",
        before="iso",
        read=lambda found: typed(Kind.CARDINAL, found.written),
    ),
    OwnReading(
        name="rooms",
        figures=True,
        shape=rf"{START}[1-9]?\d\shabs?\.",
        before="iso",
        read=lambda found: _rooms(found),
    ),
    OwnReading(
        name="house_hash",
        shape=r"(?<=\s)#\s?[1-9]\d{0,3}(?![\w-]|[.,/]\d| \d)",
        before="hash",
        read=lambda found: _house(found),
    ),
    OwnReading(
        name="outer_number",
        shape=r"(?<!\w)(?:(?:No|no|Núm|núm|N)\.|N[º°])\s(?:(?:[EeIi]xt|[IiEe]nt)\.|[EeIi]xterior|[Ii]nterior):?\s(?=\d)",
        before="numeric",
        read=lambda found: in_words(
            found.written, f"número {'exterior' if 'ext' in found.written.lower() else 'interior'} "
        ),
    ),
    OwnReading(
        name="outer",
        shape=r"(?<=[\s,])[Ee]xt\.(?=\s\d{1,5}[A-Z]?,?\s(?:No\.\s|y\s)?[Ii]nt\b)",
        before="numeric",
        read=lambda found: in_words(found.written, "exterior"),
    ),
    OwnReading(
        name="block",
        shape=r"(?<!\w)(?:S[Mm]\.?(?=\s\d{1,3},?\s(?:[Mm][Zz]|M[Aa][Nn][Zz]|manz))"
        r"|(?:M[Zz][Aa]?|mz)\.?(?=\s(?:\d{1,3}|[A-Z])\b)"
        r"|(?:(?<=\d )|(?<=\d, )|(?<=\b[A-Z] )|(?<=\b[A-Z], ))(?:L[Tt][Ee]?)\.?(?=\s\d{1,3}(?!\w)))",
        before="numeric",
        read=lambda found: _block(found),
    ),
    OwnReading(
        name="road",
        shape=r"(?:(?<=\bla )|(?<=\bLa )|(?<=\bautovía )|(?<=\bautopista )|(?<=\bcarretera )|(?<=\bnacional )"
        r"|(?<=\bcomarcal ))[A-Z]{1,2}-\d{1,4}(?P<rd_branch>[a-zA-Z])?(?![\w-])"
        r"|(?:(?<=\b[eE]n )|(?<=\b[pP]or ))[A-Z]{1,2}-\d{1,4}(?=\skm\b|,\skm\b|\sp\.?k\.?\b|\ssentido\b)",
        before="iso",
        read=lambda found: _road(found),
    ),
    OwnReading(
        name="street_number",
        shape=rf"(?<!\w)(?P<sn_street>(?i:{_STREETS}))\.?\s(?P<sn_first>{_PLATE})\s?"
        r"(?:#|(?i:no|nro|n|núm)(?:\.?\s?[º°]|\.\s?[ºo]|\.)?\s|[Nn][º°])\s?"
        rf"(?P<sn_own>{_PLATE})\s?[-–]\s?(?P<sn_last>\d{{1,3}})(?![\w-]|[.,/]\d)",
        before="address",
        read=lambda found: _street_number(found),
    ),
    OwnReading(
        name="street_short",
        shape=r"(?:(?<![\s\S])|(?<=\n)|(?<=\b[eE]n )|(?<=\b[lL]a )|(?<=\b[dD]e )|(?<=\b[pP]or )|(?<=\b[hH]asta )"
        r"|(?<=\b[dD]esde )|(?<=\besquina )|(?<=\b[eE]ntre )|(?<=, )|(?<=: )|(?<=\())c/\s?"
        r"(?=[A-ZÁÉÍÓÚÑ](?:[a-záéíóúñ]|\.)|del?\s)",
        before="iso",
        read=lambda found: in_words(found.written, "calle "),
    ),
    OwnReading(
        name="floor_short",
        shape=r"(?:(?<=ª )|(?<=ª\u00a0))pl\.",
        before="numeric",
        read=lambda found: in_words(found.written, "planta"),
    ),
    OwnReading(
        name="floor",
        figures=True,
        shape=rf"{START}\d{{1,2}}(?:\.?[º°]|\.?o)(?={_DEGREES})",
        before="iso",
        read=lambda found: in_words(found.written, ordinal(int(re.sub(r"\D", "", found.written)))),
    ),
)
