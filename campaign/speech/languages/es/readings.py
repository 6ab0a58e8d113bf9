"""Readings of Spanish: days by their letters, noon, registers, and what it shares with the Romance rooms."""

from __future__ import annotations

import re
from typing import Final

from campaign.speech.languages import cldr
from campaign.speech.languages.es.units import UNITS
from campaign.speech.languages.record import Occurrence, OwnReading
from campaign.speech.languages.romance_readings import Ways, heads, shared
from campaign.speech.languages.shaping import END, START, any_of
from campaign.speech.typed import Kind, TypedValue, in_words, typed

_LETTERS: Final = {
    "L": "lunes", "M": "martes", "X": "miércoles", "J": "jueves", "V": "viernes", "S": "sábado", "D": "domingo",
}  # fmt: skip
_HOURS: Final = r"(?=(?:\s|,\s|:\s?)(?:de\s)?\d{1,2}(?:[:.h]\d\d|\s?h\b|\sa\s\d|\s?-\s?\d))"
WAYS: Final = Ways(
    code="es",
    months=any_of({*cldr.months("es"), "sept", "set"}),
    weekdays="(?i:lun|mar|mié|jue|vie|sáb|dom)",
    units=UNITS,
    joints=("a", "al", "y", "y el", "y al", "hasta el"),
    sure=("del ", "Del ", "los días ", "días ", "el día ", "día ", "entre el "),
    likely=(
        "de ", "De ", "el ", "El ", "al ", "desde ", "hasta ", "para ", "lunes, ", "martes, ", "miércoles, ",
        "jueves, ", "viernes, ", "sábado, ", "domingo, ", "Fecha: ", "fecha: ", "fecha ", "Cita: ", "Vence: ",
        "Vencimiento: ", "vencimiento ", "Entrega: ", "Vto.: ", "Hoy ", "hoy ", "hoy, ", "Hoy, ", "mañana, ", "mañana ",
    ),
    day=("el ", "El ", "al "),
    of="del?|de la|de las|de los",
    acts=(
        "Ley ", "ley ", "RD ", "Real Decreto ", "RDL ", "Decreto ", "Orden ", "Resolución ", "Directiva ",
        "Reglamento ", "LO ", "Ley Orgánica ", "Decreto-ley ", "Circular ", "Sentencia ", "STS ", "núm. ",
        "Acuerdo ",
    ),
    act_link="de",
    steps=(
        "Paso ", "paso ", "Página ", "página ", "pág. ", "Cuota ", "cuota ", "Plazo ", "plazo ", "Parte ",
        "Etapa ", "etapa ", "Fase ", "Aviso ", "aviso ", "Intento ", "intento ", "Sesión ", "sesión ",
        "Recibo ", "recibo ", "Dosis ", "Mensaje ", "Recordatorio ",
    ),
    step_link="de",
    marks=heads(
        "nota calificación puntuación valoración dolor promedio media",
        " ", ": ", " de ", " es ", " es de ", " fue ", " fue de ",
    ),
    chapters={"cap.": "capítulo", "Cap.": "capítulo", "vol.": "volumen", "tít.": "título",
    "Tít.": "título", "art.": "artículo", "t.": "tomo", "lib.": "libro"},
    part_of="de",
    at="a las|a la|h",
    spans={
        "h": "horas", "hs": "horas", "hrs": "horas", "horas": "horas", "días": "días", "dias": "días", "d": "días",
        "semanas": "semanas", "meses": "meses", "años": "años", "min": "minutos", "minutos": "minutos",
    },
    or_range="o",
    every="cada",
    lasting=re.compile(
        r"(?:\bdur\w*|espera|viaje|trayecto|tiempo|casi|unas|unos|\bpor|tras|durante|cada|demora|tarda|retraso"
        r"|sesión|clase|examen)(?:\s(?:de|es|unas|media|aproximada|prevista|máxima|mínima))*\W+$", re.I,
    ),
    ranked=(
        "trimestre", "semestre", "cuatrimestre", "bimestre", "edición", "ediciones", "congreso", "jornadas", "jornada",
        "aniversario", "premio", "concurso", "festival", "foro", "plan", "fase", "[Gg]uerra", "asamblea", "carrera",
        "torneo", "encuentro", "semana", "[Rr]epública", "[Cc]ongreso", "[Ee]dición", "[Jj]ornadas?", "[Pp]remios?",
        "[Cc]onvenio", "[Cc]oncilio", "[Ff]oro", "[Pp]lan", "[Cc]ampeonato", "[Tt]orneo", "[Mm]uestra", "[Ff]eria",
        "[Ss]imposio", "[Cc]umbre", "[Cc]ertamen", "[Mm]aratón",
    ),
    counted=("de [a-z]{4,}bre",),
    daily="día|dia|semana|mes|año|noche|hora|toma",
)  # fmt: skip


def _day_letters(found: Occurrence) -> TypedValue:
    """`L-V`, `L a V`, `S y D`."""
    said = re.sub(r"\s?[-–]\s?", " a ", found.written)
    said = re.sub(r"\s?/\s?", " y ", said)
    said = re.sub(r", ?", ", ", said)
    return in_words(found.written, re.sub(r"[LMXJVSD]", lambda match: _LETTERS[match[0]], said))


def _day_letter(found: Occurrence) -> TypedValue:
    name = _LETTERS[found.written]
    return in_words(found.written, f"{name}s" if found.written in "SD" else name)


READINGS: Final = (
    *shared(WAYS),
    OwnReading(
        name="day_letters",
        shape=rf"(?<![\w.,-])[LMXJVSD](?:(?:\s?[-–/,]\s?|\s[ay]\s)[LMXJVSD])+{END}{_HOURS}",
        before="numeric",
        read=_day_letters,
    ),
    OwnReading(
        name="day_letter",
        shape=rf"(?:(?<=[,;.]\s)|(?<=\by\s))[LMXJVSD]{_HOURS}",
        before="numeric",
        read=_day_letter,
    ),
    OwnReading(
        name="road",
        shape=r"(?:(?<=\bla )|(?<=\bautovía )|(?<=\bautopista )|(?<=\bcarretera ))(?:[A-Z]{1,2})-\d{1,3}(?![\w-])",
        before="iso",
        read=lambda found: in_words(
            found.written,
            f"{' '.join(found.written.partition('-')[0])} "
            f"{found.language.numerals.cardinal(int(found.written.partition('-')[2]))}",
        ),
    ),
    OwnReading(
        name="apostrophe",
        figures=True,
        shape=r"(?<![\w.,'])\d{1,3}['’´]\d{1,2}(?![\d\"'’]|[.,]\d)(?:\s?(?:€|euros|kg|km|m|l|g|cm)(?!\w))?",
        before="iso",
        read=lambda found: _apostrophe(found),
    ),
    OwnReading(
        name="extension",
        shape=r"(?<=\d{4}, )int\.(?=\s\d{1,5}(?!\d))",
        before="iso",
        read=lambda found: in_words(found.written, "interno"),
    ),
    OwnReading(
        name="noon",
        figures=True,
        shape=rf"{START}12(?::00)?\s?m\b\.?(?!\w)",
        before="hours",
        read=lambda found: in_words(found.written, "doce del mediodía"),
    ),
    OwnReading(
        name="register",
        figures=True,
        shape=r"(?<![\w.,])\d{1,2}\.\d{3}\.\d{3}-[\dkK](?![\w-])",
        before="iso",
        read=lambda found: typed(Kind.SPELL, found.written.replace(".", " ")),
    ),
    OwnReading(
        name="coded_money",
        shape=r"(?<!\w)(?:COP|PEN|CUP)\s\d[\d.,]*(?<=\d)(?![\w%])",
        before="moneys",
        read=lambda found: typed(Kind.MONEY, found.written, decimals="any"),
    ),
    OwnReading(
        name="each_hours",
        shape=r"(?<![\w/])[Cc]/\s?(?=\d{1,2}\s?(?:h|hs|hrs|horas|días)\b)",
        before="iso",
        read=lambda found: in_words(found.written, "cada "),
    ),
    OwnReading(
        name="street_number",
        shape=r"(?<=\d)\s?(?:[A-Z]\s)?#\s?\d{1,3}(?:[A-Z])?\s?-\s?\d{1,3}(?!\w)",
        before="iso",
        read=lambda found: _street_number(found),
    ),
)


def _apostrophe(found: Occurrence) -> TypedValue:
    """`1'5 kg`, `19'90 €`."""
    written = re.sub("['’´]", ",", found.written)
    if re.search("€|euros", written):
        return typed(Kind.MONEY, written.replace("euros", "€"), decimals="any")
    return typed(Kind.CARDINAL if written[-1].isdigit() else Kind.UNIT, written)


def _street_number(found: Occurrence) -> TypedValue:
    """`Cra. 15 # 93-47`."""
    letter, first, own, last = (
        part or ""
        for part in re.fullmatch(r"\s?(?:([A-Z])\s)?#\s?(\d+)([A-Z]?)\s?-\s?(\d+)", found.written).groups()  # type: ignore[union-attr]
    )
    cardinal = found.language.numerals.cardinal
    said = [letter, "número", cardinal(int(first)), own, "guion", cardinal(int(last))]
    return in_words(found.written, " " + " ".join(word for word in said if word))
