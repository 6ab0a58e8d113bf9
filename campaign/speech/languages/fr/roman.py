"""Roman numerals in French: `Louis XIV`, `François Ier`, `XXIe siècle`."""

from __future__ import annotations

import re
from typing import Final

from campaign.speech.languages.fr.numbers import cardinal, ordinal
from campaign.speech.languages.record import Roman
from campaign.speech.wordlist import words

_FEMININE: Final = words(
    "Élisabeth Elisabeth Marie Catherine Isabelle Christine Anne Jeanne Marguerite Béatrice Blanche Victoria "
    "Wilhelmine Juliana Cléopâtre Bérénice"
)
_PLAIN: Final = words("Louis Henri Charles François Philippe Napoléon Élisabeth Pie Benoît Léopold")
"""Before these a single letter is a numeral; after other names it is an initial, but for a ruler's title."""
_ROYAL: Final = re.compile(
    r"\b(?:[Rr]oi|[Rr]eine|[Pp]ape|[Ee]mpereur|[Ii]mpératrice|[Pp]rince|[Pp]rincesse|[Tt]sar|[Tt]sarine|[Dd]uc|[Ss]aint"
    r"|[Ss]ultan|[Ss]hah|[Ll]ycée|[Hh]ôpital|[Rr]ue|[Pp]lace|[Aa]venue"
    r"|[Pp]ont|Jean)[\s-](?:de |du )?(?:[^\W\d_]+-)?[^\W\d_]+\s$"
)


def _said(value: int, written: str, head: str, left: str, *, region: str = "") -> str:
    suffix = written.lstrip("IVX")
    if suffix in ("e", "ème", "ième"):
        return ordinal(value, region=region)
    if suffix in ("re", "ère"):
        return ordinal(value, gender="f", region=region)
    if suffix in ("d", "nd", "de", "nde"):
        return "seconde" if suffix.endswith("e") else "second"
    if head in ROMAN.rulers:
        if len(written) == 1 and head not in _PLAIN and not _ROYAL.search(left):
            return written
        if value == 1:
            return ordinal(value, gender="f" if head in _FEMININE else "m", region=region)
    return ordinal(value, region=region) if suffix == "er" else cardinal(value, region=region)


ROMAN: Final = Roman(
    heads=words(
        "Chapitre chapitre Partie partie Tome tome Phase phase Type type Stade stade Titre titre Acte acte Annexe "
        "annexe Article article Livre livre Volume volume Scène scène Catégorie catégorie Classe classe Niveau niveau "
        "Grade grade Degré degré Module module Tableau tableau Figure figure Appendice appendice Facteur facteur "
        "Tranche tranche Factor Vatican Section section Lot lot"
    ),
    rulers=words(
        "Adrien Albert Alexandre Alphonse Amédée André Anne Artaxerxès Baudouin Béatrice Benoît Bérénice Blanche "
        "Boniface Boris Calixte Casimir Catherine Célestin Charles Childebert Childéric Chilpéric Christian Christine "
        "Clément Cléopâtre Clotaire Clovis Conrad Constant Constantin Dagobert Darius Édouard Edouard Élisabeth "
        "Elisabeth Étienne Eugène Farouk Ferdinand François Frédéric Georges Grégoire Guillaume Gustave Hassan "
        "Henri Honoré Hugues Humbert Innocent Isabelle Ivan Jacques Jean Jeanne Joseph Juliana Jules Justinien "
        "Ladislas Léon Léopold "
        "Lothaire Louis Malcolm Manuel Marcel Marguerite Marie Martin Maximilien Mehmet Michel Mohammed "
        "Napoléon Nicolas Nicéphore Norodom Olaf Othon Otton Paul Pépin Philippe Pie Pierre Ptolémée Rainier Ramsès "
        "Raoul Richard Robert Rodolphe Sancho Selim Séthi Sigismond Silvère Sixte Soliman Stanislas Sylvestre Théodora "
        "Théodose Thierry Thoutmosis Umberto Urbain Victor Victoria Wilhelmine Xerxès Zog"
    ),
    shape=r"(?=[IVX])(?<!\w)(?:Ier|I(?:è)?re|IIn?de?|(?:{numeral})(?:e|i?ème))(?!\w)",
    suffix=r"(?:er|re)?",
    said=_said,
)
