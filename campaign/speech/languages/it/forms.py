"""What is written short in Italian, and read in full."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from campaign.speech.languages.it.units import DOTTED_UNITS
from campaign.speech.languages.record import Forms, SentenceRules
from campaign.speech.wordlist import words

SHORT: Final[Mapping[str, str]] = {
    "Sig.": "signor", "sig.": "signor", "sig.ra": "signora", "sig.na": "signorina", "dott.": "dottor",
    "dott.ssa": "dottoressa", "dr.ssa": "dottoressa", "prof.": "professor", "Gent.le": "Gentile",
    "gent.mo": "gentilissimo", "gent.ma": "gentilissima", "Ill.mo": "Illustrissimo", "Egr.": "Egregio",
    "Sigg.": "signori", "Sig.ra": "signora", "Sig.na": "signorina", "Dott.": "dottor", "Dott.ssa": "dottoressa",
    "Dr.": "dottor", "Prof.": "professor", "Prof.ssa": "professoressa", "Avv.": "avvocato", "Ing.": "ingegner",
    "ecc.": "eccetera", "n°": "numero", "nº": "numero", "tel.": "telefono", "Tel.": "Telefono", "pag.": "pagina",
    "p.es.": "per esempio", "ca.": "circa", "Spett.le": "Spettabile", "Gent.mo": "Gentilissimo",
    "Gent.ma": "Gentilissima", "P.zza": "Piazza", "V.le": "Viale", "C.so": "Corso", "Rif.": "Riferimento",
    "rif.": "riferimento", "S.p.A.": "S P A", "S.r.l.": "S R L", "c.a.": "cortese attenzione", "max.": "massimo",
    "min.": "minimo",
}  # fmt: skip
NUMERIC: Final[Mapping[str, str]] = {
    "n.": "numero", "pag.": "pagina", "art.": "articolo", "int.": "interno", "Int.": "interno", "cap.": "capitolo",
}  # fmt: skip
WEEKDAYS: Final[Mapping[str, str]] = {
    "lun": "lunedì", "mar": "martedì", "mer": "mercoledì", "gio": "giovedì", "ven": "venerdì", "sab": "sabato",
    "dom": "domenica",
}  # fmt: skip
SLASHED: Final = (
    "e/o", "lui/lei", "Sig./Sig.ra", "Signore/Signora",
)  # fmt: skip
PERIODS: Final = (
    "secondo", "minuto", "ora", "giorno", "notte", "settimana", "mese", "anno", "persona",
)  # fmt: skip
RANKED: Final = (
    "piano", "posto", "giorno", "anno", "mese", "secolo", "capitolo", "premio", "livello", "turno", "trimestre",
    "semestre", "figlio", "ciclo",
)  # fmt: skip
ABBREVIATIONS: Final = words(
    "a.c arch avv cod d.c dott dott.ssa ecc egr es gent gent.ma gent.mo geom ing on p.es p.za pag pagg rag sig"
    "sig.na sig.ra sigg spett tel v.le"
)
_NO_RANK: Final = r"(?:nell[ae]|sotto|sopra|gradi|oggi|domani|durante|circa|all[ae])"

FORMS: Final = Forms(
    short=SHORT,
    numeric=NUMERIC,
    weekdays=WEEKDAYS,
    slashed=SLASHED,
    gendered_stroke=True,
    periods=PERIODS,
    ranked=RANKED,
    ranked_shape=rf"\s(?!{_NO_RANK}\b)[a-zàèéìòù]{{4,}}|\s(?:al|e)\s\d",
    dotted_units=DOTTED_UNITS,
    initials=True,
)
SENTENCES: Final = SentenceRules(abbreviations=ABBREVIATIONS)
