"""Readings of Spanish: days by their letters, noon, registers, and what it shares with the Romance rooms."""

from __future__ import annotations

import re
from typing import Final

from campaign.speech.languages import cldr
from campaign.speech.languages.es.numbers import cardinal, ordinal
from campaign.speech.languages.es.units import UNITS
from campaign.speech.languages.record import Occurrence, OwnReading
from campaign.speech.languages.romance_readings import Ways, heads, roman_value, shared
from campaign.speech.languages.shaping import END, HOUR, START, any_of
from campaign.speech.typed import Kind, TypedValue, UnreadableValueError, in_words, typed
from campaign.speech.wordlist import words

_LETTERS: Final = {
    "L": "lunes", "M": "martes", "X": "miércoles", "J": "jueves", "V": "viernes", "S": "sábado", "D": "domingo",
}  # fmt: skip
_HOURS: Final = r"(?=(?:\s|,\s|:\s?)(?:de\s)?\d{1,2}(?:[:.h]\d\d|\s?h\b|\s?[ap]\.?\s?m\b|\sa\s\d|\s?-\s?\d))"
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
_RANKS: Final = (
    r"(?:(?:[13]\.?e?r|2\.?d|[4-6]\.?t|7\.?m|8\.?v|9\.?n)[oa]s|(?:[1-9]|1\d|20)\.?[oa]s|\d{1,2}\.?[ºª°]s)"
)
"""`4tos`, `2das`, `1.os`; not `5mas`."""
_HOURLY: Final = rf"{HOUR}(?:[:.][0-5]\d(?:\s?h)?|h(?:[0-5]\d)?)"
_PESOS: Final = r"\s?\d(?:[\d.,]*\d)?(?![\w%])"
_REGIONAL: Final = {
    "C$": {"NI": "NIO"}, "Bs": {"BO": "BOB", "VE": "VES"}, "Q": {"GT": "GTQ"}, "L": {"HN": "HNL"},
}  # fmt: skip
"""Signs that are a currency in one country and another one, or none, elsewhere."""
_EVERYWHERE: Final = {
    "RD$": "DOP", "$U": "UYU", "Lps": "HNL", "COL$": "COP", "COP$": "COP", "CLP$": "CLP", "Gs": "PYG", "B/": "PAB",
}  # fmt: skip
_DEGREES: Final = rf"\s(?:{_SIDES})\b|\s?[\"“][A-Z][\"”]|\s[ABDGHIJKLM](?!\w|[.-]\w)"
READINGS: Final = (
    *shared(WAYS),
    OwnReading(
        name="length",
        figures=True,
        shape=rf"{START}(?:(?P<le_h>\d{{1,3}})\s?h(?:rs?|s)?\.?\s?)?(?P<le_m>[0-5]?\d)\s?(?:minutos?|mins?|m|['’′])\.?"
        rf"\s?(?P<le_s>[0-5]?\d)\s?(?:s|segs?|segundos?|''|\"|″)(?!\w)",
        before="iso",
        read=lambda found: _length(found),
    ),
    OwnReading(
        name="parted_metres",
        figures=True,
        shape=rf"{START}(?P<pm_whole>\d{{1,2}})\s?m\s?(?P<pm_rest>\d\d)(?![\w°'’]|[.,/]\d|\s?(?:s|seg|cm|m|x)\b)",
        before="iso",
        read=lambda found: _parted_metres(found),
    ),
    OwnReading(
        name="half_hours",
        figures=True,
        shape=rf"{START}(?:(?P<hh_count>[1-9]\d?)\s?(?:(?:½|\s1/2)\s?h(?:oras?)?|h(?:oras?)?\s?(?:½|\s1/2))|(?:½|1/2)\s?h)"
        rf"{END}(?!/)",
        before="iso",
        read=lambda found: _half_hours(found),
    ),
    OwnReading(
        name="instalments",
        figures=True,
        shape=rf"{START}[2-9]\d?\s?[x×](?=\s(?:o|u|y|a)\s\d{{1,2}}\s?[x×](?!\w|\s?\d))",
        before="iso",
        read=lambda found: in_words(
            found.written, f"{cardinal(int(re.sub(r'[^0-9]', '', found.written)), gender='f')} veces"
        ),
    ),
    OwnReading(
        name="count_before_page",
        figures=True,
        shape=rf"{START}\d{{1,3}}(?=,?\spágs?\.?\s\d)",
        before="iso",
        read=lambda found: typed(Kind.CARDINAL, found.written),
    ),
    OwnReading(
        name="road_number",
        figures=True,
        shape=r"(?=\d)(?:(?<=Fed\. )|(?<=arr\. )|(?<=tra\. )|(?<=arretera )|(?<=\b[rR]uta )|(?<=utopista )"
        r"|(?<=acional )|(?<=ederal )|(?<=rovincial ))\d{1,4}(?=,?\s[kK]m\.?\s\d)",
        before="iso",
        read=lambda found: typed(Kind.CARDINAL, found.written),
    ),
    OwnReading(
        name="per_volume",
        figures=True,
        shape=rf"{START}\d{{1,3}}(?:[.,]?\d{{3}}){{0,3}}\s?/\s?mm[3³](?!\w)",
        before="iso",
        read=lambda found: in_words(
            found.written,
            f"{cardinal(int(re.sub('[^0-9]', '', found.written.partition('/')[0])))} por milímetro cúbico",
        ),
    ),
    OwnReading(
        name="weekday_head",
        shape=r"(?<![\w.-])(?:Lun|Mar|Mié|Jue|Vie|Sáb|Dom)(?=\s?:\s?\d{1,2}\s?(?:[h:-]|a\s))",
        before="numeric",
        read=lambda found: _weekday_span(found),
    ),
    OwnReading(
        name="angle",
        figures=True,
        shape=r"(?=\d)(?:(?<=ngulo de )|(?<=iro de )|(?<=nclinación de )|(?<=emperatura de )|(?<=iebre de )"
        r"|(?<=orno a ))\d{1,3}\s?º(?!\s?[CF\w])",
        before="iso",
        read=lambda found: typed(Kind.UNIT, found.written.replace("º", "°")),
    ),
    OwnReading(
        name="weeks",
        figures=True,
        shape=rf"{START}\d{{1,3}}\ssems?\.?(?!\w)",
        before="iso",
        read=lambda found: _weeks(found),
    ),
    OwnReading(
        name="whole_hours_span",
        figures=True,
        shape=rf"{START}(?P<ws_first>{HOUR})\s?h\s?[-–]\s?(?P<ws_last>{_HOURLY}){END}(?![/.,:-]\d)",
        before="clock",
        read=lambda found: _hours_span(found),
    ),
    OwnReading(
        name="weekday_span",
        shape=r"(?<![\w.-])(?i:(?:lunes|martes|miércoles|jueves|viernes|sábado)[-–](?:martes|miércoles|jueves|viernes|sábado|domingo)"
        r"(?<!sábado-domingo)|(?:lun|mar|mié|jue|vie|sáb)\.?[-–](?:mar|mié|jue|vie|sáb|dom)\.?)(?![\w-])",
        before="numeric",
        read=lambda found: _weekday_span(found),
    ),
    OwnReading(
        name="weekday_dotted",
        shape=r"(?<![\w.])(?i:(?:lun|mié|jue|vie|sáb|dom)\.(?=,?\s[a-z\d])|(?<=\bel\s)mar\.(?=\s(?:al?|y|de|por)\b)"
        r"|(?<=\bdel\s)mar\.(?=\sal?\b)|(?<=\bal\s)mar\.(?=\s(?:de|por)\b))",
        before="numeric",
        read=lambda found: in_words(
            found.written, found.language.forms.weekdays[found.written.rstrip(".").lower()]
        ),
    ),
    OwnReading(
        name="each_period",
        shape=r"(?<![\w/])[Cc]/\s?(?=(?:mes|semana|día|año|noche|hora|toma)\b)",
        before="iso",
        read=lambda found: in_words(found.written, "cada "),
    ),
    OwnReading(
        name="common_amount",
        shape=r"\$\s?\d[\d.,]*(?<=\d)(?=\s\(?[mM]/[cC]te)",
        before="moneys",
        read=lambda found: typed(Kind.MONEY, found.written, decimals="any"),
    ),
    OwnReading(
        name="common_currency",
        shape=r"(?:(?<=\d )|(?<=\d \()|(?<=\bpesos )|(?<=\bpesos \())[mM]/[cC]te(?!\w)\.?",
        before="iso",
        read=lambda found: in_words(found.written, "moneda corriente"),
    ),
    OwnReading(
        name="capital_hours",
        figures=True,
        shape=rf"{START}(?:{HOUR}[:.][0-5]\d\s?H(?:RS|S|ORAS)?{END}|{HOUR}\s?H(?:RS|S|ORAS){END}(?<![A-Z]\dH))"
        r"(?:\.(?=,|\s[^\W_A-Z]))?",
        before="clock",
        read=lambda found: _capital_hours(found),
    ),
    OwnReading(
        name="spaced_degrees",
        figures=True,
        shape=rf"{START}(?:-?\d{{1,3}}(?:[.,]\d)?\s?°|(?:[3-9]\d|\d{{3}}|\d{{1,2}}[.,]\d)\s?º)\s[CF](?!\w)",
        before="iso",
        read=lambda found: typed(Kind.UNIT, re.sub(r"\s?[°º]\s", " °", found.written)),
    ),
    OwnReading(
        name="rooms",
        figures=True,
        shape=rf"{START}[1-9]?\d\shabs?\.",
        before="iso",
        read=lambda found: _rooms(found),
    ),
    OwnReading(
        name="two_openings",
        figures=True,
        shape=rf"{START}(?P<to_a>{_HOURLY})\s?[-–]\s?(?P<to_b>{_HOURLY})\s?/\s?(?P<to_c>{_HOURLY})\s?[-–]\s?"
        rf"(?P<to_d>{_HOURLY}){END}(?![/.,:]\d)",
        before="clock",
        read=lambda found: _openings(found),
    ),
    OwnReading(
        name="regional_money",
        shape=rf"(?<![\w$])(?:(?P<rm_sign>RD\$|C\$|COL\$|COP\$|CLP\$|\$U|Lps|Bs|Gs|B/(?=\.)"
        r"|[QL](?=\.?\s?\d[\d,]*\.\d\d(?![\d.])))\.?)"
        rf"(?P<rm_figures>{_PESOS})",
        before="iso",
        read=lambda found: _regional(found),
    ),
    OwnReading(
        name="capital_euros",
        figures=True,
        shape=rf"{START}\d{{1,3}}(?:\.?\d{{3}}){{0,3}}(?:,\d\d?)?\s?E(?:UROS?|uros?){END}",
        before="iso",
        read=lambda found: typed(Kind.MONEY, re.sub("(?i:euros?)", "€", found.written), decimals="any"),
    ),
    OwnReading(
        name="ranks_dotted",
        figures=True,
        shape=rf"{START}\d{{1,2}}(?:er|r[oa]|d[oa]|t[oa]|m[oa]|v[oa]|n[oa])\."
        r"(?=\s(?:[a-záéíóúñ]|(?:Piso|Nivel|Grado|Año|Básico|Medio|Bloque|Sección|Avenida|Semestre|Lugar|Premio)\b))",
        before="iso",
        read=lambda found: typed(Kind.ORDINAL, found.written[:-1]),
    ),
    OwnReading(
        name="half_degrees",
        figures=True,
        shape=rf"{START}\d{{1,2}}[.,]\d\s?º(?![\w])",
        before="iso",
        read=lambda found: typed(Kind.UNIT, found.written.replace("º", "°")),
    ),
    OwnReading(
        name="per_week",
        shape=r"(?<=[a-záéíóúñ€])\s?/\s?sem(?!\w)(?:\.(?!\s*$))?",
        before="iso",
        read=lambda found: in_words(found.written, " a la semana"),
    ),
    OwnReading(
        name="row_number",
        figures=True,
        shape=r"(?<![\w.,/-])[1-9]\d{2}(?: \d{3}){2,4}(?![\w-]|[.,]\d| \d)",
        before="number",
        read=lambda found: _row(found),
    ),
    OwnReading(
        name="ranks_many",
        figures=True,
        shape=rf"{START}{_RANKS}{END}",
        before="iso",
        read=lambda found: _ranks(found),
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
        shape=r"(?:(?<=\bla )|(?<=\bLa )|(?<=\bautovía )|(?<=\bautopista )|(?<=\bcarretera )|(?<=\bnacional )"
        r"|(?<=\bcomarcal ))[A-Z]{1,2}-\d{1,4}(?P<rd_branch>[a-zA-Z])?(?![\w-])"
        r"|(?:(?<=\b[eE]n )|(?<=\b[pP]or ))[A-Z]{1,2}-\d{1,4}(?=\skm\b|,\skm\b|\sp\.?k\.?\b|\ssentido\b)",
        before="iso",
        read=lambda found: _road(found),
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
        shape=rf"{START}(?:12:00|(?<=\blas )12|(?<=\d a )12|(?<=\d - )12|(?<=\d-)12|(?<=[mM]\. a )12|(?<=[mM]\. - )12"
        r"|(?<=[ap]m - )12|(?<=\b[aA]m a )12"
        r"|(?<=\bhasta )12|(?<=\ba )12(?=\s?m\.?\s*$))\s?m\b\.?(?!\w|\sde\s|²|³)",
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
        name="long_roman",
        shape=r"(?=[IVXLCDM])(?:(?<=\b[tT]omo )|(?<=\b[cC]apítulo )|(?<=\b[sS]iglo )|(?<=\b[cC]anto )|(?<=\b[sS]almo )"
        r"|(?<=\b[aA]rtículo )|(?:(?<=\b[tT]ítulo )|(?<=\b[lL]ibro )|(?<=\b[vV]olumen ))(?![CDM]))"
        r"(?=[IVX]*[LCDM])(?=[IVXLCDM]{2})"
        r"(?P<lr_thousands>M{0,3})(?P<lr_hundreds>CM|CD|D?C{0,3})(?P<lr_rest>(?:XC|XL|L?X{0,3})(?:IX|IV|V?I{0,3}))"
        r"(?![\w-]|\.[A-Z])",
        before="roman",
        read=lambda found: _long_roman(found),
    ),
    OwnReading(
        name="grouped_extension",
        figures=True,
        shape=r"(?=\d)(?:(?<=xtensión )|(?<=xtensión es )|(?<=xtensión es la )|(?<=xtensión: )|(?<=\b[eE]xt\. )"
        r"|(?<=\binterno )|(?<=\banexo ))\d{3} \d{3}(?=\s*(?:[.,;:!?)]|$)(?!\d)|\s[yo]\s)",
        before="secret",
        read=lambda found: typed(Kind.DIGITS, found.written),
    ),
    OwnReading(
        name="more_codes",
        figures=True,
        shape=r"(?=\d)(?:(?<=\d y )|(?<=\d o )|(?<=\d, ))[1-9]\d{2} \d{3}(?![\w-]|[.,]\d| \d)",
        before="number",
        read=lambda found: _more_codes(found),
    ),
    OwnReading(
        name="floor",
        figures=True,
        shape=rf"{START}\d{{1,2}}(?:\.?[º°]|\.?o)(?={_DEGREES})",
        before="iso",
        read=lambda found: in_words(found.written, ordinal(int(re.sub(r"\D", "", found.written)))),
    ),
    OwnReading(
        name="national_currency",
        shape=r"(?:(?<=\d )|(?<=\d)|(?<=\d \()|(?<=\d\()|(?<=\bpesos )|(?<=\bpesos \())"
        r"(?:M\.\s?N\.|m\.\s?n\.|MN(?!\w))",
        before="initials",
        read=lambda found: _national(found),
    ),
    OwnReading(
        name="national_amount",
        shape=r"\$\s?\d[\d.,]*(?<=\d)(?=\s\(?M\.\sN\.)",
        before="moneys",
        read=lambda found: typed(Kind.MONEY, found.written, decimals="any"),
    ),
    OwnReading(
        name="account_alias",
        shape=r"(?:(?<=\balias )|(?<=\bAlias )|(?<=\bALIAS )|(?<=\b[aA]lias: )|(?<=\b[aA]lias CBU )"
        r"|(?<=\b[aA]lias CBU: )|(?<=\b[aA]lias CVU )|(?<=\b[aA]lias CVU: )|(?<=\b[aA]lias es )|(?<=\bALIAS: ))"
        r"[A-Za-zñÑ]{2,20}(?:\.[A-Za-zñÑ]{2,20}){1,5}(?![\w@-]|\.\w)",
        before="address",
        read=lambda found: _alias(found),
    ),
    OwnReading(
        name="first_of_times",
        figures=True,
        shape=rf"{START}{HOUR}\.[0-5]\d(?=\s(?:a|y|o)\s(?:las\s)?{HOUR}(?:[.:][0-5]\d)?\s?hs\b|\sa\s{HOUR}\.[0-5]\d\s?h\b)",
        before="clock",
        read=lambda found: typed(Kind.TIME, found.written, clock="any"),
    ),
)


def _ranks(found: Occurrence) -> TypedValue:
    """`4tos básicos`, `las 2das`."""
    gender = "f" if re.search("a|ª", found.written) else "m"
    value = int(re.sub(r"\D", "", found.written))
    said = re.sub(r"\b(\w+[oa])\b", r"\1s", ordinal(value, gender=gender))
    return in_words(found.written, said)


def _length(found: Occurrence) -> TypedValue:
    """`13h23min43s`, `2min30s`."""
    parts = (("le_h", "hora", "f"), ("le_m", "minuto", "m"), ("le_s", "segundo", "m"))
    said = []
    for name, noun, gender in parts:
        count = int(found.groups.get(name, 0))
        if count or (name in found.groups and not found.groups.get("le_h")):
            said.append(f"{cardinal(count, gender=gender, noun=True)} {noun}{'' if count == 1 else 's'}")
    last = said.pop() if said else "cero segundos"
    return in_words(found.written, f"{', '.join(said)} y {last}" if said else last)


def _capital_hours(found: Occurrence) -> TypedValue:
    """`A LAS 9:30H`, `18 HRS`."""
    hour, _, minute = re.sub("[:.]", "h", re.sub(r"[^\d:.]|\.$", "", found.written)).partition("h")
    return typed(Kind.TIME, f"{hour}:{minute or '00'}", clock="any")


def _rooms(found: Occurrence) -> TypedValue:
    """`3 hab.`"""
    count = int(found.written.partition(" ")[0])
    noun = "habitación" if count == 1 else "habitaciones"
    return in_words(found.written, f"{cardinal(count, gender='f', noun=True)} {noun}")


def _parted_metres(found: Occurrence) -> TypedValue:
    """`1m75`."""
    whole, rest = int(found.groups["pm_whole"]), found.groups["pm_rest"]
    zero = "cero " if rest[0] == "0" and int(rest) else ""
    metres = "metro" if whole == 1 else "metros"
    return in_words(found.written, f"{cardinal(whole, noun=True)} {metres} {zero}{cardinal(int(rest))}")


def _half_hours(found: Occurrence) -> TypedValue:
    """`1½ h`, `2 h 1/2`, `1/2 h`."""
    count = int(found.groups.get("hh_count", 0))
    if not count:
        return in_words(found.written, "media hora")
    hours = "hora" if count == 1 else "horas"
    return in_words(found.written, f"{cardinal(count, gender='f', noun=True)} {hours} y media")


def _weeks(found: Occurrence) -> TypedValue:
    """`32 sem.`"""
    count = int(found.written.partition(" ")[0])
    weeks = "semana" if count == 1 else "semanas"
    return in_words(found.written, f"{cardinal(count, gender='f', noun=True)} {weeks}")


def _hours_span(found: Occurrence) -> TypedValue:
    """`8h-18h`."""
    clock = found.language.clock
    assert clock is not None
    hour, _, minute = re.sub("[:.]", "h", found.groups["ws_last"].rstrip("h ")).partition("h")
    first = clock.said(int(found.groups["ws_first"]), 0, region=found.region)
    return in_words(
        found.written, f"{first} a {clock.said(int(hour), int(minute or 0), region=found.region)}"
    )


def _weekday_span(found: Occurrence) -> TypedValue:
    """`lunes-viernes`, `Lun-Vie`."""
    short = found.language.forms.weekdays
    days = (day.rstrip(".").lower() for day in re.split("[-–]", found.written))
    return in_words(found.written, " a ".join(short.get(day, day) for day in days))


def _openings(found: Occurrence) -> TypedValue:
    """`9h-14h/17h-20h`."""
    clock = found.language.clock
    assert clock is not None
    times = []
    for name in ("to_a", "to_b", "to_c", "to_d"):
        hour, _, minute = re.sub("[:.]", "h", found.groups[name].rstrip("h ")).partition("h")
        times.append(clock.said(int(hour), int(minute or 0), region=found.region))
    return in_words(found.written, f"{times[0]} a {times[1]} y {times[2]} a {times[3]}")


def _regional(found: Occurrence) -> TypedValue:
    """`RD$1,500`, and `C$ 350` in Nicaragua."""
    sign, figures = found.groups["rm_sign"], found.groups["rm_figures"].strip()
    code = _EVERYWHERE.get(sign) or _REGIONAL.get(sign, {}).get(found.region)
    if code:
        return typed(Kind.MONEY, f"{figures} {code}", decimals="any")
    if sign == "C$":
        return typed(Kind.MONEY, found.written, decimals="any")
    name = (
        "bolivianos or bolívares"
        if sign == "Bs"
        else "quetzales in Guatemala, lempiras in Honduras, or no money"
    )
    raise UnreadableValueError(
        "unclear-value", f"{sign!r} in {found.written!r} is {name}", "write the name of the currency"
    )


_NUMBERED: Final = re.compile(
    r"(?i:n[º°]|n\.º|núm\.|nro\.|número)\s(?:de\s)?(?i:contrato|cliente|póliza|expediente|socio|abonado|suministro|cuenta"
    r"|pedido|envío|tarjeta|referencia|historia|afiliado|afiliación|medidor|contador)(?:\s(?:es\s)?(?:el\s)?|:\s?)$"
)


def _row(found: Occurrence) -> TypedValue:
    """`nº de contrato 123 456 789`."""
    return typed(Kind.DIGITS if _NUMBERED.search(found.left) else Kind.CARDINAL, found.written)


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


def _national(found: Occurrence) -> TypedValue:
    """`$750.50 M.N.`"""
    is_amount = re.search(r"(?:\$\s?\d[\d.,]*|\bpesos)\s?\(?$", found.left)
    letters = found.written if "." not in found.written else " ".join(re.findall(r"\w", found.written))
    return in_words(found.written, "moneda nacional" if is_amount else letters)


def _road(found: Occurrence) -> TypedValue:
    """`N-620a`, `A-6`."""
    letters, _, figures = found.written.partition("-")
    branch = found.groups.get("rd_branch", "").upper()
    said = [*letters, cardinal(int(figures.rstrip(branch + branch.lower()) if branch else figures)), branch]
    return in_words(found.written, " ".join(word for word in said if word))


_HUNDREDS: Final = ("", "C", "CC", "CCC", "CD", "D", "DC", "DCC", "DCCC", "CM")


def _long_roman(found: Occurrence) -> TypedValue:
    """`tomo LI`, `siglo XL`."""
    hundreds = _HUNDREDS.index(found.groups["lr_hundreds"])
    value = 1000 * len(found.groups["lr_thousands"]) + 100 * hundreds + roman_value(found.groups["lr_rest"])
    return in_words(found.written, cardinal(value))


_CODES: Final = re.compile(
    r"(?i:\b(?:códigos?|claves?|extensión|extensiones|internos?))\b[^.;!?\d]*"
    r"\d[\d ]*\d(?:(?:, | y | o )\d[\d ]*\d)*(?:, | y | o )$"
)


def _more_codes(found: Occurrence) -> TypedValue:
    """`los códigos son 250 250 y 100 200`."""
    is_code = _CODES.search(found.left) and not found.language.agreement.counted.match(found.right)
    return typed(Kind.DIGITS if is_code else Kind.CARDINAL, found.written)


def _alias(found: Occurrence) -> TypedValue:
    """`alias CASA.SOL.MAR` of an account: its words, and what is no word by its letters."""
    said = (
        part.lower() if len(part) > 2 and _VOWEL.search(part) else " ".join(part.upper())
        for part in found.written.split(".")
    )
    return in_words(found.written, f" {found.language.words.signs['.']} ".join(said))


_VOWEL: Final = re.compile("[aeiou]", re.I)


def _apostrophe(found: Occurrence) -> TypedValue:
    """`1'5 kg`, `19'90 €`."""
    written = re.sub("['’´]", ",", found.written)
    if re.search("€|euros", written):
        return typed(Kind.MONEY, written.replace("euros", "€"), decimals="any")
    return typed(Kind.CARDINAL if written[-1].isdecimal() else Kind.UNIT, written)


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
