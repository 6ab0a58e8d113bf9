"""What is written short in Spanish, and read in full."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Final

from campaign.speech.languages.es.abbreviations import ABBREVIATIONS, BEFORE_NUMBERS
from campaign.speech.languages.es.units import DOTTED_UNITS
from campaign.speech.languages.record import Forms, SentenceRules
from campaign.speech.languages.romance import agreeing_limit, is_title
from campaign.speech.typed import UnreadableValueError
from campaign.speech.wordlist import words

SHORT: Final[Mapping[str, str]] = {
    **ABBREVIATIONS,
    "s.": "siglo",
    "uds.": "unidades", "ud.": "unidad", "a. C.": "antes de Cristo", "d. C.": "después de Cristo",
    "S. M.": "Su Majestad", "D. F.": "D F", "izda.": "izquierda", "Aprox.": "aproximadamente", "Mª": "María",
    "M.ª": "María", "Dª": "doña", "Fco.": "Francisco", "Sr.": "señor", "Sra.": "señora", "Srta.": "señorita",
    "Sres.": "señores", "Dr.": "doctor", "Dra.": "doctora", "D.": "don", "Dña.": "doña", "Ud.": "usted",
    "Uds.": "ustedes", "Vd.": "usted", "Vds.": "ustedes", "p. ej.": "por ejemplo", "p.ej.": "por ejemplo",
    "etc.": "etcétera", "Av.": "Avenida", "Avda.": "Avenida", "C/": "calle", "pág.": "página", "n.º": "número",
    "nº": "número", "N.º": "número", "Nº": "número", "núm.": "número", "aprox.": "aproximadamente",
    "tel.": "teléfono", "Tel.": "Teléfono", "Prof.": "profesor", "EE. UU.": "Estados Unidos",
    "depto.": "departamento", "máx.": "máximo", "mín.": "mínimo", "Pág.": "Página", "edif.": "edificio",
    "Edif.": "Edificio", "apdo.": "apartado", "Apdo.": "Apartado", "Ref.": "Referencia", "ref.": "referencia",
    "izq.": "izquierda", "dcha.": "derecha", "Pza.": "Plaza", "pza.": "plaza", "tfno.": "teléfono",
    "Tfno.": "Teléfono", "cta.": "cuenta", "Cía.": "Compañía", "Sto.": "Santo", "Sta.": "Santa",
    "ctra.": "carretera", "Ctra.": "Carretera", "Urb.": "Urbanización", "vto.": "vencimiento", "Cta.": "Cuenta",
    "D.ª": "doña", "Lic.": "licenciado", "Ing.": "ingeniero", "s/n": "sin número", "Col.": "Colonia",
    "vto": "vencimiento", "Mtro.": "maestro", "Mtra.": "maestra",
}  # fmt: skip
NUMERIC: Final[Mapping[str, str]] = {
    **BEFORE_NUMBERS,
    "p.": "página", "pp.": "páginas", "págs.": "páginas", "art.": "artículo", "n.": "número", "ext.": "extensión",
    "Art.": "artículo", "km": "kilómetro", "Ext.": "extensión", "cap.": "capítulo", "vol.": "volumen",
}  # fmt: skip
WEEKDAYS: Final[Mapping[str, str]] = {
    "lun": "lunes", "mar": "martes", "mié": "miércoles", "jue": "jueves", "vie": "viernes", "sáb": "sábado",
    "dom": "domingo",
}  # fmt: skip
SLASHED: Final = (
    "y/o", "tu/su", "su/s", "el/la", "los/las", "uno/a", "él/ella", "Sr./Sra.", "Sr/Sra", "D./Dña.",
)  # fmt: skip
PERIODS: Final = (
    "segundo", "minuto", "hora", "día", "noche", "semana", "mes", "año", "persona",
)  # fmt: skip
RANKED: Final = (
    "piso", "puesto", "día", "año", "mes", "siglo", "capítulo", "premio", "nivel", "turno", "trimestre", "semestre",
    "hijo", "ciclo",
)  # fmt: skip
SENTENCE_ABBREVIATIONS: Final = words(
    "s/ mill cap vol tít art lib "
    "a.m aprox arq atte av avda c/ d depto dpto dra dña ee ej gral ing lic núm p.ej p.m pág págs sr sra sres srta "
    "tfno ud uds uu vd vds jr del pob priv pte nte ote mz sm lt lte cons cel b/ sem ej temp"
)


_FEMININE_TITLES: Final = {
    "licenciado": "licenciada", "ingeniero": "ingeniera", "arquitecto": "arquitecta", "profesor": "profesora",
}  # fmt: skip
_WOMAN: Final = re.compile(
    r"\b(?:la|una|esta|nuestra|otra|estimada|querida|apreciada|señora|señorita|sra\.|srta\.|doña|dña\.)\s$",
    re.I,
)
_NAMED: Final = re.compile(r"\s[A-ZÁÉÍÓÚÑ]")


_SIDES: Final = ("Nte.", "Ote.", "Pte.")
_PLACED: Final = {
    "Del.": re.compile(r"(?:^|[\n,;(:]\s?|\b[lL]a\s|\b[eE]n\s)$"),
    "Jr.": re.compile(r"(?:^|[\n,;(:]\s?|\b(?:[eE]l|[eE]n|[dD]el)\s)$"),
    "Pob.": re.compile(r"(?:^|[\n,;(:]\s?|\b(?:[eE]n|[lL]a)\s)$"),
    **dict.fromkeys(
        words("Jal. Gto. Qro. Oax. Tamps. Chih. Coah. Mich. Hgo. Tlax. Zac. Dgo. N.L. S.L.P. Yuc. Chis."),
        re.compile(r"[A-ZÁÉÍÓÚÑ][^\W\d_]+,\s$"),
    ),
    **dict.fromkeys(_SIDES, re.compile(r"(?:\d|\b[A-ZÁÉÍÓÚÑ]\w+|\b[zZ]ona|\b[cC]alle)\s$")),
}
"""What stands before those that are something else elsewhere: `Sammy Davis Jr.`"""


_LIVING: Final = re.compile(r"(?:mill(?:ón|ones)\sde|\bmil|\d[\d.]*\d\d(?:\sde)?)\s$")
"""`12.000 hab.` are people; `3 hab.` are rooms."""


def _refined(written: str, said: str, left: str, right: str) -> str:
    """`D.` is a title or an initial, `la Lic.` a woman."""
    if said.lower() == "siglo" and not re.match(r"\s(?=[IVX])", right):
        return written
    if written == "p." and re.search(
        r"\b(?:acceso|entrada|puerta|edificio|escalera|por la|en la)\b[^.;]*$", left
    ):
        raise UnreadableValueError(
            "unclear-value",
            "'p.' is página (page) or puerta, planta or piso (door, floor)",
            "write the word in full",
        )
    if said in _FEMININE_TITLES and (_NAMED.match(right) or written == "Prof.") and _WOMAN.search(left):
        return _FEMININE_TITLES[said]
    if written in ("hab.", "habs.") and _LIVING.search(left):
        return "habitantes"
    if said in ("mínimo", "máximo") and re.search(r"\b[tT]emp\.\s$", left):
        return f"{said[:-1]}a"
    if written == "ss." and not re.search(r"\by\s$", left):
        return written
    if written == "sem." and re.search(r"(?:\d\.?(?:º|°|er|do|o)|primer|segundo)\s$", left):
        return "semestre"
    if written in ("Vr.", "Vlr.") and not re.match(r"\s(?:a\s|de\s|del\s|total|unit)", right):
        return written
    if written in _PLACED and not _PLACED[written].search(left):
        return written
    if written in _SIDES and not re.match(r"\s?(?:[#,;)\d]|No\.|Núm\.|[eE]sq|$)", right):
        return written
    if written in ("Del.", "Jr.", "Priv.", "Pob.") and not re.match(
        r"\s(?:del?\s|de\sl[ao]s?\s)?[A-ZÁÉÍÓÚÑ]", right
    ):
        return written
    if written == "D." and not is_title(left, right):
        return written
    return agreeing_limit(said, left)


FORMS: Final = Forms(
    short=SHORT,
    numeric=NUMERIC,
    kept_in_names=words("St. Sto. Sta."),
    refined=_refined,
    weekdays=WEEKDAYS,
    slashed=SLASHED,
    gendered_stroke=True,
    periods=PERIODS,
    ranked=RANKED,
    dotted_units=DOTTED_UNITS,
    initials=True,
)
SENTENCES: Final = SentenceRules(abbreviations=SENTENCE_ABBREVIATIONS)
