"""What is written short in French, and read in full."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Final

from campaign.speech.languages.fr.abbreviations import ABBREVIATIONS as IN_FULL
from campaign.speech.languages.fr.abbreviations import BEFORE_NUMBERS
from campaign.speech.languages.fr.calendar import SHORT_MONTHS
from campaign.speech.languages.fr.places import PLACES
from campaign.speech.languages.fr.units import DOTTED_UNITS
from campaign.speech.languages.record import Forms, SentenceRules
from campaign.speech.languages.romance import is_title
from campaign.speech.wordlist import words

SHORT: Final[Mapping[str, str]] = {
    **IN_FULL,
    "M.": "monsieur", "MM.": "messieurs", "Mme": "madame", "Mmes": "mesdames", "Mlle": "mademoiselle",
    "Dr": "docteur", "Dr.": "docteur", "etc.": "et cetera", "c.-à-d.": "c'est-à-dire", "p. ex.": "par exemple",
    "Par ex.": "Par exemple", "par ex.": "par exemple", "p.ex.": "par exemple", "n°": "numéro", "N°": "numéro",
    "nº": "numéro", "bd": "boulevard", "tél.": "téléphone", "Tél.": "Téléphone", "réf.": "référence",
    "env.": "environ", "St": "Saint", "Ste": "Sainte", "max.": "maximum", "min.": "minimum", "SNCF": "S N C F",
    "TVA": "T V A", "bât.": "bâtiment", "Bât.": "Bâtiment", "appt.": "appartement", "Appt.": "Appartement",
    "av.": "avenue", "bd.": "boulevard", "Réf.": "Référence", "rdv": "rendez-vous", "RDV": "rendez-vous",
    "svp": "s'il vous plaît", "SVP": "s'il vous plaît", "Pr": "professeur", "Pr.": "professeur", "Cie": "compagnie",
    "J.-C.": "Jésus-Christ", "ét.": "étage", "Bd": "boulevard", "juill.": "juillet",
}  # fmt: skip
NUMERIC: Final[Mapping[str, str]] = {
    **BEFORE_NUMBERS,
    "p.": "page", "pp.": "pages", "art.": "article", "no.": "numéro", "no": "numéro", "av.": "avenue",
    "km": "kilomètre",
}  # fmt: skip
WEEKDAYS: Final[Mapping[str, str]] = {
    "lun": "lundi", "mar": "mardi", "mer": "mercredi", "jeu": "jeudi", "ven": "vendredi", "sam": "samedi",
    "dim": "dimanche",
}  # fmt: skip
SLASHED: Final = (
    "et/ou", "il/elle", "M./Mme", "Mme/M.", "Monsieur/Madame", "Madame/Monsieur",
)  # fmt: skip
PERIODS: Final = (
    "seconde", "minute", "heure", "jour", "nuit", "semaine", "mois", "an", "année", "personne",
)  # fmt: skip
ABBREVIATIONS: Final = words(
    "apr av avr bd boul c.-à-d chap dim déc env ex févr janv jeu juil lun m mar me mer mlle mlles mm mme mmes nov"
    " oct p.ex réf sam sept tél ven éd mme/m all apt art arr bât cf chem compl esc imp pl sem trim al fig vol"
    " apr mgr vend merc asc voit app bur gal mal cdt aut ch no r cab"
)


_NAMED: Final = re.compile(r"[\s-](?:de[\s-]|d['’]|[A-ZÀÂÉÈÎÔ])")
_SICK: Final = re.compile(r"\s(?:de\s|d['’])[a-zà-ÿ]")
"""`Mal de dos`."""
_PRONOUN: Final = re.compile(r"\s(?:de\b|d['’])")
_RANKED: Final = re.compile(rf"(?:\b(?:du|le|au|Le)|(?<!\w)(?i:{PLACES}))\s$")
_IN_STREET: Final = re.compile(rf"(?<!\w)(?i:{PLACES})\s(?:du\s)?$")
_RANKS: Final = words("Mal Gal Lt Cne Cdt Col. Gal. Mal. Cdt.")
_RANKED_ONLY: Final = words("Mal Gal Col. Gal. Mal. Cdt.")
"""Names or words elsewhere."""
_LASTING: Final = re.compile(r"\s(?:\d|l[ae]s?\b|l['’]|une?\b|cette\b|votre\b|vos\b|toute?\b)")


def _refined(written: str, said: str, left: str, right: str) -> str:
    """`M.` is a title or an initial, `Me` a lawyer or a pronoun, `Gal` a rank or a name, `pdt` a length of time
    or potatoes."""
    if written == "pdt":
        return said if _LASTING.match(right) and not re.search(r"\bde\s$", left) else written
    if right[:1] == "-" and written in _RANKS:
        return said if _IN_STREET.search(left) and _NAMED.match(right) else written
    if written in ("Mal", "Mal.") and _SICK.match(right):
        return written
    if (written == "Me" or written in _RANKS) and not _NAMED.match(right):
        return written
    if written == "Me" and _PRONOUN.match(right):
        return written
    if written in _RANKED_ONLY:
        return said if _RANKED.search(left) else written
    return written if written == "M." and not is_title(left, right) else said


FORMS: Final = Forms(
    short=SHORT,
    numeric=NUMERIC,
    kept_in_names=words("St Ste"),
    refined=_refined,
    weekdays=WEEKDAYS,
    slashed=SLASHED,
    periods=PERIODS,
    dotted_units=DOTTED_UNITS,
)
SENTENCES: Final = SentenceRules(
    abbreviations=ABBREVIATIONS | SHORT_MONTHS.keys(),
    enders=frozenset(SHORT_MONTHS),
    starters=re.compile(r"\s*[A-ZÀÂÇÉÈÊÎÔ]"),
)
