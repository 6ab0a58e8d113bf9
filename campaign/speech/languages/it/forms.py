"""What is written short in Italian, and read in full."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Final

from campaign.speech.languages import cldr
from campaign.speech.languages.it.abbreviations import ABBREVIATIONS, BEFORE_NUMBERS
from campaign.speech.languages.it.units import DOTTED_UNITS
from campaign.speech.languages.record import Forms, SentenceRules
from campaign.speech.languages.shaping import any_of
from campaign.speech.wordlist import words

SHORT: Final[Mapping[str, str]] = {
    **ABBREVIATIONS,
    "Sig.": "signor", "sig.": "signor", "sig.ra": "signora", "sig.na": "signorina", "dott.": "dottor",
    "dott.ssa": "dottoressa", "dr.ssa": "dottoressa", "prof.": "professor", "Gent.le": "Gentile",
    "gent.mo": "gentilissimo", "gent.ma": "gentilissima", "Ill.mo": "Illustrissimo", "Egr.": "Egregio",
    "Sigg.": "signori", "Sig.ra": "signora", "Sig.na": "signorina", "Dott.": "dottor", "Dott.ssa": "dottoressa",
    "Dr.": "dottor", "Prof.": "professor", "Prof.ssa": "professoressa", "Avv.": "avvocato", "Ing.": "ingegner",
    "ecc.": "eccetera", "n°": "numero", "nº": "numero", "tel.": "telefono", "Tel.": "Telefono", "pag.": "pagina",
    "p.es.": "per esempio", "ca.": "circa", "Spett.le": "Spettabile", "Gent.mo": "Gentilissimo",
    "Gent.ma": "Gentilissima", "P.zza": "Piazza", "V.le": "Viale", "C.so": "Corso", "Rif.": "Riferimento",
    "rif.": "riferimento", "S.p.A.": "S P A", "S.r.l.": "S R L", "c.a.": "cortese attenzione", "max.": "massimo",
    "min.": "minimo", "ab.": "abitanti",
}  # fmt: skip
NUMERIC: Final[Mapping[str, str]] = {
    **BEFORE_NUMBERS,
    "n.": "numero", "pag.": "pagina", "art.": "articolo", "int.": "interno", "Int.": "interno", "cap.": "capitolo",
}  # fmt: skip
WEEKDAYS: Final[Mapping[str, str]] = {
    "lun": "lunedì", "mar": "martedì", "mer": "mercoledì", "gio": "giovedì", "ven": "venerdì", "sab": "sabato",
    "dom": "domenica",
}  # fmt: skip
SLASHED: Final = (
    "e/o", "il/la", "suo/a", "tuo/a", "lui/lei", "Sig./Sig.ra", "Signore/Signora",
)  # fmt: skip
PERIODS: Final = (
    "secondo", "minuto", "ora", "giorno", "notte", "settimana", "mese", "anno", "persona",
)  # fmt: skip
RANKED: Final = (
    "piano", "posto", "giorno", "anno", "mese", "secolo", "capitolo", "premio", "livello", "turno", "trimestre",
    "semestre", "figlio", "ciclo", "bim", "trim", "quadr", "sem", "p", "comma", "rata", "classe",
)  # fmt: skip
SENTENCE_ABBREVIATIONS: Final = words(
    "cap vol tit art lib "
    "a.a a.c a.s arch avv cod d.c dott dott.ssa ecc egr es gent gent.ma gent.mo geom ing on p.es p.za pag pagg rag sig "
    "sig.na sig.ra sigg spett tel v.le"
)
_NO_RANK: Final = r"(?:nell[ae]|sotto|sopra|gradi|oggi|domani|durante|circa|all[ae])"

_SAINTS: Final = words(
    "Agata Agnese Agostino Alberto Alessandro Ambrogio Andrea Angelo Anna Antonino Antonio Apollinare "
    "Barbara Bartolomeo "
    "Basilio Benedetto Bernardino Bernardo Biagio Bonaventura Camillo Carlo Caterina Cecilia Chiara Ciriaco Cristoforo "
    "Croce Damiano Domenico Donato Elena Elia Eligio Emidio Erasmo Eufemia Eusebio Eustorgio Fedele Felice Ferdinando "
    "Filippo Francesca Francesco Gaetano Gennaro Gerardo Giacomo Giorgio Giovanni Girolamo Giuliano Giuseppe Gregorio "
    "Ignazio Ilario Isidoro Leonardo Leone Leopoldo Lorenzo Luca Lucia Luigi Marco Margherita Maria "
    "Marta Martino Matteo "
    "Maurizio Maurizi Michele Monica Nazario Nicola Nicolò Nilo Omobono Onofrio Orsola Pancrazio Paolo "
    "Pellegrino Petronio "
    "Pietro Pio Raffaele Rita Rocco Rosa Rosalia Salvatore Sebastiano Severino Silvestro Siro Spirito Stefano Teresa "
    "Tommaso Valentino Vincenzo Vitale Vito Vittore Zeno Zita"
)
_WOMEN: Final = words(
    "Agata Agnese Anna Barbara Caterina Cecilia Chiara Croce Elena Eufemia Francesca Lucia Margherita "
    "Maria Marta Monica "
    "Orsola Rita Rosa Rosalia Teresa Zita"
)
_PLACES: Final = words(
    "Via Viale Piazza Piazzale Largo Corso Vicolo Ospedale Clinica Chiesa Parrocchia Basilica Scuola "
    "Istituto Policlinico "
    "Casa Villa Santuario Festa Comune Presidio Stazione Borgo Convento Monastero Porta Ponte Cattedrale Fondazione"
)


_DATED: Final = re.compile(rf"(?:\d(?:°|º)?\s(?:{any_of(cldr.months('it'))})|\d/\d{{1,2}})\.?\s$", re.I)


def _saint(written: str, left: str, right: str) -> str:
    """`S. Maria` but `Mario S. Rossi`."""
    name = re.match(r"\s?([^\W\d_]+)", right)
    before = re.findall(r"[^\W\d_]+", left)[-1:] or [""]
    if (
        not name
        or name[1] not in _SAINTS
        or (before[0][:1].isupper() and before[0] not in _PLACES and left[-2:] != ". ")
    ):
        return written
    if name[1][0] in "AEIOU":
        return "Sant'"
    if name[1] in _WOMEN:
        return "Santa"
    return "Santo" if re.match(r"S[pt]", name[1]) else "San"


def _refined(written: str, said: str, left: str, right: str) -> str:
    """`S.` is a saint or an initial, `c.a.` about an hour or to someone's attention, `ab.` those of a town."""
    if written == "S.":
        return _saint(written, left, right)
    if written == "ab.":
        if not re.search(r"(?:\d|mila|milion[ei](?:\sdi)?|ml[nd]\.?)\s?$", left):
            return written
        return "abitante" if re.search(r"(?<![\d.,])1\s?$", left) else said
    if written == "c.a." and _DATED.search(left):
        return "corrente anno"
    if written == "c.a." and (re.search(r"\d\s?\w*\s$", left) or re.match(r"\s\d", right)):
        return "circa"
    return said


FORMS: Final = Forms(
    names_too=words("Max Gen"),
    short=SHORT,
    numeric=NUMERIC,
    refined=_refined,
    weekdays=WEEKDAYS,
    slashed=SLASHED,
    gendered_stroke=True,
    periods=PERIODS,
    ranked=RANKED,
    ranked_shape=rf"\s(?!{_NO_RANK}\b)[a-zàèéìòù]{{4,}}|\s(?:al|e)\s\d",
    dotted_units=DOTTED_UNITS,
    initials=True,
)
SENTENCES: Final = SentenceRules(abbreviations=SENTENCE_ABBREVIATIONS)
