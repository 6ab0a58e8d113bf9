"""Readings of Spanish: days by their letters, noon, registers, and what it shares with the Romance rooms."""

from __future__ import annotations

import re
from typing import Final

from campaign.speech.languages import cldr
from campaign.speech.languages.es.labels import LABELLED
from campaign.speech.languages.es.numbers import cardinal, ordinal
from campaign.speech.languages.es.places import PLACES
from campaign.speech.languages.es.times import TIMES
from campaign.speech.languages.es.units import UNITS
from campaign.speech.languages.record import Occurrence, OwnReading
from campaign.speech.languages.romance_readings import Ways, heads, roman_value, shared
from campaign.speech.languages.shaping import END, START, after, any_of
from campaign.speech.typed import Kind, TypedValue, UnreadableValueError, in_words, typed

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
        "gotas": "gotas", "personas": "personas", "veces": "veces",
    },
    or_range="a",
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
_RANKS: Final = (
    r"(?:(?:[13]\.?e?r|2\.?d|[4-6]\.?t|7\.?m|8\.?v|9\.?n)[oa]s|(?:[1-9]|1\d|20)\.?[oa]s|\d{1,2}\.?[ºª°]s)"
)
"""`4tos`, `2das`, `1.os`; not `5mas`."""
_PESOS: Final = r"\s?\d(?:[\d.,]*\d)?(?![\w%])"
_REGIONAL: Final = {
    "C$": {"NI": "NIO"}, "Bs": {"BO": "BOB", "VE": "VES"}, "Q": {"GT": "GTQ"}, "L": {"HN": "HNL"},
}  # fmt: skip
"""Signs that are a currency in one country and another one, or none, elsewhere."""
_EVERYWHERE: Final = {
    "RD$": "DOP", "$U": "UYU", "Lps": "HNL", "COL$": "COP", "COP$": "COP", "CLP$": "CLP", "Gs": "PYG", "B/": "PAB",
}  # fmt: skip


def _ranks(found: Occurrence) -> TypedValue:
    """`4tos básicos`, `las 2das`."""
    gender = "f" if re.search("a|ª", found.written) else "m"
    value = int(re.sub(r"\D", "", found.written))
    said = re.sub(r"\b(\w+[oa])\b", r"\1s", ordinal(value, gender=gender))
    return in_words(found.written, said)


def _parted_metres(found: Occurrence) -> TypedValue:
    """`1m75`."""
    whole, rest = int(found.groups["pm_whole"]), found.groups["pm_rest"]
    zero = "cero " if rest[0] == "0" and int(rest) else ""
    metres = "metro" if whole == 1 else "metros"
    return in_words(found.written, f"{cardinal(whole, noun=True)} {metres} {zero}{cardinal(int(rest))}")


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


def _national(found: Occurrence) -> TypedValue:
    """`$750.50 M.N.`"""
    is_amount = re.search(r"(?:\$\s?\d[\d.,]*|\bpesos)\s?\(?$", found.left)
    letters = found.written if "." not in found.written else " ".join(re.findall(r"\w", found.written))
    return in_words(found.written, "moneda nacional" if is_amount else letters)


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


def _hundredths(found: Occurrence) -> TypedValue:
    """`pesos 56/100 M.N.`, as a cheque says it."""
    count = int(found.written[:2])
    noun = "centavo" if count == 1 else "centavos"
    national = " moneda nacional" if "N" in found.written else ""
    return in_words(found.written, f"con {cardinal(count, noun=True)} {noun}{national}")


READINGS: Final = (
    *LABELLED,
    *TIMES,
    *PLACES,
    OwnReading(
        name="hundredths",
        figures=True,
        shape=r"(?<![\w/.,])\d\d/100(?:\s?(?:M\.?\s?N\.?|M/N\.?)(?!\w))?(?=[\s.,;)]|$)",
        before="iso",
        read=_hundredths,
    ),
    *shared(WAYS),
    OwnReading(
        name="of_our_era",
        figures=True,
        shape=rf"{START}\d{{1,4}}(?=\sd\.\s?C\.)",
        before="clock",
        read=lambda found: typed(Kind.CARDINAL, found.written),
    ),
    OwnReading(
        name="account",
        figures=True,
        shape=after(
            heads("cuenta contrato cliente póliza socio matrícula", " ", ": ", " n.º ", " nº ", " es "),
            r"\d{1,3}(?:\.\d{3})+-[\dkK](?![\w-])",
        ),
        before="iso",
        read=lambda found: typed(Kind.SPELL, found.written.replace(".", " ")),
    ),
    OwnReading(
        name="parted_metres",
        figures=True,
        shape=rf"{START}(?P<pm_whole>\d{{1,2}})\s?m\s?(?P<pm_rest>\d\d)(?![\w°'’]|[.,/]\d|\s?(?:s|seg|cm|m|x)\b)",
        before="iso",
        read=lambda found: _parted_metres(found),
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
        name="angle",
        figures=True,
        shape=r"(?=\d)(?:(?<=ngulo de )|(?<=iro de )|(?<=nclinación de )|(?<=emperatura de )|(?<=iebre de )"
        r"|(?<=orno a ))\d{1,3}\s?º(?!\s?[CF\w])",
        before="iso",
        read=lambda found: typed(Kind.UNIT, found.written.replace("º", "°")),
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
)
